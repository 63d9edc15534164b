package org.perseid.app;

import static org.perseid.app.BenchCommand.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.perseid.io.image.Pictures;
import org.perseid.io.par.PictureFormat;
import org.perseid.io.par.RenderJob;
import org.perseid.renderer.backend.Backends;
import org.perseid.renderer.frame.FrameRenderer;
import org.perseid.renderer.model.Picture;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Workers;
import org.perseid.streaming.jpeg.Chroma;
import org.perseid.streaming.jpeg.JpegEncoder;

/**
 * Encoding of one picture, 1920x1080 at quality 80, by one thread and by all, beside what
 * libjpeg-turbo's own benchmark (tjbench, where it is installed) takes for the same picture.
 */
final class JpegBench implements BenchCommand.Bench {
    private static final int QUALITY = 80;
    private static final Pattern FRAME_RATE =
            Pattern.compile("Compress +--> Frame rate: +([0-9.]+)");

    private final double seconds;

    /**
     * @param seconds for each row
     */
    JpegBench(double seconds) {
        this.seconds = seconds;
    }

    @Override
    public List<String> header() {
        return List.of("particles", "encoder", "threads", "picture ms", "KB", "x tjbench");
    }

    @Override
    public void rows(Path snapshot, long n, Workers workers, Consumer<List<String>> out) {
        RenderJob job = BenchCommand.job(snapshot, "xres=1920", "yres=1080");
        Picture picture = picture(job, workers);
        Path file = snapshot.resolveSibling("picture.ppm");
        Pictures.write(file, PictureFormat.PPM, picture, Map.of(), workers);
        double reference = tjbench(file);
        if (reference > 0) {
            out.accept(row(n, "tjbench", 1, reference, 0, reference));
        }
        try (JpegEncoder encoder = JpegEncoder.best(_ -> {});
                Workers one = new Workers(1)) {
            for (Workers by : List.of(one, workers)) {
                double best = Double.POSITIVE_INFINITY;
                int bytes = 0;
                long end = System.nanoTime() + (long) (seconds * 1e9);
                do {
                    long start = System.nanoTime();
                    bytes = encoder.encode(picture, QUALITY, Chroma.QUARTER, by).length;
                    best = Math.min(best, (System.nanoTime() - start) * 1e-6);
                } while (System.nanoTime() < end);
                out.accept(row(n, encoder.name(), by.threads(), best, bytes, reference));
            }
        }
    }

    private static List<String> row(
            long n, String name, int threads, double millis, int bytes, double reference) {
        return List.of(
                text("%.0e", (double) n),
                name,
                String.valueOf(threads),
                text("%.2f", millis),
                bytes == 0 ? "" : text("%.0f", bytes / 1000.0),
                reference > 0 ? text("%.2f", millis / reference) : "");
    }

    private static Picture picture(RenderJob job, Workers workers) {
        StageTimes times = new StageTimes(System::nanoTime);
        try (FrameData data =
                FrameData.open(job, null, false, Ranks.alone(), workers, Reporter.SILENT, times)) {
            FrameRenderer renderer =
                    new FrameRenderer(
                            Backends.choose("auto"), Quality.HIGH, workers, Reporter.SILENT);
            return BatchRun.toneMap(job)
                    .apply(
                            renderer.render(
                                    data.layers(job, List.of()),
                                    job.views().getFirst().camera(),
                                    job.frame(data.info().boxSize()),
                                    times),
                            workers);
        }
    }

    /** Milliseconds a picture of libjpeg-turbo's benchmark; 0 where it is not installed. */
    private double tjbench(Path file) {
        try {
            Process process =
                    new ProcessBuilder(
                                    "tjbench",
                                    file.toString(),
                                    String.valueOf(QUALITY),
                                    "-subsamp",
                                    "420",
                                    "-rgb",
                                    "-benchtime",
                                    text("%.2f", Math.max(0.1, seconds)),
                                    "-nowrite")
                            .redirectErrorStream(true)
                            .start();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher rate = FRAME_RATE.matcher(said);
            return rate.find() ? 1000 / Double.parseDouble(rate.group(1)) : 0;
        } catch (IOException e) {
            return 0; // it is not there
        }
    }
}
