package org.perseid.app;

import static org.perseid.app.BenchCommand.text;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.perseid.io.demo.DemoUniverse;
import org.perseid.io.par.RenderJob;
import org.perseid.renderer.backend.Backends;
import org.perseid.renderer.backend.Reach;
import org.perseid.renderer.backend.SplatBackend;
import org.perseid.renderer.backend.SplatSource;
import org.perseid.renderer.backend.Splats;
import org.perseid.renderer.frame.FrameRenderer;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.OffHeap;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Workers;

/**
 * What the machine gives and what of it is used: memory read and copied, multiply-adds in the first
 * cache, splats of one size, and frames. A pixel of a splat counts three multiply-adds, for red,
 * green and blue; a particle the bytes of its columns. The best of some tries, on all threads.
 */
final class RooflineBench implements BenchCommand.Bench {
    private static final int STREAM_BYTES = 1 << 28;
    private static final int SPLATS = 200_000;
    private static final int SIDE = 1024;
    private static final int CHUNK = 1024;
    private static final float[] SIZES = {1, 3, 8, 32};
    private static final int CACHE_FLOATS = 2048;
    private static final int FLOPS_A_PIXEL = 6;
    private static final int ROUNDS = 20_000;

    private final double seconds;
    private double readBytesPerSecond;
    private double flopsPerSecond;

    /**
     * @param seconds of tries for each row
     */
    RooflineBench(double seconds) {
        this.seconds = seconds;
    }

    @Override
    public List<String> header() {
        return List.of(
                "what",
                "ms",
                "GB/s",
                "% of reading",
                "1e6 pixels/s",
                "GFLOP/s",
                "% of multiply-adds");
    }

    @Override
    public void rows(Path snapshot, long n, Workers workers, Consumer<List<String>> out) {
        machine(workers, out);
        for (Quality quality : List.of(Quality.EXACT, Quality.HIGH)) {
            for (float radius : SIZES) {
                splats(radius, quality, workers, out);
            }
        }
        frames(snapshot, n, workers, out);
    }

    /** The best time of some tries, the first of which get code compiled. */
    private double best(Runnable work) {
        double best = Double.POSITIVE_INFINITY;
        double spent = 0;
        for (int k = 0; k < 3 || spent < 2 * seconds; k++) {
            long start = System.nanoTime();
            work.run();
            double took = (System.nanoTime() - start) * 1e-9;
            spent += took;
            best = Math.min(best, took);
        }
        return best;
    }

    private void machine(Workers workers, Consumer<List<String>> out) {
        int threads = workers.threads();
        try (Arena arena = Arena.ofShared()) {
            MemorySegment from = OffHeap.allocate(arena, (long) threads * STREAM_BYTES, "a stream");
            MemorySegment to = OffHeap.allocate(arena, (long) threads * STREAM_BYTES, "a stream");
            from.fill((byte) 1);
            to.fill((byte) 2);
            double bytes = (double) threads * STREAM_BYTES;
            double read = best(() -> workers.run(threads, t -> read(from, t)));
            readBytesPerSecond = bytes / read;
            out.accept(row("read memory", read, bytes, 0));
            double copy =
                    best(() ->
                            workers.run(
                                    threads,
                                    t ->
                                            MemorySegment.copy(
                                                    from,
                                                    t * STREAM_BYTES,
                                                    to,
                                                    t * STREAM_BYTES,
                                                    STREAM_BYTES)));
            out.accept(row("copy memory (both counted)", copy, 2 * bytes, 0));
        }
        double[] sums = new double[threads];
        double add = best(() -> workers.run(threads, t -> sums[(int) t] = multiplyAdd()));
        double flops = 2.0 * threads * ROUNDS * CACHE_FLOATS;
        flopsPerSecond = flops / add;
        if (!(Arrays.stream(sums).sum() > 0)) {
            throw new IllegalStateException("nothing was added");
        }
        out.accept(
                List.of(
                        "multiply-add in the cache",
                        text("%.1f", 1e3 * add),
                        "",
                        "",
                        "",
                        text("%.1f", flopsPerSecond * 1e-9),
                        "100"));
    }

    private static void read(MemorySegment from, long thread) {
        long sum = 0;
        long first = thread * STREAM_BYTES / 8;
        for (long i = first; i < first + STREAM_BYTES / 8; i++) {
            sum += from.getAtIndex(ValueLayout.JAVA_LONG, i);
        }
        if (sum == 0) {
            throw new IllegalStateException("zeros were read");
        }
    }

    private static double multiplyAdd() {
        float[] a = new float[CACHE_FLOATS];
        float[] b = new float[CACHE_FLOATS];
        Arrays.fill(b, 1e-3f);
        for (int round = 0; round < ROUNDS; round++) {
            pass(a, b, 0.5f);
        }
        return a[7];
    }

    private static void pass(float[] a, float[] b, float factor) {
        for (int i = 0; i < a.length; i++) {
            a[i] = a[i] * factor + b[i];
        }
    }

