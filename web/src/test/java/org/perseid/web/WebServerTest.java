package org.perseid.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.perseid.renderer.model.Picture;
import org.perseid.renderer.model.Workers;
import org.perseid.streaming.Element;
import org.perseid.streaming.Event;
import org.perseid.streaming.FrameHeader.Stage;
import org.perseid.streaming.FrameStream;
import org.perseid.streaming.Group;
import org.perseid.streaming.Hub;
import org.perseid.streaming.Panel;
import org.perseid.streaming.Program;
import org.perseid.streaming.Rpc;
import org.perseid.streaming.Viewer;
import org.perseid.streaming.jpeg.JpegEncoder;

class WebServerTest {
    private static final String TOKEN = "a-token-that-nobody-guesses";
    private static final String WATCH = "a-token-for-watching-only";
    private static final String HELLO =
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hello\",\"params\":{\"protocol\":\"perseid.v1\"}}";

    private final LinkedBlockingQueue<Element.Upload> uploads = new LinkedBlockingQueue<>();
    private final Program program =
            new Program() {
                @Override
                public String title() {
                    return "test";
                }

                @Override
                public Panel panel() {
                    return new Panel(
                            List.of(new Group("g", true).upload("file", "File", uploads::add)));
                }

                @Override
                public FrameStream streamFor(Viewer viewer, boolean own) {
                    return stream;
                }

                @Override
                public void event(Viewer viewer, Event event) {}
            };
    private final Hub hub = new Hub(program, JpegEncoder.best(_ -> {}), (_, _) -> {});
    private final FrameStream stream = hub.stream();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Workers workers = new Workers(1);
    private WebServer server = start("", 4);

