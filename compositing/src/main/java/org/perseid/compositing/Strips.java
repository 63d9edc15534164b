package org.perseid.compositing;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.perseid.compositing.Group.Pending;
import org.perseid.compositing.Plan.Range;
import org.perseid.renderer.model.Joining;
import org.perseid.renderer.model.Peers.Fold;

/**
 * Joins a picture strip by strip, each when all ranks have drawn it: on a thread of its own while
 * this rank still draws, on the caller's where nothing is drawn before {@link #finish}. The strips
 * depend on the size of the picture alone, so ranks may differ in that.
 */
final class Strips implements Joining {
    /** Strips of a picture that is large enough; each costs some messages more. */
    private static final int MOST = 8;

    private static final int LEAST_ROWS = 64;

    private final Group group;
    private final ExecutorService thread;
    private final Costs<Integer> costs;
    private final int bands;
    private final int rows;
    private final int strips;
    private final long start = System.nanoTime();
    private final Work work;
    private @Nullable Future<?> running;
    private int drawn;
    private volatile boolean allDrawn;
    private long allDrawnAt;
    private long waited;
    private final List<Rows> results = new ArrayList<>();

    /** What is done with a strip. */
    interface Work {
        /**
         * Collective: joins the rows first..end-1.
         *
         * @return those whose result is here, numbered from the first
         */
        Range join(int first, int end);
    }

    /**
     * @param thread where strips are joined while others are drawn
     * @param costs of drawing and joining, by the number of bands
     */
    Strips(Group group, ExecutorService thread, Planes planes, Costs<Integer> costs, Work work) {
        this.group = group;
        this.costs = costs;
        bands = costs.choose();
        this.thread = thread;
        this.work = work;
        rows = planes.rows();
        int most = Math.clamp(rows / LEAST_ROWS, 1, MOST);
        strips = Math.max(most, Math.ceilDiv(rows, Compositor.windowRows(planes.rowLength())));
    }

    private int end(int strip) {
        return (int) ((long) rows * (strip + 1) / strips);
    }

    @Override
    public int bands() {
        return bands;
    }

    @Override
    public synchronized void drawn(int first) {
        drawn = Math.max(drawn, first);
        notifyAll();
        if (running == null && drawn >= end(0) && drawn < rows && group.size() > 1) {
            running = thread.submit(this::join);
        }
    }

    @Override
    public double finish() {
        allDrawnAt = System.nanoTime();
        allDrawn = true;
        Future<?> started;
        synchronized (this) {
            drawn = rows;
            notifyAll();
            started = running;
        }
        if (started == null) {
            join();
        } else {
            await(started);
        }
        double[] cost = {(System.nanoTime() - start) / (double) rows};
        group.fold(Fold.GREATEST, cost);
        costs.note(bands, cost[0]);
        return waited * 1e-9;
    }

    @Override
    public List<Rows> rows() {
        return List.copyOf(results);
    }

    private static void await(Future<?> joined) {
        try {
            Object _ = joined.get();
        } catch (InterruptedException e) {
            boolean _ = joined.cancel(true);
            Thread.currentThread().interrupt();
            throw new GroupException("stopped because another rank failed", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw new GroupException("pictures were not joined", e);
            }
        }
    }

    private void join() {
        int first = 0;
        try (Arena arena = Arena.ofShared()) {
            MemorySegment word = arena.allocate(16, 8);
            for (int strip = 0; strip < strips; strip++) {
                awaitDrawn(end(strip));
                long arrived = System.nanoTime();
                awaitOthers(word);
                if (allDrawn) {
                    waited += System.nanoTime() - Math.max(arrived, allDrawnAt);
                }
                Compositor.noteRows(first, work.join(first, end(strip)), results);
                first = end(strip);
            }
        }
    }

    private synchronized void awaitDrawn(int first) {
        try {
            while (drawn < first) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GroupException("stopped because another rank failed", e);
        }
    }

    /** Waits until all ranks are here, in log2 N rounds (Hensgen, Finkel and Manber 1988). */
    private void awaitOthers(MemorySegment word) {
        int size = group.size();
        for (int step = 1; step < size; step *= 2) {
            Pending coming = group.receive(word.asSlice(0, 8), (group.rank() - step + size) % size);
            Pending leaving = group.send(word.asSlice(8, 8), (group.rank() + step) % size);
            long _ = coming.await();
            long _ = leaving.await();
        }
    }
}
