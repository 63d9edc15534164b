package org.perseid.renderer.backend.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.perseid.renderer.backend.PlainKernels;
import org.perseid.renderer.backend.Pyramid;
import org.perseid.renderer.backend.Splats;

/** Splats within 8x8 pixels of the picture's grid, row by row in vectors of eight. */
final class EightSplats {
    /** Up to this R in pixels a splat lies within 8x8. */
    static final float LARGEST_PX = 4 / Splats.SUPPORT;

    private static final int SIDE = 8;
    private static final VectorSpecies<Float> EIGHT = FloatVector.SPECIES_256;

    /** Eight columns and eight rows. */
    private static final VectorSpecies<Float> BOTH = FloatVector.SPECIES_512;

    private static final VectorMask<Float> OF_ROWS = VectorMask.fromLong(BOTH, 0xff00);
    private static final FloatVector STEPS =
            FloatVector.zero(BOTH).addIndex(1).sub(FloatVector.zero(BOTH).blend(SIDE, OF_ROWS));

    /** Weights and squared distances of columns and rows of the splat that is drawn. */
    private final float[] weights = new float[2 * SIDE];

    private final float[] squares = new float[2 * SIDE];
    private final PlainKernels atEdges;

    EightSplats(PlainKernels atEdges) {
        this.atEdges = atEdges;
    }

    /** Draws the splats of a list. */
    void draw(Splats splats, int[] list, int n, int x0, int y0, int x1, int y1, Pyramid into) {
        Pyramid.Level grid = into.level(0);
        for (int k = 0; k < n; k++) {
            int i = list[k];
            float radius = splats.radius[i];
            float reach = Splats.SUPPORT * radius;
            float x = splats.x[i];
            float y = splats.y[i];
            int column = (int) Math.floor(x - reach) + 1;
            int row = (int) Math.floor(y - reach) + 1;
            int rows = (int) Math.floor(y + reach) + 1 - row;
            if (column < x0 || column + SIDE > x1 || row < y0 || row + rows > y1) {
                atEdges.rows(splats, i, x0, y0, x1, y1, into);
                continue;
            }
            grid.use();
            FloatVector d =
                    STEPS.add(FloatVector.broadcast(BOTH, column).blend(row, OF_ROWS))
                            .sub(FloatVector.broadcast(BOTH, x).blend(y, OF_ROWS));
            FloatVector squared = d.mul(d);
            squared.intoArray(squares, 0);
            Lanes.exp(squared.mul(PlainKernels.falloff(radius))).intoArray(weights, 0);
            add(
                    reach * reach,
                    splats.light,
                    4 * i,
                    rows,
                    grid,
                    grid.origin + row * grid.stride + column);
        }
    }

    private void add(
            float support, float[] light, int from, int rows, Pyramid.Level grid, int begin) {
        float red = light[from];
        float green = light[from + 1];
        float blue = light[from + 2];
        FloatVector weight = FloatVector.fromArray(EIGHT, weights, 0);
        FloatVector squared = FloatVector.fromArray(EIGHT, squares, 0);
        int at = begin;
        for (int row = 0; row < rows; row++) {
            float w = weights[SIDE + row];
            FloatVector column =
                    weight.blend(
                            0, squared.compare(VectorOperators.GT, support - squares[SIDE + row]));
            FloatVector.fromArray(EIGHT, grid.red, at)
                    .add(column.mul(w * red))
                    .intoArray(grid.red, at);
            FloatVector.fromArray(EIGHT, grid.green, at)
                    .add(column.mul(w * green))
                    .intoArray(grid.green, at);
            FloatVector.fromArray(EIGHT, grid.blue, at)
                    .add(column.mul(w * blue))
                    .intoArray(grid.blue, at);
            at += grid.stride;
        }
    }
}
