package org.perseid.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.perseid.io.InputException;
import org.perseid.io.par.FrameJob;
import org.perseid.io.par.JobReader;
import org.perseid.io.par.ParameterTable;
import org.perseid.io.par.Problems;
import org.perseid.io.par.RenderJob;
import org.perseid.io.par.TypeParameters;
import org.perseid.io.snapshot.LoadRequest;
import org.perseid.io.snapshot.Loaded;
import org.perseid.io.snapshot.Share;
import org.perseid.io.snapshot.Snapshot;
import org.perseid.io.snapshot.Snapshots;
import org.perseid.renderer.frame.FrameRenderer;
import org.perseid.renderer.frame.Layer;
import org.perseid.renderer.model.OffHeap;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Workers;
import org.perseid.renderer.neighbours.SmoothingLengths;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code plan}: memory, bytes and time of a job, before it is started. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description = {
            "Say what a parameter file needs before it is started: memory by process, bytes to read, seconds a frame and"
                    + " for all frames, and what to change when it will not fit.",
            "Headers tell the memory; a sample of the particles is read and drawn to estimate the time."
        },
        footer = {
            "",
            "Examples:",
            "  perseid plan galaxy.par",
            "  perseid plan flight.par --ranks 8 --memory 16G xres=3840 yres=2160"
        })
final class PlanCommand implements Callable<Integer> {
    private static final Pattern MEMORY = Pattern.compile("(\\d{1,9}(?:\\.\\d+)?)([KMGT])i?B?");
    private static final long SAMPLE = 100_000;
    private static final int SLICES = 4;
    private static final int MAX_RANKS = 1 << 20;

    @Parameters(index = "0", paramLabel = "FILE.par", description = "Parameter file.")
    private Path file = Path.of("");

    @Parameters(
            index = "1..*",
            paramLabel = "key=value",
            description = "Parameters that beat the file's; the last one wins.")
    private List<String> overrides = List.of();

