package org.perseid.renderer.model;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Percentiles of a column, from an evenly spaced sample: the same for the same data, whatever the
 * threads.
 */
public final class Percentiles {
    /** Most values of a sample. */
    public static final long MAX_SAMPLE = 1L << 20;

    /** Particles from which whole blocks are sampled, so that few pages of a file are touched. */
    private static final long BLOCKS_FROM = 64 * MAX_SAMPLE;

    private Percentiles() {}

    /**
     * The sorted sample of a set's transformed colours, of the first component; values without a
     * logarithm are left out.
     *
     * @return ascending, possibly empty
     */
    public static float[] ofColors(ParticleSet set, Transform transform) {
        return sample(set.color(0), set.count(), set.colorScale(), transform);
    }

    /**
     * The sorted sample of transformed values; values without a logarithm are left out.
     *
     * @param column {@code count} floats
     * @return ascending, possibly empty
     */
    public static float[] sample(MemorySegment column, long count, Transform transform) {
        return sample(column, count, 1, transform);
    }

    private static float[] sample(
            MemorySegment column, long count, double scale, Transform transform) {
        long stride = Math.max(1, Math.ceilDiv(count, MAX_SAMPLE));
        int run = count >= BLOCKS_FROM ? Blocks.SIZE : 1;
        float[] values = new float[(int) Math.ceilDiv(count, stride) + run];
        int n = 0;
        for (long first = 0; first < count; first += run * stride) {
            for (long i = first; i < Math.min(count, first + run); i++) {
                float v = (float) (scale * column.getAtIndex(ParticleSet.FLOAT, i));
                if (transform != Transform.LOG10 || v > 0) {
                    values[n++] = transform.apply(v);
                }
            }
        }
        float[] sorted = Arrays.copyOf(values, n);
        Arrays.sort(sorted);
        return sorted;
    }

    /**
     * The value below which the given part of the sample lies.
     *
     * @param sorted not empty
     * @param part in [0, 1]
     */
    public static float at(float[] sorted, double part) {
        return sorted[(int) Math.round(part * (sorted.length - 1))];
    }

    /**
     * How many values lie in each of equal steps from the smallest to the largest.
     *
     * @param sorted not empty
     * @param bins at least 1
     */
    public static int[] histogram(float[] sorted, int bins) {
        int[] counts = new int[bins];
        double min = sorted[0];
        double perUnit = bins / Math.max(sorted[sorted.length - 1] - min, Double.MIN_NORMAL);
        for (float v : sorted) {
            counts[Math.clamp((int) ((v - min) * perUnit), 0, bins - 1)]++;
        }
        return counts;
    }
}
