package org.perseid.app;

import static org.perseid.app.BenchCommand.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.perseid.compositing.Compositor;
import org.perseid.compositing.Group;
import org.perseid.compositing.Schedule;
import org.perseid.io.InputException;
import org.perseid.io.image.PngStrips;
import org.perseid.renderer.frame.FrameRenderer;
import org.perseid.renderer.frame.ToneMap;
import org.perseid.renderer.model.Ending;
import org.perseid.renderer.model.Joining;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.Peers.Fold;
import org.perseid.renderer.model.Picture;
import org.perseid.renderer.model.Workers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Pictures of many ranks become one: milliseconds and bytes by size, number of ranks and schedule,
 * beside MPI_Reduce of as many floats in C, where mpicc is installed. Each number of ranks is a job
 * of its own; {@link Ranked} is what its ranks run.
 */
final class CompositeBench implements BenchCommand.Bench {
    private static final List<Integer> RANKS = List.of(2, 4, 8);

    private final double seconds;
    private final List<Double> link;

    /**
     * @param seconds for each row
     * @param link bytes a second and microseconds of a network between the ranks, or nothing
     */
    CompositeBench(double seconds, List<Double> link) {
        this.seconds = seconds;
        this.link = link;
        if (!link.isEmpty() && (link.size() != 2 || !(link.get(0) >= 1e5) || !(link.get(1) >= 0))) {
            throw new InputException(
                    "--link is '"
                            + link.toString().replaceAll("[\\[\\] ]", "")
                            + "'; expected bytes a second, at least 1e5, and microseconds, as in"
                            + " 1.25e8,50 for a gigabit a second");
        }
    }

    @Override
    public List<String> header() {
        return List.of("ranks", "picture", "lit", "schedule", "ms", "MB sent", "x MPI_Reduce in C");
    }

    /** The number of particles does not matter. */
    @Override
    public void rows(Path snapshot, long n, Workers workers, Consumer<List<String>> out) {
        Path home = Path.of(System.getProperty("perseid.home", "."));
        Path reduce = compiled("mpicc", snapshot.resolveSibling("reduce"));
        for (int ranks : RANKS) {
            List<String> job =
                    List.of(
                            home.resolve("perseid").toString(),
                            "--ranks",
                            "" + ranks,
                            "bench-composite",
                            "--seconds",
                            "" + seconds);
            List<Double> reference = new ArrayList<>();
            List<String> printed;
            try (SlowNetwork network = network(snapshot, ranks)) {
                for (int[] size : Ranked.SIZES) {
                    reference.add(reduce(network, reduce, ranks, 3 * size[0] * size[1]));
                }
                printed = lines(network, job);
            }
            for (String line : printed) {
                String[] words = line.split(" ", -1);
                if (words.length != 6) {
                    continue;
                }
                double c = reference.get(Integer.parseInt(words[0]));
                double ms = Double.parseDouble(words[4]);
                out.accept(
                        List.of(
                                "" + ranks,
                                words[1],
                                words[2],
                                words[3],
                                text("%.1f", ms),
                                words[5],
                                c > 0 ? text("%.2f", ms / c) : ""));
            }
            for (int k = 0; k < reference.size(); k++) {
                if (reference.get(k) > 0) {
                    int[] size = Ranked.SIZES[k];
                    out.accept(
                            List.of(
                                    "" + ranks,
                                    size[0] + "x" + size[1],
                                    "",
                                    "MPI_Reduce in C",
                                    text("%.1f", reference.get(k)),
                                    "",
                                    "1"));
                }
            }
        }
    }

    private @Nullable SlowNetwork network(Path snapshot, int ranks) {
        if (link.isEmpty()) {
            return null;
        }
        Path folder = Objects.requireNonNull(snapshot.toAbsolutePath().getParent());
        return new SlowNetwork(folder, ranks, link.get(0), link.get(1));
    }

