package org.perseid.renderer.backend.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.perseid.renderer.backend.PlainKernels;
import org.perseid.renderer.backend.Pyramid;
import org.perseid.renderer.backend.Splats;

/** Splats within 4x4 pixels, whose weights are one vector of 16. */
final class MiddleSplats {
    private static final VectorSpecies<Float> F = Lanes.FLOATS;
    private static final int SIDE = 4;

    private static final FloatVector COLUMNS = pattern(0, 1);
    private static final FloatVector ROWS = pattern(2, 1);

    /** Each weight of a row four times, for the four values of a pixel. */
    private static final VectorShuffle<Float> ROW_0 = row(0);

    private static final VectorShuffle<Float> ROW_1 = row(1);
    private static final VectorShuffle<Float> ROW_2 = row(2);
    private static final VectorShuffle<Float> ROW_3 = row(3);

    /** The first four values again and again. */
    private static final VectorShuffle<Float> FOUR_TIMES =
            VectorShuffle.fromOp(F, lane -> lane % SIDE);

    private final float[] weights = new float[F.length()];

    private static FloatVector pattern(int shift, int scale) {
        float[] values = new float[F.length()];
        for (int lane = 0; lane < values.length; lane++) {
            values[lane] = (lane >> shift & 3) * scale;
        }
        return FloatVector.fromArray(F, values, 0);
    }

    private static VectorShuffle<Float> row(int row) {
        return VectorShuffle.fromOp(F, lane -> (row * SIDE + lane / SIDE) % F.length());
    }

    /** Draws the splats of a list. */
    void draw(Splats splats, int[] list, int n, int x0, int y0, int x1, int y1, Pyramid into) {
        float[] fine = into.fine;
        int stride = 4 * into.fineStride;
        for (int k = 0; k < n; k++) {
            int i = list[k];
            float radius = splats.radius[i];
            float reach = Splats.SUPPORT * radius;
            float x = splats.x[i];
            float y = splats.y[i];
            int column = (int) Math.floor(x - reach) + 1;
            int row = (int) Math.floor(y - reach) + 1;
            FloatVector dx = COLUMNS.add(column - x);
            FloatVector dy = ROWS.add(row - y);
            FloatVector squared = dx.mul(dx).add(dy.mul(dy));
            FloatVector weight =
                    Lanes.exp(squared.mul(PlainKernels.falloff(radius)))
                            .blend(0, squared.compare(VectorOperators.GT, reach * reach));
            if (column >= x0 && column + SIDE <= x1 && row >= y0 && row + SIDE <= y1) {
                int at = row * stride + 4 * column;
                FloatVector light =
                        FloatVector.fromArray(F, splats.light, 4 * i).rearrange(FOUR_TIMES);
                add(weight.rearrange(ROW_0), light, fine, at);
                add(weight.rearrange(ROW_1), light, fine, at + stride);
                add(weight.rearrange(ROW_2), light, fine, at + 2 * stride);
                add(weight.rearrange(ROW_3), light, fine, at + 3 * stride);
            } else {
                weight.intoArray(weights, 0);
                addClipped(splats.light, 4 * i, column, row, x0, y0, x1, y1, into);
            }
        }
    }

    private static void add(FloatVector weight, FloatVector light, float[] fine, int at) {
        FloatVector.fromArray(F, fine, at).add(light.mul(weight)).intoArray(fine, at);
    }

    /** The same bits, pixels of the region only. */
    private void addClipped(
            float[] light,
            int from,
            int column,
            int row,
            int x0,
            int y0,
            int x1,
            int y1,
            Pyramid into) {
        for (int py = Math.max(y0, row); py < Math.min(y1, row + SIDE); py++) {
            for (int px = Math.max(x0, column); px < Math.min(x1, column + SIDE); px++) {
                int at = 4 * (py * into.fineStride + px);
                float w = weights[(py - row) * SIDE + px - column];
                into.fine[at] += light[from] * w;
                into.fine[at + 1] += light[from + 1] * w;
                into.fine[at + 2] += light[from + 2] * w;
            }
        }
    }
}
