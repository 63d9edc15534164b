package org.perseid.app;

import static org.perseid.app.BenchCommand.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.perseid.io.InputException;
import org.perseid.io.par.RenderJob;
import org.perseid.renderer.backend.Backends;
import org.perseid.renderer.frame.FrameRenderer;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Vec3;
import org.perseid.renderer.model.Workers;

/**
 * The same file by Perseid and by other programs, where they are installed: column densities by yt,
 * splats by ParaView. Whole runs in fresh processes, in turns; then pictures from other directions
 * in processes that have the data. The scripts that drive the others lie beside this class.
 */
final class OthersBench implements BenchCommand.Bench {
    private static final Path HOME = Path.of(System.getProperty("perseid.home", "."));
    private static final String INSTALL =
            "apt-get install python3-yt paraview python3-paraview xvfb xauth";

    private static final Vec3 MIDDLE = new Vec3(100, 100, 100);
    private static final int COLUMN_PX = 1024;
    private static final double COLUMN_WIDTH = 40;
    private static final List<Vec3> DIRECTIONS =
            List.of(new Vec3(0.3, -0.4, 0.85), new Vec3(0.7, 0.1, 0.5), new Vec3(-0.2, 0.9, 0.3));

    private static final int SPLATS_WIDTH = 1280;
    private static final int SPLATS_HEIGHT = 720;
    private static final double SPLATS_FOV = 52;
    private static final Vec3 SKY = new Vec3(0.12, 0, 1);
    private static final List<Vec3> EYES =
            List.of(
                    new Vec3(112, 66, 124),
                    new Vec3(116, 68, 124),
                    new Vec3(120, 70, 124),
                    new Vec3(124, 72, 124));

    private final int runs;

    /**
     * @param runs of each program, of which the best counts
     */
    OthersBench(int runs) {
        this.runs = runs;
    }

    @Override
    public List<String> header() {
        return List.of(
                "particles",
                "picture",
                "program",
                "whole run s",
                "x Perseid",
                "next picture s",
                "x Perseid",
                "difference");
    }

    @Override
    public void rows(Path snapshot, long n, Workers workers, Consumer<List<String>> out) {
        Path folder = Objects.requireNonNull(snapshot.toAbsolutePath().getParent());
        String python = python();
        if (python.isEmpty()) {
            throw new InputException(
                    "bench others needs python3 with h5py; "
                            + INSTALL
                            + " gets it and the programs");
        }
        Path file = folder.resolve("others.hdf5");
        Said _ =
                run(
                        List.of(
                                python,
                                script("gadget_to_hdf5.py", folder),
                                snapshot.toString(),
                                file.toString()));
        Path parameters = parameters(file);
        columns(parameters, n, python, folder, workers, out);
        splats(parameters, n, folder, workers, out);
    }

    private static Path parameters(Path file) {
        Path out = file.resolveSibling("others.par");
        String text =
                String.format(
                        Locale.ROOT,
                        """
                        infile=%s
                        outfile=%s
                        ptypes=1
                        ptype0=0
                        size_fix0=0
                        size_label0=SmoothingLength
                        size_fac0=0.4
                        color_label0=Density
                        color_log0=true
                        palette0=inferno
                        brightness0=0.01
                        minrad_pix=1
                        flip_y=true
                        print_logfile=false
                        layer_formats=raw
                        """,
                        file,
                        file.resolveSibling("perseid"));
        try {
            Files.writeString(out, text);
        } catch (IOException e) {
            throw new InputException(out, "cannot be written", e);
        }
        return out;
    }

    /** A program, and the words that make it draw. */
    private record Program(String name, List<String> wholeRun, List<String> withNext) {}

    private void columns(
            Path parameters,
            long n,
            String python,
            Path folder,
            Workers workers,
            Consumer<List<String>> out) {
        List<List<String>> views = new ArrayList<>(List.of(columnFrom(new Vec3(0, 0, 1))));
        DIRECTIONS.forEach(direction -> views.add(columnFrom(direction)));
        Path theirs = folder.resolve("yt.f32");
        List<String> yt =
                List.of(
                        python,
                        script("column_yt.py", folder),
                        folder.resolve("others.hdf5").toString(),
                        theirs.toString(),
                        "" + COLUMN_PX,
                        "" + COLUMN_WIDTH);
        Program other =
                new Program(
                        "yt", yt, and(yt, DIRECTIONS.stream().map(OthersBench::commas).toList()));
        boolean there = ends(List.of(python, "-c", "import yt"));
        compare(
                "column density " + COLUMN_PX + "x" + COLUMN_PX,
                there ? other : null,
                parameters,
                views,
                Quality.EXACT,
                n,
                workers,
                first -> text("%.1e", difference(first.measured().getFirst().values(), theirs)),
                out);
    }

