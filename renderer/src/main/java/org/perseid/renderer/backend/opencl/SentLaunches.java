package org.perseid.renderer.backend.opencl;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.perseid.renderer.backend.PlaneProjection;
import org.perseid.renderer.model.ScalarMapping;

/**
 * The launches of a frame on the device, all but the particles: the lists of chunks, the views and
 * the colours, each sent at once for all of them.
 */
final class SentLaunches implements AutoCloseable {
    private final ResidentColumns resident;
    private final DeviceQueue.Buffer rows;
    private final DeviceQueue.Buffer toEye;
    private final DeviceQueue.Buffer views;
    private final DeviceQueue.Buffer colors;

    /** Of each launch, where its chunks, its view and its colours begin. */
    private final int[] chunkAt;

    private final int[] viewAt;
    private final int[] colorAt;

    SentLaunches(DeviceQueue queue, ResidentColumns resident, List<Launch> launches, Arena arena) {
        this.resident = resident;
        int n = launches.size();
        chunkAt = new int[n + 1];
        viewAt = new int[n + 1];
        colorAt = new int[n + 1];
        for (int k = 0; k < n; k++) {
            Launch launch = launches.get(k);
            chunkAt[k + 1] = chunkAt[k] + launch.chunks();
            viewAt[k + 1] = viewAt[k] + launch.view().length;
            colorAt[k + 1] = colorAt[k] + launch.colors().length;
        }
        MemorySegment allRows = arena.allocate(JAVA_INT, 2L * chunkAt[n]);
        MemorySegment allEyes = arena.allocate(JAVA_DOUBLE, 3L * chunkAt[n]);
        MemorySegment allViews = arena.allocate(JAVA_DOUBLE, viewAt[n]);
        MemorySegment allColors = arena.allocate(JAVA_FLOAT, Math.max(1, colorAt[n]));
        for (int k = 0; k < n; k++) {
            Launch launch = launches.get(k);
            int[] list = launch.rows();
            double[] eyes = launch.toEye();
            double[] view = launch.view();
            float[] ramp = launch.colors();
            MemorySegment.copy(list, 0, allRows, JAVA_INT, 8L * chunkAt[k], list.length);
            MemorySegment.copy(eyes, 0, allEyes, JAVA_DOUBLE, 24L * chunkAt[k], eyes.length);
            MemorySegment.copy(view, 0, allViews, JAVA_DOUBLE, 8L * viewAt[k], view.length);
            MemorySegment.copy(ramp, 0, allColors, JAVA_FLOAT, 4L * colorAt[k], ramp.length);
        }
        rows = queue.allocate(allRows.byteSize()).write(allRows);
        toEye = queue.allocate(allEyes.byteSize()).write(allEyes);
        views = queue.allocate(allViews.byteSize()).write(allViews);
        colors = queue.allocate(allColors.byteSize()).write(allColors);
    }

    /** Chunks of the launches before one. */
    int chunksBefore(int launch) {
        return chunkAt[launch];
    }

    /** The common arguments of a launch's kernels, then those of one of them; sends particles. */
    Object[] arguments(int number, Launch launch, Object... more) {
        PlaneProjection.Columns of = launch.columns;
        DeviceQueue.Buffer x = piece(launch, of.x());
        List<Object> out = new ArrayList<>();
        out.add(x);
        out.add(piece(launch, of.y()));
        out.add(piece(launch, of.z()));
        out.add(piece(launch, of.size()));
        MemorySegment intensity = of.intensity();
        out.add(intensity == null ? x : piece(launch, intensity));
        switch (of.colors()) {
            case PlaneProjection.Mapped mapped ->
                    out.addAll(List.of(piece(launch, mapped.scalar()), x, x, x));
            case PlaneProjection.Lit lit -> {
                out.add(piece(launch, lit.red()));
                out.add(piece(launch, lit.green()));
                out.add(piece(launch, lit.blue()));
                out.add(piece(launch, lit.spread()));
            }
        }
        int steps = launch.colors().length / 4;
        out.addAll(
                List.of(
                        colors,
                        colorAt[number],
                        views,
                        viewAt[number],
                        intensity == null ? -1 : number(of.intensityMapping()),
                        number(launch.colorMapping()),
                        steps == 0 ? 1 : 0,
                        Math.max(0, steps - 2),
                        launch.plane.width(),
                        launch.plane.height(),
                        rows,
                        toEye,
                        chunkAt[number],
                        launch.chunks()));
        out.addAll(List.of(more));
        return out.toArray();
    }

    private DeviceQueue.Buffer piece(Launch launch, MemorySegment column) {
        return resident.piece(column, launch.piece, launch.columns.version());
    }

    /** A transform as splats.cl names it. */
    private static int number(ScalarMapping mapping) {
        return switch (mapping.transform()) {
            case LINEAR -> 0;
            case LOG10 -> 1;
            case ASINH -> 2;
        };
    }

    @Override
    public void close() {
        rows.close();
        toEye.close();
        views.close();
        colors.close();
    }
}
