package org.perseid.io.store;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.perseid.io.snapshot.ElementType;
import org.perseid.io.snapshot.FieldData;
import org.perseid.renderer.model.Blocks;

/**
 * A field of a store, read by rows; what lies in a damaged block that is left out is NaN.
 *
 * @param columns one a component
 * @param origin added to each component, as of positions
 * @param stored type of the values in the file: F4 or U8
 */
record StoredData(List<CheckedColumn> columns, List<Double> origin, ElementType stored)
        implements FieldData {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public ElementType element() {
        return hasOrigin() ? ElementType.F8 : stored;
    }

    private boolean hasOrigin() {
        return origin.stream().anyMatch(v -> v != 0);
    }

    @Override
    public int components() {
        return columns.size();
    }

    @Override
    public int bytesPerRow() {
        return stored.bytes() * columns.size();
    }

    @Override
    public void floats(long row, int rows, float[] out) {
        if (hasOrigin() || stored != ElementType.F4) {
            FieldData.super.floats(row, rows, out);
            return;
        }
        float[] values = new float[rows];
        for (int c = 0; c < columns.size(); c++) {
            read(c, row, rows, values);
            for (int i = 0; i < rows; i++) {
                out[i * columns.size() + c] = values[i];
            }
        }
    }

    @Override
    public void doubles(long row, int rows, double[] out) {
        float[] values = new float[rows];
        long[] wide = new long[stored == ElementType.U8 ? rows : 0];
        for (int c = 0; c < columns.size(); c++) {
            if (stored == ElementType.U8) {
                read(row, rows, wide);
            } else {
                read(c, row, rows, values);
            }
            for (int i = 0; i < rows; i++) {
                out[i * columns.size() + c] =
                        stored == ElementType.U8 ? (double) wide[i] : origin.get(c) + values[i];
            }
        }
    }

    @Override
    public void longs(long row, int rows, long[] out) {
        if (stored == ElementType.U8) {
            read(row, rows, out);
        } else {
            FieldData.super.longs(row, rows, out);
        }
    }

    private void read(int component, long row, int rows, float[] out) {
        CheckedColumn column = columns.get(component);
        MemorySegment.copy(column.values(), FLOAT, 4 * row, out, 0, rows);
        forDamaged(column, row, rows, (from, to) -> Arrays.fill(out, from, to, Float.NaN));
    }

    private void read(long row, int rows, long[] out) {
        CheckedColumn column = columns.getFirst();
        MemorySegment.copy(column.values(), LONG, 8 * row, out, 0, rows);
        forDamaged(column, row, rows, (from, to) -> Arrays.fill(out, from, to, 0));
    }

    /** What to do with places from (inclusive) to (exclusive) of what was read. */
    private interface Places {
        void spoil(int from, int to);
    }

    private static void forDamaged(CheckedColumn column, long row, int rows, Places places) {
        for (long block = row / Blocks.SIZE; block * Blocks.SIZE < row + rows; block++) {
            if (!column.admit((int) block)) {
                places.spoil(
                        (int) Math.max(0, block * Blocks.SIZE - row),
                        (int) Math.min(rows, (block + 1) * Blocks.SIZE - row));
            }
        }
    }
}
