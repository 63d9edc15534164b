package org.perseid.app;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.perseid.io.par.RenderJob;
import org.perseid.io.snapshot.Share;
import org.perseid.renderer.model.OffHeap;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Shading;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Workers;

/**
 * Reads data aside, one job at a time; of a large snapshot that nothing is known of yet first a
 * part, so that there is something to see. The receiver owns what it is given.
 */
final class LiveLoader implements AutoCloseable {
    /** Particles from which a part is read first, and the part's about. */
    private static final long PART_FROM = 4_000_000;

    private static final long PART = 500_000;

    private final LiveRanks ranks;
    private final Workers workers;
    private final Reporter reporter;
    private final Receiver receiver;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().name("perseid-loader").daemon().factory());
    private final Executor drawing;
    private @Nullable RenderJob wanted;

    /** Who gets the data. */
    interface Receiver {
        /**
         * Takes data.
         *
         * @param whole whether it is all that the job needs
         */
        void loaded(FrameData data, boolean whole);

        /** Data could not be read. */
        void failed(RuntimeException e);
    }

    /**
     * @param ranks who read together; with several of them the drawing thread reads, so that all
     *     ranks do everything in one order
     * @param drawing runs something by the drawing thread
     */
    LiveLoader(
            LiveRanks ranks, Executor drawing, int threads, Reporter reporter, Receiver receiver) {
        this.ranks = ranks;
        this.drawing = drawing;
        this.workers = new Workers(threads);
        this.reporter = reporter;
        this.receiver = receiver;
    }

    /**
     * Reads what a job needs, unless that is being done.
     *
     * @param first whether there is nothing to see yet
     */
    synchronized void want(RenderJob job, boolean first) {
        if (wanted != null) {
            return; // asked again when this is done
        }
        wanted = job;
        (ranks.isAlone() ? thread : drawing).execute(() -> read(job, first));
    }

    private void read(RenderJob job, boolean first) {
        try {
            StageTimes times = new StageTimes(System::nanoTime);
            boolean alone = ranks.isAlone();
            // ranks without particles can add light, but not take part in an order or in layers
            boolean part =
                    first
                            && job.between() == null
                            && (alone
                                    || (job.shading() instanceof Shading.Emission
                                            && job.numbers().pictured() == null));
            MemoryPlan whole = MemoryPlan.of(job);
            if (part && whole.particles() >= PART_FROM && !whole.isInPlace()) {
                Share share = new Share(0, (int) (whole.particles() / PART));
                FrameData some = FrameData.sample(job, share, workers, Reporter.SILENT, times);
                if (alone) {
                    receiver.loaded(some, false);
                } else {
                    synchronized (this) {
                        wanted = null; // asked again when it has been drawn
                    }
                    receiver.loaded(some, false);
                    return;
                }
            }
            if (!first) {
                // what is shown stays until then
                MemoryPlan plan =
                        MemoryPlan.requireFits(
                                job,
                                ranks.ranks().size(),
                                ranks.ranks().shareOfHost(OffHeap.availableBytes()));
                reporter.progress("read", 0, plan.particles());
            }
            FrameData data = ranks.load(job, workers, reporter, times);
            synchronized (this) {
                wanted = null;
            }
            receiver.loaded(data, true);
        } catch (RuntimeException e) {
            synchronized (this) {
                wanted = null;
            }
            receiver.failed(e);
        } catch (OutOfMemoryError e) {
            synchronized (this) {
                wanted = null;
            }
            receiver.failed(new org.perseid.io.InputException("not enough memory: " + e));
        }
    }

    @Override
    public void close() {
        thread.shutdown();
        workers.close();
    }
}
