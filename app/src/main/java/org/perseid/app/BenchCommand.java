package org.perseid.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.perseid.io.AtomicFile;
import org.perseid.io.InputException;
import org.perseid.io.demo.DemoUniverse;
import org.perseid.io.par.JobReader;
import org.perseid.io.par.ParameterTable;
import org.perseid.io.par.Problems;
import org.perseid.io.par.RenderJob;
import org.perseid.io.snapshot.ReadOptions;
import org.perseid.io.snapshot.Share;
import org.perseid.io.snapshot.Snapshot;
import org.perseid.io.snapshot.Snapshots;
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
    private static final int COLD_RUNS = 5;
    private static final int OTHERS_RUNS = 3;

    /** What to measure. */
    enum What {
        READ,
        SPLAT,
        ABSORB,
        COLD,
        SERVE,
        JPEG,
        COMPOSITE,
        CONVERT,
        ROOFLINE,
        GPU,
        OTHERS
    }

    /** One table. */
    interface Bench {
        List<String> header();

        /** Measures with a snapshot of n particles, and puts each row out when it is there. */
        void rows(Path snapshot, long n, Workers workers, Consumer<List<String>> out);
    }

    @Parameters(
            index = "0",
            paramLabel = "read|splat|absorb|cold|serve|jpeg|composite|convert|roofline|gpu|others",
            description =
                    "read: snapshot to columns and their order, beside cat. splat: a frame by back end and quality. absorb: the same"
                            + " with absorption in depth order."
                            + " cold: whole runs of render in fresh Java machines. serve: from an event to its frame. jpeg:"
                            + " encoding of a picture, beside tjbench. composite: pictures of 2, 4 and 8 ranks become one,"
                            + " beside MPI_Reduce in C. convert: a store, and its first pictures from a cold disk."
                            + " roofline: what of the memory's and the cores' speed is used. gpu: frames by OpenCL, beside vectors."
                            + " others: the same file by yt and ParaView, where they are installed.")
    private What what = What.READ;

    @Option(
            names = "--particles",
            paramLabel = "N",
            split = ",",
            description = "Default: 1e5,1e6,1e7.")
    private List<Double> particles = List.of(1e5, 1e6, 1e7);

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description =
                    "splat: time for each row, of which the best frame counts; serve: twice as long. Default:"
                            + " ${DEFAULT-VALUE}.",
            defaultValue = "1.5")
    private double seconds = 1.5;

    @Option(names = "--store", description = "serve: a store of the snapshot instead of itself.")
    private boolean store;

    @Option(
            names = "--picture",
            paramLabel = "WxH",
            description = "serve: size of the pictures. Default: ${DEFAULT-VALUE}.",
            defaultValue = "1280x720")
    private String picture = "1280x720";

    @Option(
            names = "--link",
            paramLabel = "BYTES/S,US",
            split = ",",
            description =
                    "composite: ranks at hosts of their own (network namespaces; needs root) that are joined by a switch with"
                            + " lines of so many bytes a second, so many microseconds apart, as in 1.25e8,50.")
    private List<Double> link = List.of();

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "KEY=VALUE",
            description = "serve: values that beat those of the demo's parameter file.")
    private List<String> overrides = new ArrayList<>();

    @Option(
            names = "--dir",
            paramLabel = "FOLDER",
            description =
                    "Where the data set is made, and removed; default: the system's temporary folder.")
    private Path parent = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));

    @Mixin private CommonOptions options = new CommonOptions();

    @Override
    public Integer call() {
        if (what != What.SERVE && !overrides.isEmpty()) {
            throw new InputException(
                    "'" + overrides.getFirst() + "': only bench serve takes parameters");
        }
        Bench bench =
                switch (what) {
                    case READ -> new ReadBench();
                    case SPLAT -> new SplatBench(seconds, false);
                    case ABSORB -> new SplatBench(seconds, true);
                    case COLD -> new ColdBench(seconds > 0 ? COLD_RUNS : 1);
                    case SERVE -> new ServeBench(2 * seconds, store, size(0), size(1), overrides);
                    case JPEG -> new JpegBench(seconds);
                    case COMPOSITE -> new CompositeBench(seconds, link);
                    case CONVERT -> new ConvertBench();
                    case ROOFLINE -> new RooflineBench(seconds);
                    case GPU -> new GpuBench(seconds);
                    case OTHERS -> new OthersBench(seconds > 0 ? OTHERS_RUNS : 1);
                };
        try {
            Path folder = Files.createTempDirectory(parent, "perseid-bench");
            try (Workers workers = options.workers()) {
                measure(bench, folder.resolve("bench.gadget"), workers);
            } finally {
                AtomicFile.deleteFolder(folder);
            }
        } catch (IOException e) {
            throw new InputException(parent, "cannot be used (" + e.getMessage() + ")", e);
        }
        return Main.OK;
    }

    /** Width or height of the pictures. */
    private int size(int which) {
        if (!picture.matches("\\d{2,4}x\\d{2,4}")) {
            throw new InputException("--picture is '" + picture + "'; expected as 1920x1080");
        }
        return Integer.parseInt(picture.split("x", -1)[which]);
    }

    private void measure(Bench bench, Path snapshot, Workers workers) {
        print(bench.header());
        print(Collections.nCopies(bench.header().size(), "---:"));
        for (double n : what == What.COMPOSITE ? List.of(1e3) : particles) {
            boolean whole = what != What.CONVERT && !store;
            DemoUniverse.write(snapshot, (long) n, SEED, whole, workers);
            bench.rows(snapshot, (long) n, workers, BenchCommand::print);
        }
    }

    private static void print(List<String> cells) {
        System.out.println("| " + String.join(" | ", cells) + " |");
    }

    /** The demo's job on another snapshot. */
    static RenderJob job(Path snapshot, String... overrides) {
        List<String> all =
                new ArrayList<>(List.of("infile=" + snapshot.toAbsolutePath(), "outfile=unused"));
        all.addAll(List.of(overrides));
        Path parameters =
                Path.of(System.getProperty("perseid.home", ".")).resolve("configs/demo.par");
        return read(parameters, all);
    }

    /** The job of a parameter file. */
    static RenderJob read(Path parameters, List<String> overrides) {
        return JobReader.read(
                ParameterTable.read(parameters, overrides, new Problems()), Reporter.SILENT);
    }

    /** Reads the particles of a job, puts them into order, and uses them. */
    static void withData(Path snapshot, RenderJob job, Workers workers, Consumer<LoadedData> use) {
        StageTimes loading = new StageTimes(System::nanoTime);
        try (Snapshot open = Snapshots.open(snapshot, ReadOptions.NONE);
                LoadedData data =
                        LoadedData.load(
                                open,
                                Share.ALL,
                                job.types(),
                                32,
                                0,
                                workers,
                                Reporter.SILENT,
                                loading)) {
            data.order(workers, loading);
            use.accept(data);
        }
    }

    /** The command that starts this program anew, in a Java machine with some more options. */
    static List<String> java(List<String> options, List<String> arguments) {
        List<String> out = new ArrayList<>();
        out.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
        out.addAll(options);
        out.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djava.awt.headless=true",
                        "-cp",
                        System.getProperty("java.class.path", ""),
                        Main.class.getName()));
        out.addAll(arguments);
        return out;
    }

    /** Seconds that a command takes, which must end well. */
    static double seconds(List<String> command) {
        try {
            long start = System.nanoTime();
            int code = new ProcessBuilder(command).inheritIO().start().waitFor();
            if (code != 0) {
                throw new InputException("a run of render ended with " + code);
            }
            return (System.nanoTime() - start) * 1e-9;
        } catch (IOException | InterruptedException e) {
            throw new InputException("java cannot be started (" + e.getMessage() + ")");
        }
    }

    static String text(String format, Object value) {
        return String.format(Locale.ROOT, format, value);
    }
}
