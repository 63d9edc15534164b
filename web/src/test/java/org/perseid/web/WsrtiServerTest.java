package org.perseid.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.perseid.renderer.model.Picture;
import org.perseid.renderer.model.Workers;
import org.perseid.streaming.Event;
import org.perseid.streaming.FrameHeader.Stage;
import org.perseid.streaming.FrameStream;
import org.perseid.streaming.Group;
import org.perseid.streaming.Hub;
import org.perseid.streaming.Panel;
import org.perseid.streaming.Program;
import org.perseid.streaming.Viewer;
import org.perseid.streaming.jpeg.JpegEncoder;

/** Over real sockets; what the messages mean is tested beside the code that reads them. */
class WsrtiServerTest {
    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Program program =
            new Program() {
                @Override
                public String title() {
                    return "test";
                }

                @Override
                public Panel panel() {
                    return new Panel(List.of(new Group("g", true).display("x", "X", () -> "1")));
                }

                @Override
                public FrameStream streamFor(Viewer viewer, boolean own) {
                    return stream;
                }

                @Override
                public void event(Viewer viewer, Event event) {
                    events.add(event);
                }
            };
    private final Hub hub = new Hub(program, JpegEncoder.best(_ -> {}), (_, _) -> {});
    private final FrameStream stream = hub.stream();
    private final Workers workers = new Workers(1);
    private final HttpClient client = HttpClient.newHttpClient();
    private int imagePort;
    private int controlPort;
    private @Nullable WsrtiServer server;

    @BeforeEach
    void start() throws IOException {
        imagePort = freePort();
        controlPort = freePort();
        server = new WsrtiServer(hub, "127.0.0.1", imagePort, controlPort);
        Picture picture = new Picture(32, 16, new byte[32 * 16 * 3]);
        stream.publish(
                new FrameStream.Frame(picture, Stage.FINAL, 1, new double[10], Map.of()), workers);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
        hub.close();
        workers.close();
        client.shutdownNow(); // close would wait for a socket that the server left
    }

    /** Keeps what comes. */
    private static final class Client implements WebSocket.Listener {
        final LinkedBlockingQueue<String> texts = new LinkedBlockingQueue<>();
        final LinkedBlockingQueue<ByteBuffer> binaries = new LinkedBlockingQueue<>();
        final LinkedBlockingQueue<Integer> closed = new LinkedBlockingQueue<>();

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            closed.add(code);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            closed.add(-1);
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
            byte[] copy = new byte[part.remaining()];
            part.get(copy);
            binaries.add(ByteBuffer.wrap(copy));
            from.request(1);
            return null;
        }
    }

    private WebSocket open(Client listener, int port, String protocol, String... headers) {
        WebSocket.Builder builder = client.newWebSocketBuilder().subprotocols(protocol);
        for (int k = 0; k < headers.length; k += 2) {
            builder.header(headers[k], headers[k + 1]);
        }
        return builder.buildAsync(URI.create("ws://127.0.0.1:" + port), listener).join();
    }

    @Test
    void bothDialectsAreServed() throws InterruptedException {
        for (String dialect : List.of("appclient", "splotch")) {
            Client image = new Client();
            WebSocket socket = open(image, imagePort, dialect + "-image-stream-protocol");
            assertThat(socket.getSubprotocol()).isEqualTo(dialect + "-image-stream-protocol");
            ByteBuffer jpeg = image.binaries.poll(30, TimeUnit.SECONDS);
            assertThat(jpeg).isNotNull();
            assertThat(hub.metrics().viewers()).isEqualTo(1);
            ByteBuffer key = ByteBuffer.allocate(16).order(java.nio.ByteOrder.LITTLE_ENDIAN);
            key.putInt(0, 4).putInt(4, 'w');
            WebSocket _ = socket.sendBinary(key, true).join();
            assertThat(events.poll(30, TimeUnit.SECONDS)).isEqualTo(new Event.Key("w", true, 0));
            socket.abort();
            for (int k = 0; k < 100 && hub.metrics().viewers() > 0; k++) {
                Thread.sleep(20);
            }
        }
        Client control = new Client();
        WebSocket socket = open(control, controlPort, "splotch-control-protocol");
        assertThat(control.texts.poll(30, TimeUnit.SECONDS)).contains("cmd_interface_desc");
        WebSocket _ = socket.sendText("[]", true).join();
        assertThat(control.texts.poll(30, TimeUnit.SECONDS)).contains("-32600");
        WebSocket _ =
                socket.sendText("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"cmd_state\"}", true)
                        .join();
        assertThat(control.texts.poll(30, TimeUnit.SECONDS)).contains("\"x\":\"1\"");
        Client plain = new Client();
        WebSocket _ = open(plain, controlPort, "appclient-control-protocol");
        ByteBuffer viewport = plain.binaries.poll(30, TimeUnit.SECONDS);
        assertThat(viewport).isNotNull();
        assertThat(viewport.order(java.nio.ByteOrder.LITTLE_ENDIAN).getInt(4)).isEqualTo(32);
    }

    @Test
    void whoFloodsIsHungUpOnAndOthersAreServed() throws InterruptedException {
        Client flood = new Client();
        WebSocket socket = open(flood, controlPort, "appclient-control-protocol");
        ByteBuffer key = ByteBuffer.allocate(16).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        key.putInt(0, 4).putInt(4, 'w');
        try {
            for (int k = 0; k < 5000; k++) {
                WebSocket _ = socket.sendBinary(key.duplicate(), true).join();
            }
        } catch (CompletionException e) {
            assertThat(e).hasCauseInstanceOf(IOException.class); // closed meanwhile
        }
        assertThat(flood.closed.poll(30, TimeUnit.SECONDS)).isIn(1008, -1);
        assertThat(events.size()).isLessThan(4000);
        Client good = new Client();
        WebSocket _ = open(good, imagePort, "appclient-image-stream-protocol");
        assertThat(good.binaries.poll(30, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void othersAreNotLetIn() {
        assertThatThrownBy(() ->
                        open(
                                new Client(),
                                imagePort,
                                "splotch-image-stream-protocol",
                                "Origin",
                                "http://evil.example.com"))
                .isInstanceOf(CompletionException.class);
        open(
                        new Client(),
                        imagePort,
                        "splotch-image-stream-protocol",
                        "Origin",
                        "http://localhost:3000")
                .abort();
    }

    @Test
    void portsInUseAreSaidPlainly() {
        assertThatThrownBy(() -> new WsrtiServer(hub, "127.0.0.1", imagePort, controlPort))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is another server running?");
    }
}