    /** A program in C beside this class, compiled; null when there is no compiler. */
    static @Nullable Path compiled(String compiler, Path program) {
        String name = program.getFileName() + ".c";
        Path source = program.resolveSibling(name);
        try (InputStream in = CompositeBench.class.getResourceAsStream(name)) {
            Files.write(source, Objects.requireNonNull(in).readAllBytes());
        } catch (IOException e) {
            throw new InputException(source, "cannot be written", e);
        }
        try {
            Process process =
                    new ProcessBuilder(compiler, "-O3", "-o", program.toString(), source.toString())
                            .redirectErrorStream(true)
                            .start();
            byte[] _ = process.getInputStream().readAllBytes();
            return process.waitFor() == 0 ? program : null;
        } catch (IOException e) {
            return null; // not installed
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private double reduce(
            @Nullable SlowNetwork network, @Nullable Path program, int ranks, int floats) {
        if (program == null) {
            return 0;
        }
        List<String> words =
                List.of(
                        "mpirun",
                        "-q",
                        "--allow-run-as-root",
                        "--oversubscribe",
                        "--bind-to",
                        "none",
                        "-np",
                        "" + ranks,
                        program.toString(),
                        "" + floats,
                        "" + seconds);
        List<String> lines = lines(network, words);
        return lines.isEmpty() ? 0 : Double.parseDouble(lines.getFirst());
    }

    private static List<String> lines(@Nullable SlowNetwork network, List<String> words) {
        try {
            Process job =
                    new ProcessBuilder(network == null ? words : network.over(words))
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            String text = new String(job.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (job.waitFor() != 0) {
                throw new InputException(
                        words.getFirst()
                                + " failed; are Open MPI and its Java"
                                + " bindings installed? see docs/cluster.md");
            }
            return text.lines().toList();
        } catch (IOException e) {
            throw new InputException(words.getFirst() + " cannot be started: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InputException("interrupted");
        }
    }

    /** What the ranks of a job do; rank 0 prints a line for each measurement. */
    @Command(
            name = "bench-composite",
            hidden = true,
            description = "The measurements of bench composite on the ranks that it is run on.")
    static final class Ranked implements Callable<Integer>, Ranks.Command {
        static final int[][] SIZES = {{1024, 1024}, {1920, 1080}, {3840, 2160}};

        private Ranks ranks = Ranks.alone();

        @Option(names = "--seconds", defaultValue = "1")
        private double seconds = 1;

        @Override
        public void joinedBy(Ranks all) {
            ranks = all;
        }

        @Override
        public Integer call() {
            for (int k = 0; k < SIZES.length; k++) {
                for (boolean all : new boolean[] {true, false}) {
                    List<float[]> lit = picture(SIZES[k], all);
                    String of = all ? "all" : "part";
                    for (Schedule schedule : Schedule.values()) {
                        measure(k, of, schedule, Kind.LIGHT, lit);
                    }
                    measure(k, of, Schedule.DIRECT, Kind.HALF, lit);
                    measure(k, of, Schedule.RADIX, Kind.PICTURE, lit);
                    measure(k, of, Schedule.RADIX, Kind.LEVELS, lit);
                    measure(k, of, Schedule.RADIX, Kind.FILE, lit);
                    measure(k, of, Schedule.RADIX, Kind.APART, lit);
                }
            }
            return Main.OK;
        }

        /** All of a picture, or a rectangle of 1/N of it and some pixels elsewhere. */
        private List<float[]> picture(int[] size, boolean all) {
            int rank = ranks.share().index();
            Random random = new Random(rank);
            int first = size[1] * rank / ranks.size();
            int end = size[1] * (rank + 1) / ranks.size();
            List<float[]> out = new ArrayList<>();
            for (int k = 0; k < 3; k++) {
                float[] plane = new float[size[0] * size[1]];
                for (int p = 0; p < plane.length; p++) {
                    int y = p / size[0];
                    boolean on = all || (y >= first && y < end) || random.nextInt(2000) == 0;
                    double smooth = Math.sin(0.02 * (p % size[0])) * Math.cos(0.03 * y);
                    plane[p] = on ? (float) (0.5 + 0.4 * smooth + 0.01 * random.nextDouble()) : 0;
                }
                out.add(plane);
            }
            return out;
        }

        /** What is made of the parts: light, or eight bits a channel. */
        private enum Kind {
            LIGHT(""),
            HALF("+half"),
            /** Light, of which rank 0 makes the picture. */
            PICTURE("+picture"),
            /** Levels by whoever has finished a part, put together at rank 0. */
            LEVELS("+levels+picture"),
            /** The same, and a PNG made of it. */
            FILE("+levels+png"),
            /** Each rank makes a PNG of the rows that it has finished; they are put together. */
            APART("+apart+png");

            private final String label;

            Kind(String label) {
                this.label = label;
            }
        }

        /**
         * What is made of the result.
         *
         * @return bytes that are sent for it
         */
        private long finish(
                Kind kind,
                LinearImage image,
                List<Joining.Rows> rows,
                ToneMap tone,
                Workers workers) {
            boolean light = kind == Kind.LIGHT || kind == Kind.HALF;
            if (light || (kind != Kind.APART && !ranks.isRoot())) {
                return 0;
            }
            boolean levels = kind == Kind.LEVELS || kind == Kind.FILE;
            FrameRenderer.Frame frame = new FrameRenderer.Frame(image, rows, levels, List.of());
            Picture picture = frame.picture(tone, workers);
            if (kind != Kind.APART && kind != Kind.FILE) {
                return 0;
            }
            byte[] own = PngStrips.of(picture, frame.pictureRows(tone), workers).bytes();
            List<byte[]> all = kind == Kind.APART ? ranks.peers().collect(own) : List.of(own);
            if (ranks.isRoot()) {
                var _ = PngStrips.joined(image.width(), image.height(), all);
                return 0;
            }
            return own.length;
        }

        private void measure(
                int size, String lit, Schedule schedule, Kind kind, List<float[]> picture) {
            LinearImage image = new LinearImage(SIZES[size][0], SIZES[size][1]);
            List<float[]> planes = image.planes();
            ToneMap tone = new ToneMap(true, 1, 1, 0, true, List.of());
            Ending ending =
                    switch (kind) {
                        case LIGHT, HALF, PICTURE -> new Ending.Light();
                        case LEVELS, FILE ->
                                new Ending.OfLevels(
                                        tone.levels((long) image.width() * image.height()));
                        case APART -> new Ending.Apart();
                    };
            double best = Double.POSITIVE_INFINITY;
            Group group = ranks.group();
            try (Compositor compositor = new Compositor(group);
                    Workers workers = new Workers(ranks.threads())) {
                compositor.useHalfFloats(kind == Kind.HALF);
                long end = System.nanoTime() + (long) (seconds * 1e9);
                double[] go = {1};
                long rounds = 0;
                long sent = 0;
                while (go[0] > 0) {
                    for (int k = 0; k < planes.size(); k++) {
                        float[] from = picture.get(k);
                        System.arraycopy(from, 0, planes.get(k), 0, from.length);
                    }
                    group.barrier();
                    long start = System.nanoTime();
                    List<Joining.Rows> rows =
                            compositor.add(schedule, planes, image.width(), ending);
                    sent += finish(kind, image, rows, tone, workers);
                    double[] time = {(System.nanoTime() - start) * 1e-6};
                    group.fold(Fold.GREATEST, time);
                    best = Math.min(best, time[0]);
                    rounds++;
                    go[0] = System.nanoTime() < end ? 1 : 0;
                    group.fold(Fold.LEAST, go);
                }
                double[] bytes = {(double) (sent + compositor.sentBytes()) / rounds};
                group.fold(Fold.SUM, bytes);
                if (ranks.isRoot()) {
                    System.out.println(
                            String.join(
                                    " ",
                                    "" + size,
                                    SIZES[size][0] + "x" + SIZES[size][1],
                                    lit,
                                    schedule.name().toLowerCase(Locale.ROOT) + kind.label,
                                    text("%.4f", best),
                                    text("%.1f", bytes[0] * 1e-6)));
                }
            }
        }
    }
}
