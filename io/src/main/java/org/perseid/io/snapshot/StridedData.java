package org.perseid.io.snapshot;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** A field whose values stand at a fixed place in rows of bytes. */
public final class StridedData implements FieldData {
    private final RowBytes source;
    private final int rowBytes;
    private final int offset;
    private final ElementType element;
    private final ByteOrder order;
    private final int components;

    /**
     * @param rowBytes bytes of a row of the source
     * @param offset of the field in a row
     * @throws IllegalArgumentException when the field does not lie in a row
     */
    public StridedData(
            RowBytes source,
            int rowBytes,
            int offset,
            ElementType element,
            ByteOrder order,
            int components) {
        if (offset < 0 || offset > rowBytes - element.bytes() * components) {
            throw new IllegalArgumentException(
                    "a field at byte " + offset + " does not fit a row of " + rowBytes + " bytes");
        }
        this.source = source;
        this.rowBytes = rowBytes;
        this.offset = offset;
        this.element = element;
        this.order = order;
        this.components = components;
    }

    /** A field whose rows hold nothing else. */
    public static StridedData packed(
            RowBytes source, ElementType element, ByteOrder order, int components) {
        return new StridedData(source, element.bytes() * components, 0, element, order, components);
    }

    private boolean isPacked(ElementType wanted) {
        return element == wanted && rowBytes == element.bytes() * components;
    }

    @Override
    public ElementType element() {
        return element;
    }

    @Override
    public int components() {
        return components;
    }

    @Override
    public void floats(long row, int rows, float[] out) {
        if (isPacked(ElementType.F4)) {
            MemorySegment.copy(
                    source.rows(row, rows),
                    ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(order),
                    0,
                    out,
                    0,
                    rows * components);
        } else {
            FieldData.super.floats(row, rows, out);
        }
    }

    @Override
    public void bits(long row, int rows, int[] out) {
        if (isPacked(ElementType.F4)) {
            MemorySegment.copy(
                    source.rows(row, rows),
                    ValueLayout.JAVA_INT_UNALIGNED.withOrder(order),
                    0,
                    out,
                    0,
                    rows * components);
        } else {
            FieldData.super.bits(row, rows, out);
        }
    }

    @Override
    public void doubles(long row, int rows, double[] out) {
        MemorySegment from = source.rows(row, rows);
        if (isPacked(ElementType.F8)) {
            MemorySegment.copy(
                    from,
                    ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(order),
                    0,
                    out,
                    0,
                    rows * components);
            return;
        }
        for (int i = 0; i < rows; i++) {
            long at = (long) i * rowBytes + offset;
            for (int c = 0; c < components; c++) {
                out[i * components + c] =
                        element.doubleAt(from, at + (long) c * element.bytes(), order);
            }
        }
    }

    @Override
    public void longs(long row, int rows, long[] out) {
        MemorySegment from = source.rows(row, rows);
        for (int i = 0; i < rows; i++) {
            long at = (long) i * rowBytes + offset;
            for (int c = 0; c < components; c++) {
                out[i * components + c] =
                        element.longAt(from, at + (long) c * element.bytes(), order);
            }
        }
    }
}