    private WebServer start(String basePath, int maxViewers) {
        try {
            return new WebServer(hub, options(0, basePath, maxViewers));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static WebOptions options(int port, String basePath, int maxViewers) {
        return new WebOptions(
                "127.0.0.1",
                port,
                basePath,
                TOKEN,
                WATCH,
                List.of("proxy.example.org"),
                null,
                maxViewers,
                true);
    }

    @BeforeEach
    void publish() {
        stream.publish(
                new FrameStream.Frame(
                        new Picture(32, 16, new byte[32 * 16 * 3]),
                        Stage.FINAL,
                        1,
                        new double[10],
                        Map.of()),
                workers);
    }

    @AfterEach
    void stop() {
        server.close();
        hub.close();
        workers.close();
        client.shutdownNow(); // close would wait for a socket that the server left
    }

    private String at(String path) {
        return "http://127.0.0.1:" + server.port() + path;
    }

    private HttpResponse<String> get(String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(at(path)));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private String cookie(String token) throws IOException, InterruptedException {
        HttpResponse<String> reply = get("/?token=" + token);
        assertThat(reply.statusCode()).isEqualTo(303);
        assertThat(reply.headers().firstValue("location")).contains("./");
        String cookie = reply.headers().firstValue("set-cookie").orElseThrow();
        assertThat(cookie).containsIgnoringCase("httponly").containsIgnoringCase("samesite=strict");
        return cookie.substring(0, cookie.indexOf(';'));
    }

    /** A WebSocket with all that came. */
    private static final class Client implements WebSocket.Listener {
        final LinkedBlockingQueue<String> texts = new LinkedBlockingQueue<>();
        final LinkedBlockingQueue<byte[]> frames = new LinkedBlockingQueue<>();
        final LinkedBlockingQueue<Integer> closed = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();
        private final java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket socket, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                texts.add(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(
                WebSocket socket, ByteBuffer part, boolean last) {
            byte[] copy = new byte[part.remaining()];
            part.get(copy);
            bytes.writeBytes(copy);
            if (last) {
                frames.add(bytes.toByteArray());
                bytes.reset();
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.add(code);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            closed.add(-1);
        }

        String next() throws InterruptedException {
            String message = texts.poll(30, TimeUnit.SECONDS);
            assertThat(message).isNotNull();
            return String.valueOf(message);
        }

        /** The reply to a call with an id. */
        String reply(int id) throws InterruptedException {
            while (true) {
                String message = next();
                if (message.startsWith("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",")) {
                    return message;
                }
            }
        }
    }

    private WebSocket open(Client listener, String token, String... headers) {
        WebSocket.Builder builder = client.newWebSocketBuilder().subprotocols(Hub.PROTOCOL);
        for (int k = 0; k < headers.length; k += 2) {
            builder.header(headers[k], headers[k + 1]);
        }
        return builder.buildAsync(
                        URI.create("ws://127.0.0.1:" + server.port() + "/ws?token=" + token),
                        listener)
                .join();
    }

    @Test
    void theTokenBecomesACookieThatOpensThePage() throws IOException, InterruptedException {
        HttpResponse<String> page = get("/", "Cookie", cookie(TOKEN));
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("<canvas id=\"picture\"");
        assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
                .contains("default-src 'none'")
                .contains("script-src 'self'");
        for (String file : List.of("perseid.js", "protocol.js", "perseid.css", "icon.svg")) {
            assertThat(get("/" + file, "Cookie", cookie(TOKEN)).statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/perseid.js",
                "/ws",
                "/metrics",
                "/files/0123",
                "/?token=wrong",
                "/?token=",
                "/?token=" + TOKEN + "x"
            })
    void withoutTheTokenNothingIsShown(String path) throws IOException, InterruptedException {
        HttpResponse<String> reply = get(path);
        assertThat(reply.statusCode()).isEqualTo(401);
        assertThat(reply.body()).contains("token");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../pom.xml",
                "/..%2f..%2fpom.xml",
                "/page/index.html",
                "/index.html/..",
                "/WebServer.class",
                "/%2e%2e/perseid.js",
                "//etc/passwd",
                "/files/../index.html"
            })
    void noOtherFileIsServed(String path) throws IOException, InterruptedException {
        assertThat(get(path, "Authorization", "Bearer " + TOKEN).statusCode()).isEqualTo(404);
    }

    @Test
    void healthAndMetricsAreForMachines() throws IOException, InterruptedException {
        assertThat(get("/healthz").body()).isEqualTo("ok\n");
        String metrics = get("/metrics", "Authorization", "Bearer " + TOKEN).body();
        assertThat(metrics)
                .contains("perseid_frames_published_total 1")
                .contains("# TYPE perseid_frame_latency_seconds histogram");
    }

    @Test
    void aNameThatIsNotOursIsRefused() throws IOException {
        assertThat(rawGet("evil.example.com")).contains("403").contains("--allow-host");
        assertThat(rawGet("localhost")).contains("200 OK");
        assertThat(rawGet("proxy.example.org")).contains("200 OK");
    }

    private String rawGet(String host) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(5000);
            String request =
                    "GET /healthz HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void aViewerGetsHelloAndThePicture() throws InterruptedException {
        Client viewer = new Client();
        WebSocket socket = open(viewer, TOKEN);
        assertThat(socket.getSubprotocol()).isEqualTo(Hub.PROTOCOL);
        WebSocket _ = socket.sendText(HELLO, true).join();
        assertThat(viewer.reply(1)).contains("\"title\":\"test\"").contains("\"watchOnly\":false");
        byte[] frame = viewer.frames.poll(30, TimeUnit.SECONDS);
        assertThat(frame).isNotNull();
        assertThat(hub.metrics().viewers()).isEqualTo(1);
        socket.abort();
        for (int k = 0; k < 100 && hub.metrics().viewers() > 0; k++) {
            Thread.sleep(50);
        }
        assertThat(hub.metrics().viewers()).isZero();
    }

    @Test
    void theOtherTokenIsForWatchingOnly() throws InterruptedException {
        Client viewer = new Client();
        WebSocket socket = open(viewer, WATCH);
        WebSocket _ = socket.sendText(HELLO, true).join();
        assertThat(viewer.reply(1)).contains("\"watchOnly\":true");
        socket.abort();
    }

    @Test
    void pagesOfOthersAreNotLetIn() {
        assertThatThrownBy(() -> open(new Client(), TOKEN, "Origin", "http://evil.example.com"))
                .isInstanceOf(CompletionException.class);
        assertThatThrownBy(() -> open(new Client(), TOKEN, "Origin", "null"))
                .isInstanceOf(CompletionException.class);
        open(new Client(), TOKEN, "Origin", "http://127.0.0.1:" + server.port()).abort();
        open(new Client(), TOKEN, "Origin", "https://proxy.example.org").abort();
    }

    @Test
    void onlySoManyViewersAreLetIn() throws InterruptedException {
        for (int k = 0; k < 4; k++) {
            WebSocket _ = open(new Client(), TOKEN);
        }
        for (int k = 0; k < 100 && hub.metrics().viewers() < 4; k++) {
            Thread.sleep(20);
        }
        assertThatThrownBy(() -> open(new Client(), TOKEN)).isInstanceOf(CompletionException.class);
    }

    @Test
    void hostileMessagesCostTheirSenderOnly() throws InterruptedException {
        Client good = new Client();
        WebSocket goodSocket = open(good, TOKEN);
        WebSocket _ = goodSocket.sendText(HELLO, true).join();
        assertThat(good.reply(1)).contains("result");

        Client large = new Client();
        var _ =
                open(large, TOKEN)
                        .sendText("x".repeat(1 << 20), true); // fails when it is closed early
        assertThat(large.closed.poll(30, TimeUnit.SECONDS)).isNotNull();

        Client binary = new Client();
        WebSocket _ = open(binary, TOKEN).sendBinary(ByteBuffer.allocate(99), true).join();
        assertThat(binary.closed.poll(30, TimeUnit.SECONDS)).isEqualTo(1003);

        Client flood = new Client();
        WebSocket floodSocket = open(flood, TOKEN);
        try {
            for (int k = 0; k < 5000; k++) {
                WebSocket _ = floodSocket.sendText("{}", true).join();
            }
        } catch (CompletionException e) {
            assertThat(e).hasCauseInstanceOf(IOException.class); // closed meanwhile
        }
        assertThat(flood.closed.poll(30, TimeUnit.SECONDS)).isIn(1008, -1);

        WebSocket _ =
                goodSocket
                        .sendText("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"panel\"}", true)
                        .join();
        assertThat(good.reply(7)).contains("groups");
        goodSocket.abort();
    }

    @Test
    void whoNeverFinishesARequestIsHungUpOn() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: loc".getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void filesAreFetchedOnceAndGiven() throws IOException, InterruptedException {
        Client viewer = new Client();
        WebSocket socket = open(viewer, TOKEN);
        WebSocket _ = socket.sendText(HELLO, true).join();
        String hello = viewer.reply(1);
        hub.method(
                "file",
                (who, _) -> {
                    String _ = hub.download(who, "a \"b\".txt", "text/plain", new byte[] {65});
                    return Rpc.object();
                });
        WebSocket _ =
                socket.sendText("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"file\"}", true).join();
        String told = viewer.next();
        while (!told.contains("download")) {
            told = viewer.next();
        }
        String token = told.replaceAll(".*\"token\":\"([0-9a-f]+)\".*", "$1");
        HttpResponse<String> file = get("/files/" + token, "Authorization", "Bearer " + TOKEN);
        assertThat(file.body()).isEqualTo("A");
        assertThat(file.headers().firstValue("content-disposition").orElseThrow())
                .isEqualTo("attachment; filename=\"a__b_.txt\"");
        assertThat(get("/files/" + token, "Authorization", "Bearer " + TOKEN).statusCode())
                .isEqualTo(404);

        String key = hello.replaceAll(".*\"resume\":\"([0-9a-f]+)\".*", "$1");
        assertThat(post("/upload?id=file&name=x.dat&key=" + key, 1000).statusCode()).isEqualTo(200);
        Element.Upload upload = uploads.poll(30, TimeUnit.SECONDS);
        assertThat(upload).isNotNull();
        assertThat(post("/upload?id=file&name=x.dat&key=0", 10).body()).contains("no such viewer");
        assertThat(get("/upload", "Authorization", "Bearer " + TOKEN).statusCode()).isEqualTo(403);
        socket.abort();
    }

    @Test
    void scriptsCallWithoutASocket() throws IOException, InterruptedException {
        hub.method("double", (_, request) -> Rpc.json(2 * request.number("x")));
        assertThat(
                        calls(
                                TOKEN,
                                "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"double\",\"params\":{\"x\":21}}"))
                .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":42.0}");
        assertThat(calls(TOKEN, "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"double\"}"))
                .contains("-32602");
        assertThat(calls(TOKEN, "{\"jsonrpc\":\"2.0\",\"method\":\"double\"}"))
                .contains("a call needs an id");
        assertThat(calls(TOKEN, "nonsense")).contains("-32700");
        String set = "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"set\",\"params\":{\"values\":{}}}";
        assertThat(calls(WATCH, set)).contains("for watching only");
        assertThat(calls(TOKEN, set)).contains("\"result\":{}");
        assertThat(hub.metrics().viewers()).isZero();
        assertThat(get("/call", "Authorization", "Bearer " + TOKEN).statusCode()).isEqualTo(403);
    }

    private String calls(String token, String message) throws IOException, InterruptedException {
        return client.send(
                        HttpRequest.newBuilder(URI.create(at("/call")))
                                .header("Authorization", "Bearer " + token)
                                .POST(HttpRequest.BodyPublishers.ofString(message))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    @Test
    void whoMayShowItInAFrameIsSaid() throws IOException, InterruptedException {
        String policy =
                get("/", "Authorization", "Bearer " + TOKEN)
                        .headers()
                        .firstValue("content-security-policy")
                        .orElseThrow();
        assertThat(policy)
                .endsWith(
                        "frame-ancestors 'self' https://proxy.example.org:* http://proxy.example.org:*"
                                + " http://localhost:* http://127.0.0.1:*");
    }

    private HttpResponse<String> post(String path, int bytes)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(at(path)))
                        .header("Authorization", "Bearer " + TOKEN)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[bytes]))
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    void aProxysPathStandsBeforeEverything() throws IOException, InterruptedException {
        server.close();
        server = start("/node/n7", 4);
        assertThat(get("/healthz").statusCode()).isEqualTo(404);
        assertThat(get("/node/n7/healthz").statusCode()).isEqualTo(200);
        assertThat(server.address("n7", true))
                .isEqualTo("http://n7:" + server.port() + "/node/n7/?token=" + WATCH);
        HttpResponse<String> reply = get("/node/n7/?token=" + TOKEN);
        assertThat(reply.headers().firstValue("set-cookie").orElseThrow())
                .containsIgnoringCase("path=/node/n7/");
    }

    @Test
    void aPortInUseIsSaidPlainly() {
        assertThatThrownBy(() -> new WebServer(hub, options(server.port(), "", 4)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen at 127.0.0.1:" + server.port())
                .hasMessageContaining("--port");
    }

    @Test
    void optionsThatCannotBeAreRefused() {
        assertThatThrownBy(() -> options(0, "no-slash", 1)).hasMessageContaining("base path");
        assertThatThrownBy(
                        () -> new WebOptions("h", 0, "", "short", WATCH, List.of(), null, 1, false))
                .hasMessageContaining("16 characters");
    }
}
