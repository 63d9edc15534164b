package org.perseid.renderer.model;

import java.lang.foreign.MemorySegment;

/**
 * Where the particles of a set are, {@link #SIZE} consecutive ones at a time: the corners of their
 * positions (relative to the set's origin) and their sizes. Small boxes when the set is in spatial
 * order, true ones in any order. Immutable.
 */
public final class Blocks {
    /** Particles of a block; the last one may have fewer. */
    public static final int SIZE = 1024;

    /**
     * Floats of a block: the least x, y, z, the largest x, y, z, the largest and the mean smoothing
     * length.
     */
    public static final int VALUES = 8;

    private final long particles;

    /** {@link #VALUES} of each block. */
    private final float[] values;

    private Blocks(long particles, float[] values) {
        this.particles = particles;
        this.values = values;
    }

    /**
     * Blocks whose values are known.
     *
     * @param particles of all blocks together
     * @param values {@link #VALUES} of each block; not copied
     */
    public static Blocks of(long particles, float[] values) {
        if (values.length != VALUES * Math.ceilDiv(particles, (long) SIZE)) {
            throw new IllegalArgumentException(values.length + " values of " + particles);
        }
        return new Blocks(particles, values);
    }

    /** The values of a block, as {@link #of(long, float[])} takes them. */
    public float value(int block, int k) {
        return values[block * VALUES + k];
    }

    static Blocks of(ParticleSet set, Workers workers) {
        int blocks = Math.toIntExact(Math.ceilDiv(set.count(), (long) SIZE));
        float[] values = new float[Math.multiplyExact(blocks, VALUES)];
        workers.runSlices(
                blocks,
                16,
                (first, end) -> {
                    float[] column = new float[SIZE];
                    for (int b = (int) first; b < end; b++) {
                        measure(set, b, column, values);
                    }
                });
        return new Blocks(set.count(), values);
    }

    /**
     * Measures a block.
     *
     * @param column scratch: loops over arrays are quick long before those over segments
     */
    private static void measure(ParticleSet set, int block, float[] column, float[] values) {
        long first = (long) block * SIZE;
        int n = (int) Math.min(SIZE, set.count() - first);
        int at = block * VALUES;
        range(set.x(), first, n, column, values, at);
        range(set.y(), first, n, column, values, at + 1);
        range(set.z(), first, n, column, values, at + 2);
        MemorySegment.copy(set.smoothingLength(), ParticleSet.FLOAT, 4 * first, column, 0, n);
        float largest = 0;
        float sum = 0;
        for (int i = 0; i < n; i++) {
            float v = column[i];
            largest = v > largest ? v : largest; // not Math.max, which is slow until it is compiled
            sum += v;
        }
        values[at + 6] = largest;
        values[at + 7] = sum / n;
    }

    private static void range(
            MemorySegment from, long first, int n, float[] column, float[] values, int minPlace) {
        MemorySegment.copy(from, ParticleSet.FLOAT, 4 * first, column, 0, n);
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            float v = column[i];
            min = v < min ? v : min;
            max = v > max ? v : max;
        }
        values[minPlace] = min;
        values[minPlace + 3] = max;
    }

    /** Number of blocks. */
    public int count() {
        return values.length / VALUES;
    }

    /** Index of a block's first particle. */
    public long first(int block) {
        return (long) block * SIZE;
    }

    /** One beyond the index of a block's last particle. */
    public long end(int block) {
        return Math.min(particles, first(block) + SIZE);
    }

    /** Smallest coordinate of a block along an axis (0 x, 1 y, 2 z), relative to the origin. */
    public float min(int block, int axis) {
        return values[block * VALUES + axis];
    }

    /** Largest coordinate of a block along an axis, relative to the origin. */
    public float max(int block, int axis) {
        return values[block * VALUES + 3 + axis];
    }

    /** Largest smoothing length of a block. */
    public float largestSize(int block) {
        return values[block * VALUES + 6];
    }

    /** Mean smoothing length of a block. */
    public float meanSize(int block) {
        return values[block * VALUES + 7];
    }
}
