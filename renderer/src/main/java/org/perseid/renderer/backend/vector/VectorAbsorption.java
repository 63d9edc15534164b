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
        final Row row = new Row();

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
        Row row = scratch.row;
        row.weights = scratch.weights;
        row.room = tile.x1 - firstX;
        row.qRed = source(red);
        row.qGreen = source(green);
        row.qBlue = source(blue);
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
            if (from < to) {
                float w = PlainKernels.exp(dy * dy * falloff);
                row.from = from;
                row.to = to;
                row.red = w * red;
                row.green = w * green;
                row.blue = w * blue;
                row.most = w * strongest;
                row.cover(image, py * image.width() + firstX);
            }
        }
    }

    private static void column(float x, int firstX, float falloff, Scratch out, int at) {
        FloatVector d = Lanes.STEPS.add(firstX).sub(x);
        FloatVector squared = d.mul(d);
        squared.intoArray(out.squares, at);
        Lanes.exp(squared.mul(falloff)).intoArray(out.weights, at);
    }

    /** A part of a row of a splat; of one thread, used again. */
    private static final class Row {
        /** Up to this depth a few terms of the exponential function's series are enough. */
        private static final float SHALLOW = 0.3f;

        float[] weights = new float[0];

        /** Columns that belong to the tile; others may write beyond. */
        int room;

        int from;
        int to;

        /** Depths where a column's weight is 1, and the largest of them. */
        float red;

        float green;
        float blue;
        float most;

        /** What the light tends to. */
        float qRed;

        float qGreen;
        float qBlue;

        /**
         * Covers the columns from..to-1.
         *
         * @param at index of column 0
         */
        void cover(LinearImage image, int at) {
            // which formula a pixel gets depends on the row alone, not on where tiles end
            float least = most * Math.min(weights[from], weights[to - 1]); // in the middle is more
            int k = from;
            if (most < Splats.LINEAR_BELOW) {
                for (; k < to && k + LANES <= room; k += LANES) {
                    linear(image, at, k);
                }
            } else if (most < SHALLOW && least >= Splats.LINEAR_BELOW) {
                for (; k < to && k + LANES <= room; k += LANES) {
                    shallow(image, at, k);
                }
            } else if (most < SHALLOW) {
                for (; k < to && k + LANES <= room; k += LANES) {
                    linearOrShallow(image, at, k);
                }
            } else {
                for (; k < to && k + LANES <= room; k += LANES) {
                    any(image, at, k);
                }
            }
            if (k < to) {
                last(image, at, k);
            }
        }

        /** Weights of a vector of columns, 0 behind the row's end. */
        private FloatVector weights(int k) {
            FloatVector weight = FloatVector.fromArray(F, weights, k);
            return k + LANES <= to
                    ? weight
                    : weight.blend(0, Lanes.STEPS.compare(VectorOperators.GE, to - k));
        }

        /** So thin everywhere that 1 - exp(-t) is t. */
        private void linear(LinearImage image, int at, int k) {
            FloatVector weight = weights(k);
            mix(image.red(), at + k, qRed, weight.mul(red));
            mix(image.green(), at + k, qGreen, weight.mul(green));
            mix(image.blue(), at + k, qBlue, weight.mul(blue));
        }

        private void shallow(LinearImage image, int at, int k) {
            FloatVector weight = weights(k);
            mix(image.red(), at + k, qRed, ofShallow(weight.mul(red)));
            mix(image.green(), at + k, qGreen, ofShallow(weight.mul(green)));
            mix(image.blue(), at + k, qBlue, ofShallow(weight.mul(blue)));
        }

        private void linearOrShallow(LinearImage image, int at, int k) {
            FloatVector weight = weights(k);
            VectorMask<Float> linear = linear(weight);
            mix(image.red(), at + k, qRed, ofShallow(weight.mul(red), linear));
            mix(image.green(), at + k, qGreen, ofShallow(weight.mul(green), linear));
            mix(image.blue(), at + k, qBlue, ofShallow(weight.mul(blue), linear));
        }

        private void any(LinearImage image, int at, int k) {
            FloatVector weight = weights(k);
            VectorMask<Float> linear = linear(weight);
            mix(image.red(), at + k, qRed, ofAny(weight.mul(red), linear));
            mix(image.green(), at + k, qGreen, ofAny(weight.mul(green), linear));
            mix(image.blue(), at + k, qBlue, ofAny(weight.mul(blue), linear));
        }

        /** The last columns of a tile. */
        private void last(LinearImage image, int at, int k) {
            VectorMask<Float> inside = F.indexInRange(k, to);
            FloatVector weight = FloatVector.fromArray(F, weights, k);
            mix(image.red(), at + k, qRed, ofThis(weight, red), inside);
            mix(image.green(), at + k, qGreen, ofThis(weight, green), inside);
            mix(image.blue(), at + k, qBlue, ofThis(weight, blue), inside);
        }

        private FloatVector ofThis(FloatVector weight, float depth) {
            FloatVector t = weight.mul(depth);
            return most < SHALLOW ? ofShallow(t, linear(weight)) : ofAny(t, linear(weight));
        }

        private VectorMask<Float> linear(FloatVector weight) {
            return weight.mul(most).compare(VectorOperators.LT, Splats.LINEAR_BELOW);
        }

        /** 1 - exp(-t) for t below {@link #SHALLOW}, to 1e-6 of its value. */
        private static FloatVector ofShallow(FloatVector t) {
            return t.mul(1 / 120f)
                    .sub(1 / 24f)
                    .mul(t)
                    .add(1 / 6f)
                    .mul(t)
                    .sub(0.5f)
                    .mul(t)
                    .add(1)
                    .mul(t);
        }

        private static FloatVector ofShallow(FloatVector t, VectorMask<Float> linear) {
            return ofShallow(t).blend(t, linear);
        }

        private static FloatVector ofAny(FloatVector t, VectorMask<Float> linear) {
            return Lanes.expm1OfNegative(t).neg().blend(t, linear);
        }

        private static void mix(float[] plane, int at, float q, FloatVector change) {
            FloatVector light = FloatVector.fromArray(F, plane, at);
            light.sub(light.sub(q).mul(change)).intoArray(plane, at);
        }

        private static void mix(
                float[] plane, int at, float q, FloatVector change, VectorMask<Float> inside) {
            FloatVector light = FloatVector.fromArray(F, plane, at, inside);
            light.sub(light.sub(q).mul(change)).intoArray(plane, at, inside);
        }
    }

    /** The source function; 0 where there is neither emission nor absorption. */
    private float source(float e) {
        return e + gray == 0 ? 0f : (float) (e / (e + gray));
    }
}
