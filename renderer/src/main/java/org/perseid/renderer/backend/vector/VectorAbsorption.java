package org.perseid.renderer.backend.vector;

import jdk.incubator.vector.FloatVector;
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

    /** Up to this depth a few terms of the exponential function's series are enough. */
    private static final float SHALLOW = 0.3f;

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    /** What one thread needs for a splat; n columns have room for whole vectors. */
    private static final class Scratch {
        /** Of each column the weight, and the square of its distance. */
        float[] weights = new float[0];

        float[] squares = new float[0];

        /** Weights of the pixels of a row, 0 where the splat does not reach. */
        float[] row = new float[0];

        /** Light of the last columns of a tile. */
        final float[] end = new float[LANES];

        void makeRoom(int n) {
            if (weights.length < n + LANES) {
                weights = new float[n + LANES];
                squares = new float[n + LANES];
                row = new float[n + LANES];
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
        RowSplats.weigh(firstX, x, n, falloff, scratch.weights, scratch.squares);
        int whole = Math.min(n, (tile.x1 - firstX) / LANES * LANES); // in vectors inside the tile
        float red = splats.light[4 * i];
        float green = splats.light[4 * i + 1];
        float blue = splats.light[4 * i + 2];
        float strongest = Math.max(red, Math.max(green, blue));
        float qRed = source(red);
        float qGreen = source(green);
        float qBlue = source(blue);
        for (int py = firstY; py < endY; py++) {
            float dy = py - y;
            float w = PlainKernels.exp(dy * dy * falloff);
            float left = reach * reach - dy * dy;
            row(scratch.weights, scratch.squares, left, w, n, scratch.row);
            int at = py * image.width() + firstX;
            cover(scratch, whole, n, red, qRed, strongest, w * strongest, image.red(), at);
            cover(scratch, whole, n, green, qGreen, strongest, w * strongest, image.green(), at);
            cover(scratch, whole, n, blue, qBlue, strongest, w * strongest, image.blue(), at);
        }
    }

    /** Covers a row in one channel, the last columns of a tile apart: others write beyond. */
    private static void cover(
            Scratch scratch,
            int whole,
            int n,
            float e,
            float q,
            float strongest,
            float most,
            float[] plane,
            int at) {
        cover(scratch.row, 0, whole, e, strongest, most, q, plane, at);
        if (whole < n) {
            System.arraycopy(plane, at + whole, scratch.end, 0, n - whole);
            cover(scratch.row, whole, n, e, strongest, most, q, scratch.end, 0);
            System.arraycopy(scratch.end, 0, plane, at + whole, n - whole);
        }
    }

    /** Weights of a row's pixels, 0 where the square of the distance is above {@code left}. */
    private static void row(
            float[] weights, float[] squares, float left, float w, int n, float[] out) {
        for (int k = 0; k < n; k += LANES) {
            FloatVector.fromArray(F, weights, k)
                    .mul(w)
                    .blend(
                            0,
                            FloatVector.fromArray(F, squares, k).compare(VectorOperators.GT, left))
                    .intoArray(out, k);
        }
    }

    /**
     * Covers the columns from..to-1, whole vectors of them: light is not changed where the weight
     * is 0. Which formula a pixel gets depends on the row alone, not on where tiles end. No vectors
     * go from one method to another, which makes objects of them where one is not inlined.
     *
     * @param e depth where the weight is 1
     * @param strongest the largest channel's
     * @param most that times the row's weight
     * @param q what the light tends to
     * @param at of column {@code from} in the plane
     */
    private static void cover(
            float[] weights,
            int from,
            int to,
            float e,
            float strongest,
            float most,
            float q,
            float[] plane,
            int at) {
        if (most < Splats.LINEAR_BELOW) {
            linear(weights, from, to, e, q, plane, at);
        } else if (most < SHALLOW) {
            shallow(weights, from, to, e, strongest, q, plane, at);
        } else {
            deep(weights, from, to, e, strongest, q, plane, at);
        }
    }

    /** So thin everywhere that 1 - exp(-t) is t. */
    private static void linear(
            float[] weights, int from, int to, float e, float q, float[] plane, int at) {
        for (int k = from; k < to; k += LANES) {
            FloatVector t = FloatVector.fromArray(F, weights, k).mul(e);
            FloatVector light = FloatVector.fromArray(F, plane, at + k - from);
            light.sub(light.sub(q).mul(t)).intoArray(plane, at + k - from);
        }
    }

    /** 1 - exp(-t) for t below {@link #SHALLOW}, to 4e-6 of its value. */
    private static void shallow(
            float[] weights,
            int from,
            int to,
            float e,
            float strongest,
            float q,
            float[] plane,
            int at) {
        for (int k = from; k < to; k += LANES) {
            FloatVector weight = FloatVector.fromArray(F, weights, k);
            FloatVector t = weight.mul(e);
            FloatVector change =
                    t.mul(1 / 120f)
                            .sub(1 / 24f)
                            .mul(t)
                            .add(1 / 6f)
                            .mul(t)
                            .sub(0.5f)
                            .mul(t)
                            .add(1)
                            .mul(t)
                            .blend(
                                    t,
                                    weight.mul(strongest)
                                            .compare(VectorOperators.LT, Splats.LINEAR_BELOW));
            FloatVector light = FloatVector.fromArray(F, plane, at + k - from);
            light.sub(light.sub(q).mul(change)).intoArray(plane, at + k - from);
        }
    }

    private static void deep(
            float[] weights,
            int from,
            int to,
            float e,
            float strongest,
            float q,
            float[] plane,
            int at) {
        for (int k = from; k < to; k += LANES) {
            FloatVector weight = FloatVector.fromArray(F, weights, k);
            FloatVector t = weight.mul(e);
            FloatVector change =
                    Lanes.expm1OfNegative(t)
                            .neg()
                            .blend(
                                    t,
                                    weight.mul(strongest)
                                            .compare(VectorOperators.LT, Splats.LINEAR_BELOW));
            FloatVector light = FloatVector.fromArray(F, plane, at + k - from);
            light.sub(light.sub(q).mul(change)).intoArray(plane, at + k - from);
        }
    }

    /** The source function; 0 where there is neither emission nor absorption. */
    private float source(float e) {
        return e + gray == 0 ? 0f : (float) (e / (e + gray));
    }
}
