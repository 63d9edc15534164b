package org.perseid.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A line that takes longer and carries less than loopback: a proxy that lets bytes through late and
 * at a limited rate, with a queue of limited length like a router's. For measuring.
 */
final class SlowLine implements AutoCloseable {
    private static final int CHUNK = 8192;

    /** A router's queue; a line without a limit has as much as is on its way. */
    private static final int QUEUED_CHUNKS = 24;

    private static final int ENDLESS_CHUNKS = 1 << 14;

    private final ServerSocket listener;
    private final int target;
    private final double delayMillis;
    private final double bytesPerMilli;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    @SuppressWarnings("ArrayRecordComponent") // passed on once
    private record Chunk(byte[] bytes, long dueNanos) {}

    /**
     * @param target port at this machine
     * @param delayMillis each way
     * @param bitsPerSecond each way; infinity for no limit
     */
    SlowLine(int target, double delayMillis, double bitsPerSecond) throws IOException {
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.target = target;
        this.delayMillis = delayMillis;
        this.bytesPerMilli = bitsPerSecond / 8000;
        Thread _ = Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket near = listener.accept();
                Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
                for (Socket socket : List.of(near, far)) {
                    socket.setTcpNoDelay(true);
                    sockets.add(socket);
                }
                carry(near, far);
                carry(far, near);
            }
        } catch (IOException e) {
            close(); // closed, or the target has gone
        }
    }

    private void carry(Socket from, Socket to) {
        BlockingQueue<Chunk> queue =
                new ArrayBlockingQueue<>(
                        Double.isInfinite(bytesPerMilli) ? ENDLESS_CHUNKS : QUEUED_CHUNKS);
        Thread _ = Thread.ofVirtual().start(() -> read(from, queue));
        Thread _ = Thread.ofVirtual().start(() -> write(to, queue));
    }

    private void read(Socket from, BlockingQueue<Chunk> queue) {
        try (InputStream in = from.getInputStream()) {
            double free = 0;
            byte[] buffer = new byte[CHUNK];
            for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
                double now = System.nanoTime() * 1e-6;
                free = Math.max(free, now) + n / bytesPerMilli;
                long due = (long) ((free + delayMillis) * 1e6);
                queue.put(new Chunk(java.util.Arrays.copyOf(buffer, n), due));
            }
        } catch (IOException e) {
            close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(Socket to, BlockingQueue<Chunk> queue) {
        try (OutputStream out = to.getOutputStream()) {
            while (true) {
                Chunk chunk = queue.take();
                long wait = chunk.dueNanos - System.nanoTime();
                if (wait > 0) {
                    Thread.sleep(java.time.Duration.ofNanos(wait));
                }
                out.write(chunk.bytes);
            }
        } catch (IOException e) {
            close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
