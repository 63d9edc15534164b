package org.perseid.renderer.backend.scalar;

import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.perseid.renderer.backend.Emission;
import org.perseid.renderer.backend.PlainKernels;
import org.perseid.renderer.backend.Reach;
import org.perseid.renderer.backend.SplatBackend;
import org.perseid.renderer.backend.SplatSource;
import org.perseid.renderer.backend.Splats;
import org.perseid.renderer.backend.Tiles;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Workers;

/**
 * The specification in plain Java, tile by tile in the order of the splats; in high quality plain
 * kernels with coarse levels.
 */
final class ScalarBackend implements SplatBackend {
    /** Splats that are projected at a time. */
    private static final int BATCH = 1 << 18;

    private final Workers workers;
    private final Tiles tiles;

    private final @Nullable Emission emission;
    private Splats batch = new Splats(0);

    ScalarBackend(Workers workers, int tilePx, int maxEntries, Quality quality) {
        this.workers = workers;
        this.tiles = new Tiles(workers, tilePx, maxEntries);
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
            tiles.draw(splats, image, new TileKernel.Add(), times);
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
        tiles.draw(splats, image, new TileKernel.Absorb(gray), times);
    }
}
