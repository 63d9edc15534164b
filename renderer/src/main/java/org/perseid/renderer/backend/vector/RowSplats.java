package org.perseid.renderer.backend.vector;

import java.util.Arrays;
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
    private float[] halfWidth = new float[2 * LANES];

    /** Draws the splats of a list. */
    void draw(Splats splats, int[] list, int n, int x0, int y0, int x1, int y1, Pyramid into) {
        for (int k = 0; k < n; k++) {
            int i = list[k];
            int level = PlainKernels.levelOf(splats.radius[i], into.levels());
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
        int rows = endY - firstY;
        makeRoom(Math.max(n, rows) + LANES);
        float reach = Splats.SUPPORT * radius;
        float falloff = PlainKernels.falloff(radius);
        weigh(firstY, y, rows, falloff, rowWeight, rowSquared);
        weigh(firstX, x, n, falloff, columnWeight, columnSquared);
        Arrays.fill(columnSquared, n, n + LANES, Float.POSITIVE_INFINITY);
        halve(reach * reach, rows);
        float[] light = splats.light;
        float middle = x - firstX;
        for (int row = 0; row < rows; row++) {
            float left = reach * reach - rowSquared[row];
            if (left >= 0) {
                // one pixel more on either side than can be in the circle; the squares decide
                int first = Math.clamp((int) (middle - halfWidth[row]), 0, n);
                int inside = Math.min(n, (int) (middle + halfWidth[row]));
                int end = Math.clamp(inside + 2, 0, n);
                float w = rowWeight[row];
                int at = grid.origin + (firstY + row) * grid.stride + firstX;
                float red = w * light[4 * i];
                float green = w * light[4 * i + 1];
                float blue = w * light[4 * i + 2];
                addRow(red, green, blue, left, grid, at, first, inside, end, right - firstX);
            }
        }
    }

    /** Half of the circle's width in each row, where it has one. */
    private void halve(float support, int rows) {
        for (int k = 0; k < rows; k += LANES) {
            FloatVector.broadcast(F, support)
                    .sub(FloatVector.fromArray(F, rowSquared, k))
                    .sqrt()
                    .intoArray(halfWidth, k);
        }
    }

    private void makeRoom(int room) {
        if (columnWeight.length < room) {
            columnWeight = new float[room];
            columnSquared = new float[room];
            rowWeight = new float[room];
            rowSquared = new float[room];
            halfWidth = new float[room];
        }
    }

    private static void weigh(
            int first, float center, int n, float falloff, float[] weight, float[] squared) {
        for (int k = 0; k < n; k += LANES) {
            FloatVector d = Lanes.STEPS.add(first + k).sub(center);
            FloatVector d2 = d.mul(d);
            d2.intoArray(squared, k);
            Lanes.exp(d2.mul(falloff)).intoArray(weight, k);
        }
    }

    /**
     * Adds to a row those of the columns first..end-1 that are in the circle.
     *
     * @param left square of half the circle's width there
     * @param inside up to this one, exclusive, columns are in the circle, but for the first few
     * @param room columns that may be written to
     */
    private void addRow(
            float red,
            float green,
            float blue,
            float left,
            Pyramid.Level grid,
            int at,
            int first,
            int inside,
            int end,
            int room) {
        int k = first;
        while (k < end && k + LANES <= room) {
            FloatVector column = FloatVector.fromArray(F, columnWeight, k);
            if (k == first || k + LANES > inside) {
                column =
                        column.blend(
                                0,
                                FloatVector.fromArray(F, columnSquared, k)
                                        .compare(VectorOperators.GT, left));
            }
            add(column, red, green, blue, grid, at + k);
            k += LANES;
        }
        for (; k < end; k++) {
            if (columnSquared[k] <= left) {
                grid.red[at + k] += columnWeight[k] * red;
                grid.green[at + k] += columnWeight[k] * green;
                grid.blue[at + k] += columnWeight[k] * blue;
            }
        }
    }

    private static void add(
            FloatVector column, float red, float green, float blue, Pyramid.Level grid, int p) {
        FloatVector.fromArray(F, grid.red, p).add(column.mul(red)).intoArray(grid.red, p);
        FloatVector.fromArray(F, grid.green, p).add(column.mul(green)).intoArray(grid.green, p);
        FloatVector.fromArray(F, grid.blue, p).add(column.mul(blue)).intoArray(grid.blue, p);
    }
}
