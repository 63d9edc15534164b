package org.perseid.web;

import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.StatusCodes;
import io.undertow.websockets.WebSocketConnectionCallback;
import io.undertow.websockets.WebSocketProtocolHandshakeHandler;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.CloseMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import io.undertow.websockets.core.protocol.version13.Hybi13Handshake;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.perseid.streaming.Hub;
import org.perseid.streaming.wsrti.WsrtiSession;
import org.xnio.IoUtils;

/**
 * Two more ports for WSRTI's and Splotch's clients, which know no tokens: whoever reaches the ports
 * may steer, so they are for loopback and trusted networks. Pages of other servers are not let in.
 */
public final class WsrtiServer implements AutoCloseable {
    /** Where those clients look for pictures. */
    public static final int IMAGE_PORT = 8881;

    /** Where they send what their users do. */
    public static final int CONTROL_PORT = 8882;

    private static final int MAX_MESSAGE_BYTES = 1 << 16;
    private static final String PLAIN = "appclient";
    private static final String SPLOTCH = "splotch";

    private final Hub hub;
    private final Undertow server;

    /**
     * Starts to listen.
     *
     * @throws IOException when a port cannot be had
     */
    public WsrtiServer(Hub hub, String host, int imagePort, int controlPort) throws IOException {
        this.hub = hub;
        server =
                Undertow.builder()
                        .setIoThreads(1)
                        .setWorkerThreads(2)
                        .addListener(listener(host, imagePort, handler(true)))
                        .addListener(listener(host, controlPort, handler(false)))
                        .build();
        try {
            server.start();
        } catch (RuntimeException e) {
            server.stop();
            throw new IOException(
                    "cannot listen at "
                            + host
                            + ":"
                            + imagePort
                            + " and "
                            + controlPort
                            + ", where WSRTI's clients look; is another server running?",
                    e);
        }
    }

    private static Undertow.ListenerBuilder listener(String host, int port, HttpHandler handler) {
        return new Undertow.ListenerBuilder()
                .setType(Undertow.ListenerType.HTTP)
                .setHost(host)
                .setPort(port)
                .setRootHandler(handler);
    }

    private HttpHandler handler(boolean image) {
        String ending = image ? "-image-stream-protocol" : "-control-protocol";
        HttpHandler upgrade =
                new WebSocketProtocolHandshakeHandler(
                        List.of(
                                new Hybi13Handshake(
                                        Set.of(PLAIN + ending, SPLOTCH + ending), false)),
                        (WebSocketConnectionCallback) (_, channel) -> open(channel, image));
        return exchange -> {
            if (isLocal(exchange)) {
                upgrade.handleRequest(exchange);
            } else {
                exchange.setStatusCode(StatusCodes.FORBIDDEN).endExchange();
            }
        };
    }

    /** WSRTI's page is opened from a file or from this machine. */
    private static boolean isLocal(HttpServerExchange exchange) {
        String origin = exchange.getRequestHeaders().getFirst("Origin");
        return origin == null
                || origin.equals("null")
                || origin.matches("(file|https?)://(localhost|127\\.0\\.0\\.1)?(:\\d+)?");
    }

    private void open(WebSocketChannel channel, boolean image) {
        String protocol = String.valueOf(channel.getSubProtocol());
        Line line = new Line(channel);
        WsrtiSession session =
                new WsrtiSession(hub, line, image, !image && protocol.startsWith(PLAIN));
        session.open(String.valueOf(channel.getPeerAddress()));
        channel.getReceiveSetter().set(new Listener(session, line));
        channel.addCloseTask(_ -> session.closed());
        channel.resumeReceives();
    }

    /** What comes. */
    private static final class Listener extends AbstractReceiveListener {
        private final WsrtiSession session;
        private final Line line;
        private final Allowance allowance = new Allowance();

        Listener(WsrtiSession session, Line line) {
            this.session = session;
            this.line = line;
        }

        /** Whether one more message is taken; else the connection ends. */
        private boolean mayCome() {
            boolean may = allowance.take();
            if (!may) {
                line.close(CloseMessage.MSG_VIOLATES_POLICY, Allowance.REASON);
            }
            return may;
        }

        @Override
        protected void onFullTextMessage(WebSocketChannel from, BufferedTextMessage message) {
            if (mayCome()) {
                session.received(message.getData());
            }
        }

        @Override
        protected void onFullBinaryMessage(WebSocketChannel from, BufferedBinaryMessage message) {
            var data = message.getData();
            try {
                if (mayCome()) {
                    session.received(WebSockets.mergeBuffers(data.getResource()));
                }
            } finally {
                data.free();
            }
        }

        @Override
        protected void onError(WebSocketChannel from, Throwable error) {
            IoUtils.safeClose(from);
        }

        @Override
        protected long getMaxTextBufferSize() {
            return MAX_MESSAGE_BYTES;
        }

        @Override
        protected long getMaxBinaryBufferSize() {
            return MAX_MESSAGE_BYTES;
        }
    }

    @Override
    public void close() {
        server.stop();
    }
}
