package org.perseid.renderer.backend.opencl;

import java.util.Arrays;
import org.perseid.renderer.backend.PlaneProjection;
import org.perseid.renderer.backend.SplatSource;
import org.perseid.renderer.model.ScalarMapping;

/** Visible chunks of one piece of one part of a frame: what one kernel draws. */
final class Launch {
    /** Rows of a chunk at most; splats.cl has the same number. */
    static final int CHUNK = 1024;

    /** Chunks of a launch at most. */
    static final int MAX_CHUNKS = 4096;

    final PlaneProjection.Columns columns;
    final PlaneProjection.Plane plane;
    final long piece;
    private int[] rows = new int[512];
    private double[] toEye = new double[768];
    private int chunks;
    private long splats;

    /** For chunks of the same columns and piece as these. */
    Launch(SplatSource.Rows first) {
        columns = first.columns();
        plane = first.plane();
        piece = first.first() / ResidentColumns.PIECE_ROWS;
    }

    /** Whether there is room for a chunk, and it is of these columns and this piece. */
    boolean takes(SplatSource.Rows of) {
        return chunks < MAX_CHUNKS
                && of.columns().equals(columns)
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
        splats += n;
    }

    /** Splats of all chunks. */
    long splats() {
        return splats;
    }

    int chunks() {
        return chunks;
    }

    /** Work items of its kernels. */
    long items() {
        return (long) chunks * CHUNK;
    }

    /** First row in the piece, and number of rows, of each chunk. */
    int[] rows() {
        return Arrays.copyOf(rows, 2 * chunks);
    }

    /** What is added to the positions of each chunk, three numbers each. */
    double[] toEye() {
        return Arrays.copyOf(toEye, 3 * chunks);
    }

    /** Colours at equal steps, four numbers each; none where light is as it is. */
    float[] colors() {
        return columns.colors() instanceof PlaneProjection.Mapped mapped
                ? mapped.colors()
                : new float[0];
    }

    /** How values become colours; without meaning where light is as it is. */
    ScalarMapping colorMapping() {
        return columns.colors() instanceof PlaneProjection.Mapped mapped
                ? mapped.mapping()
                : columns.intensityMapping();
    }

    /** The numbers of the view, in the order of the names in splats.cl. */
    double[] view() {
        ScalarMapping intensity = columns.intensityMapping();
        ScalarMapping color = colorMapping();
        double strength = plane.strength() * (columns.intensity() == null ? intensity.apply(1) : 1);
        double spreadFactor =
                columns.colors() instanceof PlaneProjection.Lit lit ? lit.spreadFactor() : 0;
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
