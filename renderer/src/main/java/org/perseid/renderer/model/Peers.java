package org.perseid.renderer.model;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.perseid.renderer.model.Joining.Rows;

/**
 * The processes among which the particles of a picture are shared, seen from one of them. Every
 * method is called by all of them, in the same order; one that is missing makes the others wait.
 * Used by one thread.
 */
public interface Peers {
    /** A process that has all particles. */
    static Peers alone() {
        return new Alone();
    }

    /** How values of several peers become one. */
    enum Fold {
        SUM,
        LEAST,
        GREATEST
    }

    /** Number of this process, 0 to {@code count() - 1}; 0 is the one that gets the picture. */
    int self();

    /** How many there are, at least 1. */
    int count();

    /** Replaces each value by what it is over all peers, the same bits on each. */
    void fold(Fold fold, double[] values);

    /**
     * Passes numbers on.
     *
     * @param toEach for each peer
     * @return of each peer
     */
    long[] swap(long[] toEach);

    /**
     * Passes data on, of any size.
     *
     * @param toEach for each peer, off-heap
     * @param fromEach room for what each peer has for this one, off-heap, of exactly that size
     */
    void exchange(List<MemorySegment> toEach, List<MemorySegment> fromEach);

    /**
     * Begins to add the planes of all peers. What is not a result there is not to be used
     * afterwards.
     *
     * @param planes of equal lengths
     * @param width elements of a row of each
     * @param ending where the sums are in the end
     */
    Joining add(List<float[]> planes, int width, Ending ending);

    /**
     * Begins to lay pictures over each other, that of a higher number over that of a lower one: A
     * becomes {@code a + (1 - o) A}, with {@code o} the opacity of the upper one.
     *
     * @param light planes of equal lengths
     * @param opacity as many, 0 where nothing was drawn; not to be used afterwards
     * @param width elements of a row of each
     * @param ending as for {@link #add}
     */
    Joining over(List<float[]> light, List<float[]> opacity, int width, Ending ending);

    /** Folds a plane of doubles; number 0 has the result. */
    void fold(Fold fold, List<double[]> planes);

    /**
     * Makes sure that no peer has failed at its part.
     *
     * @param failure what went wrong here, empty for nothing
     * @throws AgreedException on all when something went wrong on one
     */
    void requireNone(String failure);

    /**
     * Called by all: does this peer's part of something, and waits until all have done theirs.
     *
     * @param times gets the stage {@code wait}
     * @throws RenderException on all when one could not do its part
     */
    default <T> T together(StageTimes times, Supplier<T> part) {
        if (count() == 1) {
            return part.get();
        }
        T result = null;
        String failure = "";
        try {
            result = part.get();
        } catch (RenderException e) {
            failure = String.valueOf(e.getMessage());
        }
        String told = failure;
        times.time("wait", () -> requireNone(told));
        return Objects.requireNonNull(result);
    }

    /**
     * Called by all: draws this peer's part of pictures that become one, and waits until they are.
     *
     * @param joining told of rows that are drawn, by whoever draws them
     * @param times gets the stages {@code composite} and {@code wait}
     * @throws RenderException on all when one could not draw its part
     */
    default <T> T joined(Joining joining, StageTimes times, Supplier<T> part) {
        if (count() == 1) {
            T drawn = part.get();
            double _ = joining.finish();
            return drawn;
        }
        return together(
                times,
                () -> {
                    T drawn;
                    try {
                        drawn = part.get();
                    } catch (RenderException e) {
                        double _ = joining.finish(); // others join what they have drawn
                        throw e;
                    }
                    double waited = times.time("composite", joining::finish);
                    times.move(waited, "composite", "wait");
                    return drawn;
                });
    }

    /** The sum of a number over all peers. */
    default long total(long own) {
        double[] sum = {own};
        fold(Fold.SUM, sum);
        return (long) sum[0];
    }

    /** A range that holds the ranges of all peers. */
    default FieldRange merge(FieldRange own) {
        double[] least = {own.min(), own.minPositive()};
        double[] greatest = {own.max()};
        fold(Fold.LEAST, least);
        fold(Fold.GREATEST, greatest);
        return new FieldRange(least[0], greatest[0], least[1]);
    }

