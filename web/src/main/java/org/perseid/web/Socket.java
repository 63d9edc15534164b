package org.perseid.web;

import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.CloseMessage;
import io.undertow.websockets.core.WebSocketChannel;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.perseid.streaming.Connection;
import org.perseid.streaming.Hub;
import org.perseid.streaming.Viewer;

/** A viewer's WebSocket. */
final class Socket extends AbstractReceiveListener implements Connection {
    private static final int MAX_MESSAGE_BYTES = 1 << 16;

    /** Close code: data of a kind that is not taken. */
    private static final int TEXT_ONLY = 1003;

    private final WebSocketChannel channel;
    private final Hub hub;
    private final Line line;
    private final Allowance allowance = new Allowance();
    private @Nullable Viewer viewer;

    Socket(WebSocketChannel channel, Hub hub) {
        this.channel = channel;
        this.line = new Line(channel);
        this.hub = hub;
    }

    /** Begins to listen. */
    void open(boolean watchOnly, String from) {
        Viewer joined = hub.join(this, watchOnly, from);
        viewer = joined;
        channel.getReceiveSetter().set(this);
        channel.addCloseTask(_ -> hub.leave(joined));
        channel.resumeReceives();
        if (!channel.isOpen()) {
            hub.leave(joined); // it was closed before there was anybody to tell
        }
    }

    @Override
    protected void onFullTextMessage(WebSocketChannel from, BufferedTextMessage message) {
        if (!allowance.take()) {
            close(CloseMessage.MSG_VIOLATES_POLICY, Allowance.REASON);
        } else if (viewer != null) {
            hub.receive(viewer, message.getData());
        }
    }

    @Override
    protected void onFullBinaryMessage(WebSocketChannel from, BufferedBinaryMessage message) {
        message.getData().free();
        close(TEXT_ONLY, "messages are text here; see docs/protocol.md");
    }

    @Override
    protected void onError(WebSocketChannel from, Throwable error) {
        line.end(); // a broken line, or a message that breaks the protocol or is too long
    }

    @Override
    protected long getMaxTextBufferSize() {
        return MAX_MESSAGE_BYTES;
    }

    @Override
    protected long getMaxBinaryBufferSize() {
        return MAX_MESSAGE_BYTES;
    }

    @Override
    public void send(String text) {
        line.text(text);
    }

    @Override
    public void send(ByteBuffer... parts) {
        line.binary(parts);
    }

    @Override
    public long waitingBytes() {
        return line.waitingBytes();
    }

    @Override
    public void close(int code, String reason) {
        line.close(code, reason);
    }
}
