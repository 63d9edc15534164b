package org.perseid.renderer.backend.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.perseid.renderer.backend.PlainKernels;
import org.perseid.renderer.backend.Splats;
import org.perseid.renderer.backend.Tile;
import org.perseid.renderer.backend.Tiles;
import org.perseid.renderer.model.LinearImage;

/**
 * Emission and absorption: L becomes q + (L - q) exp(-w e), q = e/(e + gray); where w*max(e) is
 * below {@link Splats#LINEAR_BELOW} the linear form is used for all channels, as Splotch does.
 *
 * @param gray at least 0
 */
record VectorAbsorption(double gray) implements Tiles.Kernel {
    private static final VectorSpecies<Float> F = Lanes.FLOATS;
    private static final int LANES = F.length();

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    /** Columns of a splat, for one thread: the weight of each, and the square of its distance. */
    private static final class Scratch {
        float[] weights = new float[256];
        float[] squares = new float[256];

        /** Room for n of them, and for a vector that begins with the last. */
        void makeRoom(int n) {
            if (weights.length < n + LANES) {
                weights = new float[n + LANES];
                squares = new float[n + LANES];
            }
        }
    }

    @Override
    public void draw(Splats splats, int i, Tile tile, LinearImage image) {
        float x = splats.x[i];
        float y = splats.y[i];
        float reach = Splats.SUPPORT * splats.radius[i];
        float falloff = PlainKernels.falloff(splats.radius[i]);
        int firstX = Math.max(tile.x0, (int) Math.floor(x - reach) + 1);
        int n = Math.min(tile.x1 - 1, (int) Math.floor(x + reach)) + 1 - firstX;
        int firstY = Math.max(tile.y0, (int) Math.floor(y - reach) + 1);
        int endY = Math.min(tile.y1 - 1, (int) Math.floor(y + reach)) + 1;
        if (n <= 0 || firstY >= endY) {
            return;
        }
        Scratch scratch = SCRATCH.get();
        scratch.makeRoom(n);
        for (int k = 0; k < n; k += LANES) {
            column(x, firstX + k, falloff, scratch, k);
        }
        float red = splats.light[4 * i];
        float green = splats.light[4 * i + 1];
        float blue = splats.light[4 * i + 2];
        float strongest = Math.max(red, Math.max(green, blue));
        for (int py = firstY; py < endY; py++) {
            float dy = py - y;
            float left = reach * reach - dy * dy;
            int from = 0;
            int to = n;
            while (from < to && scratch.squares[from] > left) {
                from++;
            }
            while (to > from && scratch.squares[to - 1] > left) {
                to--;
            }
            float w = PlainKernels.exp(dy * dy * falloff);
            float most = w * strongest;
            int at = py * image.width() + firstX;
            row(scratch.weights, from, to, w * red, most, source(red), image.red(), at);
            row(scratch.weights, from, to, w * green, most, source(green), image.green(), at);
            row(scratch.weights, from, to, w * blue, most, source(blue), image.blue(), at);
        }
    }

    private static void column(float x, int firstX, float falloff, Scratch out, int at) {
        FloatVector d = Lanes.STEPS.add(firstX).sub(x);
        FloatVector squared = d.mul(d);
        squared.intoArray(out.squares, at);
        Lanes.exp(squared.mul(falloff)).intoArray(out.weights, at);
    }

    /**
     * Covers a part of a row.
     *
     * @param e depth where a column's weight is 1
     * @param most the largest channel's
     * @param q what the light tends to
     * @param at of column 0 in the plane
     */
    private static void row(
            float[] weights,
            int from,
            int to,
            float e,
            float most,
            float q,
            float[] plane,
            int at) {
        if (most < Splats.LINEAR_BELOW) {
            linearRow(weights, from, to, e, q, plane, at);
            return;
        }
        int k = from;
        for (; k + LANES <= to; k += LANES) {
            FloatVector light = FloatVector.fromArray(F, plane, at + k);
            FloatVector weight = FloatVector.fromArray(F, weights, k);
            covered(light, weight, e, most, q).intoArray(plane, at + k);
        }
        if (k < to) {
            VectorMask<Float> inside = F.indexInRange(k, to);
            FloatVector light = FloatVector.fromArray(F, plane, at + k, inside);
            FloatVector weight = FloatVector.fromArray(F, weights, k);
            covered(light, weight, e, most, q).intoArray(plane, at + k, inside);
        }
    }

    /** So thin everywhere that exp(-t) - 1 is -t. */
    private static void linearRow(
            float[] weights, int from, int to, float e, float q, float[] plane, int at) {
        int k = from;
        for (; k + LANES <= to; k += LANES) {
            FloatVector light = FloatVector.fromArray(F, plane, at + k);
            FloatVector change = FloatVector.fromArray(F, weights, k).mul(e).neg();
            light.add(light.sub(q).mul(change)).intoArray(plane, at + k);
        }
        if (k < to) {
            VectorMask<Float> inside = F.indexInRange(k, to);
            FloatVector light = FloatVector.fromArray(F, plane, at + k, inside);
            FloatVector change = FloatVector.fromArray(F, weights, k).mul(e).neg();
            light.add(light.sub(q).mul(change)).intoArray(plane, at + k, inside);
        }
    }

    private static FloatVector covered(
            FloatVector light, FloatVector weight, float e, float most, float q) {
        FloatVector depth = weight.mul(e);
        VectorMask<Float> linear =
                weight.mul(most).compare(VectorOperators.LT, Splats.LINEAR_BELOW);
        return light.add(light.sub(q).mul(Lanes.expm1OfNegative(depth).blend(depth.neg(), linear)));
    }

    /** The source function; 0 where there is neither emission nor absorption. */
    private float source(float e) {
        return e + gray == 0 ? 0f : (float) (e / (e + gray));
    }
}
