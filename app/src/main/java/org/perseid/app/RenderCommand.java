package org.perseid.app;

import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.perseid.io.InputException;
import org.perseid.io.image.Png;
import org.perseid.io.par.JobReader;
import org.perseid.io.par.ParameterTable;
import org.perseid.io.par.Problems;
import org.perseid.io.par.RenderJob;
import org.perseid.io.snapshot.Snapshot;
import org.perseid.io.snapshot.Snapshots;
import org.perseid.renderer.backend.BackendProvider;
import org.perseid.renderer.frame.FrameRenderer;
import org.perseid.renderer.frame.Layer;
import org.perseid.renderer.frame.ToneMap;
import org.perseid.renderer.model.ColorMap;
import org.perseid.renderer.model.FieldRange;
import org.perseid.renderer.model.FrameSettings;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.OffHeap;
import org.perseid.renderer.model.Picture;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Shading;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Workers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code render}: a picture from a parameter file, or again from a picture that holds its
 * parameters.
 */
@Command(
        name = "render",
        mixinStandardHelpOptions = true,
        description = {
            "Draw the picture that a Splotch parameter file describes.",
            "Inputs are relative to the parameter file's folder, outputs to the working directory."
        },
        footer = {
            "",
            "Examples:",
            "  perseid render galaxy.par",
            "  perseid render galaxy.par xres=1920 yres=1080 outfile=big",
            "  perseid render galaxy0000.png fov=20     draw a picture again, closer"
        })
final class RenderCommand implements Callable<Integer> {
    /** Bytes of heap a pixel: three floats and three bytes. */
    private static final int BYTES_PER_PIXEL = 15;

    @Parameters(
            index = "0",
            paramLabel = "FILE.par|PICTURE.png",
            description = "Parameter file, or a picture made by Perseid.")
    private Path file = Path.of("");

    @Parameters(
            index = "1..*",
            paramLabel = "key=value",
            description = "Parameters that beat the file's; the last one wins.")
    private List<String> overrides = List.of();

    @Mixin private CommonOptions options = new CommonOptions();
    @Mixin private CommonOptions.Drawing drawing = new CommonOptions.Drawing();

    @Option(
            names = "--json",
            description =
                    "One JSON line a frame on standard output: files, seconds a stage, peak memory.")
    private boolean json;

    @Override
    public Integer call() {
        Reporter reporter = options.reporter();
        StageTimes times = new StageTimes(System::nanoTime);
        RenderJob job = times.time("parameters", () -> readJob(reporter));
        FrameFiles files = new FrameFiles(job, 0);
        files.requireWritable();
        requireHeap(job);
        BackendProvider backend = drawing.backend(reporter);
        try (Workers workers = options.workers();
                Snapshot snapshot = times.time("open", () -> openSnapshot(job, reporter))) {
            double boxSize = job.periodic() ? snapshot.info().boxSize() : 0;
            try (LoadedData data =
                    LoadedData.load(
                            snapshot,
                            job.types(),
                            job.neighbours(),
                            boxSize,
                            workers,
                            reporter,
                            times)) {
                warnOfEmptyRanges(data.layers(), reporter);
                if (job.boundingBox()) {
                    noteBoundingBox(data.layers(), reporter);
                }
                FrameSettings frame = job.frame(boxSize);
                LinearImage image =
                        new FrameRenderer(backend, workers, reporter)
                                .render(data.layers(), job.camera(), frame, times);
                Picture picture = times.time("tone", () -> toneMap(job).apply(image, workers));
                List<Path> written =
                        times.time("write", () -> files.write(picture, snapshot, data.layers()));
                tell(job, data.particles(), written, times, reporter);
            }
        }
        return Main.OK;
    }

    private RenderJob readJob(Reporter reporter) {
        Problems problems = new Problems();
        return JobReader.read(
                Png.isPng(file) ? tableOfPicture(problems) : tableOfFile(problems), reporter);
    }

    private ParameterTable tableOfFile(Problems problems) {
        return ParameterTable.read(file, overrides, problems);
    }

