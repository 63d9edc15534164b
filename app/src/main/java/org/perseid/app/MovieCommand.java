package org.perseid.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Gatherers;
import org.jspecify.annotations.Nullable;
import org.perseid.io.InputException;
import org.perseid.io.image.Png;
import org.perseid.io.movie.Film;
import org.perseid.io.par.Between;
import org.perseid.io.par.FrameJob;
import org.perseid.io.par.JobReader;
import org.perseid.io.par.Numbers;
import org.perseid.io.par.ParameterTable;
import org.perseid.io.par.Problems;
import org.perseid.io.par.RenderJob;
import org.perseid.io.par.SnapshotSource;
import org.perseid.io.par.TypeParameters;
import org.perseid.io.snapshot.Snapshot;
import org.perseid.io.snapshot.Snapshots;
import org.perseid.renderer.backend.BackendProvider;
import org.perseid.renderer.backend.Backends;
import org.perseid.renderer.frame.FrameRenderer;
import org.perseid.renderer.frame.Layer;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.FloatImage;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Peers.Fold;
import org.perseid.renderer.model.Picture;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.ScalarMapping;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.TypeStyle;
import org.perseid.renderer.model.Workers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code movie}: the frames of a scene file, then a film. Frames are PNGs in a folder beside the
 * film; one that holds the parameters, data and version that it would be drawn with is not drawn
 * again.
 */
@Command(
        name = "movie",
        mixinStandardHelpOptions = true,
        description = {
            "Draw the frames of a scene file and make a film of them with ffmpeg.",
            "Started again, it goes on where it was: frames that are there already are kept when parameters, data and"
                    + " version are the same."
        },
        footer = {
            "",
            "Examples:",
            "  perseid movie flight.par                      flight.mp4, 30 frames a second",
            "  perseid movie flight.par -o flight.webm --fps 24 xres=1920 yres=1080",
            "  perseid movie flight.par --share 3/8          one of eight jobs draws its frames; no film"
        })
final class MovieCommand implements Callable<Integer>, Ranks.Command {
    private Ranks ranks = Ranks.alone();

    private static final Pattern RANGE = Pattern.compile("(\\d{1,9})-(\\d{1,9})");
    private static final Pattern SHARE = Pattern.compile("(\\d{1,6})/(\\d{1,6})");
    private static final int DEFAULT_FPS = 30;

    /** Frames that are read while one is encoded. */
    private static final int FRAMES_AHEAD = 3;

    @Parameters(
            index = "0",
            paramLabel = "FILE.par",
            description = "Parameter file with a scene_file or a camera_path.")
    private Path file = Path.of("");

