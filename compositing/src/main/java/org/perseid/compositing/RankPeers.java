package org.perseid.compositing;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.perseid.compositing.Group.Pending;
import org.perseid.renderer.model.AgreedException;
import org.perseid.renderer.model.Ending;
import org.perseid.renderer.model.Joining;
import org.perseid.renderer.model.Peers;

/** The ranks of a group as those among whom particles are shared. Closing it keeps the group. */
public final class RankPeers implements Peers, AutoCloseable {
    private static final long MAX_MESSAGE = 1L << 30;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    /** In how many bands pictures may be drawn; more than one cost work and may save waiting. */
    private static final List<Integer> BANDS = List.of(1, 4);

    private final Group group;
    private final long maxMessage;
    private final Compositor compositor;
    private final ScheduleChooser chooser;
    private final Costs<Integer> bandsOfSums = new Costs<>(BANDS);
    private final Costs<Integer> bandsOfLayers = new Costs<>(BANDS);

    /** The thread on which strips travel while others are drawn. */
    private @Nullable ExecutorService exchange;

    /** Peers that are the ranks of a group. */
    public RankPeers(Group group) {
        this(group, MAX_MESSAGE);
    }

    RankPeers(Group group, long maxMessage) {
        this.group = group;
        this.maxMessage = maxMessage;
        this.compositor = new Compositor(group);
        this.chooser = new ScheduleChooser(group);
    }

    /** Called by all: see {@link Compositor#useHalfFloats}. */
    public void useHalfFloats(boolean half) {
        compositor.useHalfFloats(half);
    }

    @Override
    public int self() {
        return group.rank();
    }

    @Override
    public int count() {
        return group.size();
    }

    @Override
    public void fold(Fold fold, double[] values) {
        group.fold(fold, values);
    }

    @Override
    public long[] swap(long[] toEach) {
        int n = count();
        try (Arena arena = Arena.ofShared()) {
            MemorySegment out = arena.allocate(8L * n, 8);
            MemorySegment in = arena.allocate(8L * n, 8);
            MemorySegment.copy(toEach, 0, out, LONG, 0, n);
            long[] eight = new long[n];
            Arrays.fill(eight, 1);
            exchange(Peers.slices(out, eight, 8), Peers.slices(in, eight, 8));
            return in.toArray(LONG);
        }
    }

    /** In as many rounds as there are ranks, so that each sends to one and receives from one. */
    @Override
    public void exchange(List<MemorySegment> toEach, List<MemorySegment> fromEach) {
        int n = count();
        for (int step = 0; step < n; step++) {
            int to = (self() + step) % n;
            int from = (self() - step + n) % n;
            if (step == 0) {
                fromEach.get(self()).copyFrom(toEach.get(self()));
                continue;
            }
            List<Pending> pending = new ArrayList<>();
            pieces(fromEach.get(from)).forEach(p -> pending.add(group.receive(p, from)));
            pieces(toEach.get(to)).forEach(p -> pending.add(group.send(p, to)));
            pending.forEach(Pending::await);
        }
    }

    private List<MemorySegment> pieces(MemorySegment whole) {
        List<MemorySegment> out = new ArrayList<>();
        for (long at = 0; at < whole.byteSize(); at += maxMessage) {
            out.add(whole.asSlice(at, Math.min(maxMessage, whole.byteSize() - at)));
        }
        return out;
    }

    @Override
    public Joining add(List<float[]> planes, int width, Ending ending) {
        Planes all = new Planes(planes, width);
        return joined(
                bandsOfSums,
                all,
                (first, end) -> {
                    Planes strip = all.rows(first, end);
                    return chooser.run(
                            false, strip, schedule -> compositor.add(schedule, strip, ending));
                });
    }

    @Override
    public Joining over(List<float[]> light, List<float[]> opacity, int width, Ending ending) {
        Planes lights = new Planes(light, width);
        Planes opacities = new Planes(opacity, width);
        return joined(
                bandsOfLayers,
                lights,
                (first, end) -> {
                    Planes above = opacities.rows(first, end);
                    Planes strip = lights.rows(first, end);
                    return chooser.run(
                            true,
                            above,
                            schedule -> compositor.over(schedule, strip, above, ending));
                });
    }

    private Joining joined(Costs<Integer> bands, Planes planes, Strips.Work work) {
        if (exchange == null) {
            exchange =
                    Executors.newSingleThreadExecutor(
                            Thread.ofPlatform().name("perseid-exchange").daemon().factory());
        }
        return new Strips(group, exchange, planes, bands, work);
    }

    @Override
    public void fold(Fold fold, List<double[]> planes) {
        for (double[] plane : planes) {
            double[] part = new double[Math.min(plane.length, 1 << 16)];
            for (int at = 0; at < plane.length; at += part.length) {
                int n = Math.min(part.length, plane.length - at);
                System.arraycopy(plane, at, part, 0, n);
                group.fold(fold, part);
                System.arraycopy(part, 0, plane, at, n);
            }
        }
    }

    @Override
    public void requireNone(String failure) {
        double[] failed = {failure.isEmpty() ? 0 : 1};
        group.fold(Fold.GREATEST, failed);
        if (failed[0] == 0) {
            return;
        }
        List<String> all = group.gather(failure);
        List<String> hosts = group.gather(group.host());
        List<String> lines = new ArrayList<>();
        for (int r = 0; r < all.size(); r++) {
            if (!all.get(r).isEmpty()) {
                lines.add("rank " + r + " on " + hosts.get(r) + ": " + all.get(r));
            }
        }
        boolean same = all.stream().allMatch(all.getFirst()::equals);
        throw new AgreedException(same ? all.getFirst() : String.join("\n", lines));
    }

    @Override
    public void close() {
        if (exchange != null) {
            var _ = exchange.shutdownNow(); // it waits for rows where drawing has failed
            try {
                boolean _ = exchange.awaitTermination(1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        compositor.close();
    }
}