    private ParameterTable tableOfPicture(Problems problems) {
        String text = Png.readText(file).get(FrameFiles.PARAMETERS);
        if (text == null) {
            throw new InputException(
                    file,
                    "holds no parameters; only PNG pictures made by Perseid can be drawn again");
        }
        Path folder = file.toAbsolutePath().getParent();
        return ParameterTable.parse(
                text, file.toString(), folder == null ? Path.of("") : folder, overrides, problems);
    }

    private Snapshot openSnapshot(RenderJob job, Reporter reporter) {
        Snapshot snapshot = Snapshots.open(job.source().path(), job.source().blockOrder());
        String drawn = Png.isPng(file) ? Png.readText(file).get(FrameFiles.DATA) : null;
        if (drawn != null && !drawn.equals(snapshot.identity())) {
            reporter.warn(
                    snapshot.info().parts().getFirst()
                            + ": is not the data that "
                            + file
                            + " was made from");
        }
        return snapshot;
    }

    private static void requireHeap(RenderJob job) {
        long needed = (long) job.width() * job.height() * BYTES_PER_PIXEL;
        if (needed > Runtime.getRuntime().maxMemory() * 9 / 10) {
            throw new InputException(
                    String.format(
                            Locale.ROOT,
                            "a picture of %dx%d needs %.1f GiB of Java heap, there are %.1f; make it smaller or set"
                                    + " PERSEID_JAVA_OPTS=-Xmx%dg",
                            job.width(),
                            job.height(),
                            needed / 0x1p30,
                            Runtime.getRuntime().maxMemory() / 0x1p30,
                            needed * 5 / 4 / (1L << 30) + 1));
        }
    }

    private static void warnOfEmptyRanges(List<Layer> layers, Reporter reporter) {
        for (Layer layer : layers) {
            boolean log =
                    layer.style().colorTransform() == org.perseid.renderer.model.Transform.LOG10;
            if (log && layer.particles().count() > 0 && layer.particles().colorRange().max() <= 0) {
                reporter.warn(
                        layer.style().name()
                                + ": color_log is set, but no value of the colour is above zero");
            }
        }
    }

    private static void noteBoundingBox(List<Layer> layers, Reporter reporter) {
        for (Layer layer : layers) {
            StringBuilder line = new StringBuilder("bounding box of " + layer.style().name() + ":");
            for (int axis = 0; axis < 3; axis++) {
                FieldRange extent = layer.particles().extent(axis);
                line.append(" ").append("xyz".charAt(axis)).append(' ');
                line.append((float) extent.min()).append("..").append((float) extent.max());
            }
            reporter.note(line.toString());
        }
    }

    private static ToneMap toneMap(RenderJob job) {
        RenderJob.Tone tone = job.tone();
        List<ColorMap> bars =
                job.types().stream()
                        .map(t -> t.style().colorMap())
                        .filter(map -> tone.colorBar() && map != null)
                        .toList();
        boolean expose = job.shading() instanceof Shading.Emission;
        return new ToneMap(
                expose, tone.gamma(), tone.contrast(), tone.brightness(), tone.flipY(), bars);
    }

    private void tell(
            RenderJob job,
            long particles,
            List<Path> written,
            StageTimes times,
            Reporter reporter) {
        Map<String, Double> seconds = times.seconds();
        double total = seconds.values().stream().mapToDouble(Double::doubleValue).sum();
        String stages =
                seconds.entrySet().stream()
                        .map(e -> String.format(Locale.ROOT, "%s %.2f", e.getKey(), e.getValue()))
                        .collect(Collectors.joining(", "));
        reporter.note(
                String.format(
                        Locale.ROOT,
                        "%s: %dx%d, %d particles, %.2f s (%s)",
                        written.getFirst(),
                        job.width(),
                        job.height(),
                        particles,
                        total,
                        stages));
        if (json) {
            StringWriter line = new StringWriter();
            try (Json out = new Json(line, false)) {
                out.beginObject();
                out.array("files", written.stream().map(Path::toString).toList());
                out.number("width", job.width());
                out.number("height", job.height());
                out.number("particles", particles);
                out.object("seconds", seconds);
                out.number("peak_memory_bytes", OffHeap.peakResidentBytes());
                out.endObject();
            }
            System.out.println(line);
        }
    }
}
