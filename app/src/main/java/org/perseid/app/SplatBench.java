package org.perseid.app;

import static org.perseid.app.BenchCommand.text;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.perseid.io.demo.DemoUniverse;
import org.perseid.io.par.RenderJob;
import org.perseid.io.snapshot.ReadOptions;
import org.perseid.io.snapshot.Snapshot;
import org.perseid.io.snapshot.Snapshots;
import org.perseid.renderer.backend.BackendProvider;
import org.perseid.renderer.frame.FrameRenderer;
import org.perseid.renderer.frame.ToneMap;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.OffHeap;
import org.perseid.renderer.model.Picture;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Workers;

/** Frames of the demo's view at two sizes, stage by stage; the best of some. */
final class SplatBench implements BenchCommand.Bench {
    private static final int FRAMES = 5;
    private static final int[][] SIZES = {{1024, 1024}, {1920, 1080}};

    private final BackendProvider backend;
    private final Quality quality;
    private final long ownAtStart = OffHeap.ownResidentBytes();

    SplatBench(BackendProvider backend, Quality quality) {
        this.backend = backend;
        this.quality = quality;
    }

    @Override
    public List<String> header() {
        return List.of(
                "particles",
                "picture",
                "project s",
                "bin s",
                "splat s",
                "tone s",
                "frame s",
                "particles/s",
                "memory a particle",
                "peak resident");
    }

    @Override
    public List<List<String>> rows(Path snapshot, long n, Workers workers) {
        RenderJob job = BenchCommand.job(snapshot);
        StageTimes loading = new StageTimes(System::nanoTime);
        List<List<String>> rows = new ArrayList<>();
        try (Snapshot open = Snapshots.open(snapshot, ReadOptions.NONE);
                LoadedData data =
                        LoadedData.load(
                                open, job.types(), 32, 0, workers, Reporter.SILENT, loading)) {
            data.order(workers, loading);
            for (int[] size : SIZES) {
                rows.add(
                        row(
                                BenchCommand.job(snapshot, "xres=" + size[0], "yres=" + size[1]),
                                data,
                                n,
                                workers));
            }
        }
        return rows;
    }

    private List<String> row(RenderJob job, LoadedData data, long n, Workers workers) {
        FrameRenderer renderer = new FrameRenderer(backend, quality, workers, Reporter.SILENT);
        ToneMap tone = new ToneMap(true, 1, 1, 0, true, List.of());
        List<Map<String, Double>> frames = new ArrayList<>();
        long memory = 0;
        for (int turn = 0; turn < FRAMES; turn++) {
            StageTimes times = new StageTimes(System::nanoTime);
            LinearImage image =
                    renderer.render(
                            data.layers(job.types()),
                            job.views().getFirst().camera(),
                            job.frame(DemoUniverse.BOX_KPC),
                            times);
            Picture picture = times.time("tone", () -> tone.apply(image, workers));
            if (turn == 0) {
                memory = OffHeap.ownResidentBytes() - ownAtStart - 15L * image.red().length;
            }
            if (picture.rgb().length != 3 * job.width() * job.height()) {
                throw new IllegalStateException("picture of a wrong size");
            }
            frames.add(times.seconds());
        }
        frames.sort(Comparator.comparingDouble(SplatBench::total));
        Map<String, Double> best = frames.getFirst();
        return List.of(
                text("%.0e", (double) n),
                job.width() + "x" + job.height(),
                text("%.4f", best.getOrDefault("project", 0.0)),
                text("%.4f", best.getOrDefault("bin", 0.0)),
                text("%.4f", best.getOrDefault("splat", 0.0)),
                text("%.4f", best.getOrDefault("tone", 0.0)),
                text("%.4f", total(best)),
                text("%.3g", n / total(best)),
                text("%.0f B", (double) memory / n),
                InfoCommand.size(OffHeap.peakResidentBytes()));
    }

    private static double total(Map<String, Double> seconds) {
        return seconds.values().stream().mapToDouble(Double::doubleValue).sum();
    }
}
