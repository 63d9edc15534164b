package org.perseid.renderer.backend.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.perseid.renderer.backend.Pyramid;
import org.perseid.renderer.backend.Splats;

/** Larger splats row by row, in planes. */
final class RowSplats {
    private static final VectorSpecies<Float> F = Lanes.FLOATS;
    private static final int LANES = F.length();

    /** Beyond every picture. */
    private static final int END = 1 << 30;

    /** Weights of the columns and rows, and squared distances, of the splat that is drawn. */
    private float[] columnWeight = new float[0];

    private float[] columnSquared = new float[0];
    private float[] rowWeight = new float[0];
    private float[] rowSquared = new float[0];

    /** Draws the part of splat i that belongs to a region. */
    void draw(Splats splats, int i, int level, int x0, int y0, int x1, int y1, Pyramid into) {
        Pyramid.Level grid = into.level(level);
        float scale = 1f / (1 << level);
        float x = splats.x[i] * scale;
        float y = splats.y[i] * scale;
        float radius = splats.radius[i] * scale;
        float reach = Splats.SUPPORT * radius;
        int endOfRegion = grid.endX(x1, level, into.width());
        int firstX = Math.max(grid.first(x0, level), (int) Math.floor(x - reach) + 1);
        int endX = Math.min(endOfRegion, endInside(x + reach));
        int firstY = Math.max(grid.first(y0, level), (int) Math.floor(y - reach) + 1);
        int endY = Math.min(grid.endY(y1, level, into.height()), endInside(y + reach));
        if (firstX >= endX || firstY >= endY) {
            return;
        }
        grid.use();
        makeRoom(Math.max(endX - firstX, endY - firstY) + LANES);
        float falloff = Lanes.falloff(radius);
        weigh(firstY, y, endY - firstY, falloff, rowWeight, rowSquared);
        int room = x1 == into.width() ? endOfRegion + Pyramid.PAD : endOfRegion;
        int at = grid.origin + firstY * grid.stride + firstX;
        int n = endX - firstX;
        float[] light = splats.light;
        int from = 4 * i;
        if (n > LANES) {
            weigh(firstX, x, n, falloff, columnWeight, columnSquared);
            addWide(light, from, n, endY - firstY, reach * reach, grid, at);
        } else if (firstX + LANES <= room) {
            addNarrow(light, from, firstX, x, falloff, endY - firstY, n, reach * reach, grid, at);
        } else {
            addMasked(light, from, firstX, x, falloff, endY - firstY, n, reach * reach, grid, at);
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

    private static void weigh(
            int first, float center, int n, float falloff, float[] weight, float[] squared) {
        for (int k = 0; k < n; k += LANES) {
            FloatVector d = Lanes.STEPS.add(first + k).sub(center);
            FloatVector d2 = d.mul(d);
            d2.intoArray(squared, k);
            Lanes.exp(d2.mul(falloff)).intoArray(weight, k);
        }
    }

    /** A splat of at most one vector a row, in whole vectors: what is beyond it gets zeros. */
    private void addNarrow(
            float[] lights,
            int from,
            int first,
            float center,
            float falloff,
            int rows,
            int n,
            float support,
            Pyramid.Level grid,
            int begin) {
        FloatVector d = Lanes.STEPS.add(first).sub(center);
        FloatVector d2 = d.mul(d);
        VectorMask<Float> beyond = Lanes.STEPS.compare(VectorOperators.GE, n);
        FloatVector weight = Lanes.exp(d2.mul(falloff)).blend(0, beyond);
        float red = lights[from];
        float green = lights[from + 1];
        float blue = lights[from + 2];
        int at = begin;
        for (int row = 0; row < rows; row++) {
            float w = rowWeight[row];
            FloatVector column =
                    weight.blend(0, d2.compare(VectorOperators.GT, support - rowSquared[row]));
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

    /** The same at the end of a region, where other threads write beyond. */
    private void addMasked(
            float[] lights,
            int from,
            int first,
            float center,
            float falloff,
            int rows,
            int n,
            float support,
            Pyramid.Level grid,
            int begin) {
        FloatVector d = Lanes.STEPS.add(first).sub(center);
        FloatVector d2 = d.mul(d);
        VectorMask<Float> own = Lanes.STEPS.compare(VectorOperators.LT, n);
        FloatVector weight = Lanes.exp(d2.mul(falloff));
        float red = lights[from];
        float green = lights[from + 1];
        float blue = lights[from + 2];
        int at = begin;
        for (int row = 0; row < rows; row++) {
            float w = rowWeight[row];
            VectorMask<Float> m =
                    own.and(d2.compare(VectorOperators.LE, support - rowSquared[row]));
            FloatVector.fromArray(F, grid.red, at, m)
                    .add(weight.mul(w * red))
                    .intoArray(grid.red, at, m);
            FloatVector.fromArray(F, grid.green, at, m)
                    .add(weight.mul(w * green))
                    .intoArray(grid.green, at, m);
            FloatVector.fromArray(F, grid.blue, at, m)
                    .add(weight.mul(w * blue))
                    .intoArray(grid.blue, at, m);
            at += grid.stride;
        }
    }

    private void addWide(
            float[] lights,
            int from,
            int n,
            int rows,
            float support,
            Pyramid.Level grid,
            int begin) {
        for (int row = 0; row < rows; row++) {
            float left = support - rowSquared[row];
            float w = rowWeight[row];
            int at = begin + row * grid.stride;
            int first = 0;
            int end = n;
            while (first < n && columnSquared[first] > left) {
                first++;
            }
            while (end > first && columnSquared[end - 1] > left) {
                end--;
            }
            addRow(w * lights[from], grid.red, at, first, end);
            addRow(w * lights[from + 1], grid.green, at, first, end);
            addRow(w * lights[from + 2], grid.blue, at, first, end);
        }
    }

    private void addRow(float light, float[] plane, int at, int first, int end) {
        int k = first;
        for (; k + LANES <= end; k += LANES) {
            FloatVector.fromArray(F, columnWeight, k)
                    .mul(light)
                    .add(FloatVector.fromArray(F, plane, at + k))
                    .intoArray(plane, at + k);
        }
        if (k < end) {
            VectorMask<Float> m = F.indexInRange(k, end);
            FloatVector.fromArray(F, columnWeight, k)
                    .mul(light)
                    .add(FloatVector.fromArray(F, plane, at + k, m))
                    .intoArray(plane, at + k, m);
        }
    }

    /** One beyond the last pixel that is at most v. */
    private static int endInside(float v) {
        return Math.min(END, (int) Math.floor(v)) + 1;
    }
}
