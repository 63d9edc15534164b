package org.perseid.renderer;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.perseid.renderer.model.AgreedException;
import org.perseid.renderer.model.Ending;
import org.perseid.renderer.model.Joining;
import org.perseid.renderer.model.Levels;
import org.perseid.renderer.model.Peers;

/** Peers that are threads and look at each other's data, the plainest way to keep the contract. */
public final class ThreadPeers implements Peers {
    private final int self;
    private final Object[] places;
    private final CyclicBarrier barrier;

    private ThreadPeers(int self, Object[] places, CyclicBarrier barrier) {
        this.self = self;
        this.places = places;
        this.barrier = barrier;
    }

    /** Runs peers; returns their results in their order. */
    public static <T> List<T> run(int count, Function<Peers, T> body) {
        Object[] places = new Object[count];
        CyclicBarrier barrier = new CyclicBarrier(count);
        List<T> out = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
            List<Future<T>> all = new ArrayList<>();
            for (int k = 0; k < count; k++) {
                Peers peer = new ThreadPeers(k, places, barrier);
                all.add(
                        threads.submit(() -> {
                            try {
                                return body.apply(peer);
                            } catch (RuntimeException | Error e) {
                                barrier.reset();
                                throw e;
                            }
                        }));
            }
            for (Future<T> one : all) {
                out.add(one.get());
            }
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return out;
    }

    private void meet() {
        try {
            int _ = barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Gives what each has to each. */
    private List<Object> share(Object own) {
        places[self] = own;
        meet();
        return List.of(places.clone());
    }

    @Override
    public int self() {
        return self;
    }

    @Override
    public int count() {
        return places.length;
    }

    @Override
    public void fold(Fold fold, double[] values) {
        List<Object> all = share(values.clone());
        for (int k = 0; k < values.length; k++) {
            double result = ((double[]) all.getFirst())[k];
            for (Object other : all.subList(1, all.size())) {
                double v = ((double[]) other)[k];
                result =
                        switch (fold) {
                            case SUM -> result + v;
                            case LEAST -> Math.min(result, v);
                            case GREATEST -> Math.max(result, v);
                        };
            }
            values[k] = result;
        }
        meet();
    }

    @Override
    public long[] swap(long[] toEach) {
        List<Object> all = share(toEach.clone());
        long[] out = all.stream().mapToLong(of -> ((long[]) of)[self]).toArray();
        meet();
        return out;
    }

    @Override
    public void exchange(List<MemorySegment> toEach, List<MemorySegment> fromEach) {
        List<Object> all = share(toEach);
        for (int from = 0; from < count(); from++) {
            fromEach.get(from).copyFrom((MemorySegment) ((List<?>) all.get(from)).get(self));
        }
        meet();
    }

    @Override
    public Joining add(List<float[]> planes, int width, Ending ending) {
        return atTheEnd(planes, width, () -> add(planes, levels(ending)));
    }

    @Override
    public Joining over(List<float[]> light, List<float[]> opacity, int width, Ending ending) {
        return atTheEnd(light, width, () -> over(light, opacity, levels(ending)));
    }

    private static @Nullable Levels levels(Ending ending) {
        return ending instanceof Ending.OfLevels(Levels levels) ? levels : null;
    }

    /** Number 0 finishes all rows. */
    private Joining atTheEnd(List<float[]> planes, int width, Runnable join) {
        return new Joining() {
            @Override
            public int bands() {
                return 3;
            }

            @Override
            public void drawn(int rows) {
                // others have to wait
            }

            @Override
            public double finish() {
                join.run();
                return 0;
            }

            @Override
            public List<Rows> rows() {
                return self == 0
                        ? List.of(new Rows(0, planes.getFirst().length / width))
                        : List.of();
            }
        };
    }

    private void add(List<float[]> planes, @Nullable Levels levels) {
        List<Object> all = share(planes);
        for (int from = 1; self == 0 && from < count(); from++) {
            for (int k = 0; k < planes.size(); k++) {
                float[] other = (float[]) ((List<?>) all.get(from)).get(k);
                for (int i = 0; i < other.length; i++) {
                    planes.get(k)[i] += other[i];
                }
            }
        }
        finish(planes, levels);
        meet();
    }

    private void over(List<float[]> light, List<float[]> opacity, @Nullable Levels levels) {
        List<Object> all = share(List.of(light, opacity));
        for (int from = 1; self == 0 && from < count(); from++) {
            List<?> other = (List<?>) all.get(from);
            for (int k = 0; k < light.size(); k++) {
                float[] above = (float[]) ((List<?>) other.get(0)).get(k);
                float[] veil = (float[]) ((List<?>) other.get(1)).get(k);
                for (int i = 0; i < above.length; i++) {
                    light.get(k)[i] = above[i] + (1 - veil[i]) * light.get(k)[i];
                }
            }
        }
        finish(light, levels);
        meet();
    }

    private void finish(List<float[]> planes, @Nullable Levels levels) {
        if (self == 0 && levels != null) {
            planes.forEach(plane -> levels.inPlaceOf(plane, 0, plane.length));
        }
    }

    @Override
    public void fold(Fold fold, List<double[]> planes) {
        planes.forEach(plane -> fold(fold, plane));
    }

    @Override
    public void requireNone(String failure) {
        List<String> failures =
                share(failure).stream()
                        .map(String.class::cast)
                        .filter(text -> !text.isEmpty())
                        .toList();
        meet();
        if (!failures.isEmpty()) {
            throw new AgreedException(String.join("\n", failures));
        }
    }
}
