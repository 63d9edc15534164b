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

    private static final int VALUES = 8;

    private final long particles;

    /** Of each block min x, y, z, max x, y, z, the largest and the mean smoothing length. */
    private final float[] values;

    private Blocks(long particles, float[] values) {
        this.particles = particles;
        this.values = values;
    }

    static Blocks of(ParticleSet set, Workers workers) {
        int blocks = Math.toIntExact(Math.ceilDiv(set.count(), (long) SIZE));
        float[] values = new float[Math.multiplyExact(blocks, VALUES)];
        workers.runSlices(
                blocks,
                16,
                (first, end) -> {
                    for (int b = (int) first; b < end; b++) {
                        measure(set, b, values);
                    }
                });
        return new Blocks(set.count(), values);
    }

    private static void measure(ParticleSet set, int block, float[] values) {
        long first = (long) block * SIZE;
        long end = Math.min(set.count(), first + SIZE);
        range(set.x(), first, end, values, block * VALUES);
        range(set.y(), first, end, values, block * VALUES + 1);
        range(set.z(), first, end, values, block * VALUES + 2);
        MemorySegment sizes = set.smoothingLength();
        float largest = 0;
        double sum = 0;
        for (long i = first; i < end; i++) {
            float h = sizes.getAtIndex(ParticleSet.FLOAT, i);
            largest = Math.max(largest, h);
            sum += h;
        }
        values[block * VALUES + 6] = largest;
        values[block * VALUES + 7] = (float) (sum / (end - first));
    }

    private static void range(
            MemorySegment column, long first, long end, float[] values, int minPlace) {
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        for (long i = first; i < end; i++) {
            float v = column.getAtIndex(ParticleSet.FLOAT, i);
            min = Math.min(min, v);
            max = Math.max(max, v);
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
