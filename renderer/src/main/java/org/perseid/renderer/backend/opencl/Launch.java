package org.perseid.renderer.backend.opencl;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.perseid.renderer.backend.PlaneProjection;
import org.perseid.renderer.backend.SplatSource;
import org.perseid.renderer.model.ScalarMapping;

/** The visible chunks of one piece of one part of a frame: what one kernel draws. */
final class Launch {
    /** Rows of a chunk at most; splats.cl has the same number. */
    private static final int CHUNK = 1024;

    private final PlaneProjection.Columns columns;
    private final PlaneProjection.Plane plane;
    private final long piece;
    private int[] rows = new int[512];
    private double[] toEye = new double[768];
    private int chunks;

    /** For the chunks of the same columns and piece as these. */
    Launch(SplatSource.Rows first) {
        columns = first.columns();
        plane = first.plane();
        piece = first.first() / ResidentColumns.PIECE_ROWS;
    }

    /** Whether a chunk is of these columns and this piece. */
    boolean takes(SplatSource.Rows of) {
        return of.columns().equals(columns)
                && of.plane().equals(plane)
                && of.first() / ResidentColumns.PIECE_ROWS == piece;
    }

    void add(SplatSource.Rows of) {
        int n = (int) (of.end() - of.first());
        if (n > CHUNK) {
            throw new IllegalArgumentException(n + " rows in a chunk");
        }
        if (rows.length < 2 * (chunks + 1)) {
            rows = Arrays.copyOf(rows, 2 * rows.length);
            toEye = Arrays.copyOf(toEye, 2 * toEye.length);
        }
        rows[2 * chunks] = (int) (of.first() - piece * ResidentColumns.PIECE_ROWS);
        rows[2 * chunks + 1] = n;
        toEye[3 * chunks] = of.dx();
        toEye[3 * chunks + 1] = of.dy();
        toEye[3 * chunks + 2] = of.dz();
        chunks++;
    }

    /** It with all that its kernels need, on the device. */
    final class OnDevice implements AutoCloseable {
        private final List<Object> arguments = new ArrayList<>();
        private final List<DeviceQueue.Buffer> own = new ArrayList<>();

        long items() {
            return (long) chunks * CHUNK;
        }

        long groups() {
            return items() / DeviceQueue.GROUP;
        }

        /** The kernels' common arguments and those of one of them. */
        Object[] with(Object... more) {
            List<Object> all = new ArrayList<>(arguments);
            all.addAll(List.of(more));
            return all.toArray();
        }

        private DeviceQueue.Buffer send(DeviceQueue queue, MemorySegment values) {
            DeviceQueue.Buffer buffer = queue.allocate(values.byteSize()).write(values);
            own.add(buffer);
            return buffer;
        }

        @Override
        public void close() {
            own.forEach(DeviceQueue.Buffer::close);
        }
    }

    /** Sends what is not there yet. */
    OnDevice send(DeviceQueue queue, ResidentColumns resident, Arena arena) {
        OnDevice on = new OnDevice();
        List<Object> to = on.arguments;
        DeviceQueue.Buffer x = column(resident, columns.x());
        to.add(x);
        to.add(column(resident, columns.y()));
        to.add(column(resident, columns.z()));
        to.add(column(resident, columns.size()));
        MemorySegment intensity = columns.intensity();
        to.add(intensity == null ? x : column(resident, intensity));
        float[] colors = {0};
        ScalarMapping color = columns.intensityMapping();
        double spreadFactor = 0;
        boolean lit = false;
        switch (columns.colors()) {
            case PlaneProjection.Mapped mapped -> {
                to.addAll(List.of(column(resident, mapped.scalar()), x, x, x));
                colors = mapped.colors();
                color = mapped.mapping();
            }
            case PlaneProjection.Lit of -> {
                lit = true;
                to.add(column(resident, of.red()));
                to.add(column(resident, of.green()));
                to.add(column(resident, of.blue()));
                to.add(column(resident, of.spread()));
                spreadFactor = of.spreadFactor();
            }
        }
        to.add(on.send(queue, arena.allocateFrom(JAVA_FLOAT, colors)));
        to.add(on.send(queue, arena.allocateFrom(JAVA_DOUBLE, view(color, spreadFactor))));
        to.add(intensity == null ? -1 : number(columns.intensityMapping()));
        to.add(number(color));
        to.add(lit ? 1 : 0);
        to.add(Math.max(0, colors.length / 4 - 2));
        to.add(plane.width());
        to.add(plane.height());
        MemorySegment list = arena.allocate(JAVA_INT, 2L * chunks);
        MemorySegment.copy(rows, 0, list, JAVA_INT, 0, 2 * chunks);
        to.add(on.send(queue, list));
        MemorySegment eyes = arena.allocate(JAVA_DOUBLE, 3L * chunks);
        MemorySegment.copy(toEye, 0, eyes, JAVA_DOUBLE, 0, 3 * chunks);
        to.add(on.send(queue, eyes));
        to.add(chunks);
        return on;
    }

    private DeviceQueue.Buffer column(ResidentColumns resident, MemorySegment column) {
        return resident.piece(column, piece, columns.version());
    }

    /** A transform as splats.cl names it. */
    private static int number(ScalarMapping mapping) {
        return switch (mapping.transform()) {
            case LINEAR -> 0;
            case LOG10 -> 1;
            case ASINH -> 2;
        };
    }

    /** The numbers of the view, in the order of the names in splats.cl. */
    private double[] view(ScalarMapping color, double spreadFactor) {
        ScalarMapping intensity = columns.intensityMapping();
        double strength = plane.strength() * (columns.intensity() == null ? intensity.apply(1) : 1);
        double[] r = plane.right();
        double[] u = plane.up();
        double[] b = plane.back();
        return new double[] {
            r[0],
            r[1],
            r[2],
            u[0],
            u[1],
            u[2],
            b[0],
            b[1],
            b[2],
            plane.scale(),
            plane.middleX(),
            plane.middleY(),
            plane.depthMin(),
            plane.depthMax(),
            plane.sizeFactor(),
            plane.minRadiusSquared(),
            strength,
            plane.perspective() ? 1 : 0,
            intensity.min(),
            intensity.max(),
            color.min(),
            color.max(),
            spreadFactor
        };
    }
}