    private static List<String> columnFrom(Vec3 direction) {
        Vec3 eye = MIDDLE.plus(direction.times(200 / direction.length()));
        double fov = 2 * Math.toDegrees(Math.atan(COLUMN_WIDTH / 400));
        return and(
                view(eye, new Vec3(0, 1, 0), fov, COLUMN_PX, COLUMN_PX),
                List.of("projection=false", "layers=column_density"));
    }

    private void splats(
            Path parameters, long n, Path folder, Workers workers, Consumer<List<String>> out) {
        double height =
                2
                        * Math.toDegrees(
                                Math.atan(
                                        Math.tan(Math.toRadians(SPLATS_FOV / 2))
                                                * SPLATS_HEIGHT
                                                / SPLATS_WIDTH));
        List<String> words = new ArrayList<>();
        if (System.getenv("DISPLAY") == null) {
            words.addAll(List.of("xvfb-run", "-a"));
        }
        words.addAll(
                List.of(
                        "pvbatch",
                        script("splats_paraview.py", folder),
                        folder.resolve("others.hdf5").toString(),
                        folder.resolve("paraview.png").toString(),
                        "" + SPLATS_WIDTH,
                        "" + SPLATS_HEIGHT,
                        commas(EYES.getFirst()),
                        commas(MIDDLE),
                        commas(SKY),
                        "" + height));
        Program other =
                new Program(
                        "ParaView Point Gaussian", words, and(words, List.of(commas(EYES.get(1)))));
        List<String> trial =
                Stream.concat(
                                words.stream().takeWhile(w -> !w.equals("pvbatch")),
                                Stream.of("pvbatch", "--version"))
                        .toList();
        compare(
                "splats " + SPLATS_WIDTH + "x" + SPLATS_HEIGHT,
                ends(trial) ? other : null,
                parameters,
                EYES.stream()
                        .map(eye -> view(eye, SKY, SPLATS_FOV, SPLATS_WIDTH, SPLATS_HEIGHT))
                        .toList(),
                Quality.HIGH,
                n,
                workers,
                _ -> "",
                out);
    }

    /** The parameters of a view at the middle. */
    private static List<String> view(Vec3 eye, Vec3 sky, double fov, int width, int height) {
        return List.of(
                "camera_x=" + eye.x(),
                "camera_y=" + eye.y(),
                "camera_z=" + eye.z(),
                "lookat_x=" + MIDDLE.x(),
                "lookat_y=" + MIDDLE.y(),
                "lookat_z=" + MIDDLE.z(),
                "sky_x=" + sky.x(),
                "sky_y=" + sky.y(),
                "sky_z=" + sky.z(),
                "fov=" + fov,
                "xres=" + width,
                "yres=" + height);
    }

    /**
     * Two rows.
     *
     * @param other null when it is not installed
     * @param views parameters of the picture of a whole run, then those of the next pictures
     * @param difference of the first picture from the other program's
     */
    private void compare(
            String picture,
            @Nullable Program other,
            Path parameters,
            List<List<String>> views,
            Quality quality,
            long n,
            Workers workers,
            Function<FrameRenderer.Frame, String> difference,
            Consumer<List<String>> out) {
        Path cache = HOME.resolve("app/target/perseid.aot");
        List<String> perseid =
                BenchCommand.java(
                        Files.isReadable(cache) ? List.of("-XX:AOTCache=" + cache) : List.of(),
                        and(
                                List.of(
                                        "render",
                                        "--quiet",
                                        "--threads=" + workers.threads(),
                                        "--quality=" + quality.name().toLowerCase(Locale.ROOT),
                                        parameters.toString()),
                                views.getFirst()));
        double own = Double.POSITIVE_INFINITY;
        double theirs = Double.POSITIVE_INFINITY;
        for (int k = 0; k < runs; k++) {
            own = Math.min(own, run(perseid).seconds);
            if (other != null) {
                theirs = Math.min(theirs, run(other.wholeRun).seconds);
            }
        }
        List<FrameRenderer.Frame> first = new ArrayList<>();
        double next = next(parameters, views, quality, workers, first);
        out.accept(
                List.of(
                        text("%.0e", (double) n),
                        picture,
                        "Perseid, " + quality.name().toLowerCase(Locale.ROOT),
                        text("%.2f", own),
                        "1.0",
                        text("%.3f", next),
                        "1.0",
                        ""));
        if (other == null) {
            System.err.println("nothing to compare the " + picture + " with; " + INSTALL);
            return;
        }
        Said said = run(other.withNext);
        double last =
                said.lines.stream()
                        .filter(line -> line.startsWith("next "))
                        .mapToDouble(line -> Double.parseDouble(line.substring(5)))
                        .min()
                        .orElse(Double.NaN);
        String version =
                said.lines.stream()
                        .filter(line -> line.startsWith("version "))
                        .map(line -> line.substring(8))
                        .findFirst()
                        .orElse("");
        out.accept(
                List.of(
                        text("%.0e", (double) n),
                        picture,
                        other.name + " " + version,
                        text("%.2f", theirs),
                        text("%.1f", theirs / own),
                        text("%.3f", last),
                        text("%.1f", last / next),
                        difference.apply(first.getFirst())));
    }

