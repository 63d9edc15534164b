package org.perseid.app;

import java.util.ArrayDeque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.perseid.streaming.CallException;

/**
 * A thread that does what it is given, else takes steps of its own while there are any, else waits.
 * Everything that it does is done by the one thread, so that what it owns needs no locks.
 */
final class IdleLoop implements AutoCloseable {
    private final Supplier<@Nullable Runnable> steps;
    private final Thread thread;
    private final ArrayDeque<Task> tasks = new ArrayDeque<>();
    private final CompletableFuture<Boolean> end = new CompletableFuture<>();

    /** Counts whatever may have given the thread something to do. */
    private long wakes;

    private boolean closed;

    private record Task(Runnable run, Runnable cancel) {}

    /**
     * @param name of the thread
     * @param steps gives the next step; null while there is none
     */
    IdleLoop(String name, Supplier<@Nullable Runnable> steps) {
        this.steps = steps;
        this.thread = Thread.ofPlatform().name(name).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** There may be something to do. */
    synchronized void wake() {
        wakes++;
        notifyAll();
    }

    /** Runs something, after what was given before; not at all once it is closed. */
    void later(Runnable run) {
        boolean _ = add(new Task(run, () -> {}));
    }

    private synchronized boolean add(Task task) {
        if (!closed) {
            tasks.add(task);
            wake();
        }
        return !closed;
    }

    /**
     * Runs something and waits for its result.
     *
     * @throws CallException with the reason when it fails
     */
    <T> T call(Supplier<T> body) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Runnable run =
                () -> {
                    try {
                        result.complete(body.get());
                    } catch (RuntimeException | Error e) {
                        result.completeExceptionally(e);
                    }
                };
        if (!add(new Task(run, () -> result.cancel(false)))) {
            throw new CallException(CallException.FAILED, "the server stops");
        }
        try {
            return result.join();
        } catch (CancellationException e) {
            throw new CallException(CallException.FAILED, "the server stops");
        } catch (CompletionException e) {
            Throwable cause = e.getCause();
            throw cause instanceof CallException call
                    ? call
                    : new CallException(CallException.FAILED, String.valueOf(cause));
        }
    }

    /** Completed when the thread has ended, exceptionally when something failed. */
    CompletableFuture<Boolean> end() {
        return end;
    }

    private void run() {
        try {
            for (Runnable next = next(); next != null; next = next()) {
                next.run();
            }
            end.complete(true);
        } catch (RuntimeException | Error e) {
            end.completeExceptionally(e);
        } finally {
            cancelAll();
        }
    }

    private synchronized void cancelAll() {
        closed = true;
        tasks.forEach(task -> task.cancel.run());
        tasks.clear();
    }

    /** Null when it is closed. */
    private @Nullable Runnable next() {
        while (true) {
            long seen;
            synchronized (this) {
                if (closed) {
                    return null;
                }
                Task task = tasks.poll();
                if (task != null) {
                    return task.run;
                }
                seen = wakes;
            }
            Runnable step = steps.get();
            if (step != null) {
                return step;
            }
            synchronized (this) {
                while (seen == wakes && !closed) {
                    try {
                        wait();
                    } catch (InterruptedException e) {
                        closed = true;
                    }
                }
            }
        }
    }

    /** Ends the thread after what it is doing, and waits for that. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
