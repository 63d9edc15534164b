package org.perseid.web;

import io.undertow.websockets.core.WebSocketCallback;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.perseid.streaming.wsrti.WsrtiSession;
import org.xnio.IoUtils;

/** What goes out by a WebSocket: in order, whoever sends it, and counted until it has left. */
final class Line implements WsrtiSession.Socket {
    private static final int MAX_REASON = 120;

    /** With more waiting, a closing message would wait behind what is not read. */
    private static final long READ_BYTES = 1 << 16;

    private final WebSocketChannel channel;
    private final AtomicLong waiting = new AtomicLong();
    private final ReentrantLock order = new ReentrantLock();

    Line(WebSocketChannel channel) {
        this.channel = channel;
    }

    @Override
    public void text(String message) {
        Sent sent = new Sent(message.length(), () -> {});
        order.lock();
        try {
            WebSockets.sendText(message, channel, sent);
        } finally {
            order.unlock();
        }
    }

    @Override
    public void binary(ByteBuffer message, Runnable whenSent) {
        binary(whenSent, message);
    }

    /** Sends the parts of one message. */
    void binary(ByteBuffer... parts) {
        binary(() -> {}, parts);
    }

    private void binary(Runnable whenSent, ByteBuffer... parts) {
        long size = 0;
        for (ByteBuffer part : parts) {
            size += part.remaining();
        }
        Sent sent = new Sent(size, whenSent);
        order.lock();
        try {
            WebSockets.sendBinary(parts, channel, sent);
        } finally {
            order.unlock();
        }
    }

    /** Counts what is no longer waiting. */
    private final class Sent implements WebSocketCallback<Void> {
        private final long size;
        private final Runnable whenSent;

        Sent(long size, Runnable whenSent) {
            this.size = size;
            this.whenSent = whenSent;
            waiting.addAndGet(size);
        }

        @Override
        public void complete(WebSocketChannel to, Void context) {
            waiting.addAndGet(-size);
            whenSent.run();
        }

        @Override
        public void onError(WebSocketChannel to, Void context, Throwable error) {
            waiting.addAndGet(-size);
            end();
        }
    }

    @Override
    public long waitingBytes() {
        return waiting.get();
    }

    @Override
    public void close(int code, String reason) {
        String shortened = reason.length() <= MAX_REASON ? reason : reason.substring(0, MAX_REASON);
        WebSockets.sendClose(code, shortened, channel, null);
        if (waiting.get() > READ_BYTES) {
            end();
        }
    }

    /** Ends the connection without a word. */
    void end() {
        IoUtils.safeClose(channel);
    }
}
