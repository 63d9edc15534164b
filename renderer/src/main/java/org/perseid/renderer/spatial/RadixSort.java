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

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    private RadixSort() {}

    /**
     * Sorts by the bits {@code lowBit} to {@code lowBit + bits - 1}, read as an unsigned number.
     *
     * @param keys as allocated with 8 bytes a key; overwritten
     * @param arena of the second buffer, which is as large
     * @return the sorted keys: the given segment or the second buffer
     */
    public static MemorySegment sort(
            MemorySegment keys, int lowBit, int bits, Arena arena, Workers workers) {
        long n = keys.byteSize() / 8;
        MemorySegment from = keys;
        MemorySegment to = OffHeap.allocate(arena, 8 * n, "sorting " + n + " keys");
        for (int shift = lowBit; shift < lowBit + bits; shift += DIGIT_BITS) {
            pass(from, to, n, shift, Math.min(DIGIT_BITS, lowBit + bits - shift), workers);
            MemorySegment swap = from;
            from = to;
            to = swap;
        }
        return from;
    }

    private static void pass(
            MemorySegment from, MemorySegment to, long n, int shift, int bits, Workers workers) {
        int slices = (int) Math.clamp(n / MIN_SLICE, 1, 4L * workers.threads());
        long slice = Math.max(1, Math.ceilDiv(n, slices));
        int mask = (1 << bits) - 1;
        long[][] places = new long[slices][DIGITS];
        workers.runSlices(
                n,
                slice,
                (first, end) ->
                        count(from, first, end, shift, mask, places[(int) (first / slice)]));
        long sum = 0;
        for (int digit = 0; digit < DIGITS; digit++) {
            for (long[] ofSlice : places) {
                long count = ofSlice[digit];
                ofSlice[digit] = sum;
                sum += count;
            }
        }
        workers.runSlices(
                n,
                slice,
                (first, end) ->
                        move(from, to, first, end, shift, mask, places[(int) (first / slice)]));
    }

    private static void count(
            MemorySegment keys, long first, long end, int shift, int mask, long[] counts) {
        long[] some = new long[BUFFER];
        for (long i = first; i < end; i += BUFFER) {
            int n = (int) Math.min(BUFFER, end - i);
            MemorySegment.copy(keys, LONG, 8 * i, some, 0, n);
            for (int k = 0; k < n; k++) {
                counts[(int) (some[k] >>> shift) & mask]++;
            }
        }
    }

    private static void move(
            MemorySegment from,
            MemorySegment to,
            long first,
            long end,
            int shift,
            int mask,
            long[] places) {
        long[] some = new long[BUFFER];
        for (long i = first; i < end; i += BUFFER) {
            int n = (int) Math.min(BUFFER, end - i);
            MemorySegment.copy(from, LONG, 8 * i, some, 0, n);
            for (int k = 0; k < n; k++) {
                to.setAtIndex(LONG, places[(int) (some[k] >>> shift) & mask]++, some[k]);
            }
        }
    }
}
