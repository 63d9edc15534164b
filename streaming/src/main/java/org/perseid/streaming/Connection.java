package org.perseid.streaming;

import java.nio.ByteBuffer;

/** The way to one viewer, given by a transport. Calls return at once and come from any thread. */
public interface Connection {
    /** To nobody. */
    Connection NONE =
            new Connection() {
                @Override
                public void send(String text) {}

                @Override
                public void send(ByteBuffer... parts) {}

                @Override
                public long waitingBytes() {
                    return 0;
                }

                @Override
                public void close(int code, String reason) {}
            };

    /** Sends a text message, after those before it. */
    void send(String text);

    /**
     * Sends a binary message, after those before it.
     *
     * @param parts of the message, not changed afterwards by either side
     */
    void send(ByteBuffer... parts);

    /** Bytes that wait to be sent. */
    long waitingBytes();

    /**
     * Ends the connection.
     *
     * @param code WebSocket close code
     * @param reason at most 120 characters
     */
    void close(int code, String reason);
}