    @Option(
            names = "--ranks",
            paramLabel = "N",
            description = "Processes that share the particles. Default: ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private int ranks = 1;

    @Option(
            names = "--memory",
            paramLabel = "16G",
            description = "Memory a process has. Default: what is available here.")
    private @Nullable String memory;

    @Mixin private CommonOptions options = new CommonOptions();
    @Mixin private CommonOptions.Drawing drawing = new CommonOptions.Drawing();

    @Override
    public Integer call() {
        if (ranks < 1 || ranks > MAX_RANKS) {
            throw new InputException("--ranks is " + ranks + "; must be in 1.." + MAX_RANKS);
        }
        long available = available();
        ParameterTable table = ParameterTable.read(file, overrides, new Problems());
        List<FrameJob> frames = JobReader.readFrames(table, options.reporter());
        RenderJob job = frames.getFirst().job();
        MemoryPlan plan = MemoryPlan.of(job);
        long datasets = frames.stream().map(f -> f.job().source()).distinct().count();
        print("particles", String.format(Locale.ROOT, "%,d", plan.particles()));
        print("picture", job.width() + "x" + job.height() + ", " + frames.size() + " frames");
        print(
                "to read",
                MemoryPlan.gib(plan.bytesToRead())
                        + (datasets > 1 ? " for the first of " + datasets + " times" : ""));
        print(
                "memory",
                MemoryPlan.gib(plan.perRank(ranks))
                        + (ranks > 1 ? " for each of " + ranks + " processes" : "")
                        + ": particles "
                        + MemoryPlan.gib(plan.columns() / ranks)
                        + ", neighbours "
                        + MemoryPlan.gib(plan.neighbours() / ranks)
                        + ", order and pairing "
                        + MemoryPlan.gib(plan.order() / ranks)
                        + (ranks > 1
                                ? ", exchanges "
                                        + MemoryPlan.gib(
                                                plan.perRank(ranks)
                                                        - MemoryPlan.BASE
                                                        - plan.image()
                                                        - (plan.columns()
                                                                        + plan.neighbours()
                                                                        + plan.order())
                                                                / ranks)
                                : "")
                        + ", pictures "
                        + MemoryPlan.gib(plan.image())
                        + ", program "
                        + MemoryPlan.gib(MemoryPlan.BASE));
        boolean fits = plan.perRank(ranks) <= available;
        print(
                "fits",
                fits
                        ? "yes, of " + MemoryPlan.gib(available)
                        : "NO, there are "
                                + MemoryPlan.gib(available)
                                + "; "
                                + plan.advice(available, job));
        estimate(job, plan, frames.size(), datasets);
        return fits ? Main.OK : Main.BAD_INPUT;
    }

    private static void print(String name, String value) {
        System.out.printf(Locale.ROOT, "%-10s %s%n", name, value);
    }

    private long available() {
        if (memory == null) {
            return OffHeap.availableBytes();
        }
        Matcher m = MEMORY.matcher(memory);
        if (!m.matches()) {
            throw new InputException(
                    "--memory is '" + memory + "'; expected a size, as in 16G or 800M");
        }
        int power = 1 + "KMGT".indexOf(m.group(2));
        return (long) (Double.parseDouble(m.group(1)) * Math.pow(1024, power));
    }

    /** Draws a sample and scales its time; sizes of samples that are computed are scaled too. */
    private void estimate(RenderJob job, MemoryPlan plan, int frames, long datasets) {
        if (plan.particles() == 0) {
            return;
        }
        StageTimes times = new StageTimes(System::nanoTime);
        try (Workers workers = options.workers();
                Snapshot snapshot = Snapshots.open(job.source().path(), job.source().options())) {
            long total = snapshot.info().totalCount();
            int of = (int) Math.max(SLICES, total * SLICES / SAMPLE);
            List<Loaded> sample = new ArrayList<>();
            List<Layer> layers = new ArrayList<>();
            try {
                for (int s = 0; s < SLICES; s++) {
                    Share share = new Share((int) ((long) of * s / SLICES), of);
                    List<Loaded> slice =
                            times.time(
                                    "read",
                                    () ->
                                            snapshot.load(
                                                    requests(job, snapshot),
                                                    share,
                                                    workers,
                                                    Reporter.SILENT));
                    sample.addAll(slice);
                    for (int n = 0; n < slice.size(); n++) {
                        layers.add(new Layer(slice.get(n).particles(), job.types().get(n).style()));
                    }
                }
                long drawn = sample.stream().mapToLong(l -> l.particles().count()).sum();
                double seconds = frameSeconds(job, snapshot, layers, workers);
                report(
                        plan,
                        frames,
                        datasets,
                        drawn,
                        seconds,
                        times.seconds().getOrDefault("read", 0.0));
                if (plan.neighbours() > 0) {
                    reportNeighbours(sample.getFirst().particles(), job, workers);
                }
            } finally {
                sample.forEach(l -> l.particles().close());
            }
        }
    }

    /** Missing sizes are guessed: as if each particle had its share of the extent of the box. */
    private static List<LoadRequest> requests(RenderJob job, Snapshot snapshot) {
        List<LoadRequest> out = new ArrayList<>();
        for (TypeParameters type : job.types()) {
            LoadRequest r = type.request();
            boolean missing = snapshot.sizeMissing(r);
            double box = snapshot.info().boxSize();
            double spacing = box > 0 ? box / Math.cbrt((double) snapshot.info().totalCount()) : 1;
            out.add(
                    new LoadRequest(
                            r.fileType(),
                            missing ? Math.max(1e-30, spacing * r.sizeFactor()) : r.fixedSize(),
                            r.sizeField(),
                            r.sizeFactor(),
                            r.colorField(),
                            r.vectorColor(),
                            r.colorFactor(),
                            r.intensityField(),
                            false,
                            r.present(),
                            new LoadRequest.More(
                                    false, r.more().extras(), r.more().derived(), "", null)));
        }
        return out;
    }

    private double frameSeconds(
            RenderJob job, Snapshot snapshot, List<Layer> layers, Workers workers) {
        FrameRenderer renderer =
                new FrameRenderer(
                        drawing.backend(0, Ranks.alone(), Reporter.SILENT),
                        drawing.quality(),
                        workers,
                        Reporter.SILENT);
        double seconds = 0;
        for (int run = 0; run < 3; run++) { // the last one counts, when the code is compiled
            StageTimes of = new StageTimes(System::nanoTime);
            renderer.render(
                    layers,
                    job.views().getFirst().camera(),
                    job.frame(job.periodic() ? snapshot.info().boxSize() : 0),
                    of);
            seconds = of.seconds().values().stream().mapToDouble(Double::doubleValue).sum();
        }
        return seconds * job.views().size();
    }

    /** Missing smoothing lengths, by computing those of a slice of the sample. */
    private static void reportNeighbours(ParticleSet set, RenderJob job, Workers workers) {
        if (set.count() > 1) {
            double seconds = Double.POSITIVE_INFINITY;
            for (int run = 0; run < 4; run++) { // the best, when the code is compiled
                long start = System.nanoTime();
                SmoothingLengths.compute(set, job.neighbours(), 1, 0, workers, Reporter.SILENT);
                seconds = Math.min(seconds, (System.nanoTime() - start) * 1e-9);
            }
            print(
                    "",
                    String.format(
                            Locale.ROOT,
                            "and for smoothing lengths that the file has not about %.2g s a million particles",
                            seconds / set.count() * 1e6));
        }
    }

    private void report(
            MemoryPlan plan,
            int frames,
            long datasets,
            long drawn,
            double seconds,
            double reading) {
        if (drawn == 0) {
            return;
        }
        double scale = (double) plan.particles() / drawn / ranks;
        double aFrame = seconds * scale;
        double read = reading * scale;
        print(
                "time",
                String.format(
                        Locale.ROOT,
                        "about %.2g s a frame, %.2g s to read; %.3g s for %d frames (from %,d particles drawn here)",
                        aFrame,
                        read,
                        frames * aFrame + datasets * read,
                        frames,
                        drawn));
    }
}
