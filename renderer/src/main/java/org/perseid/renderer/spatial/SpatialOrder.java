package org.perseid.renderer.spatial;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.perseid.renderer.model.Blocks;
import org.perseid.renderer.model.OffHeap;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.RenderException;
import org.perseid.renderer.model.Workers;

/**
 * Puts the particles of a set into Morton order: the box is cut into 1024 cells along each axis,
 * and a cell with many particles again, and again, until every {@link Blocks block} is a small
 * place or its particles are at one; within a block they are scattered. Needs 16 bytes a particle
 * and one column while it works. The result does not depend on the number of workers.
 */
public final class SpatialOrder {
    private static final int AXIS_BITS = 10;
    private static final int CELLS = 1 << AXIS_BITS;
    private static final int CODE_BITS = 3 * AXIS_BITS;
    private static final long INDEX_MASK = 0xffff_ffffL;
    private static final long MAX_PARTICLES = 1L << 32;
    private static final int SLICE = 1 << 14;

    /** Levels of cells within cells; a float has no more digits. */
    private static final int MAX_DEPTH = 3;

    /** The places in a block in the order of their bits read backwards. */
    private static final int[] SCATTERED = scattered();

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    private SpatialOrder() {}

    /**
     * Sorts a set in place.
     *
     * @param set before anybody draws it
     * @throws RenderException when it has more than 4294967296 particles, or there is no memory
     */
    public static void sort(ParticleSet set, Workers workers) {
        long n = set.count();
        if (n > MAX_PARTICLES) {
            throw new RenderException(
                    "cannot sort " + n + " particles in one process; at most " + MAX_PARTICLES);
        }
        if (n <= Blocks.SIZE) {
            return;
        }
        try (Arena arena = Arena.ofShared()) {
            MemorySegment keys = OffHeap.allocate(arena, 8 * n, "the order of " + n + " particles");
            Cube cube = Cube.around(set.blocks(workers));
            workers.runSlices(n, SLICE, (a, b) -> writeKeys(set, cube, keys, a, b));
            MemorySegment sorted = RadixSort.sort(keys, 32, CODE_BITS, arena, workers);
            Queue<Run> large = new ConcurrentLinkedQueue<>();
            workers.runSlices(n, SLICE, (a, b) -> findLarge(sorted, n, a, b, large));
            List<Run> runs = List.copyOf(large);
            workers.run(runs.size(), k -> runs.get((int) k).sort(set, cube, sorted));
            workers.runSlices(n, SLICE, (a, b) -> scatter(sorted, a, b));
            set.reorder(sorted, workers);
        }
    }

    /**
     * Puts indices in the place of keys, those of a block so that every part of it, as an eighth,
     * is spread over the whole of it: in the order of their places' bits read backwards.
     */
    private static void scatter(MemorySegment keys, long first, long end) {
        long[] of = new long[Blocks.SIZE];
        long[] to = new long[Blocks.SIZE];
        for (long block = first; block < end; block += Blocks.SIZE) {
            int n = (int) Math.min(Blocks.SIZE, end - block);
            MemorySegment.copy(keys, LONG, 8 * block, of, 0, n);
            int at = 0;
            for (int place : SCATTERED) {
                if (place < n) {
                    to[at++] = of[place] & INDEX_MASK;
                }
            }
            MemorySegment.copy(to, 0, keys, LONG, 8 * block, n);
        }
    }

    private static int[] scattered() {
        int[] out = new int[Blocks.SIZE];
        int bits = Integer.numberOfTrailingZeros(Blocks.SIZE);
        Arrays.setAll(out, k -> Integer.reverse(k) >>> (Integer.SIZE - bits));
        return out;
    }

    /** A cube with its lower corner and the number of cells a length unit. */
    private record Cube(float x, float y, float z, double cellsPerUnit) {
        static Cube around(Blocks blocks) {
            float[] min = new float[3];
            double side = 0;
            for (int axis = 0; axis < 3; axis++) {
                float low = Float.POSITIVE_INFINITY;
                float high = Float.NEGATIVE_INFINITY;
                for (int b = 0; b < blocks.count(); b++) {
                    low = Math.min(low, blocks.min(b, axis));
                    high = Math.max(high, blocks.max(b, axis));
                }
                min[axis] = low;
                side = Math.max(side, (double) high - low);
            }
            return new Cube(min[0], min[1], min[2], side > 0 ? CELLS / side : 0);
        }

        long codeOf(ParticleSet set, long i) {
            return codeOf(
                    set.x().getAtIndex(ParticleSet.FLOAT, i),
                    set.y().getAtIndex(ParticleSet.FLOAT, i),
                    set.z().getAtIndex(ParticleSet.FLOAT, i));
        }