    /** Seconds of the best of some pictures, by a process that has drawn before. */
    private double next(
            Path parameters,
            List<List<String>> views,
            Quality quality,
            Workers workers,
            List<FrameRenderer.Frame> first) {
        RenderJob job = BenchCommand.read(parameters, views.getFirst());
        StageTimes loading = new StageTimes(System::nanoTime);
        double best = Double.POSITIVE_INFINITY;
        try (FrameData data =
                FrameData.open(
                        job, null, false, Ranks.alone(), workers, Reporter.SILENT, loading)) {
            FrameRenderer renderer =
                    new FrameRenderer(Backends.choose("auto"), quality, workers, Reporter.SILENT);
            for (int turn = 0; turn < 2 * runs; turn++) {
                for (List<String> view : views) {
                    RenderJob of = BenchCommand.read(parameters, view);
                    long start = System.nanoTime();
                    first.add(
                            renderer.render(
                                    data.layers(of, List.of()),
                                    of.views().getFirst().camera(),
                                    of.frame(data.info().boxSize()),
                                    data.measuring(of),
                                    null,
                                    new StageTimes(System::nanoTime)));
                    best = Math.min(best, 1e-9 * (System.nanoTime() - start));
                    first.subList(1, first.size()).clear();
                }
            }
        }
        return best;
    }

    /** Mean difference as a part of the mean. */
    private static double difference(float[] own, Path theirs) {
        try {
            ByteBuffer file =
                    ByteBuffer.wrap(Files.readAllBytes(theirs)).order(ByteOrder.LITTLE_ENDIAN);
            double difference = 0;
            double sum = 0;
            for (float v : own) {
                float other = file.getFloat();
                difference += Math.abs((double) v - other);
                sum += other;
            }
            return difference / sum;
        } catch (IOException e) {
            throw new InputException(theirs, "cannot be read", e);
        }
    }

    /** The Python that has what scripts need; empty when there is none. */
    private static String python() {
        return Stream.of("python3", "/usr/bin/python3")
                .filter(python -> ends(List.of(python, "-c", "import h5py")))
                .findFirst()
                .orElse("");
    }

    /** Puts a script into a folder. */
    private static String script(String name, Path folder) {
        Path out = folder.resolve(name);
        try (InputStream in = OthersBench.class.getResourceAsStream("others/" + name)) {
            Files.write(out, Objects.requireNonNull(in, name).readAllBytes());
        } catch (IOException e) {
            throw new InputException(out, "cannot be written", e);
        }
        return out.toString();
    }

    /** What a program printed, and how long it took. */
    private record Said(List<String> lines, double seconds) {}

    private static Said run(List<String> words) {
        try {
            long start = System.nanoTime();
            Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String text =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            double seconds = 1e-9 * (System.nanoTime() - start);
            List<String> lines = text.lines().toList();
            if (code != 0) {
                throw new InputException(
                        String.join(" ", words)
                                + " ended with "
                                + code
                                + ": "
                                + (lines.isEmpty() ? "" : lines.getLast()));
            }
            return new Said(lines, seconds);
        } catch (IOException e) {
            throw new InputException(words.getFirst() + " cannot be started: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InputException("interrupted");
        }
    }

    private static boolean ends(List<String> words) {
        try {
            Said _ = run(words);
            return true;
        } catch (InputException e) {
            return false; // not installed
        }
    }

    private static String commas(Vec3 v) {
        return v.x() + "," + v.y() + "," + v.z();
    }

    private static List<String> and(List<String> some, List<String> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }
}
