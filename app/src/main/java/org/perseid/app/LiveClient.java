package org.perseid.app;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.perseid.streaming.Hub;

/**
 * A viewer without a screen, for measuring: acknowledges frames and notes when they came. What a
 * browser takes to decode a picture is not in its times.
 */
final class LiveClient implements WebSocket.Listener, AutoCloseable {
    private static final int EVENT_AT = 8;
    private static final int STAGE_AT = 13;
    private static final int RENDER_AT = 24;
    private static final int ENCODE_AT = 28;
    private static final int FINAL = 2;

    private final WebSocket socket;
    private final CompletableFuture<Boolean> greeted = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
    private final Map<Long, Long> sentAt = new ConcurrentHashMap<>();
    private final List<Double> latencies = new ArrayList<>();
    private long events;
    private int frames;
    private long bytes;
    private double renderMillis;
    private double encodeMillis;
    private int stage = -1;
    private volatile boolean closed;

    /** What came since the last time it was asked for. */
    record Seen(
            int frames,
            long bytes,
            double medianMillis,
            double slowMillis,
            double renderMillis,
            double encodeMillis) {}

    LiveClient(HttpClient client, String address, int width, int height) {
        String url = address.replaceFirst("^http", "ws").replace("/?", "/ws?");
        socket =
                client.newWebSocketBuilder()
                        .subprotocols(Hub.PROTOCOL)
                        .buildAsync(URI.create(url), this)
                        .join();
        say(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hello\",\"params\":{\"protocol\":\"perseid.v1\"}}");
        boolean _ = greeted.join(); // events before the reply are refused
        input("\"type\":\"resize\",\"width\":" + width + ",\"height\":" + height);
    }

    /** Sends a message. */
    synchronized void say(String message) {
        WebSocket _ = socket.sendText(message, true).join();
    }

    /** Sends an event, of which the next frame that shows it is awaited. */
    void input(String members) {
        long number;
        synchronized (latencies) {
            events++;
            number = events;
        }
        sentAt.put(number, System.nanoTime());
        say(
                "{\"jsonrpc\":\"2.0\",\"method\":\"input\",\"params\":{\"seq\":"
                        + number
                        + ","
                        + members
                        + "}}");
    }

    /** Drags round in a circle for some seconds, {@code perSecond} events each. */
    void drag(double seconds, int perSecond) throws InterruptedException {
        pointer("down", 0.5, 0.5, 1);
        long start = System.nanoTime();
        for (int k = 1; k <= seconds * perSecond; k++) {
            double angle = 2 * Math.PI * k / perSecond / 4;
            pointer("move", 0.5 + 0.2 * Math.sin(angle), 0.6 - 0.1 * Math.cos(angle), 1);
            long due = start + k * 1_000_000_000L / perSecond;
            Thread.sleep(java.time.Duration.ofNanos(Math.max(0, due - System.nanoTime())));
        }
        pointer("up", 0.5, 0.5, 0);
    }

    private void pointer(String action, double x, double y, int buttons) {
        input(
                "\"type\":\"pointer\",\"action\":\""
                        + action
                        + "\",\"x\":"
                        + x
                        + ",\"y\":"
                        + y
                        + ",\"buttons\":"
                        + buttons
                        + ",\"mods\":0");
    }

    /** Waits for a picture that is as good as it gets. */
    void awaitFinal(double seconds) throws InterruptedException {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        while (System.nanoTime() < end && !isFinal()) {
            Thread.sleep(20);
        }
    }

    /** Whether the last picture was as good as it gets. */
    boolean isFinal() {
        synchronized (latencies) {
            return stage == FINAL;
        }
    }

    /** How many pictures came since {@link #take}. */
    int frames() {
        synchronized (latencies) {
            return frames;
        }
    }

    /** What came, and begins anew. */
    Seen take() {
        synchronized (latencies) {
            double[] sorted = latencies.stream().mapToDouble(Double::doubleValue).toArray();
            Arrays.sort(sorted);
            int n = sorted.length;
            Seen seen =
                    new Seen(
                            frames,
                            bytes,
                            n == 0 ? Double.NaN : sorted[n / 2],
                            n == 0 ? Double.NaN : sorted[(int) (0.95 * (n - 1))],
                            renderMillis / Math.max(1, frames),
                            encodeMillis / Math.max(1, frames));
            latencies.clear();
            frames = 0;
            bytes = 0;
            renderMillis = 0;
            encodeMillis = 0;
            return seen;
        }
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
        from.request(1);
        text.append(part);
        if (last) {
            String message = text.toString();
            text.setLength(0);
            String ping = "\"method\":\"ping\",";
            if (message.contains("\"id\":1,\"result\"")) {
                boolean _ = greeted.complete(true);
            } else if (message.contains(ping)) {
                reply(message.replace(ping, "\"method\":\"pong\","));
            }
        }
        return null;
    }

    /** By another thread: the one that listens must not wait. */
    private void reply(String message) {
        Thread _ =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                say(message);
                            } catch (CompletionException e) {
                                if (!closed) {
                                    throw e;
                                }
                            }
                        });
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer part, boolean last) {
        byte[] copy = new byte[part.remaining()];
        part.get(copy);
        partial.writeBytes(copy);
        from.request(1);
        if (last) {
            byte[] frame = partial.toByteArray();
            partial.reset();
            received(ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN));
        }
        return null;
    }

    private void received(ByteBuffer frame) {
        long now = System.nanoTime();
        long event = Integer.toUnsignedLong(frame.getInt(EVENT_AT));
        synchronized (latencies) {
            frames++;
            bytes += frame.capacity();
            renderMillis += frame.getFloat(RENDER_AT);
            encodeMillis += frame.getFloat(ENCODE_AT);
            stage = frame.get(STAGE_AT);
            sentAt.entrySet()
                    .removeIf(sent -> {
                        boolean shown = sent.getKey() <= event;
                        if (shown) {
                            latencies.add((now - sent.getValue()) * 1e-6);
                        }
                        return shown;
                    });
        }
        long sequence = Integer.toUnsignedLong(frame.getInt(4));
        reply("{\"jsonrpc\":\"2.0\",\"method\":\"ack\",\"params\":{\"frame\":" + sequence + "}}");
    }

    @Override
    public void close() {
        closed = true;
        socket.abort();
    }
}
