package org.perseid.renderer.backend.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.perseid.renderer.backend.PlainKernels;
import org.perseid.renderer.backend.Pyramid;
import org.perseid.renderer.backend.Splats;

/** Larger splats row by row, in the planes of their level. */
final class RowSplats {
    private static final VectorSpecies<Float> F = Lanes.FLOATS;
    private static final int LANES = F.length();

    /** Weights of the columns and rows, and squared distances, of the splat that is drawn. */
    private float[] columnWeight = new float[2 * LANES];

    private float[] columnSquared = new float[2 * LANES];
    private float[] rowWeight = new float[2 * LANES];
    private float[] rowSquared = new float[2 * LANES];

    /** Draws the splats of a list. */
    void draw(Splats splats, int[] list, int n, int x0, int y0, int x1, int y1, Pyramid into) {
        for (int k = 0; k < n; k++) {
            int i = list[k];
            int level = into.levelOf(splats.radius[i]);
            Pyramid.Level grid = into.level(level);
            float scale = 1f / (1 << level);
            float x = splats.x[i] * scale;
            float y = splats.y[i] * scale;
            float radius = splats.radius[i] * scale;
            float reach = Splats.SUPPORT * radius;
            int column = (int) Math.floor(x - reach) + 1;
            int firstY = Math.max(grid.first(y0, level), (int) Math.floor(y - reach) + 1);
            int endY =
                    Math.min(
                            grid.endY(y1, level, into.height()), PlainKernels.endInside(y + reach));
            int columns = PlainKernels.endInside(x + reach) - column;
            if (firstY >= endY) {
                continue;
            }
            int left = grid.first(x0, level);
            int right = grid.endX(x1, level, into.width());
            int firstX = Math.max(left, column);
            int endX = Math.min(right, column + columns);
            if (firstX >= endX) {
                continue;
            }
            grid.use();
            boolean narrow = endX - firstX <= LANES && endY - firstY <= LANES;
            if (narrow && firstX + LANES <= right) {
                addNarrow(splats, i, x, y, radius, firstX, firstY, endY - firstY, grid);
            } else {
                addWide(splats, i, x, y, radius, firstX, endX, right, firstY, endY, grid);
            }
        }
    }

    /** A splat of at most one vector a row and a column. */
    private void addNarrow(
            Splats splats,
            int i,
            float x,
            float y,
            float radius,
            int firstX,
            int firstY,
            int rows,
            Pyramid.Level grid) {
        float reach = Splats.SUPPORT * radius;
        float support = reach * reach;
        float falloff = PlainKernels.falloff(radius);
        FloatVector dy = Lanes.STEPS.add(firstY).sub(y);
        FloatVector dy2 = dy.mul(dy);
        dy2.intoArray(rowSquared, 0);
        Lanes.exp(dy2.mul(falloff)).intoArray(rowWeight, 0);
        FloatVector dx = Lanes.STEPS.add(firstX).sub(x);
        FloatVector dx2 = dx.mul(dx);
        FloatVector weight = Lanes.exp(dx2.mul(falloff));
        float red = splats.light[4 * i];
        float green = splats.light[4 * i + 1];
        float blue = splats.light[4 * i + 2];
        int at = grid.origin + firstY * grid.stride + firstX;
        for (int row = 0; row < rows; row++) {
            float w = rowWeight[row];
            FloatVector column =
                    weight.blend(0, dx2.compare(VectorOperators.GT, support - rowSquared[row]));
            FloatVector.fromArray(F, grid.red, at).add(column.mul(w * red)).intoArray(grid.red, at);
            FloatVector.fromArray(F, grid.green, at)
                    .add(column.mul(w * green))
                    .intoArray(grid.green, at);
            FloatVector.fromArray(F, grid.blue, at)
                    .add(column.mul(w * blue))
                    .intoArray(grid.blue, at);
            at += grid.stride;
        }
    }

    /**
     * A splat of any size; at the right edge of a region, where others write beyond, the last
     * pixels one by one.
     */
    private void addWide(
            Splats splats,
            int i,
            float x,
            float y,
            float radius,
            int firstX,
            int endX,
            int right,
            int firstY,
            int endY,
            Pyramid.Level grid) {
        int n = endX - firstX;
        makeRoom(Math.max(n, endY - firstY) + LANES);
        float reach = Splats.SUPPORT * radius;
        float falloff = PlainKernels.falloff(radius);
        weigh(firstY, y, endY - firstY, falloff, rowWeight, rowSquared);
        weigh(firstX, x, n, falloff, columnWeight, columnSquared);
        float[] light = splats.light;
        for (int row = 0; row < endY - firstY; row++) {
            float left = reach * reach - rowSquared[row];
            if (!(left >= 0)) {
                continue;
            }
            float half = (float) Math.sqrt(left); // near the ends, which the squares decide
            int first = (int) Math.clamp((double) x - half - firstX, 0, n);
            int end = (int) Math.clamp((double) x + half - firstX, 0, n);
            while (first > 0 && columnSquared[first - 1] <= left) {
                first--;
            }
            while (first < n && columnSquared[first] > left) {
                first++;
            }
            while (end < n && columnSquared[end] <= left) {
                end++;
            }
            while (end > first && columnSquared[end - 1] > left) {
                end--;
            }
            float w = rowWeight[row];
            int at = grid.origin + (firstY + row) * grid.stride + firstX;
            float red = w * light[4 * i];
            float green = w * light[4 * i + 1];
            float blue = w * light[4 * i + 2];
            addRow(red, green, blue, grid, at, first, end, right - firstX);
        }
    }

    private void makeRoom(int room) {
        if (columnWeight.length < room) {
            columnWeight = new float[room];
            columnSquared = new float[room];
            rowWeight = new float[room];
            rowSquared = new float[room];
        }
    }

    /** Weights of pixels along an axis, and their squared distances, in whole vectors. */
    static void weigh(
            int first, float center, int n, float falloff, float[] weight, float[] squared) {
        for (int k = 0; k < n; k += LANES) {
            FloatVector d = Lanes.STEPS.add(first + k).sub(center);
            FloatVector d2 = d.mul(d);
            d2.intoArray(squared, k);
            Lanes.exp(d2.mul(falloff)).intoArray(weight, k);
        }
    }

    /**
     * Adds to the columns first..end-1 of a row.
     *
     * @param room columns that may be written to
     */
    private void addRow(
            float red,
            float green,
            float blue,
            Pyramid.Level grid,
            int at,
            int first,
            int end,
            int room) {
        int k = first;
        for (; k < end && k + LANES <= room; k += LANES) {
            FloatVector column =
                    FloatVector.fromArray(F, columnWeight, k)
                            .blend(0, Lanes.STEPS.compare(VectorOperators.GE, end - k));
            int p = at + k;
            FloatVector.fromArray(F, grid.red, p).add(column.mul(red)).intoArray(grid.red, p);
            FloatVector.fromArray(F, grid.green, p).add(column.mul(green)).intoArray(grid.green, p);
            FloatVector.fromArray(F, grid.blue, p).add(column.mul(blue)).intoArray(grid.blue, p);
        }
        for (; k < end; k++) {
            grid.red[at + k] += columnWeight[k] * red;
            grid.green[at + k] += columnWeight[k] * green;
            grid.blue[at + k] += columnWeight[k] * blue;
        }
    }
}