    /** The values of all peers, one after the other. */
    default float[] gather(float[] own) {
        long[] counts = new long[count()];
        Arrays.fill(counts, own.length);
        long[] lengths = swap(counts);
        try (Arena arena = Arena.ofShared()) {
            MemorySegment mine = arena.allocate(4L * own.length + 1);
            MemorySegment.copy(own, 0, mine, ParticleSet.FLOAT, 0, own.length);
            long all = Arrays.stream(lengths).sum();
            MemorySegment room = arena.allocate(4 * all + 1);
            List<MemorySegment> from = slices(room, lengths, 4);
            exchange(Collections.nCopies(count(), mine.asSlice(0, 4L * own.length)), from);
            float[] out = new float[Math.toIntExact(all)];
            MemorySegment.copy(room, ParticleSet.FLOAT, 0, out, 0, out.length);
            return out;
        }
    }

    /** Brings bytes of all peers to number 0, which gets them in their order; others get none. */
    default List<byte[]> collect(byte[] own) {
        double[] lengths = new double[count()];
        lengths[self()] = own.length;
        fold(Fold.SUM, lengths);
        long[] leaving = new long[count()];
        leaving[0] = own.length;
        long[] coming = new long[count()];
        for (int k = 0; self() == 0 && k < coming.length; k++) {
            coming[k] = (long) lengths[k];
        }
        try (Arena arena = Arena.ofShared()) {
            MemorySegment mine = arena.allocate(own.length + 1L);
            MemorySegment.copy(own, 0, mine, ValueLayout.JAVA_BYTE, 0, own.length);
            MemorySegment room = arena.allocate(Arrays.stream(coming).sum() + 1);
            List<MemorySegment> from = slices(room, coming, 1);
            exchange(slices(mine, leaving, 1), from);
            return self() == 0
                    ? from.stream().map(of -> of.toArray(ValueLayout.JAVA_BYTE)).toList()
                    : List.of();
        }
    }

    /** Consecutive parts of a segment, of that many elements each. */
    static List<MemorySegment> slices(MemorySegment whole, long[] counts, int elementBytes) {
        MemorySegment[] out = new MemorySegment[counts.length];
        long at = 0;
        for (int k = 0; k < counts.length; k++) {
            out[k] = whole.asSlice(at, counts[k] * elementBytes);
            at += counts[k] * elementBytes;
        }
        return List.of(out);
    }

    /** One process. */
    record Alone() implements Peers {
        @Override
        public int self() {
            return 0;
        }

        @Override
        public int count() {
            return 1;
        }

        @Override
        public void fold(Fold fold, double[] values) {
            // its own are all there are
        }

        @Override
        public long[] swap(long[] toEach) {
            return toEach.clone();
        }

        @Override
        public void exchange(List<MemorySegment> toEach, List<MemorySegment> fromEach) {
            fromEach.getFirst().copyFrom(toEach.getFirst());
        }

        @Override
        public Joining add(List<float[]> planes, int width, Ending ending) {
            return new Joining() {
                @Override
                public int bands() {
                    return 1;
                }

                @Override
                public void drawn(int rows) {
                    // nobody waits for them
                }

                @Override
                public double finish() {
                    if (ending instanceof Ending.OfLevels(Levels levels)) {
                        planes.forEach(plane -> levels.inPlaceOf(plane, 0, plane.length));
                    }
                    return 0;
                }

                @Override
                public List<Rows> rows() {
                    return Rows.all(planes.getFirst().length / width);
                }
            };
        }

        @Override
        public Joining over(List<float[]> light, List<float[]> opacity, int width, Ending ending) {
            return add(light, width, ending); // nothing lies over it
        }

        @Override
        public void fold(Fold fold, List<double[]> planes) {
            // its own are all there are
        }

        @Override
        public void requireNone(String failure) {
            if (!failure.isEmpty()) {
                throw new AgreedException(failure);
            }
        }
    }
}
