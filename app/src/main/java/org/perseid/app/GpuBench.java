package org.perseid.app;

import static org.perseid.app.BenchCommand.text;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.Consumer;
import org.perseid.io.InputException;
import org.perseid.io.demo.DemoUniverse;
import org.perseid.io.par.RenderJob;
import org.perseid.renderer.backend.BackendProvider;
import org.perseid.renderer.backend.Backends;
import org.perseid.renderer.backend.opencl.OpenClProvider;
import org.perseid.renderer.frame.FrameRenderer;
import org.perseid.renderer.frame.Layer;
import org.perseid.renderer.frame.RenderCost;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Workers;

/**
 * Frames of the demo's view at 1920x1080 by OpenCL on the first device, beside vectors on the CPU:
 * the first frame, for which the particles are sent, and the best of some later ones.
 */
final class GpuBench implements BenchCommand.Bench {
    private static final int MIN_FRAMES = 6;

    private static final int SLICE = 1 << 14;

    private final double seconds;
    private final OpenClProvider device = new OpenClProvider();

    /**
     * @param seconds of frames for each row; 0 for two frames
     */
    GpuBench(double seconds) {
        this.seconds = seconds;
        if (!device.available()) {
            throw new InputException("bench gpu " + device.describe());
        }
        System.out.println(device.describe());
        System.out.printf(
                Locale.ROOT, "kernels compiled in %.0f ms%n", 1000 * device.buildSeconds());
        System.out.printf(Locale.ROOT, "memory moves %.1f GB/s%n%n", device.bandwidth() * 1e-9);
    }

    @Override
    public List<String> header() {
        return List.of(
                "particles",
                "back end",
                "quality",
                "sent MB",
                "sending ms",
                "first frame ms",
                "frame ms",
                "frames/s",
                "particles/s",
                "splat pixels/s",
                "x vector high",
                "mean error");
    }

    /** Frames of one kind. */
    private record Result(
            OpenClProvider.Sent sent, double firstMillis, double bestMillis, LinearImage image) {}

    @Override
    public void rows(Path snapshot, long n, Workers workers, Consumer<List<String>> out) {
        RenderJob job = BenchCommand.job(snapshot, "xres=1920", "yres=1080");
        BenchCommand.withData(snapshot, job, workers, data -> rows(data, job, n, workers, out));
    }

    private void rows(
            LoadedData data, RenderJob job, long n, Workers workers, Consumer<List<String>> out) {
        double pixels = pixels(data, job, workers);
        Result exact = measure(Backends.choose("auto"), Quality.EXACT, job, data, workers);
        Result high = measure(Backends.choose("auto"), Quality.HIGH, job, data, workers);
        out.accept(row(Backends.choose("auto"), Quality.EXACT, n, pixels, exact, high, exact));
        out.accept(row(Backends.choose("auto"), Quality.HIGH, n, pixels, high, high, exact));
        for (Quality quality : List.of(Quality.EXACT, Quality.HIGH)) {
            Result result = measure(device, quality, job, data, workers);
            out.accept(row(device, quality, n, pixels, result, high, exact));
        }
    }

    /** Pixels that all splats of a frame cover in {@code exact}, also outside of the picture. */
    private static double pixels(LoadedData data, RenderJob job, Workers workers) {
        DoubleAdder sum = new DoubleAdder();
        for (Layer layer : data.layers(job.types())) {
            workers.runSlices(
                    layer.particles().count(),
                    SLICE,
                    (first, end) -> {
                        RenderCost cost =
                                new RenderCost(
                                        layer,
                                        job.views().getFirst().camera(),
                                        job.frame(DemoUniverse.BOX_KPC));
                        for (long i = first; i < end; i++) {
                            sum.add(cost.pixels(i));
                        }
                    });
        }
        return sum.sum();
    }

    private Result measure(
            BackendProvider provider,
            Quality quality,
            RenderJob job,
            LoadedData data,
            Workers workers) {
        FrameRenderer renderer = new FrameRenderer(provider, quality, workers, Reporter.SILENT);
        double first = 0;
        double best = Double.POSITIVE_INFINITY;
        LinearImage image = new LinearImage(1, 1);
        OpenClProvider.Sent before = device.sent();
        long start = System.nanoTime();
        for (int k = 0;
                k < 2
                        || (seconds > 0
                                && (k < MIN_FRAMES || System.nanoTime() - start < seconds * 1e9));
                k++) {
            long begin = System.nanoTime();
            image =
                    renderer.render(
                            data.layers(job.types()),
                            job.views().getFirst().camera(),
                            job.frame(DemoUniverse.BOX_KPC),
                            new StageTimes(System::nanoTime));
            double millis = (System.nanoTime() - begin) * 1e-6;
            first = k == 0 ? millis : first;
            best = k == 0 ? best : Math.min(best, millis);
        }
        OpenClProvider.Sent after = device.sent();
        OpenClProvider.Sent sent =
                new OpenClProvider.Sent(
                        after.bytes() - before.bytes(), after.seconds() - before.seconds());
        return new Result(sent, first, best, image);
    }

    private static List<String> row(
            BackendProvider provider,
            Quality quality,
            long n,
            double pixels,
            Result result,
            Result high,
            Result exact) {
        return List.of(
                text("%.0e", (double) n),
                provider.name(),
                quality.name().toLowerCase(Locale.ROOT),
                text("%.1f", result.sent.bytes() * 1e-6),
                text("%.1f", result.sent.seconds() * 1000),
                text("%.0f", result.firstMillis),
                text("%.1f", result.bestMillis),
                text("%.1f", 1000 / result.bestMillis),
                text("%.3g", n * 1000 / result.bestMillis),
                quality == Quality.EXACT ? text("%.3g", pixels * 1000 / result.bestMillis) : "",
                text("%.2f", high.bestMillis / result.bestMillis),
                text("%.1e", SplatBench.meanError(result.image, exact.image)));
    }
}
