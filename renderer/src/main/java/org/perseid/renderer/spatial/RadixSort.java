package org.perseid.renderer.spatial;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.perseid.renderer.model.OffHeap;
import org.perseid.renderer.model.Workers;

/**
 * Sorts longs by some of their bits, equal ones keep their order: least significant digit first,
 * each pass counted and moved by all workers. Any number of keys; the result does not depend on the
 * number of workers.
 */
public final class RadixSort {
    private static final int DIGIT_BITS = 10;
    private static final int DIGITS = 1 << DIGIT_BITS;

    /** At least this many keys a slice, so that counters are small beside it. */
    private static final long MIN_SLICE = 1 << 15;

    /** Keys that are copied to the heap at a time: loops over arrays are quick from the start. */
    private static final int BUFFER = 1 << 12;

    /** Keys up to which all of them are sorted on the heap, for the same reason. */
    private static final int ALL_ON_HEAP = 1 << 22;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    private RadixSort() {}

    /**
     * Sorts by the bits {@code lowBit} to {@code lowBit + bits - 1}, read as an unsigned number.
     *
     * @param keys as allocated with 8 bytes a key; overwritten
     * @param arena of a second buffer, which is as large
     * @return the sorted keys: the given segment or the second buffer
     */
    public static MemorySegment sort(
            MemorySegment keys, int lowBit, int bits, Arena arena, Workers workers) {
        long n = keys.byteSize() / 8;
        if (n <= ALL_ON_HEAP) {
            long[] sorted = sort(keys.toArray(LONG), lowBit, bits, workers);
            MemorySegment.copy(sorted, 0, keys, LONG, 0, sorted.length);
            return keys;
        }
        MemorySegment from = keys;
        MemorySegment to = OffHeap.allocate(arena, 8 * n, "sorting " + n + " keys");
        for (int shift = lowBit; shift < lowBit + bits; shift += DIGIT_BITS) {
            MemorySegment now = from;
            MemorySegment next = to;
            pass(
                    n,
                    mask(lowBit + bits - shift),
                    (first, end, by) -> count(now, first, end, by),
                    (first, end, by) -> move(now, next, first, end, by),
                    shift,
                    workers);
            from = next;
            to = now;
        }
        return from;
    }

    private static long[] sort(long[] keys, int lowBit, int bits, Workers workers) {
        long[] from = keys;
        long[] to = new long[keys.length];
        for (int shift = lowBit; shift < lowBit + bits; shift += DIGIT_BITS) {
            long[] now = from;
            long[] next = to;
            pass(
                    keys.length,
                    mask(lowBit + bits - shift),
                    (first, end, by) -> count(now, (int) first, (int) end, by),
                    (first, end, by) -> move(now, next, (int) first, (int) end, by),
                    shift,
                    workers);
            from = next;
            to = now;
        }
        return from;
    }

    private static int mask(int bitsLeft) {
        return (1 << Math.min(DIGIT_BITS, bitsLeft)) - 1;
    }

    /** A digit: where it is in a key, and for each of its values a counter, or a place. */
    private static final class Digit {
        private final int shift;
        private final int mask;
        private final long[] of = new long[DIGITS];

        Digit(int shift, int mask) {
            this.shift = shift;
            this.mask = mask;
        }
    }

    /** What is done with the keys first..end-1. */
    private interface Slice {
        void run(long first, long end, Digit by);
    }

    private static void pass(
            long n, int mask, Slice count, Slice move, int shift, Workers workers) {
        int slices = (int) Math.clamp(n / MIN_SLICE, 1, 4L * workers.threads());
        long slice = Math.max(1, Math.ceilDiv(n, slices));
        Digit[] digits = new Digit[slices];
        for (int k = 0; k < slices; k++) {
            digits[k] = new Digit(shift, mask);
        }
        workers.runSlices(
                n, slice, (first, end) -> count.run(first, end, digits[(int) (first / slice)]));
        long sum = 0;
        for (int value = 0; value < DIGITS; value++) {
            for (Digit digit : digits) {
                long number = digit.of[value];
                digit.of[value] = sum;
                sum += number;
            }
        }
        workers.runSlices(
                n, slice, (first, end) -> move.run(first, end, digits[(int) (first / slice)]));
    }

    private static void count(MemorySegment keys, long first, long end, Digit by) {
        long[] some = new long[BUFFER];
        for (long i = first; i < end; i += BUFFER) {
            int n = (int) Math.min(BUFFER, end - i);
            MemorySegment.copy(keys, LONG, 8 * i, some, 0, n);
            count(some, 0, n, by);
        }
    }

    private static void count(long[] keys, int first, int end, Digit by) {
        int shift = by.shift;
        int mask = by.mask;
        long[] counts = by.of;
        for (int k = first; k < end; k++) {
            counts[(int) (keys[k] >>> shift) & mask]++;
        }
    }

    private static void move(MemorySegment from, MemorySegment to, long first, long end, Digit by) {
        int shift = by.shift;
        int mask = by.mask;
        long[] places = by.of;
        long[] some = new long[BUFFER];
        for (long i = first; i < end; i += BUFFER) {
            int n = (int) Math.min(BUFFER, end - i);
            MemorySegment.copy(from, LONG, 8 * i, some, 0, n);
            for (int k = 0; k < n; k++) {
                to.setAtIndex(LONG, places[(int) (some[k] >>> shift) & mask]++, some[k]);
            }
        }
    }

    private static void move(long[] from, long[] to, int first, int end, Digit by) {
        int shift = by.shift;
        int mask = by.mask;
        long[] places = by.of;
        for (int k = first; k < end; k++) {
            to[(int) places[(int) (from[k] >>> shift) & mask]++] = from[k];
        }
    }
}
