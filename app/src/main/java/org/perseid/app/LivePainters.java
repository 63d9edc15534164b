package org.perseid.app;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.perseid.renderer.backend.BackendProvider;
import org.perseid.renderer.frame.FrameRenderer;
import org.perseid.renderer.frame.Layer;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.FrameSettings;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Workers;

/**
 * Who draws in a live session: at first the back end that is quick at once, later the one that is
 * quicker once it is compiled. That is found out aside, by drawing parts of frames with both by one
 * thread, so that no viewer waits for the compiler.
 */
final class LivePainters implements AutoCloseable {
    /** Parts of a frame, and about how many particles of one at most. */
    private static final int MIN_PARTS = 16;

    private static final int MAX_PARTS = 256;
    private static final long PARTICLES_A_PART = 400_000;
    private static final long GIVE_UP_NANOS = 60_000_000_000L;

    private final LiveRanks ranks;
    private final Workers workers;
    private final BackendProvider first;
    private final @Nullable BackendProvider later;
    private final Reporter console;
    private volatile LiveView.Painters now;
    private volatile boolean warmedUp;
    private volatile boolean closed;

    /** Something to draw while code is compiled. */
    record Sample(List<Layer> layers, Camera camera, FrameSettings frame) {
        private int parts() {
            long particles = layers.stream().mapToLong(l -> l.particles().count()).sum();
            return Math.clamp(particles / PARTICLES_A_PART, MIN_PARTS, MAX_PARTS);
        }
    }

    /**
     * @param first draws at once
     * @param later takes its place when it is compiled; null for nobody
     * @param last quality in which a picture ends
     * @param ranks who draw together
     * @param workers closed here
     */
    LivePainters(
            BackendProvider first,
            @Nullable BackendProvider later,
            Quality last,
            LiveRanks ranks,
            Workers workers,
            Reporter console) {
        this.ranks = ranks;
        this.first = first;
        this.later = later;
        this.workers = workers;
        this.console = console;
        this.now = painters(first, last);
    }

    private LiveView.Painters painters(BackendProvider provider, Quality last) {
        return new LiveView.Painters(
                provider.name(),
                renderer(provider, Quality.HIGH),
                renderer(provider, Quality.EXACT),
                last,
                ranks,
                workers);
    }

    private FrameRenderer renderer(BackendProvider provider, Quality quality) {
        return new FrameRenderer(
                provider, quality, workers, Reporter.SILENT, ranks.ranks().peers());
    }

    LiveRanks ranks() {
        return ranks;
    }

    Workers workers() {
        return workers;
    }

    LiveView.Painters now() {
        return now;
    }

    Quality last() {
        return now.last();
    }

    /** Ends pictures in another quality. */
    synchronized void setLast(Quality quality) {
        LiveView.Painters old = now;
        now =
                new LiveView.Painters(
                        old.backend(), old.high(), old.exact(), quality, ranks, old.workers());
    }

    /** Name of the back end that draws now. */
    String describe() {
        return now.backend();
    }

    /**
     * Gets the later back end compiled, once.
     *
     * @param samples what to draw; null when the data has gone
     */
    void warmUp(Supplier<@Nullable Sample> samples) {
        BackendProvider next = later;
        if (next == null || warmedUp) {
            return;
        }
        warmedUp = true;
        Thread _ =
                Thread.ofPlatform()
                        .name("perseid-warm-up")
                        .daemon()
                        .start(() -> compare(next, samples));
    }

    private void compare(BackendProvider next, Supplier<@Nullable Sample> samples) {
        try (Workers one = new Workers(1)) {
            long start = System.nanoTime();
            for (Quality quality : List.of(Quality.EXACT, Quality.HIGH)) {
                FrameRenderer slow = new FrameRenderer(first, quality, one, Reporter.SILENT);
                FrameRenderer quick = new FrameRenderer(next, quality, one, Reporter.SILENT);
                int part = 0;
                int wins = 0;
                while (wins < 3) {
                    Sample sample = samples.get();
                    if (closed || sample == null || System.nanoTime() - start > GIVE_UP_NANOS) {
                        return;
                    }
                    part = (part + 1) % sample.parts();
                    long quickNanos = time(quick, sample, part);
                    wins = quickNanos < time(slow, sample, part) ? wins + 1 : 0;
                }
            }
            become(next, (System.nanoTime() - start) * 1e-9);
        } catch (IllegalStateException e) {
            warmedUp = false; // the data was freed meanwhile; the next will do
        }
    }

    private static long time(FrameRenderer renderer, Sample sample, int part) {
        FrameSettings frame = sample.frame();
        LinearImage image = new LinearImage(frame.width(), frame.height());
        long start = System.nanoTime();
        renderer.add(
                sample.layers(),
                sample.camera(),
                frame,
                part,
                sample.parts(),
                image,
                new StageTimes(System::nanoTime));
        return System.nanoTime() - start;
    }

    private synchronized void become(BackendProvider next, double seconds) {
        now = painters(next, now.last());
        console.note(
                String.format(
                        Locale.ROOT,
                        "back end: %s (%s), compiled after %.1f s",
                        next.name(),
                        next.describe(),
                        seconds));
    }

    @Override
    public void close() {
        closed = true;
        workers.close();
    }
}