        long codeOf(float px, float py, float pz) {
            return spread(cell(px, x)) << 2 | spread(cell(py, y)) << 1 | spread(cell(pz, z));
        }

        private int cell(double v, float low) {
            int cell = (int) ((v - low) * cellsPerUnit);
            return cell < 0 ? 0 : cell < CELLS ? cell : CELLS - 1;
        }

        /** The cell of this cube that has a code, as a cube. */
        Cube inside(long code) {
            return new Cube(
                    corner(x, gather(code >>> 2)),
                    corner(y, gather(code >>> 1)),
                    corner(z, gather(code)),
                    cellsPerUnit * CELLS);
        }

        private float corner(float low, int cell) {
            return (float) (low + cell / cellsPerUnit);
        }
    }

    /** Codes and indices, by way of arrays: loops over them are quick long before others. */
    private static void writeKeys(
            ParticleSet set, Cube cube, MemorySegment keys, long first, long end) {
        int n = (int) (end - first);
        float[] x = new float[n];
        float[] y = new float[n];
        float[] z = new float[n];
        MemorySegment.copy(set.x(), ParticleSet.FLOAT, 4 * first, x, 0, n);
        MemorySegment.copy(set.y(), ParticleSet.FLOAT, 4 * first, y, 0, n);
        MemorySegment.copy(set.z(), ParticleSet.FLOAT, 4 * first, z, 0, n);
        long[] out = new long[n];
        for (int i = 0; i < n; i++) {
            out[i] = cube.codeOf(x[i], y[i], z[i]) << 32 | (first + i);
        }
        MemorySegment.copy(out, 0, keys, LONG, 8 * first, n);
    }

    /** Keys of one code. */
    private record Run(long code, long first, int n) {
        void sort(ParticleSet set, Cube cube, MemorySegment keys) {
            sortRun(set, cube.inside(code), keys, first, n, 1);
        }
    }

    /** Finds the runs of more than a block that begin in first..end-1. */
    private static void findLarge(
            MemorySegment keys, long n, long first, long end, Queue<Run> out) {
        long[] some = new long[(int) (end - first)];
        MemorySegment.copy(keys, LONG, 8 * first, some, 0, some.length);
        long before = first > 0 ? code(keys, first - 1) : -1;
        for (int k = 0; k < some.length; ) {
            long code = some[k] >>> 32;
            int next = k + 1;
            while (next < some.length && some[next] >>> 32 == code) {
                next++;
            }
            if (code != before) {
                long stop = first + next;
                while (next == some.length && stop < n && code(keys, stop) == code) {
                    stop++;
                }
                long length = stop - first - k;
                if (length > Blocks.SIZE && length < Integer.MAX_VALUE / 2) {
                    out.add(new Run(code, first + k, (int) length));
                }
            }
            k = next;
        }
    }

    private static void sortRun(
            ParticleSet set, Cube cube, MemorySegment keys, long first, int n, int depth) {
        long[] run = new long[n];
        for (int k = 0; k < n; k++) {
            long index = keys.getAtIndex(LONG, first + k) & INDEX_MASK;
            run[k] = cube.codeOf(set, index) << 32 | index;
        }
        Arrays.sort(run);
        MemorySegment.copy(run, 0, keys, LONG, 8 * first, n);
        for (int k = 0; depth < MAX_DEPTH && k < n; ) {
            long code = run[k] >>> 32;
            int stop = k + 1;
            while (stop < n && run[stop] >>> 32 == code) {
                stop++;
            }
            if (stop - k > Blocks.SIZE) {
                sortRun(set, cube.inside(code), keys, first + k, stop - k, depth + 1);
            }
            k = stop;
        }
    }

    private static long code(MemorySegment keys, long i) {
        return keys.getAtIndex(LONG, i) >>> 32;
    }

    /** Moves the ten low bits to every third place. */
    private static long spread(int v) {
        int b = v;
        b = (b | b << 16) & 0x030000ff;
        b = (b | b << 8) & 0x0300f00f;
        b = (b | b << 4) & 0x030c30c3;
        b = (b | b << 2) & 0x09249249;
        return b;
    }

    /** The opposite of {@link #spread}. */
    private static int gather(long v) {
        int b = (int) v & 0x09249249;
        b = (b | b >>> 2) & 0x030c30c3;
        b = (b | b >>> 4) & 0x0300f00f;
        b = (b | b >>> 8) & 0x030000ff;
        b = (b | b >>> 16) & 0x3ff;
        return b;
    }
}
