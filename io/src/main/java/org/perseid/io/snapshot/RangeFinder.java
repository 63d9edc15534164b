package org.perseid.io.snapshot;

import org.perseid.renderer.model.FieldRange;

/** The range of the finite values that it is shown. Used by one thread. */
final class RangeFinder {
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private double minPositive = Double.POSITIVE_INFINITY;
    private boolean nonFinite;

    void add(double v) {
        if (!Double.isFinite(v)) {
            nonFinite = true;
            return;
        }
        if (v < min) {
            min = v;
        }
        if (v > max) {
            max = v;
        }
        if (v > 0 && v < minPositive) {
            minPositive = v;
        }
    }

    /**
     * Adds the first n values, given as bits of floats times a factor. The order of floats is that
     * of their bits, but for the sign; so the ends are found without looking at each float.
     */
    void addAll(int[] bits, int n, float factor) {
        int low = Integer.MAX_VALUE;
        int high = Integer.MIN_VALUE;
        for (int i = 0; i < n; i++) {
            int ordered = bits[i] ^ ((bits[i] >> 31) & Integer.MAX_VALUE);
            low = Math.min(low, ordered);
            high = Math.max(high, ordered);
        }
        float min = fromOrdered(low) * factor;
        float max = fromOrdered(high) * factor;
        if (Math.min(min, max) > 0 && Math.max(min, max) < Float.POSITIVE_INFINITY) {
            add(min);
            add(max);
            return;
        }
        for (int i = 0; i < n; i++) {
            add(Float.intBitsToFloat(bits[i]) * factor);
        }
    }

    private static float fromOrdered(int ordered) {
        return Float.intBitsToFloat(ordered ^ ((ordered >> 31) & Integer.MAX_VALUE));
    }

    /** Whether the first n values, given as bits of floats, are all finite. */
    static boolean allFinite(int[] bits, int n) {
        int largest = 0;
        for (int i = 0; i < n; i++) {
            largest = Math.max(largest, bits[i] & Integer.MAX_VALUE);
        }
        return largest < Float.floatToRawIntBits(Float.POSITIVE_INFINITY);
    }

    boolean sawNonFinite() {
        return nonFinite;
    }

    FieldRange range() {
        return new FieldRange(min, max, minPositive);
    }
}
