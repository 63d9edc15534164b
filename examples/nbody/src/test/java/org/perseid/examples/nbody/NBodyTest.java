package org.perseid.examples.nbody;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Workers;

class NBodyTest {
    /** Keeps what comes. */
    private static final class Client implements WebSocket.Listener {
        final LinkedBlockingQueue<String> texts = new LinkedBlockingQueue<>();
        final LinkedBlockingQueue<Integer> frames = new LinkedBlockingQueue<>();

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
            frames.add(part.remaining());
            from.request(1);
            return null;
        }

        void awaitText(String wanted) throws InterruptedException {
            String text = "";
            while (text != null && !text.contains(wanted)) {
                text = texts.poll(10, TimeUnit.SECONDS);
            }
            assertThat(text).contains(wanted);
        }
    }

    @Test
    void aSimulationIsWatchedAndSteeredWhileItRuns() throws IOException, InterruptedException {
        try (NBody program = new NBody(0);
                HttpClient http = HttpClient.newHttpClient()) {
            Thread simulation = Thread.ofPlatform().daemon().start(() -> program.run(3000));
            Client client = new Client();
            String url = program.address().replace("http", "ws").replace("/?", "/ws?");
            WebSocket socket =
                    http.newWebSocketBuilder()
                            .subprotocols("perseid.v1")
                            .buildAsync(URI.create(url), client)
                            .join();
            say(socket, 1, "hello", "\"protocol\":\"perseid.v1\"");
            client.awaitText("\"title\":\"n-body\"");
            assertThat(client.frames.poll(10, TimeUnit.SECONDS)).isNotNull();
            say(socket, 2, "set", "\"values\":{\"gravity\":-0.5,\"bodies\":500,\"light\":1}");
            client.awaitText("\"id\":2,\"result\"");
            client.awaitText("\"gravity\":-0.5");
            say(socket, 3, "press", "\"id\":\"restart\"");
            say(socket, 4, "input", "\"type\":\"resize\",\"width\":320,\"height\":200");
            say(
                    socket,
                    5,
                    "input",
                    "\"type\":\"key\",\"key\":\"ArrowLeft\",\"down\":true,\"mods\":0");
            say(socket, 6, "ack", "\"frame\":100000");
            client.awaitText("\"id\":\"kinetic\"");
            say(socket, 7, "set", "\"values\":{\"paused\":true}");
            client.awaitText("\"paused\":true");
            socket.abort();
            simulation.join();
        }
    }

    private static void say(WebSocket socket, int id, String method, String params) {
        WebSocket _ =
                socket.sendText(
                                "{\"jsonrpc\":\"2.0\",\"id\":"
                                        + id
                                        + ",\"method\":\""
                                        + method
                                        + "\",\"params\":{"
                                        + params
                                        + "}}",
                                true)
                        .join();
    }

    @Test
    void momentumIsKept() {
        try (Bodies bodies = new Bodies(400, 3);
                Workers workers = new Workers(2)) {
            double before = middle(bodies.set);
            for (int k = 0; k < 50; k++) {
                bodies.step(0.004, 0.05, 1, workers);
            }
            assertThat(middle(bodies.set)).isBetween(before - 0.02, before + 0.02);
            assertThat(bodies.kineticEnergy()).isBetween(0.05, 2.0);
        }
    }

    private static double middle(ParticleSet set) {
        double sum = 0;
        for (long i = 0; i < set.count(); i++) {
            sum += set.x().getAtIndex(ParticleSet.FLOAT, i);
        }
        return sum / set.count();
    }
}
