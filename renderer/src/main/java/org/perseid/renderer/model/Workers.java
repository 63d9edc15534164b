package org.perseid.renderer.model;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** A fixed pool of platform threads for numerics. The creator closes it. */
public final class Workers implements AutoCloseable {
    private final int threads;
    private final ExecutorService pool;

    /**
     * @param threads at least 1; the calling thread of {@link #run} counts as one of them
     */
    public Workers(int threads) {
        this.threads = threads;
        this.pool =
                Executors.newFixedThreadPool(
                        Math.max(1, threads - 1),
                        Thread.ofPlatform().name("perseid-worker-", 1).daemon().factory());
    }

    public int threads() {
        return threads;
    }

    /**
     * Runs {@code body} for every task number 0..tasks-1, on all threads, in no particular order;
     * returns when all are done. The first exception of a task stops the handing out of further
     * tasks and is thrown here.
     */
    public void run(long tasks, LongConsumer body) {
        AtomicLong next = new AtomicLong();
        Runnable loop =
                () -> {
                    for (long i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) {
                        try {
                            body.accept(i);
                        } catch (RuntimeException | Error e) {
                            next.set(tasks);
                            throw e;
                        }
                    }
                };
        int helpers = (int) Math.min(threads - 1L, tasks - 1);
        Future<?>[] futures = new Future<?>[Math.max(0, helpers)];
        for (int i = 0; i < futures.length; i++) {
            futures[i] = pool.submit(loop);
        }
        Throwable failure = null;
        try {
            loop.run();
        } catch (RuntimeException | Error e) {
            failure = e;
        }
        for (Future<?> future : futures) {
            Throwable f = failureOf(future);
            failure = failure == null ? f : failure;
        }
        switch (failure) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(failure);
        }
    }

    /**
     * Runs {@code body(first, end)} for consecutive slices of 0..count-1 of at most {@code slice}
     * rows.
     */
    public void runSlices(long count, long slice, RangeBody body) {
        run(
                Math.ceilDiv(count, slice),
                i -> body.accept(i * slice, Math.min(count, (i + 1) * slice)));
    }

    private static @org.jspecify.annotations.Nullable Throwable failureOf(Future<?> future) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    future.get();
                    return null;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    return e.getCause();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }

    /** Work on the rows first (inclusive) to end (exclusive). */
    @FunctionalInterface
    public interface RangeBody {
        void accept(long first, long end);
    }
}
