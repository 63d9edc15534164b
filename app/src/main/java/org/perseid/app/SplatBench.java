package org.perseid.app;

import static org.perseid.app.BenchCommand.text;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.perseid.io.demo.DemoUniverse;
import org.perseid.io.par.RenderJob;
import org.perseid.renderer.backend.BackendProvider;
import org.perseid.renderer.backend.Backends;
import org.perseid.renderer.frame.FrameRenderer;
import org.perseid.renderer.frame.ToneMap;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.OffHeap;
import org.perseid.renderer.model.Picture;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Vec3;
import org.perseid.renderer.model.Workers;

/**
 * Frames of the demo's view by back end and quality, stage by stage, in one process: the best of
 * some. Ratios and errors are against the scalar back end's exact frame of the same data.
 */
final class SplatBench implements BenchCommand.Bench {
    private static final int MIN_FRAMES = 6;
    private static final int[][] SIZES = {{1024, 1024}, {1920, 1080}};

    /** From the galaxy's middle: how much of the demo's distance. */
    private static final double NEAR = 0.15;

    private static final Way SPECIFICATION = new Way("scalar", Quality.EXACT, 0);

    /** Longest sides of nodes in pixels. */
    private static final double[] DETAILS = {0.25, 0.5, 1, 4, 16};

    /** A back end with a quality, and the longest side of nodes that stand for particles. */
    private record Way(String backend, Quality quality, double detailPx) {}

    /** What is drawn. */
    private record View(String name, RenderJob job, Camera camera) {}

    private final double seconds;
    private final List<Way> ways = new ArrayList<>();

    private final boolean absorbing;

    /**
     * @param seconds of frames for each row, and at least some frames; 0 for one frame
     * @param absorbing whether particles absorb, in the order of their depth; always exact
     */
    SplatBench(double seconds, boolean absorbing) {
        this.seconds = seconds;
        this.absorbing = absorbing;
        for (BackendProvider provider : Backends.installed().reversed()) {
            if (!provider.available() || provider.name().equals("opencl")) {
                continue; // bench gpu
            }
            for (Quality quality : absorbing ? new Quality[] {Quality.EXACT} : Quality.values()) {
                ways.add(new Way(provider.name(), quality, 0));
            }
        }
        String best = ways.getLast().backend;
        for (double detail : absorbing ? new double[0] : DETAILS) {
            ways.add(new Way(best, Quality.EXACT, detail));
        }
    }

    @Override
    public List<String> header() {
        return List.of(
                "particles",
                "picture",
                "view",
                "back end",
                "quality",
                "nodes to px",
                "project and splat s",
                "rest s",
                "frame s",
                "particles/s",
                "x scalar exact",
                "mean error",
                "own memory");
    }

    @Override
    public void rows(Path snapshot, long n, Workers workers, Consumer<List<String>> out) {
        RenderJob job = BenchCommand.job(snapshot);
        BenchCommand.withData(
                snapshot, job, workers, data -> rows(data, job, snapshot, n, workers, out));
    }

    private void rows(
            LoadedData data,
            RenderJob job,
            Path snapshot,
            long n,
            Workers workers,
            Consumer<List<String>> out) {
        if (!absorbing) {
            data.layers(job.types()).forEach(layer -> layer.makeDetail(workers));
        }
        for (int[] size : SIZES) {
            RenderJob sized =
                    BenchCommand.job(
                            snapshot, "xres=" + size[0], "yres=" + size[1], "a_eq_e=" + !absorbing);
            Camera full = sized.views().getFirst().camera();
            view(new View("full", sized, full), data, n, workers, out);
            view(new View("near", sized, nearer(full)), data, n, workers, out);
        }
    }

    private static Camera nearer(Camera of) {
        Vec3 eye = of.lookAt().plus(of.eye().minus(of.lookAt()).times(NEAR));
        return Camera.perspective(eye, of.lookAt(), of.sky(), of.fovDeg());
    }

    private void view(
            View view, LoadedData data, long n, Workers workers, Consumer<List<String>> out) {
        Result specification = measure(SPECIFICATION, view, data, workers);
        out.accept(row(SPECIFICATION, view, n, specification, specification));
        for (Way way : ways) {
            if (!way.equals(SPECIFICATION)) {
                out.accept(row(way, view, n, measure(way, view, data, workers), specification));
            }
        }
    }

    /** The best frame. */
    private record Result(LinearImage image, Map<String, Double> seconds) {
        double total() {
            return seconds.values().stream().mapToDouble(Double::doubleValue).sum();
        }
    }

    private Result measure(Way way, View view, LoadedData data, Workers workers) {
        FrameRenderer renderer =
                new FrameRenderer(
                        Backends.choose(way.backend), way.quality, workers, Reporter.SILENT);
        ToneMap tone = new ToneMap(true, 1, 1, 0, true, List.of());
        Result best = null;
        double spent = 0;
        for (int frame = 0;
                best == null || (seconds > 0 && (frame < MIN_FRAMES || spent < seconds));
                frame++) {
            StageTimes times = new StageTimes(System::nanoTime);
            LinearImage image =
                    renderer.render(
                            data.layers(view.job.types()),
                            view.camera,
                            view.job.frame(DemoUniverse.BOX_KPC).withDetail(way.detailPx),
                            times);
            Picture picture = times.time("tone", () -> tone.apply(image, workers));
            if (picture.rgb().length != 3 * view.job.width() * view.job.height()) {
                throw new IllegalStateException("picture of a wrong size");
            }
            Result result = new Result(image, times.seconds());
            spent += result.total();
            best = best == null || result.total() < best.total() ? result : best;
        }
        return best;
    }

    private static List<String> row(
            Way way, View view, long n, Result result, Result specification) {
        double drawing =
                Stream.of("project", "sort", "bin", "splat")
                        .mapToDouble(stage -> result.seconds.getOrDefault(stage, 0.0))
                        .sum();
        return List.of(
                text("%.0e", (double) n),
                view.job.width() + "x" + view.job.height(),
                view.name,
                way.backend,
                way.quality.name().toLowerCase(Locale.ROOT),
                way.detailPx > 0 ? text("%.2f", way.detailPx) : "",
                text("%.4f", drawing),
                text("%.4f", result.total() - drawing),
                text("%.4f", result.total()),
                text("%.3g", n / result.total()),
                text("%.1f", specification.total() / result.total()),
                text("%.1e", meanError(result.image, specification.image)),
                InfoCommand.size(OffHeap.ownResidentBytes()));
    }

    /** Mean difference of the light as a part of the mean light. */
    static double meanError(LinearImage image, LinearImage expected) {
        double error = 0;
        double light = 0;
        for (int p = 0; p < image.red().length; p++) {
            error += Math.abs(image.red()[p] - (double) expected.red()[p]);
            error += Math.abs(image.green()[p] - (double) expected.green()[p]);
            error += Math.abs(image.blue()[p] - (double) expected.blue()[p]);
            light += (double) expected.red()[p] + expected.green()[p] + expected.blue()[p];
        }
        return error / light;
    }
}
