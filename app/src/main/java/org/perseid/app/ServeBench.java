package org.perseid.app;

import static org.perseid.app.BenchCommand.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.perseid.io.InputException;
import org.perseid.renderer.model.Workers;

/**
 * A live session in a process of its own, watched and dragged by viewers without screens: the time
 * from an event to the first frame that shows it, on lines of several kinds, and what many viewers
 * cost.
 */
final class ServeBench implements BenchCommand.Bench {
    private static final int EVENTS_PER_SECOND = 60;
    private static final double COMPILE_SECONDS = 12;
    private static final double WARM_UP_SECONDS = 3;
    private static final double KNOW_LINE_SECONDS = 1;
    private static final double IDLE_SECONDS = 3;

    /** A row of fewer frames says nothing: dragging goes on until there are as many. */
    private static final int ENOUGH_FRAMES = 5;

    private static final double LONGEST_SECONDS = 60;

    /** Part of those times that a short run takes. */
    private static final double SHORT = 0.1;

    private final double seconds;
    private final double patience;

    /** A line between viewer and server. */
    private record Line(String name, double delayMillis, double bitsPerSecond) {}

    private final boolean store;
    private final List<String> overrides;
    private final int width;
    private final int height;

    private static final double FREE = Double.POSITIVE_INFINITY;
    private static final List<Line> LINES =
            List.of(
                    new Line("loopback", 0, FREE),
                    new Line("50 ms round trip", 25, FREE),
                    new Line("150 ms round trip", 75, FREE),
                    new Line("10 Mbit/s", 0, 10e6));

    private static final int[] VIEWERS = {16, 128};

    /**
     * @param seconds of dragging for each row, more where frames are few; 0 for a short one without
     *     waiting for the compiler
     * @param store whether a store of the snapshot is served
     * @param width of the pictures in pixels
     * @param height of the pictures in pixels
     * @param overrides of the demo's parameters
     */
    ServeBench(double seconds, boolean store, int width, int height, List<String> overrides) {
        this.overrides = List.copyOf(overrides);
        this.store = store;
        this.width = width;
        this.height = height;
        this.seconds = Math.max(0.5, seconds);
        this.patience = seconds > 0 ? 1 : SHORT;
    }

    @Override
    public List<String> header() {
        return List.of(
                "particles",
                "line",
                "viewers",
                "event to frame ms",
                "95 % below ms",
                "frames/s",
                "draw ms",
                "encode ms",
                "KB a frame",
                "frames/s of the slowest",
                "at rest to final ms",
                "server CPU ms a frame",
                "CPU when idle %");
    }

    @Override
    public void rows(Path snapshot, long n, Workers workers, Consumer<List<String>> out) {
        Path served = store ? ConvertBench.convert(snapshot, workers) : snapshot;
        try (Server server = new Server(served, overrides, workers);
                HttpClient client = HttpClient.newHttpClient()) {
            try (LiveClient warmUp = new LiveClient(client, server.address, width, height)) {
                Thread.sleep(Duration.ofMillis((long) (patience * COMPILE_SECONDS * 1000)));
                warmUp.drag(patience * WARM_UP_SECONDS, EVENTS_PER_SECOND);
            }
            for (Line line : LINES) {
                out.accept(row(n, line, 1, server, client));
            }
            for (int viewers : VIEWERS) {
                out.accept(row(n, LINES.getFirst(), viewers, server, client));
            }
        } catch (IOException e) {
            throw new InputException("the server cannot be started (" + e.getMessage() + ")");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<String> row(long n, Line line, int viewers, Server server, HttpClient client)
            throws IOException, InterruptedException {
        URI direct = URI.create(server.address);
        List<LiveClient> all = new ArrayList<>();
        try (SlowLine slow = new SlowLine(direct.getPort(), line.delayMillis, line.bitsPerSecond)) {
            boolean shaped = !line.equals(LINES.getFirst());
            String address =
                    shaped
                            ? server.address.replace(":" + direct.getPort(), ":" + slow.port())
                            : server.address;
            for (int k = 0; k < viewers; k++) {
                all.add(new LiveClient(client, address, width, height));
            }
            LiveClient driver = all.getFirst();
            driver.drag(patience * KNOW_LINE_SECONDS, EVENTS_PER_SECOND); // the line gets known
            all.forEach(LiveClient::take);
            double cpu = server.cpuMillis();
            double dragged = 0;
            do {
                driver.drag(seconds, EVENTS_PER_SECOND);
                dragged += seconds;
            } while (driver.frames() < ENOUGH_FRAMES && dragged < LONGEST_SECONDS);
            double used = server.cpuMillis() - cpu;
            LiveClient.Seen seen = driver.take();
            int fewest =
                    all.stream()
                            .skip(1)
                            .mapToInt(c -> c.take().frames())
                            .min()
                            .orElse(seen.frames());
            long rest = System.nanoTime();
            driver.awaitFinal(20);
            double toFinal = (System.nanoTime() - rest) * 1e-6;
            double idleBefore = server.cpuMillis();
            Thread.sleep(Duration.ofMillis((long) (patience * IDLE_SECONDS * 1000)));
            double idle = (server.cpuMillis() - idleBefore) / (10 * patience * IDLE_SECONDS);
            return List.of(
                    text("%.0e", (double) n),
                    line.name,
                    String.valueOf(viewers),
                    text("%.0f", seen.medianMillis()),
                    text("%.0f", seen.slowMillis()),
                    text("%.1f", seen.frames() / dragged),
                    text("%.1f", seen.renderMillis()),
                    text("%.1f", seen.encodeMillis()),
                    text("%.0f", seen.bytes() / 1000.0 / Math.max(1, seen.frames())),
                    text("%.1f", fewest / dragged),
                    text("%.0f", toFinal),
                    text("%.1f", used / Math.max(1, seen.frames())),
                    text("%.1f", idle));
        } finally {
            all.forEach(LiveClient::close);
        }
    }

    /** The server's process. */
    private static final class Server implements AutoCloseable {
        private final Process process;
        private final String address;

        Server(Path snapshot, List<String> overrides, Workers workers) throws IOException {
            List<String> words =
                    new ArrayList<>(
                            List.of(
                                    "serve",
                                    "--quiet",
                                    "--port=0",
                                    "--threads=" + workers.threads(),
                                    Path.of(System.getProperty("perseid.home", "."))
                                            .resolve("configs/demo.par")
                                            .toString(),
                                    "infile=" + snapshot.toAbsolutePath()));
            words.addAll(overrides);
            process =
                    new ProcessBuilder(
                                    BenchCommand.java(
                                            List.of(
                                                    "--add-modules=jdk.incubator.vector",
                                                    "--sun-misc-unsafe-memory-access=allow"),
                                            words))
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
                String line = in.readLine();
                if (line == null) {
                    throw new IOException("it ended at once");
                }
                address = line.substring("open ".length());
            }
        }

        double cpuMillis() {
            return process.info().totalCpuDuration().map(Duration::toMillis).orElse(0L);
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
