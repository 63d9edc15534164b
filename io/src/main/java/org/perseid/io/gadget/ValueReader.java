package org.perseid.io.gadget;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Values of one block as numbers of the machine, piece by piece. Used by one thread. */
final class ValueReader {
    private final MemorySegment data;
    private final Block block;
    private final ByteOrder order;

    ValueReader(GadgetFile file, Block block) {
        this.data = file.data();
        this.block = block;
        this.order = file.order();
    }

    /**
     * Reads single-precision values, or converts others to them.
     *
     * @param at byte offset in the block
     * @param out gets its first n values
     */
    void floats(long at, int n, float[] out) {
        if (block.element() == Block.Element.F4) {
            MemorySegment.copy(
                    slice(at, n), ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(order), 0, out, 0, n);
            return;
        }
        double[] wide = new double[n];
        doubles(at, n, wide);
        for (int i = 0; i < n; i++) {
            out[i] = (float) wide[i];
        }
    }

    /** Like {@link #floats}, as the bits of the floats. */
    void bits(long at, int n, int[] out) {
        if (block.element() == Block.Element.F4) {
            MemorySegment.copy(
                    slice(at, n), ValueLayout.JAVA_INT_UNALIGNED.withOrder(order), 0, out, 0, n);
            return;
        }
        float[] values = new float[n];
        floats(at, n, values);
        for (int i = 0; i < n; i++) {
            out[i] = Float.floatToRawIntBits(values[i]);
        }
    }

    /**
     * Reads values of any type as double precision.
     *
     * @param at byte offset in the block
     * @param out gets its first n values
     */
    void doubles(long at, int n, double[] out) {
        MemorySegment from = slice(at, n);
        switch (block.element()) {
            case F8 ->
                    MemorySegment.copy(
                            from, ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(order), 0, out, 0, n);
            case F4 -> {
                for (int i = 0; i < n; i++) {
                    out[i] = from.get(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(order), 4L * i);
                }
            }
            case U4 -> {
                for (int i = 0; i < n; i++) {
                    out[i] =
                            Integer.toUnsignedLong(
                                    from.get(
                                            ValueLayout.JAVA_INT_UNALIGNED.withOrder(order),
                                            4L * i));
                }
            }
            case U8 -> {
                for (int i = 0; i < n; i++) {
                    long v = from.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order), 8L * i);
                    out[i] = v >= 0 ? (double) v : ((v >>> 1) | (v & 1)) * 2.0;
                }
            }
        }
    }

    /**
     * Reads whole numbers.
     *
     * @param at byte offset in the block
     * @param out gets its first n values
     */
    void longs(long at, int n, long[] out) {
        MemorySegment from = slice(at, n);
        for (int i = 0; i < n; i++) {
            out[i] =
                    switch (block.element()) {
                        case U4 ->
                                Integer.toUnsignedLong(
                                        from.get(
                                                ValueLayout.JAVA_INT_UNALIGNED.withOrder(order),
                                                4L * i));
                        case U8 ->
                                from.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order), 8L * i);
                        case F4 ->
                                (long)
                                        from.get(
                                                ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(order),
                                                4L * i);
                        case F8 ->
                                (long)
                                        from.get(
                                                ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(order),
                                                8L * i);
                    };
        }
    }

    /**
     * n values from a byte offset of the block; copied together when they lie in several pieces of
     * the file.
     */
    private MemorySegment slice(long at, int n) {
        long length = (long) n * block.element().bytes;
        long begin = at;
        for (int e = 0; e < block.extents().size(); e++) {
            Extent extent = block.extents().get(e);
            if (begin + length <= extent.length()) {
                return data.asSlice(extent.offset() + begin, length);
            }
            if (begin < extent.length()) {
                return joined(e, begin, length);
            }
            begin -= extent.length();
        }
        throw new IllegalArgumentException("beyond the block: " + at);
    }

    private MemorySegment joined(int firstExtent, long begin, long length) {
        MemorySegment out = MemorySegment.ofArray(new byte[(int) length]);
        long done = 0;
        long from = begin;
        for (int e = firstExtent; done < length; e++) {
            Extent extent = block.extents().get(e);
            long n = Math.min(length - done, extent.length() - from);
            MemorySegment.copy(data, extent.offset() + from, out, done, n);
            done += n;
            from = 0;
        }
        return out;
    }
}
