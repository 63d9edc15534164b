package org.perseid.io.snapshot;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Locale;

/**
 * Type of a number in a file: signed and unsigned integers and floating point, with their bytes.
 */
public enum ElementType {
    I1(1),
    U1(1),
    I2(2),
    U2(2),
    I4(4),
    U4(4),
    I8(8),
    U8(8),
    F4(4),
    F8(8);

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    public int bytes() {
        return bytes;
    }

    /** As numpy writes it: {@code f4, u8}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The value at a byte offset as double precision. */
    public double doubleAt(MemorySegment data, long at, ByteOrder order) {
        return switch (this) {
            case F4 -> data.get(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(order), at);
            case F8 -> data.get(ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(order), at);
            case U8 -> unsigned(longAt(data, at, order));
            default -> longAt(data, at, order);
        };
    }

    /** The value at a byte offset as a whole number; floating point is truncated. */
    public long longAt(MemorySegment data, long at, ByteOrder order) {
        return switch (this) {
            case I1 -> data.get(ValueLayout.JAVA_BYTE, at);
            case U1 -> data.get(ValueLayout.JAVA_BYTE, at) & 0xffL;
            case I2 -> data.get(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order), at);
            case U2 -> data.get(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order), at) & 0xffffL;
            case I4 -> data.get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(order), at);
            case U4 ->
                    Integer.toUnsignedLong(
                            data.get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(order), at));
            case I8, U8 -> data.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order), at);
            case F4 -> (long) data.get(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(order), at);
            case F8 -> (long) data.get(ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(order), at);
        };
    }

    private static double unsigned(long v) {
        return v >= 0 ? (double) v : ((v >>> 1) | (v & 1)) * 2.0;
    }
}
