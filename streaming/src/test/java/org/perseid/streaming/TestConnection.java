package org.perseid.streaming;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** A connection that keeps what is sent, for looking at. */
final class TestConnection implements Connection {
    private final List<JsonNode> texts = new ArrayList<>();
    private final List<byte[]> frames = new ArrayList<>();
    volatile long waiting;
    volatile int closedWith;

    @Override
    public synchronized void send(String text) {
        texts.add(Rpc.parse(text));
        notifyAll();
    }

    @Override
    public synchronized void send(ByteBuffer... parts) {
        int size = 0;
        for (ByteBuffer part : parts) {
            size += part.remaining();
        }
        ByteBuffer all = ByteBuffer.allocate(size);
        for (ByteBuffer part : parts) {
            all.put(part.duplicate());
        }
        byte[] copy = new byte[size];
        all.flip().get(copy);
        frames.add(copy);
        notifyAll();
    }

    @Override
    public long waitingBytes() {
        return waiting;
    }

    @Override
    public void close(int code, String reason) {
        closedWith = code;
    }

    /** Waits for the reply to a call. */
    synchronized JsonNode reply(int id) throws InterruptedException {
        long end = System.nanoTime() + 30_000_000_000L;
        while (System.nanoTime() < end) {
            for (JsonNode text : texts) {
                if (text.path("id").asInt(-1) == id) {
                    return text;
                }
            }
            wait(50);
        }
        throw new AssertionError("no reply to " + id + " in " + texts);
    }

    /** The notifications of that name so far. */
    synchronized List<JsonNode> told(String method) {
        return texts.stream()
                .filter(t -> t.path("method").asText().equals(method))
                .map(t -> t.path("params"))
                .toList();
    }

    /** Waits until there are that many notifications of a name. */
    synchronized List<JsonNode> awaitTold(String method, int number) throws InterruptedException {
        boolean _ = await(() -> told(method).size() >= number);
        return told(method);
    }

    /** Waits until there is such a notification. */
    synchronized boolean awaitTold(String method, Predicate<JsonNode> wanted)
            throws InterruptedException {
        return await(() -> told(method).stream().anyMatch(wanted));
    }

    private synchronized boolean await(BooleanSupplier there) throws InterruptedException {
        long end = System.nanoTime() + 30_000_000_000L;
        while (!there.getAsBoolean() && System.nanoTime() < end) {
            wait(50);
        }
        return there.getAsBoolean();
    }

    synchronized List<JsonNode> texts() {
        return List.copyOf(texts);
    }

    /** Waits until there are that many frames. */
    synchronized List<byte[]> awaitFrames(int number) throws InterruptedException {
        boolean _ = await(() -> frames.size() >= number);
        return List.copyOf(frames);
    }
}
