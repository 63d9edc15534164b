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

    @Override
    public void draw(Splats splats, int i, Tile tile, LinearImage image) {
        float x = splats.x[i];
        float y = splats.y[i];
        float reach = Splats.SUPPORT * splats.radius[i];
        float falloff = PlainKernels.falloff(splats.radius[i]);
        int firstX = Math.max(tile.x0, (int) Math.floor(x - reach) + 1);
        int endX = Math.min(tile.x1 - 1, (int) Math.floor(x + reach)) + 1;
        int firstY = Math.max(tile.y0, (int) Math.floor(y - reach) + 1);
        int endY = Math.min(tile.y1 - 1, (int) Math.floor(y + reach)) + 1;
        float red = splats.light[4 * i];
        float green = splats.light[4 * i + 1];
        float blue = splats.light[4 * i + 2];
        float strongest = Math.max(red, Math.max(green, blue));
        for (int k = firstX; k < endX; k += LANES) {
            for (int py = firstY; py < endY; py++) {
                float dy = py - y;
                int at = py * image.width() + k;
                float below = Splats.LINEAR_BELOW / strongest;
                float left = reach * reach - dy * dy;
                row(x, k, endX, dy * dy, left, falloff, below, red, image.red(), at);
                row(x, k, endX, dy * dy, left, falloff, below, green, image.green(), at);
                row(x, k, endX, dy * dy, left, falloff, below, blue, image.blue(), at);
            }
        }
    }

    private void row(
            float x,
            int firstX,
            int endX,
            float rowSquared,
            float left,
            float falloff,
            float linearBelow,
            float e,
            float[] plane,
            int at) {
        FloatVector d = Lanes.STEPS.add(firstX).sub(x);
        FloatVector squared = d.mul(d);
        VectorMask<Float> inside =
                squared.compare(VectorOperators.LE, left).and(F.indexInRange(firstX, endX));
        FloatVector weight = Lanes.exp(squared.add(rowSquared).mul(falloff));
        FloatVector depth = weight.mul(e);
        FloatVector change =
                Lanes.expm1OfNegative(depth)
                        .blend(depth.neg(), weight.compare(VectorOperators.LT, linearBelow));
        FloatVector light = FloatVector.fromArray(F, plane, at, inside);
        light.add(light.sub(source(e)).mul(change)).intoArray(plane, at, inside);
    }

    /** The source function; 0 where there is neither emission nor absorption. */
    private float source(float e) {
        return e + gray == 0 ? 0f : (float) (e / (e + gray));
    }
}