    private void splats(
            float radius, Quality quality, Workers workers, Consumer<List<String>> out) {
        Source source = Source.of(radius);
        LinearImage image = new LinearImage(SIDE, SIDE);
        SplatBackend backend = Backends.choose("auto").open(workers, 64, quality);
        double took = best(() -> backend.add(source, image, new StageTimes(System::nanoTime)));
        double support = Splats.SUPPORT * radius;
        double pixels = SPLATS * Math.PI * support * support;
        out.accept(
                row(
                        text("%.0f splats of R = ", (double) SPLATS)
                                + text("%.0f px, ", (double) radius)
                                + quality.name().toLowerCase(java.util.Locale.ROOT),
                        took,
                        0,
                        pixels));
    }

    private void frames(Path snapshot, long n, Workers workers, Consumer<List<String>> out) {
        RenderJob job = BenchCommand.job(snapshot, "xres=1920", "yres=1080");
        StageTimes times = new StageTimes(System::nanoTime);
        try (FrameData data =
                FrameData.open(job, null, false, Ranks.alone(), workers, Reporter.SILENT, times)) {
            double bytes = 0;
            for (var layer : data.layers(job, List.of())) {
                ParticleSet set = layer.particles();
                bytes += (double) set.count() * set.bytesPerParticle();
            }
            for (Quality quality : List.of(Quality.EXACT, Quality.HIGH)) {
                FrameRenderer renderer =
                        new FrameRenderer(
                                Backends.choose("auto"), quality, workers, Reporter.SILENT);
                double took =
                        best(() -> {
                            LinearImage image =
                                    renderer.render(
                                            data.layers(job, List.of()),
                                            job.views().getFirst().camera(),
                                            job.frame(DemoUniverse.BOX_KPC),
                                            new StageTimes(System::nanoTime));
                            if (image.width() != job.width()) {
                                throw new IllegalStateException("picture of a wrong size");
                            }
                        });
                out.accept(
                        row(
                                text("frame of %.0e particles, 1920x1080, ", (double) n)
                                        + quality.name().toLowerCase(java.util.Locale.ROOT),
                                took,
                                bytes,
                                0));
            }
        }
    }

    private List<String> row(String what, double took, double bytes, double pixels) {
        double flops = FLOPS_A_PIXEL * pixels;
        return List.of(
                what,
                text("%.1f", 1e3 * took),
                bytes > 0 ? text("%.1f", bytes / took * 1e-9) : "",
                bytes > 0 ? text("%.0f", 100 * bytes / took / readBytesPerSecond) : "",
                pixels > 0 ? text("%.0f", pixels / took * 1e-6) : "",
                pixels > 0 ? text("%.1f", flops / took * 1e-9) : "",
                pixels > 0 ? text("%.0f", 100 * flops / took / flopsPerSecond) : "");
    }

    /** Splats of one size all over the picture, one after the other in place. */
    private record Source(Splats splats) implements SplatSource {
        static Source of(float radius) {
            Splats splats = new Splats(SPLATS);
            SplittableRandom random = new SplittableRandom(1);
            int cells = SIDE / 8;
            for (int i = 0; i < SPLATS; i++) {
                int cell = (int) ((long) i * cells * cells / SPLATS);
                int line = cell / cells;
                splats.x[i] = (float) (8 * (cell % cells) + 8 * random.nextDouble());
                splats.y[i] = (float) (8 * line + 8 * random.nextDouble());
                splats.radius[i] = radius;
                Arrays.fill(splats.light, 4 * i, 4 * i + 3, 1e-3f);
            }
            splats.setCount(SPLATS);
            return new Source(splats);
        }

        @Override
        public int chunks() {
            return Math.ceilDiv(SPLATS, CHUNK);
        }

        @Override
        public int size(int c) {
            return Math.min(SPLATS, (c + 1) * CHUNK) - c * CHUNK;
        }

        @Override
        public int capacity() {
            return CHUNK;
        }

        @Override
        public boolean reach(int c, Reach out) {
            int line = 8 * (int) ((long) c * CHUNK * (SIDE / 8) / SPLATS);
            int last = 8 * (int) ((long) (c + 1) * CHUNK * (SIDE / 8) / SPLATS) + 8;
            int margin = (int) Math.ceil(splats.radius[0]) + 1;
            out.x0 = 0;
            out.x1 = SIDE;
            out.y0 = Math.max(0, line - margin);
            out.y1 = Math.min(SIDE, last + margin);
            out.radius = splats.radius[0];
            return true;
        }

        @Override
        public void project(int c, Reach within, Splats out, int slot) {
            int first = c * CHUNK;
            System.arraycopy(splats.x, first, out.x, slot, size(c));
            System.arraycopy(splats.y, first, out.y, slot, size(c));
            System.arraycopy(splats.radius, first, out.radius, slot, size(c));
            System.arraycopy(splats.light, 4 * first, out.light, 4 * slot, 4 * size(c));
        }
    }
}
