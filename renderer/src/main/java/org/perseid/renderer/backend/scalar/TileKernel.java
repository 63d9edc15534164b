package org.perseid.renderer.backend.scalar;

import org.perseid.renderer.backend.Splats;
import org.perseid.renderer.backend.Tile;
import org.perseid.renderer.backend.Tiles;
import org.perseid.renderer.model.LinearImage;

/**
 * One splat in one tile. The weight of a pixel at distance d from the centre is exp(-(d/(WIDTH
 * R))^2) within SUPPORT*R and 0 beyond (Splotch, section "Size and intensity"); it is the product
 * of a row's and a column's weight.
 */
sealed interface TileKernel extends Tiles.Kernel {

    @Override
    default void draw(Splats splats, int i, Tile tile, LinearImage image) {
        float x = splats.x[i];
        float y = splats.y[i];
        float radius = splats.radius[i];
        float reach = Splats.SUPPORT * radius;
        double falloff = -1.0 / (Splats.WIDTH * Splats.WIDTH * radius * radius);
        int firstX = firstInside(x - reach, tile.x0);
        int endX = endInside(x + reach, tile.x1);
        int firstY = firstInside(y - reach, tile.y0);
        int endY = endInside(y + reach, tile.y1);
        for (int px = firstX; px < endX; px++) {
            float dx = px - x;
            tile.columnWeight[px - tile.x0] = (float) Math.exp(falloff * dx * dx);
        }
        for (int py = firstY; py < endY; py++) {
            float dy = py - y;
            float halfWidth = (float) Math.sqrt(Math.max(0f, reach * reach - dy * dy));
            int from = Math.max(firstX, firstInside(x - halfWidth, tile.x0));
            int to = Math.min(endX, endInside(x + halfWidth, tile.x1));
            if (from < to) {
                float rowWeight = (float) Math.exp(falloff * dy * dy);
                row(
                        splats,
                        i,
                        rowWeight,
                        tile.columnWeight,
                        tile.x0,
                        from,
                        to,
                        py * image.width(),
                        image);
            }
        }
    }

    /** Draws the pixels from..to-1 of the row that begins at the image index {@code rowStart}. */
    void row(
            Splats splats,
            int i,
            float rowWeight,
            float[] columnWeight,
            int columnBase,
            int from,
            int to,
            int rowStart,
            LinearImage image);

    /** First integer above v, at least low. */
    private static int firstInside(float v, int low) {
        return Math.max(low, (int) (Math.floor(v) + 1));
    }

    /** One beyond the last integer that is at most v, at most high. */
    private static int endInside(float v, int high) {
        return Math.min(high, (int) (Math.floor(v) + 1));
    }

    /** Emission: S += w e. */
    record Add() implements TileKernel {
        @Override
        public void row(
                Splats splats,
                int i,
                float rowWeight,
                float[] columnWeight,
                int columnBase,
                int from,
                int to,
                int rowStart,
                LinearImage image) {
            addRow(
                    columnWeight,
                    from - columnBase,
                    splats.light[4 * i] * rowWeight,
                    image.red(),
                    rowStart + from,
                    to - from);
            addRow(
                    columnWeight,
                    from - columnBase,
                    splats.light[4 * i + 1] * rowWeight,
                    image.green(),
                    rowStart + from,
                    to - from);
            addRow(
                    columnWeight,
                    from - columnBase,
                    splats.light[4 * i + 2] * rowWeight,
                    image.blue(),
                    rowStart + from,
                    to - from);
        }

        private static void addRow(
                float[] weight, int weightStart, float e, float[] plane, int planeStart, int n) {
            for (int k = 0; k < n; k++) {
                plane[planeStart + k] += e * weight[weightStart + k];
            }
        }
    }

    /**
     * Emission and absorption: L becomes q + (L - q) exp(-w e), q = e/(e + gray); where w*max(e) is
     * below {@link Splats#LINEAR_BELOW} the linear form is used for all channels, as Splotch does.
     *
     * @param gray at least 0
     */
    record Absorb(double gray) implements TileKernel {
        @Override
        public void row(
                Splats splats,
                int i,
                float rowWeight,
                float[] columnWeight,
                int columnBase,
                int from,
                int to,
                int rowStart,
                LinearImage image) {
            float red = splats.light[4 * i];
            float green = splats.light[4 * i + 1];
            float blue = splats.light[4 * i + 2];
            float strongest = Math.max(red, Math.max(green, blue));
            float qRed = source(red);
            float qGreen = source(green);
            float qBlue = source(blue);
            for (int px = from; px < to; px++) {
                float w = rowWeight * columnWeight[px - columnBase];
                int p = rowStart + px;
                boolean linear = w * strongest < Splats.LINEAR_BELOW;
                image.red()[p] = covered(image.red()[p], qRed, w * red, linear);
                image.green()[p] = covered(image.green()[p], qGreen, w * green, linear);
                image.blue()[p] = covered(image.blue()[p], qBlue, w * blue, linear);
            }
        }

        private static float covered(float light, float q, float depth, boolean linear) {
            return light + (linear ? -depth : (float) Math.expm1(-depth)) * (light - q);
        }

        /** The source function; 0 where there is neither emission nor absorption. */
        private float source(float e) {
            return e + gray == 0 ? 0f : (float) (e / (e + gray));
        }
    }
}