    @Parameters(
            index = "1..*",
            paramLabel = "key=value",
            description = "Parameters that beat the files'; the last one wins.")
    private List<String> overrides = List.of();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILM",
            description =
                    "Ends in .mp4, .mov, .mkv (H.264), .webm or .gif. Default: FILE.mp4, in the working directory.")
    private @Nullable Path output;

    @Option(
            names = "--fps",
            paramLabel = "N",
            description = "Frames a second. Default: ${DEFAULT-VALUE}.",
            defaultValue = "" + DEFAULT_FPS)
    private double fps = DEFAULT_FPS;

    @Option(
            names = "--frames",
            paramLabel = "A-B",
            description = "Only the frames with these numbers, both included.")
    private @Nullable String range;

    @Option(
            names = "--share",
            paramLabel = "I/N",
            description =
                    "Draw only every N-th frame, from the I-th, and make no film: for job arrays.")
    private @Nullable String share;

    @Option(
            names = "--ranges",
            paramLabel = "first|each",
            description =
                    "Colour and intensity ranges that are not given: those of the first frame for all, or each frame's"
                            + " own (colours may flicker). Default: ${DEFAULT-VALUE}.",
            defaultValue = "first")
    private Ranges ranges = Ranges.FIRST;

    @Mixin private CommonOptions options = new CommonOptions();
    @Mixin private CommonOptions.Drawing drawing = new CommonOptions.Drawing();

    /** Where ranges that are not given come from. */
    enum Ranges {
        FIRST,
        EACH
    }

    /** Identity of each snapshot that frames need. */
    private final Map<Path, String> identities = new HashMap<>();

    @Override
    public void joinedBy(Ranks all) {
        ranks = all;
    }

    @Override
    public Integer call() {
        Reporter reporter = ranks.reporter(options.reporter());
        Path film = output != null ? output : Path.of(baseName() + ".mp4");
        Path folder = film.resolveSibling(film.getFileName() + ".frames");
        List<FrameJob> readFrames =
                ranks.agree(
                        () -> prepare(film, folder, reporter),
                        all -> Ranks.identity(all.getFirst().job()));
        List<FrameJob> frames = selected(constantRanges(readFrames, folder, reporter));
        draw(shared(frames), reporter);
        if (!ranks.isRoot()) {
            return Main.OK;
        }
        if (share != null) {
            reporter.note(
                    "share "
                            + share
                            + " is done; the film is made by the same command without --share");
            return Main.OK;
        }
        encode(film, frames, reporter);
        reporter.note(
                String.format(
                        Locale.ROOT,
                        "%s: %d frames, %.1f s at %s frames a second; the frames are in %s",
                        film,
                        frames.size(),
                        frames.size() / fps,
                        Double.toString(fps).replaceAll("\\.0$", ""),
                        folder));
        return Main.OK;
    }

    /** All frames; finds out what is wrong with them before any is drawn. */
    private List<FrameJob> prepare(Path film, Path folder, Reporter reporter) {
        if (!(fps > 0 && fps <= 1000)) {
            throw new InputException("--fps is " + fps + "; must be above 0 and at most 1000");
        }
        Film.requireKnown(film);
        List<FrameJob> frames = frames(folder, List.of(), reporter);
        List<FrameJob> chosen = selected(frames);
        List<FrameJob> _ = shared(chosen);
        requireOneSize(chosen);
        if (ranks.isRoot()) {
            new FrameFiles(chosen.getFirst(), drawing.quality()).requireWritable();
        }
        return frames;
    }

    private String baseName() {
        return String.valueOf(file.getFileName()).replaceAll("\\.[^.]*$", "");
    }

    /** The frames, with the ranges of the first one fixed where the data changes on the way. */
    private List<FrameJob> constantRanges(List<FrameJob> frames, Path folder, Reporter reporter) {
        RenderJob first = frames.getFirst().job();
        boolean sameData =
                frames.stream()
                        .map(FrameJob::job)
                        .allMatch(job ->
                                job.source().equals(first.source())
                                        && Objects.equals(job.between(), first.between()));
        boolean ofTypes = !sameData && first.types().stream().anyMatch(MovieCommand::isOpen);
        boolean ofPicture = isOpen(first.numbers().pictured());
        if (ranges == Ranges.EACH || !(ofTypes || ofPicture)) {
            return frames;
        }
        List<String> fixed = new ArrayList<>();
        try (Workers workers = options.workers(ranks)) {
            StageTimes times = new StageTimes(System::nanoTime);
            try (FrameData data =
                    FrameData.open(first, null, false, ranks, workers, reporter, times)) {
                List<ParticleSet> moved = data.between(first, workers, times);
                List<Layer> layers = data.layers(first, moved);
                if (ofPicture) {
                    fix(pictureRange(first, data, layers, workers, times), fixed);
                }
                for (int n = 0; ofTypes && n < layers.size(); n++) {
                    ParticleSet particles = layers.get(n).particles();
                    fix("color", n, layers.get(n).style().colorMapping(particles), fixed);
                    fix("intensity", n, layers.get(n).style().intensityMapping(particles), fixed);
                }
                moved.forEach(ParticleSet::close);
            }
        }
        reporter.note("ranges that are not given are those of frame " + frames.getFirst().number());
        return frames(folder, fixed, Reporter.SILENT);
    }

    /** The range of the colours of a frame's values, on all ranks. */
    private ScalarMapping pictureRange(
            RenderJob job, FrameData data, List<Layer> layers, Workers workers, StageTimes times) {
        FrameRenderer renderer =
                new FrameRenderer(
                        Backends.choose("scalar"),
                        Quality.EXACT,
                        workers,
                        Reporter.SILENT,
                        ranks.peers());
        Camera camera = job.views().getFirst().camera();
        FloatImage values = BatchRun.values(renderer, data, layers, job, camera, times);
        ScalarMapping range = Objects.requireNonNull(Overlay.valueMap(job)).range(values.values());
        double[] ends = {range.min(), range.max()};
        if (!ranks.isRoot()) {
            Arrays.fill(ends, Double.POSITIVE_INFINITY);
        }
        ranks.peers().fold(Fold.LEAST, ends);
        return new ScalarMapping(range.transform(), (float) ends[0], (float) ends[1]);
    }

    private static void fix(ScalarMapping ofPicture, List<String> fixed) {
        fixed.add("picture_min=" + ofPicture.min());
        fixed.add("picture_max=" + ofPicture.max());
    }

    private static boolean isOpen(Numbers.@Nullable Pictured pictured) {
        return pictured != null && Double.isNaN(pictured.min() + pictured.max());
    }

    /** A range of a single value stays open: it would hide that particles fade. */
    private static void fix(String what, int n, ScalarMapping range, List<String> fixed) {
        if (range.max() > range.min()) {
            fixed.add(what + "_min" + n + "=" + range.min());
            fixed.add(what + "_max" + n + "=" + range.max());
        }
    }

    private static boolean isOpen(TypeParameters type) {
        TypeStyle style = type.style();
        return Double.isNaN(
                style.colorMin() + style.colorMax() + style.intensityMin() + style.intensityMax());
    }

    /**
     * The frames of the scene file.
     *
     * @param more parameters beside those of the command line, which beat them
     */
    private List<FrameJob> frames(Path folder, List<String> more, Reporter reporter) {
        List<String> all = new ArrayList<>(more);
        all.addAll(overrides);
        all.addAll(
                List.of("outfile=" + folder.resolve("frame"), "pictype=", "print_logfile=false"));
        ParameterTable table = ParameterTable.read(file, all, new Problems());
        if (!table.has("scene_file") && !table.has("camera_path")) {
            throw new InputException(
                    file,
                    "has no scene_file and no camera_path; a movie needs one: try camera_path='orbit frames=240', or see"
                            + " docs/movies.md");
        }
        return JobReader.readFrames(table, reporter);
    }

    private List<FrameJob> selected(List<FrameJob> frames) {
        if (range == null) {
            return frames;
        }
        Matcher m = RANGE.matcher(range);
        if (!m.matches()) {
            throw new InputException("--frames is '" + range + "'; expected A-B, as in 10-20");
        }
        int first = Integer.parseInt(m.group(1));
        int last = Integer.parseInt(m.group(2));
        List<FrameJob> chosen =
                frames.stream().filter(f -> f.number() >= first && f.number() <= last).toList();
        if (chosen.isEmpty()) {
            throw new InputException(
                    "--frames is "
                            + range
                            + "; the frames are "
                            + frames.getFirst().number()
                            + " to "
                            + frames.getLast().number());
        }
        return chosen;
    }

    private List<FrameJob> shared(List<FrameJob> frames) {
        if (share == null) {
            return frames;
        }
        Matcher m = SHARE.matcher(share);
        int index = m.matches() ? Integer.parseInt(m.group(1)) : 0;
        int of = m.matches() ? Integer.parseInt(m.group(2)) : 0;
        if (index < 1 || index > of) {
            throw new InputException(
                    "--share is '" + share + "'; expected I/N with I in 1..N, as in 3/8");
        }
        List<FrameJob> mine = new ArrayList<>();
        for (int i = index - 1; i < frames.size(); i += of) {
            mine.add(frames.get(i));
        }
        return mine;
    }

    private void requireOneSize(List<FrameJob> frames) {
        RenderJob first = frames.getFirst().job();
        BatchRun.requireHeap(first, ranks.size());
        for (FrameJob frame : frames) {
            RenderJob job = frame.job();
            if (job.width() != first.width() || job.height() != first.height()) {
                throw new InputException(
                        String.format(
                                Locale.ROOT,
                                "frame %d is %dx%d, frame %d is %dx%d; a film has one size: give xres=... yres=...",
                                frame.number(),
                                job.width(),
                                job.height(),
                                frames.getFirst().number(),
                                first.width(),
                                first.height()));
            }
            if (job.views().size() != 1 && !StereoPair.isOnePicture(job)) {
                throw new InputException(
                        "a film has one picture a frame; for a stereo pair give stereo_layout=side_by_side,"
                                + " top_bottom or anaglyph, for a panorama projection=equirectangular");
            }
        }
    }

    private void draw(List<FrameJob> frames, Reporter reporter) {
        List<String> numbers =
                ranks.fromRoot(() ->
                        frames.stream()
                                .filter(f -> !isDone(f))
                                .map(f -> String.valueOf(f.number()))
                                .toList());
        List<FrameJob> missing =
                frames.stream().filter(f -> numbers.contains(String.valueOf(f.number()))).toList();
        int done = frames.size() - missing.size();
        if (done > 0) {
            reporter.note(done + " of " + frames.size() + " frames are there already");
        }
        if (missing.isEmpty()) {
            return;
        }
        BackendProvider backend = drawing.backend(missing, ranks, reporter);
        RenderJob first = missing.getFirst().job();
        try (Workers workers = options.workers(ranks);
                Workers none =
                        new Workers(1); // as many frames are written at a time as there are threads
                BatchRun run =
                        new BatchRun(
                                backend,
                                drawing.quality(),
                                false,
                                ranks,
                                workers,
                                new WithoutProgress(reporter));
                FrameWriter writer = new FrameWriter(workers.threads(), bytesToWrite(first))) {
            for (int i = 0; i < missing.size(); i++) {
                FrameJob frame = missing.get(i);
                BatchRun.Drawn drawn =
                        run.draw(
                                frame,
                                new FrameFiles(frame, drawing.quality()),
                                null,
                                new StageTimes(System::nanoTime));
                writer.write(() -> drawn.write(none));
                reporter.progress(ConsoleReporter.FRAMES, i + 1L, missing.size());
            }
        }
    }

    /** Bytes of a frame's pixels and float layers. */
    private static long bytesToWrite(RenderJob job) {
        int ofPixel = 3 + 4 * job.numbers().measures().size();
        return (long) job.views().size() * ofPixel * job.width() * job.height();
    }

    private boolean isDone(FrameJob frame) {
        RenderJob job = frame.job();
        return new FrameFiles(frame, drawing.quality()).isDrawn(job.source().path(), identity(job));
    }

    private String identity(RenderJob job) {
        Between between = job.between();
        return FrameData.identity(
                identity(job.source()), between == null ? null : identity(between.next()));
    }

    private String identity(SnapshotSource source) {
        return identities.computeIfAbsent(
                source.path(),
                p -> {
                    try (Snapshot open = Snapshots.open(p, source.options())) {
                        return open.identity();
                    }
                });
    }

    private void encode(Path target, List<FrameJob> frames, Reporter reporter) {
        RenderJob first = frames.getFirst().job();
        String comment =
                Version.text()
                        + "\n"
                        + first.selfContainedText(first.source().path())
                        + "# data "
                        + identity(first)
                        + "\n";
        int width = StereoPair.width(first);
        int height = StereoPair.height(first);
        try (Film film = new Film(target, width, height, fps, comment)) {
            int[] added = {0};
            frames.stream()
                    .map(f -> new FrameFiles(f, drawing.quality()).pictures().getFirst())
                    .gather(Gatherers.mapConcurrent(FRAMES_AHEAD, MovieCommand::read))
                    .forEachOrdered(picture -> {
                        film.add(picture);
                        reporter.progress("film", ++added[0], frames.size());
                    });
            film.finish();
        }
    }

    private static Picture read(Path frame) {
        if (!Files.exists(frame)) {
            throw new InputException(frame, "is gone; start again");
        }
        return Png.read(frame);
    }

    /** Passes on all but the progress of single frames. */
    private record WithoutProgress(Reporter reporter) implements Reporter {
        @Override
        public void note(String line) {
            reporter.note(line);
        }

        @Override
        public void warn(String line) {
            reporter.warn(line);
        }

        @Override
        public void progress(String stage, long done, long total) {
            if (!stage.equals("render")) {
                reporter.progress(stage, done, total);
            }
        }
    }
}
