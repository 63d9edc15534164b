package org.perseid.renderer.backend;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Workers;

/**
 * Sums light region by region: a thread takes a region of the picture, projects the chunks that
 * reach into it and draws them there, so that splats never leave its cache and no two threads write
 * one pixel. Keeps its pyramid between frames.
 */
public final class Emission {
    /**
     * From this R on the splats of a picture of many are drawn on a coarser level, where theirs is
     * less than twice this.
     */
    public static final float COARSE_FROM_PX = 5;

    /**
     * Few regions, because chunks at their edges are projected for each; more where large splats
     * make the work of a region hard to foretell.
     */
    private static final int REGIONS_PER_THREAD = 2;

    private static final int EXACT_REGIONS_PER_THREAD = 4;

    private final Workers workers;
    private final Quality quality;
    private final Supplier<SplatKernels> kernels;
    private @Nullable Pyramid pyramid;

    /**
     * @param kernels makes one for each region
     */
    public Emission(Workers workers, Quality quality, Supplier<SplatKernels> kernels) {
        this.workers = workers;
        this.quality = quality;
        this.kernels = kernels;
    }

    /** From this radius in pixels on a splat is no more work: it is drawn on a coarser grid. */
    public static double costlyRadius(Quality quality) {
        return quality == Quality.EXACT ? Double.POSITIVE_INFINITY : 1.5 * COARSE_FROM_PX;
    }

    /** Adds the splats to the image. */
    public void add(SplatSource source, LinearImage image, StageTimes times) {
        Pyramid into = pyramidFor(image);
        boolean coarse = quality != Quality.EXACT;
        int number = workers.threads() * (coarse ? REGIONS_PER_THREAD : EXACT_REGIONS_PER_THREAD);
        Bands bands =
                times.time(
                        "cull",
                        () -> {
                            Regions seen =
                                    Regions.of(
                                            source,
                                            image.width(),
                                            image.height(),
                                            costlyRadius(quality),
                                            workers);
                            boolean finer = quality == Quality.HIGH && source.isWhole();
                            into.setFiner(finer ? seen.splats() : Long.MAX_VALUE);
                            return new Bands(source, seen, number, into, image);
                        });
        List<Regions.Region> regions = bands.regions;
        AtomicLong done = new AtomicLong();
        times.time(
                "splat",
                () ->
                        workers.run(
                                regions.size(),
                                r -> {
                                    draw(source, regions.get((int) r), into);
                                    bands.drawn(regions.get((int) r));
                                    source.progress(done.incrementAndGet(), regions.size());
                                }));
        times.time("combine", () -> into.finish(image, workers));
    }

    /**
     * Regions in bands of the picture, so that rows of the image are finished as soon as all that
     * they need is drawn; one band where somebody waits for none, or none could be finished early.
     */
    private static final class Bands {
        /** No band is lower, in rows. */
        private static final int LEAST_ROWS = 64;

        private final SplatSource source;
        private final Pyramid from;
        private final LinearImage image;
        private final int topLevel;
        private final List<Regions.Region> regions;

        /** Regions of each band that are not drawn yet. */
        private final int[] missing;

        private int complete;
        private boolean finishing;

        Bands(SplatSource source, Regions seen, int number, Pyramid from, LinearImage image) {
            this.source = source;
            this.from = from;
            this.image = image;
            topLevel = from.levelOf(seen.largestRadius());
            int height = image.height();
            int wanted = source.bands();
            int early =
                    Pyramid.certainRows(Regions.endOfBand(wanted - 2, wanted, height), topLevel);
            boolean useful = early >= height / wanted && height >= LEAST_ROWS * wanted;
            missing = new int[useful ? wanted : 1];
            regions = seen.cut(missing.length, Math.max(number, missing.length));
            for (Regions.Region region : regions) {
                missing[Regions.bandOf(region, missing.length, height)]++;
            }
        }

        /** Counts a region that is drawn; one thread at a time finishes what that allows. */
        void drawn(Regions.Region region) {
            int bands = missing.length;
            int height = image.height();
            int ready;
            synchronized (this) {
                missing[Regions.bandOf(region, bands, height)]--;
                int before = complete;
                while (complete < bands - 1 && missing[complete] == 0) {
                    complete++;
                }
                if (complete == before || finishing) {
                    return;
                }
                finishing = true;
                ready = complete;
            }
            while (true) {
                int drawn = Regions.endOfBand(ready - 1, bands, height);
                source.drawn(from.finish(drawn, topLevel, image));
                synchronized (this) {
                    if (complete == ready) {
                        finishing = false;
                        return;
                    }
                    ready = complete;
                }
            }
        }
    }

    private void draw(SplatSource source, Regions.Region region, Pyramid into) {
        Splats splats = new Splats(source.capacity());
        SplatKernels kernel = kernels.get();
        Reach within = new Reach();
        within.x0 = region.x0();
        within.y0 = region.y0();
        within.x1 = region.x1();
        within.y1 = region.y1();
        for (int chunk : region.chunks()) {
            source.project(chunk, within, splats, 0);
            splats.setCount(source.size(chunk));
            kernel.draw(splats, region.x0(), region.y0(), region.x1(), region.y1(), into);
        }
    }

    private Pyramid pyramidFor(LinearImage image) {
        if (pyramid == null
                || pyramid.width() != image.width()
                || pyramid.height() != image.height()) {
            pyramid = new Pyramid(image.width(), image.height(), quality != Quality.EXACT);
        }
        return pyramid;
    }
}
