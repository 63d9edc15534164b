package org.perseid.renderer.backend.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.perseid.renderer.backend.PlainKernels;
import org.perseid.renderer.backend.Pyramid;
import org.perseid.renderer.backend.Splats;

/** Splats within 2x2 pixels: weights of many at a time, then pixel by pixel. */
final class SmallSplats {
    private static final VectorSpecies<Float> F = Lanes.FLOATS;
    private static final VectorSpecies<Float> PIXEL = Lanes.PIXEL;
    private static final float SCALE = PlainKernels.falloff(1);

    private float[] x = new float[0];
    private float[] y = new float[0];
    private float[] radius = new float[0];
    private float[] left = new float[0];
    private float[] right = new float[0];
    private float[] top = new float[0];
    private float[] bottom = new float[0];
    private float[] weights = new float[0];
    private int[] columns = new int[0];
    private int[] rows = new int[0];

    /** Draws the splats of a list. */
    void draw(Splats splats, int[] list, int n, int x0, int y0, int x1, int y1, Pyramid into) {
        int room = n + F.length();
        if (x.length < room) {
            makeRoom(room);
        }
        for (int k = 0; k < n; k++) {
            int i = list[k];
            x[k] = splats.x[i];
            y[k] = splats.y[i];
            radius[k] = splats.radius[i];
        }
        Arrays.fill(radius, n, room, 1f); // what is beyond the end must not be a denormal
        boolean within = corner(n, x0, y0, x1, y1);
        weigh(n);
        if (within) {
            add(splats, list, n, into.fine, into.fineStride);
        } else {
            addClipped(splats, list, n, x0, y0, x1, y1, into);
        }
    }

    private void makeRoom(int room) {
        x = new float[room];
        y = new float[room];
        radius = new float[room];
        left = new float[room];
        right = new float[room];
        top = new float[room];
        bottom = new float[room];
        weights = new float[4 * room];
        columns = new int[room];
        rows = new int[room];
    }

    /**
     * The pixel above and left of each, and the squared distances from there; returns whether all
     * four pixels of all splats are in the region.
     */
    private boolean corner(int n, int x0, int y0, int x1, int y1) {
        VectorMask<Integer> outside = VectorMask.fromLong(Lanes.INTS, 0);
        int k = 0;
        for (; k < n; k += F.length()) {
            FloatVector px = FloatVector.fromArray(F, x, k);
            IntVector column = floor(px);
            FloatVector dx = px.sub((FloatVector) column.convertShape(VectorOperators.I2F, F, 0));
            column.intoArray(columns, k);
            dx.mul(dx).intoArray(left, k);
            FloatVector rest = dx.neg().add(1);
            rest.mul(rest).intoArray(right, k);
            FloatVector py = FloatVector.fromArray(F, y, k);
            IntVector row = floor(py);
            FloatVector dy = py.sub((FloatVector) row.convertShape(VectorOperators.I2F, F, 0));
            row.intoArray(rows, k);
            dy.mul(dy).intoArray(top, k);
            rest = dy.neg().add(1);
            rest.mul(rest).intoArray(bottom, k);
            VectorMask<Integer> used = Lanes.INTS.indexInRange(k, n);
            outside =
                    outside.or(
                            column.compare(VectorOperators.LT, x0)
                                    .or(column.compare(VectorOperators.GE, x1 - 1))
                                    .or(row.compare(VectorOperators.LT, y0))
                                    .or(row.compare(VectorOperators.GE, y1 - 1))
                                    .and(used));
        }
        return !outside.anyTrue();
    }

    private static IntVector floor(FloatVector v) {
        IntVector cut = (IntVector) v.convertShape(VectorOperators.F2I, Lanes.INTS, 0);
        FloatVector back = (FloatVector) cut.convertShape(VectorOperators.I2F, F, 0);
        return cut.sub(1, v.compare(VectorOperators.LT, back).cast(Lanes.INTS));
    }

    /** The weights of the four pixels, a vector of each after the other. */
    private void weigh(int n) {
        int lanes = F.length();
        for (int k = 0; k < n; k += lanes) {
            FloatVector r = FloatVector.fromArray(F, radius, k);
            FloatVector squared = r.mul(r);
            FloatVector falloff = FloatVector.broadcast(F, SCALE).div(squared);
            FloatVector support = squared.mul(Splats.SUPPORT * Splats.SUPPORT);
            FloatVector l = FloatVector.fromArray(F, left, k);
            FloatVector t = FloatVector.fromArray(F, top, k);
            FloatVector rr = FloatVector.fromArray(F, right, k);
            FloatVector b = FloatVector.fromArray(F, bottom, k);
            FloatVector wl = Lanes.exp(l.mul(falloff));
            FloatVector wr = Lanes.exp(rr.mul(falloff));
            FloatVector wt = Lanes.exp(t.mul(falloff));
            FloatVector wb = Lanes.exp(b.mul(falloff));
            put(wl.mul(wt), l.add(t), support, 4 * k);
            put(wr.mul(wt), rr.add(t), support, 4 * k + lanes);
            put(wl.mul(wb), l.add(b), support, 4 * k + 2 * lanes);
            put(wr.mul(wb), rr.add(b), support, 4 * k + 3 * lanes);
        }
    }

    private void put(FloatVector weight, FloatVector squared, FloatVector support, int at) {
        weight.blend(0, squared.compare(VectorOperators.GT, support)).intoArray(weights, at);
    }

    private void add(Splats splats, int[] list, int n, float[] fine, int stride) {
        int lanes = F.length();
        for (int k = 0; k < n; k++) {
            FloatVector light = FloatVector.fromArray(PIXEL, splats.light, 4 * list[k]);
            int w = 4 * k - 3 * (k & lanes - 1);
            int at = 4 * (rows[k] * stride + columns[k]);
            int below = at + 4 * stride;
            pixel(light, weights[w], fine, at);
            pixel(light, weights[w + lanes], fine, at + 4);
            pixel(light, weights[w + 2 * lanes], fine, below);
            pixel(light, weights[w + 3 * lanes], fine, below + 4);
        }
    }

    /** The same bits, pixels of the region only. */
    private void addClipped(
            Splats splats, int[] list, int n, int x0, int y0, int x1, int y1, Pyramid into) {
        int lanes = F.length();
        float[] light = splats.light;
        float[] fine = into.fine;
        for (int k = 0; k < n; k++) {
            int from = 4 * list[k];
            int w = 4 * k - 3 * (k & lanes - 1);
            for (int q = 0; q < 4; q++) {
                int px = columns[k] + (q & 1);
                int py = rows[k] + (q >> 1);
                if (px >= x0 && px < x1 && py >= y0 && py < y1) {
                    int at = 4 * (py * into.fineStride + px);
                    float weight = weights[w + q * lanes];
                    fine[at] += light[from] * weight;
                    fine[at + 1] += light[from + 1] * weight;
                    fine[at + 2] += light[from + 2] * weight;
                }
            }
        }
    }

    private static void pixel(FloatVector light, float weight, float[] fine, int at) {
        FloatVector.fromArray(PIXEL, fine, at).add(light.mul(weight)).intoArray(fine, at);
    }
}
