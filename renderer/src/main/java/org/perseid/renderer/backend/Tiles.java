package org.perseid.renderer.backend;

import org.jspecify.annotations.Nullable;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Workers;

/**
 * Draws splats in their order: the image is cut into tiles, each tile is drawn by one thread.
 * Scratch memory is at most {@link #MAX_ENTRIES} tile entries.
 */
public final class Tiles {
    /** Bound on the tile entries at a time (64 MiB); a batch with more is drawn in parts. */
    public static final int MAX_ENTRIES = 1 << 24;

    private final Workers workers;
    private final int tilePx;
    private final int maxEntries;
    private @Nullable TileBins bins;

    /** Draws one splat in a tile. */
    @FunctionalInterface
    public interface Kernel {
        /** Draws the part of splat i that lies in the tile. */
        void draw(Splats splats, int i, Tile tile, LinearImage image);
    }

    /**
     * @param tilePx side of a tile
     * @param maxEntries at most so many pairs of a splat and a tile at a time
     */
    public Tiles(Workers workers, int tilePx, int maxEntries) {
        this.workers = workers;
        this.tilePx = tilePx;
        this.maxEntries = maxEntries;
    }

    /** Draws all splats. */
    public void draw(Splats splats, LinearImage image, Kernel kernel, StageTimes times) {
        draw(splats, 0, splats.count(), image, kernel, times);
    }

    private void draw(
            Splats splats, int first, int end, LinearImage image, Kernel kernel, StageTimes times) {
        TileBins tiles = binsFor(image);
        int limit = end - first <= 1 ? Integer.MAX_VALUE : maxEntries;
        if (times.time("bin", () -> tiles.bin(splats, first, end, limit, workers))) {
            times.time(
                    "splat",
                    () ->
                            workers.run(
                                    tiles.tiles(),
                                    t -> drawTile(tiles, (int) t, splats, image, kernel)));
        } else {
            int middle = (first + end) >>> 1;
            draw(splats, first, middle, image, kernel, times);
            draw(splats, middle, end, image, kernel, times);
        }
    }

    private static void drawTile(
            TileBins tiles, int tile, Splats splats, LinearImage image, Kernel kernel) {
        Tile area = new Tile(tiles.x0(tile), tiles.x1(tile), tiles.y0(tile), tiles.y1(tile));
        for (int e = tiles.begin(tile); e < tiles.begin(tile + 1); e++) {
            kernel.draw(splats, tiles.splat(e), area, image);
        }
    }

    private TileBins binsFor(LinearImage image) {
        if (bins == null || !bins.fits(image.width(), image.height())) {
            bins = new TileBins(image.width(), image.height(), tilePx);
        }
        return bins;
    }
}
