package org.perseid.renderer.backend.scalar;

import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.perseid.renderer.backend.Emission;
import org.perseid.renderer.backend.Footprints;
import org.perseid.renderer.backend.MeasureImage;
import org.perseid.renderer.backend.Measuring;
import org.perseid.renderer.backend.PlainKernels;
import org.perseid.renderer.backend.ProjectedKernel;
import org.perseid.renderer.backend.Reach;
import org.perseid.renderer.backend.SplatBackend;
import org.perseid.renderer.backend.SplatSource;
import org.perseid.renderer.backend.Splats;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Workers;

/**
 * The specification in plain Java: the image is cut into tiles, each tile is drawn by one thread,
 * in the order of the splats. Scratch memory is at most {@link #MAX_ENTRIES} tile entries.
 */
final class ScalarBackend implements SplatBackend {
    /** Bound on the tile entries at a time (64 MiB); a batch with more is drawn in parts. */
    static final int MAX_ENTRIES = 1 << 24;

    /** Splats that are projected at a time. */
    private static final int BATCH = 1 << 18;

    private final Workers workers;
    private final int tilePx;
    private final int maxEntries;
    private @Nullable TileBins bins;

    private final @Nullable Emission emission;
    private Splats batch = new Splats(0);

    ScalarBackend(Workers workers, int tilePx, int maxEntries, Quality quality) {
        this.workers = workers;
        this.tilePx = tilePx;
        this.maxEntries = maxEntries;
        this.emission =
                quality == Quality.EXACT ? null : new Emission(workers, quality, PlainKernels::new);
    }

    @Override
    public void add(SplatSource source, LinearImage image, StageTimes times) {
        if (emission != null) {
            emission.add(source, image, times);
            return;
        }
        int[] visible = times.time("project", () -> visible(source));
        int[] places = new int[visible.length + 1];
        for (int first = 0; first < visible.length; ) {
            int from = first;
            int end = endOfBatch(source, visible, first, places);
            Splats splats = batchOf(places[end]);
            Reach all = new Reach();
            all.all(image.width(), image.height());
            times.time(
                    "project",
                    () ->
                            workers.run(
                                    end - from,
                                    k ->
                                            source.project(
                                                    visible[from + (int) k],
                                                    all,
                                                    splats,
                                                    places[from + (int) k])));
            splats.setCount(places[end]);
            drawRange(splats, 0, splats.count(), image, new TileKernel.Add(), times);
            source.progress(end, visible.length);
            first = end;
        }
    }

    /** How far a batch goes that begins with a chunk, and where its chunks are in it. */
    private static int endOfBatch(SplatSource source, int[] visible, int first, int[] places) {
        int end = first;
        places[first] = 0;
        while (end < visible.length
                && (end == first || places[end] + source.size(visible[end]) <= BATCH)) {
            places[end + 1] = places[end] + source.size(visible[end]);
            end++;
        }
        return end;
    }

    private static int[] visible(SplatSource source) {
        Reach reach = new Reach();
        return IntStream.range(0, source.chunks()).filter(c -> source.reach(c, reach)).toArray();
    }

    private Splats batchOf(int capacity) {
        if (batch.capacity() < capacity) {
            batch = new Splats(capacity);
        }
        return batch;
    }

    @Override
    public void absorb(Splats splats, double gray, LinearImage image, StageTimes times) {
        drawRange(splats, 0, splats.count(), image, new TileKernel.Absorb(gray), times);
    }

    @Override
    public void measure(
            Footprints particles, ProjectedKernel kernel, MeasureImage image, StageTimes times) {
        times.time("measure", () -> Measuring.add(particles, kernel, image, workers));
    }

    private void drawRange(
            Splats splats,
            int first,
            int end,
            LinearImage image,
            TileKernel kernel,
            StageTimes times) {
        TileBins tiles = binsFor(image);
        boolean binned =
                times.time(
                        "bin",
                        () -> tiles.bin(splats, first, end, entryLimit(first, end), workers));
        if (binned) {
            times.time(
                    "splat",
                    () ->
                            workers.run(
                                    tiles.tiles(),
                                    t -> drawTile(tiles, (int) t, splats, image, kernel)));
        } else {
            int middle = (first + end) >>> 1;
            drawRange(splats, first, middle, image, kernel, times);
            drawRange(splats, middle, end, image, kernel, times);
        }
    }

    private int entryLimit(int first, int end) {
        return end - first <= 1 ? Integer.MAX_VALUE : maxEntries;
    }

    private static void drawTile(
            TileBins tiles, int tile, Splats splats, LinearImage image, TileKernel kernel) {
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
