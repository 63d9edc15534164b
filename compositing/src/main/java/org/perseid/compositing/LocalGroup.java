package org.perseid.compositing;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.perseid.renderer.model.Peers.Fold;

/** Ranks that are threads of one process; one rank is how a single process works. */
public final class LocalGroup implements Group {
    private final int rank;
    private final Room room;

    private LocalGroup(int rank, Room room) {
        this.rank = rank;
        this.room = room;
    }

    /** A rank without others. */
    public static Group alone() {
        return new LocalGroup(0, new Room(1));
    }

    /**
     * Runs ranks until all are done. When one fails the others are interrupted, and its exception
     * is thrown here.
     *
     * @return the ranks' results, in their order
     */
    public static <T> List<T> run(int size, Function<Group, T> body) {
        Room room = new Room(size);
        List<T> results = new ArrayList<>(Collections.nCopies(size, null));
        try (ExecutorService threads = Executors.newFixedThreadPool(size)) {
            CompletionService<Void> done = new ExecutorCompletionService<>(threads);
            for (int r = 0; r < size; r++) {
                int number = r;
                Callable<Void> task =
                        () -> {
                            results.set(number, body.apply(new LocalGroup(number, room)));
                            return null;
                        };
                var _ = done.submit(task);
            }
            try {
                for (int r = 0; r < size; r++) {
                    Void _ = done.take().get();
                }
            } catch (ExecutionException e) {
                var _ = threads.shutdownNow();
                switch (e.getCause()) {
                    case RuntimeException cause -> throw cause;
                    case Error cause -> throw cause;
                    case null, default -> throw new GroupException("a rank failed", e);
                }
            } catch (InterruptedException e) {
                var _ = threads.shutdownNow();
                Thread.currentThread().interrupt();
                throw new GroupException("interrupted", e);
            }
        }
        return results;
    }

    /** What the ranks share. */
    private static final class Room {
        private final int size;
        private final List<BlockingQueue<Message>> boxes = new ArrayList<>();
        private final Object[] places;
        private final CyclicBarrier barrier;

        Room(int size) {
            this.size = size;
            places = new Object[size];
            barrier = new CyclicBarrier(size);
            for (int k = 0; k < size * size; k++) {
                boxes.add(new LinkedBlockingQueue<>());
            }
        }

        BlockingQueue<Message> box(int from, int to) {
            return boxes.get(from * size + to);
        }

        void await() {
            try {
                int _ = barrier.await();
            } catch (InterruptedException | BrokenBarrierException e) {
                throw stopped(e);
            }
        }
    }

    private record Message(MemorySegment data, CountDownLatch taken) {}

    private static GroupException stopped(Exception e) {
        return new GroupException("stopped because another rank failed", e);
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int size() {
        return room.size;
    }

    @Override
    public String host() {
        return "this machine";
    }

    @Override
    public Pending send(MemorySegment data, int to) {
        Message message = new Message(data, new CountDownLatch(1));
        boolean _ = room.box(rank, to).add(message);
        return new Pending() {
            @Override
            public long await() {
                try {
                    message.taken.await();
                    return data.byteSize();
                } catch (InterruptedException e) {
                    throw stopped(e);
                }
            }

            @Override
            public boolean isDone() {
                return message.taken.getCount() == 0;
            }
        };
    }

    @Override
    public Pending receive(MemorySegment into, int from) {
        BlockingQueue<Message> box = room.box(from, rank);
        return new Pending() {
            @Override
            public long await() {
                try {
                    Message message = box.take();
                    long bytes = message.data.byteSize();
                    MemorySegment.copy(message.data, 0, into, 0, bytes);
                    message.taken.countDown();
                    return bytes;
                } catch (InterruptedException e) {
                    throw stopped(e);
                }
            }

            @Override
            public boolean isDone() {
                return !box.isEmpty();
            }
        };
    }

    @Override
    public void sum(MemorySegment floats, int root) {
        room.places[rank] = floats;
        room.await();
        if (rank == root) {
            for (int r = 0; r < room.size; r++) {
                if (r != root && room.places[r] instanceof MemorySegment other) {
                    addTo(floats, other);
                }
            }
        }
        room.await();
    }

    private static void addTo(MemorySegment sums, MemorySegment other) {
        for (long i = 0; i < sums.byteSize() / 4; i++) {
            sums.setAtIndex(
                    ValueLayout.JAVA_FLOAT,
                    i,
                    sums.getAtIndex(ValueLayout.JAVA_FLOAT, i)
                            + other.getAtIndex(ValueLayout.JAVA_FLOAT, i));
        }
    }

    @Override
    public void fold(Fold fold, double[] values) {
        room.places[rank] = values.clone();
        room.await();
        for (int k = 0; k < values.length; k++) {
            double result = 0;
            for (int r = 0; r < room.size; r++) {
                double v = room.places[r] instanceof double[] of ? of[k] : Double.NaN;
                result = r == 0 ? v : folded(fold, result, v);
            }
            values[k] = result;
        }
        room.await();
    }

    private static double folded(Fold fold, double a, double b) {
        return switch (fold) {
            case SUM -> a + b;
            case LEAST -> Math.min(a, b);
            case GREATEST -> Math.max(a, b);
        };
    }

    @Override
    public List<byte[]> gather(byte[] own) {
        room.places[rank] = own;
        room.await();
        List<byte[]> out = new ArrayList<>();
        for (Object place : room.places) {
            if (place instanceof byte[] bytes) {
                out.add(bytes.clone());
            }
        }
        room.await();
        return out;
    }

    @Override
    public void barrier() {
        room.await();
    }

    @Override
    public void abort(int exitCode) {
        throw new GroupException("rank " + rank + " ended all ranks");
    }

    @Override
    public void close() {
        // nothing is held
    }
}
