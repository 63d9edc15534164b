package org.perseid.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.perseid.io.InputException;
import org.perseid.io.demo.DemoUniverse;
import org.perseid.io.par.JobReader;
import org.perseid.io.par.ParameterTable;
import org.perseid.io.par.Problems;
import org.perseid.io.par.RenderJob;
import org.perseid.io.snapshot.Snapshot;
import org.perseid.io.snapshot.Snapshots;
import org.perseid.renderer.frame.FrameRenderer;
import org.perseid.renderer.frame.ToneMap;
import org.perseid.renderer.model.OffHeap;
import org.perseid.renderer.model.Picture;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Workers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bench}: measures on this machine, with the built-in data set. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description =
                "Measure on this machine, with the built-in data set; the tables of docs/performance.md.")
final class BenchCommand implements Callable<Integer> {
    private static final long SEED = 1;
    private static final int REPEATS = 15;

    /** What to measure. */
    enum What {
        READ,
        SPLAT
    }

    @Parameters(
            index = "0",
            paramLabel = "read|splat",
            description = "read: snapshot to columns, beside cat. splat: stages of a frame.")
    private What what = What.READ;

    @Option(
            names = "--particles",
            paramLabel = "N",
            split = ",",
            description = "Default: 1e5,1e6,1e7.")
    private List<Double> particles = List.of(1e5, 1e6, 1e7);

