package org.perseid.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The start script itself: a live session that it starts again when a process dies. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class RestartTest {
    @TempDir private Path folder;
    private Path script = Path.of("");
    private @Nullable Process running;

    @BeforeEach
    void copyTheScript() throws IOException {
        script = StartScript.copy(folder);
    }

    @AfterEach
    void stop() {
        if (running != null) {
            running.descendants().forEach(ProcessHandle::destroyForcibly);
            running.destroyForcibly();
        }
    }

    private Process start(String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of(script.toString()));
        words.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(words)
                        .redirectOutput(folder.resolve("out").toFile())
                        .redirectError(folder.resolve("err").toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process started = builder.start();
        running = started;
        return started;
    }

    private String said(String file) throws IOException {
        return Files.readString(folder.resolve(file), StandardCharsets.UTF_8);
    }

    /** Waits for the address that is printed for the n-th time. */
    private String address(int n) throws IOException, InterruptedException {
        for (int k = 0; k < 600; k++) {
            List<String> lines = said("out").lines().filter(l -> l.startsWith("open ")).toList();
            if (lines.size() >= n) {
                return lines.get(n - 1).substring("open ".length());
            }
            Thread.sleep(100);
        }
        throw new AssertionError("no address; said: " + said("out") + said("err"));
    }

    /** What a viewer gets. */
    private static final class Client implements WebSocket.Listener, AutoCloseable {
        final LinkedBlockingQueue<String> texts = new LinkedBlockingQueue<>();
        final LinkedBlockingQueue<List<Double>> cameras = new LinkedBlockingQueue<>();
        private final WebSocket socket;

        Client(HttpClient http, String address) {
            socket =
                    http.newWebSocketBuilder()
                            .subprotocols("perseid.v1")
                            .buildAsync(
                                    URI.create(
                                            address.replaceFirst("^http", "ws")
                                                    .replace("/?", "/ws?")),
                                    this)
                            .join();
            say("\"id\":1,\"method\":\"hello\",\"params\":{\"protocol\":\"perseid.v1\"}");
        }

        @Override
        public void close() {
            socket.abort();
        }

        synchronized void say(String members) {
            WebSocket _ = socket.sendText("{\"jsonrpc\":\"2.0\"," + members + "}", true).join();
        }

        void awaitText(String wanted) throws InterruptedException {
            String text = "";
            while (text != null && !text.contains(wanted)) {
                text = texts.poll(20, TimeUnit.SECONDS);
            }
            assertThat(text).contains(wanted);
        }

        /** Where the camera is in the frames that come, until it is there or nothing comes. */
        void awaitEye(double x) throws InterruptedException {
            List<Double> camera = List.of(Double.NaN);
            while (camera != null && Math.abs(camera.getFirst() - x) > 1e-9) {
                camera = cameras.poll(20, TimeUnit.SECONDS);
            }
            assertThat(camera).isNotNull();
        }

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket from, CharSequence part, boolean last) {
            texts.add(part.toString());
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(
                WebSocket from, ByteBuffer part, boolean last) {
            ByteBuffer frame = part.order(ByteOrder.LITTLE_ENDIAN);
            if (frame.remaining() > 120 && frame.get(0) == 1 && frame.getShort(2) == 120) {
                cameras.add(List.of(frame.getDouble(40), frame.getDouble(48)));
                int number = frame.getInt(4);
                Thread _ =
                        Thread.ofVirtual()
                                .start(() ->
                                        say(
                                                "\"method\":\"ack\",\"params\":{\"frame\":"
                                                        + number
                                                        + "}"));
            }
            from.request(1);
            return null;
        }
    }

    /** The Java process, or that of a rank. */
    private static ProcessHandle java(Process of, String rank) throws IOException {
        for (ProcessHandle handle : of.descendants().toList()) {
            boolean isJava = handle.info().command().orElse("").endsWith("/java");
            Path environment = Path.of("/proc/" + handle.pid() + "/environ");
            if (isJava
                    && (rank.isEmpty()
                            || Files.readString(environment, StandardCharsets.ISO_8859_1)
                                    .contains("OMPI_COMM_WORLD_RANK=" + rank + "\0"))) {
                return handle;
            }
        }
        throw new AssertionError("no such process: " + rank);
    }

    private void looksAtTheSameAgain(Process process, String rank)
            throws IOException, InterruptedException {
        String address = address(1);
        for (int k = 0; k < 100 && !said("err").contains("Ctrl-C stops"); k++) {
            Thread.sleep(100);
        }
        assertThat(said("err")).contains("Ctrl-C stops"); // what ranks say comes at once
        try (HttpClient http = HttpClient.newHttpClient();
                Client before = new Client(http, address)) {
            before.awaitText("\"result\"");
            before.say("\"id\":2,\"method\":\"camera\",\"params\":{\"eye\":[111.5,60,120]}");
            before.say(
                    "\"id\":3,\"method\":\"set\",\"params\":{\"values\":{\"palette0\":\"viridis\"}}");
            before.awaitText("\"id\":3,\"result\"");
            before.awaitEye(111.5);
            Thread.sleep(2500); // what is seen is kept once a second
            assertThat(java(process, rank).destroyForcibly()).isTrue();
            if (!rank.isEmpty()) {
                before.awaitText("\"startsAgain\":true");
            }
            assertThat(address(2)).isEqualTo(address);
            assertThat(said("err")).contains("starting it again with the same view");
            try (Client after = new Client(http, address)) {
                after.awaitText("viridis");
                after.awaitEye(111.5);
            }
        }
        process.destroy();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(143);
        assertThat(said("out").lines().filter(l -> l.startsWith("open "))).hasSize(2);
    }

    @Test
    void aSessionThatDiesIsStartedAgainWithTheSameView() throws IOException, InterruptedException {
        String galaxy = LiveServer.writeGalaxy(folder, 5000).toString();
        looksAtTheSameAgain(
                start("serve", galaxy, "--restart", "--port=0", "--backend=scalar"), "");
    }

    @Test
    void ranksOfWhichOneDiesAreStartedAgain() throws IOException, InterruptedException {
        boolean mpi = MpiTest.isThere();
        if (!mpi) {
            System.out.println(
                    "SKIPPED: needs Open MPI with its Java bindings, see docs/cluster.md");
        }
        assumeTrue(mpi, "needs Open MPI with its Java bindings");
        String galaxy = LiveServer.writeGalaxy(folder, 5000).toString();
        looksAtTheSameAgain(
                start("--ranks", "3", "serve", galaxy, "--restart", "--port=0", "--backend=scalar"),
                "2");
    }

    @Test
    void whatIsWrongIsNotTriedAgain() throws IOException, InterruptedException {
        Process process = start("serve", folder.resolve("none.par").toString(), "--restart");
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(said("err")).contains("none.par").doesNotContain("again");
        Cli alone = Cli.run("serve", folder.resolve("none.par"), "--restart");
        assertThat(alone.code()).isEqualTo(2);
        assertThat(alone.err()).contains("./perseid --ranks 4 serve --restart");
    }
}
