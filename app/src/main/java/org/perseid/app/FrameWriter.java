package org.perseid.app;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Writes frames while the next ones are drawn: encoding takes as long as drawing. So many pictures
 * are under way as there are threads, fewer if they are large. Closing it waits for the last one.
 */
final class FrameWriter implements AutoCloseable {
    /** Part of the heap that pictures may take which wait to be written. */
    private static final int HEAP_PART = 8;

    private final ExecutorService pool;
    private final Semaphore room;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /**
     * @param threads that write
     * @param bytes of a frame that waits
     */
    FrameWriter(int threads, long bytes) {
        long fit = Runtime.getRuntime().maxMemory() / HEAP_PART / Math.max(1, bytes);
        int places = Math.clamp(fit, 1, threads);
        pool = Executors.newFixedThreadPool(places);
        room = new Semaphore(places);
    }

    /**
     * Takes a frame as soon as there is room.
     *
     * @throws RuntimeException what an earlier one failed with
     */
    void write(Runnable frame) {
        room.acquireUninterruptibly();
        requireGood();
        pool.execute(() -> {
            try {
                frame.run();
            } catch (RuntimeException | Error e) {
                boolean _ = failure.compareAndSet(null, e);
            } finally {
                room.release();
            }
        });
    }

    private void requireGood() {
        switch (failure.getAndSet(null)) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case null, default -> {}
        }
    }

    /**
     * Waits for all frames.
     *
     * @throws RuntimeException what one of them failed with
     */
    @Override
    public void close() {
        pool.close();
        requireGood();
    }
}
