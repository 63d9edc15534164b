package org.perseid.app;

import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.perseid.io.InputException;
import org.perseid.io.image.MadeBy;
import org.perseid.io.par.FrameJob;
import org.perseid.io.par.JobReader;
import org.perseid.io.par.ParameterTable;
import org.perseid.io.par.Problems;
import org.perseid.io.par.RenderJob;
import org.perseid.renderer.backend.BackendProvider;
import org.perseid.renderer.model.OffHeap;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Workers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code render}: pictures from a parameter file, or again from a picture that holds its
 * parameters.
 */
@Command(
        name = "render",
        mixinStandardHelpOptions = true,
        description = {
            "Draw the picture, or the frames, that a Splotch parameter file describes.",
            "Inputs are relative to the parameter file's folder, outputs to the working directory."
        },
        footer = {
            "",
            "Examples:",
            "  perseid render galaxy.par",
            "  perseid render galaxy.par xres=1920 yres=1080 outfile=big",
            "  perseid render galaxy0000.png fov=20     draw a picture again, closer"
        })
final class RenderCommand implements Callable<Integer>, Ranks.Command {
    private Ranks ranks = Ranks.alone();

    @Parameters(
            index = "0",
            paramLabel = "FILE.par|STORE|PICTURE.png",
            description =
                    "Parameter file, a store that convert made, or a picture made by Perseid.")
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
    public void joinedBy(Ranks all) {
        ranks = all;
    }

    /** What is known before work starts. */
    private record Start(
            Map<String, String> text, List<FrameJob> frames, BackendProvider backend) {}

    @Override
    public Integer call() {
        Reporter reporter = ranks.reporter(options.reporter());
        StageTimes first = new StageTimes(System::nanoTime);
        Start start =
                ranks.agree(
                        () -> first.time("parameters", () -> prepare(reporter)),
                        prepared -> Ranks.identity(prepared.frames.getFirst().job()));
        Map<String, String> text = start.text;
        try (Workers workers = options.workers(ranks);
                BatchRun run =
                        new BatchRun(
                                start.backend,
                                drawing.quality(),
                                once(start),
                                ranks,
                                workers,
                                reporter)) {
            StageTimes times = first;
            for (FrameJob frame : start.frames) {
                BatchRun.Drawn drawn =
                        run.draw(
                                frame,
                                new FrameFiles(frame, drawing.quality()),
                                text.get(FrameFiles.DATA),
                                times);
                List<Path> written = times.time("write", () -> drawn.write(workers));
                if (ranks.isRoot()) {
                    tell(frame.job(), run.particles(), written, times.seconds(), reporter);
                }
                times = new StageTimes(System::nanoTime);
            }
        }
        return Main.OK;
    }

    /** Whether one picture is all, and in a quality in which its last bits do not matter. */
    private boolean once(Start start) {
        int pictures = start.frames.stream().mapToInt(f -> f.job().views().size()).sum();
        return pictures == 1 && drawing.quality() != Quality.EXACT;
    }

    private Start prepare(Reporter reporter) {
        Map<String, String> text =
                Files.isRegularFile(file) && MadeBy.canHold(file) ? MadeBy.read(file) : Map.of();
        List<FrameJob> frames = JobReader.readFrames(table(text), reporter);
        for (FrameJob frame : frames) {
            BatchRun.requireHeap(frame.job(), ranks.size());
        }
        if (ranks.isRoot()) {
            new FrameFiles(frames.getFirst(), drawing.quality()).requireWritable();
        }
        return new Start(text, frames, drawing.backend(frames, ranks, reporter));
    }

    /** The parameters of the file, or those that the picture holds. */
    private ParameterTable table(Map<String, String> textOfPicture) {
        Problems problems = new Problems();
        if (Given.isStore(file)) {
            return Given.ofStore(file, overrides);
        }
        if (!Files.isRegularFile(file) || !MadeBy.canHold(file)) {
            return ParameterTable.read(file, overrides, problems);
        }
        String parameters = textOfPicture.get(FrameFiles.PARAMETERS);
        if (parameters == null) {
            throw new InputException(
                    file, "holds no parameters; only what Perseid made can be drawn again");
        }
        return ParameterTable.parse(parameters, file, overrides, problems);
    }

    private void tell(
            RenderJob job,
            long particles,
            List<Path> written,
            Map<String, Double> seconds,
            Reporter reporter) {
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
