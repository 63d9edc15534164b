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
    /** From this R on splats are drawn on a coarser level, where theirs is less than twice this. */
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
        List<Regions.Region> regions =
                times.time(
                        "cull",
                        () ->
                                Regions.of(
                                        source,
                                        image.width(),
                                        image.height(),
                                        number,
                                        costlyRadius(quality),
                                        workers));
        AtomicLong done = new AtomicLong();
        times.time(
                "splat",
                () ->
                        workers.run(
                                regions.size(),
                                r -> {
                                    draw(source, regions.get((int) r), into);
                                    source.progress(done.incrementAndGet(), regions.size());
                                }));
        times.time("combine", () -> into.finish(image, workers));
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