    @Option(
            names = "--dir",
            paramLabel = "FOLDER",
            description =
                    "Where the data set is made, and removed; default: the system's temporary folder.")
    private Path parent = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));

    @Mixin private CommonOptions options = new CommonOptions();
    @Mixin private CommonOptions.Drawing drawing = new CommonOptions.Drawing();

    @Override
    public Integer call() {
        try {
            Path folder = Files.createTempDirectory(parent, "perseid-bench");
            try (Workers workers = options.workers()) {
                measure(folder, workers);
            } finally {
                deleteTree(folder);
            }
        } catch (IOException e) {
            throw new InputException(parent, "cannot be used (" + e.getMessage() + ")", e);
        }
        return Main.OK;
    }

    private void measure(Path folder, Workers workers) {
        row(
                what == What.READ
                        ? List.of(
                                "particles",
                                "file",
                                "bytes used",
                                "read s",
                                "MB/s",
                                "cat s",
                                "cat MB/s",
                                "read / cat",
                                "ns a particle",
                                "bytes a particle")
                        : List.of(
                                "particles",
                                "picture",
                                "project s",
                                "bin s",
                                "splat s",
                                "tone s",
                                "frame s",
                                "particles/s",
                                "peak memory"));
        row(java.util.Collections.nCopies(what == What.READ ? 10 : 9, "---:"));
        for (double n : particles) {
            Path file = folder.resolve("bench.gadget");
            DemoUniverse.write(file, (long) n, SEED, workers);
            if (what == What.READ) {
                read(file, (long) n, workers);
            } else {
                splat(file, (long) n, workers);
            }
        }
    }

    private static void row(List<String> cells) {
        System.out.println("| " + String.join(" | ", cells) + " |");
    }

    private static RenderJob job(Path file) {
        Path home = Path.of(System.getProperty("perseid.home", "."));
        ParameterTable table =
                ParameterTable.read(
                        home.resolve("configs/demo.par"),
                        List.of("infile=" + file.toAbsolutePath(), "outfile=unused"),
                        new Problems());
        return JobReader.read(table, Reporter.SILENT);
    }

    /** Best of some turns of reading and of cat, one after the other. */
    private static void read(Path file, long n, Workers workers) {
        RenderJob job = job(file);
        double bestRead = Double.POSITIVE_INFINITY;
        double bestCat = Double.POSITIVE_INFINITY;
        long used = 0;
        long columns = 0;
        for (int turn = 0; turn < REPEATS; turn++) {
            bestCat = Math.min(bestCat, secondsOfCat(file));
            StageTimes times = new StageTimes(System::nanoTime);
            long before = OffHeap.everAllocatedBytes();
            try (Snapshot snapshot = times.time("read", () -> Snapshots.open(file, List.of()));
                    LoadedData data =
                            LoadedData.load(
                                    snapshot,
                                    job.types(),
                                    32,
                                    0,
                                    workers,
                                    Reporter.SILENT,
                                    times)) {
                used = data.bytesRead();
                columns = OffHeap.everAllocatedBytes() - before;
            }
            bestRead = Math.min(bestRead, times.seconds().getOrDefault("read", 0.0));
        }
        double fileBytes = file.toFile().length();
        double readRate = used / bestRead;
        double catRate = fileBytes / bestCat;
        row(
                List.of(
                        text("%.0e", (double) n),
                        InfoCommand.size((long) fileBytes),
                        InfoCommand.size(used),
                        text("%.4f", bestRead),
                        text("%.0f", readRate / 1e6),
                        text("%.4f", bestCat),
                        text("%.0f", catRate / 1e6),
                        text("%.0f %%", 100 * readRate / catRate),
                        text("%.1f", bestRead / n * 1e9),
                        text("%.1f", (double) columns / n)));
    }

    private static double secondsOfCat(Path file) {
        try {
            long start = System.nanoTime();
            int code =
                    new ProcessBuilder("sh", "-c", "exec cat \"$0\" >/dev/null", file.toString())
                            .start()
                            .waitFor();
            if (code != 0) {
                throw new InputException(file, "cat ended with " + code);
            }
            return (System.nanoTime() - start) * 1e-9;
        } catch (IOException | InterruptedException e) {
            throw new InputException(file, "cat cannot be started (" + e.getMessage() + ")", e);
        }
    }

    private void splat(Path file, long n, Workers workers) {
        RenderJob job = job(file);
        try (Snapshot snapshot = Snapshots.open(file, List.of());
                LoadedData data =
                        LoadedData.load(
                                snapshot,
                                job.types(),
                                32,
                                0,
                                workers,
                                Reporter.SILENT,
                                new StageTimes(System::nanoTime))) {
            for (int[] size : new int[][] {{1024, 1024}, {1920, 1080}}) {
                RenderJob sized = sized(file, size);
                FrameRenderer renderer =
                        new FrameRenderer(
                                drawing.backend(Reporter.SILENT), workers, Reporter.SILENT);
                List<Map<String, Double>> frames = new ArrayList<>();
                for (int turn = 0; turn < REPEATS; turn++) {
                    StageTimes times = new StageTimes(System::nanoTime);
                    var image =
                            renderer.render(
                                    data.layers(),
                                    sized.camera(),
                                    sized.frame(DemoUniverse.BOX_KPC),
                                    times);
                    ToneMap tone = new ToneMap(true, 1, 1, 0, true, List.of());
                    Picture picture = times.time("tone", () -> tone.apply(image, workers));
                    if (picture.rgb().length != 3 * size[0] * size[1]) {
                        throw new IllegalStateException("picture of a wrong size");
                    }
                    frames.add(times.seconds());
                }
                frames.sort(Comparator.comparingDouble(BenchCommand::total));
                Map<String, Double> best = frames.getFirst();
                row(
                        List.of(
                                text("%.0e", (double) n),
                                size[0] + "x" + size[1],
                                text("%.4f", best.getOrDefault("project", 0.0)),
                                text("%.4f", best.getOrDefault("bin", 0.0)),
                                text("%.4f", best.getOrDefault("splat", 0.0)),
                                text("%.4f", best.getOrDefault("tone", 0.0)),
                                text("%.4f", total(best)),
                                text("%.3g", n / total(best)),
                                InfoCommand.size(OffHeap.peakResidentBytes())));
            }
        }
    }

    private static RenderJob sized(Path file, int[] size) {
        Path home = Path.of(System.getProperty("perseid.home", "."));
        List<String> overrides =
                List.of(
                        "infile=" + file.toAbsolutePath(),
                        "outfile=unused",
                        "xres=" + size[0],
                        "yres=" + size[1]);
        return JobReader.read(
                ParameterTable.read(home.resolve("configs/demo.par"), overrides, new Problems()),
                Reporter.SILENT);
    }

    private static double total(Map<String, Double> seconds) {
        return seconds.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    private static String text(String format, Object value) {
        return String.format(Locale.ROOT, format, value);
    }

    private static void deleteTree(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
