package org.perseid.io.snapshot;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.perseid.renderer.model.FieldRange;
import org.perseid.renderer.model.ParticleSet;

/**
 * Reads some rows of a field into columns, a few thousand at a time: what is read stays in the
 * core's own cache until it is in the columns. Used by one thread.
 */
final class PieceReader {
    private static final int STEP = 1 << 12;

    private final FieldData field;

    PieceReader(FieldData field) {
        this.field = field;
    }

    /**
     * Reads one value a row, times a factor.
     *
     * @param out row of the column that the first value goes to
     * @return the range of what was written
     */
    RangeFinder scalars(long row, int n, float factor, MemorySegment column, long out) {
        if (field.element() == ElementType.F8) {
            return wideScalars(row, n, factor, column, out);
        }
        int[] bits = new int[STEP];
        float[] values = new float[factor == 1f ? 0 : STEP];
        RangeFinder finder = new RangeFinder();
        for (int done = 0; done < n; done += STEP) {
            int rows = Math.min(STEP, n - done);
            field.bits(row + done, rows, bits);
            finder.addAll(bits, rows, factor);
            if (factor == 1f) {
                store(bits, rows, column, out + done);
            } else {
                field.floats(row + done, rows, values);
                scale(values, rows, factor);
                MemorySegment.copy(values, 0, column, ParticleSet.FLOAT, 4 * (out + done), rows);
            }
        }
        return finder;
    }

    /** In double precision until the factor is applied: what is too large without it may fit. */
    private RangeFinder wideScalars(
            long row, int n, double factor, MemorySegment column, long out) {
        double[] wide = new double[STEP];
        int[] bits = new int[STEP];
        RangeFinder finder = new RangeFinder();
        for (int done = 0; done < n; done += STEP) {
            int rows = Math.min(STEP, n - done);
            field.doubles(row + done, rows, wide);
            for (int i = 0; i < rows; i++) {
                bits[i] = Float.floatToRawIntBits((float) (wide[i] * factor));
            }
            finder.addAll(bits, rows, 1f);
            store(bits, rows, column, out + done);
        }
        return finder;
    }

    /**
     * Reads positions, relative to an origin where the file has doubles.
     *
     * @param out row of the columns that the first values go to
     * @return whether all are finite
     */
    boolean positions(long row, int n, double[] origin, MemorySegment[] columns, long out) {
        int[] bits = new int[3 * STEP];
        int[] component = new int[STEP];
        double[] wide = new double[field.element() == ElementType.F8 ? 3 * STEP : 0];
        boolean finite = true;
        for (int done = 0; done < n; done += STEP) {
            int rows = Math.min(STEP, n - done);
            if (wide.length == 0) {
                field.bits(row + done, rows, bits);
            } else {
                field.doubles(row + done, rows, wide);
                narrow(wide, rows, origin, bits);
            }
            finite &= RangeFinder.allFinite(bits, 3 * rows);
            spread(bits, rows, component, columns, out + done);
        }
        return finite;
    }

    /**
     * Reads three values a row, times a factor.
     *
     * @param out row of the columns that the first values go to
     * @return the range of what was written, of all three together
     */
    RangeFinder vectors(long row, int n, float factor, MemorySegment[] columns, long out) {
        int[] bits = new int[3 * STEP];
        int[] component = new int[STEP];
        RangeFinder finder = new RangeFinder();
        for (int done = 0; done < n; done += STEP) {
            int rows = Math.min(STEP, n - done);
            field.bits(row + done, rows, bits);
            for (int i = 0; i < 3 * rows; i++) {
                bits[i] = Float.floatToRawIntBits(Float.intBitsToFloat(bits[i]) * factor);
            }
            finder.addAll(bits, 3 * rows, 1f);
            spread(bits, rows, component, columns, out + done);
        }
        return finder;
    }

    /**
     * Reads ids.
     *
     * @param out row of the column that the first id goes to
     */
    void ids(long row, int n, MemorySegment column, long out) {
        long[] values = new long[STEP];
        for (int done = 0; done < n; done += STEP) {
            int rows = Math.min(STEP, n - done);
            field.longs(row + done, rows, values);
            for (int i = 0; i < rows; i++) {
                column.setAtIndex(ParticleSet.ID, out + done + i, values[i]);
            }
        }
    }

    /** The range of the values of some rows, in full precision. */
    FieldRange range(long row, int n) {
        double[] values = new double[STEP * field.components()];
        RangeFinder finder = new RangeFinder();
        for (int done = 0; done < n; done += STEP) {
            int rows = Math.min(STEP, n - done);
            field.doubles(row + done, rows, values);
            for (int i = 0; i < rows * field.components(); i++) {
                finder.add(values[i]);
            }
        }
        return finder.range();
    }

    /** Writes one value to some rows of a column. */
    static void fill(MemorySegment column, long from, int n, float value) {
        int[] bits = new int[STEP];
        Arrays.fill(bits, Float.floatToRawIntBits(value));
        for (int done = 0; done < n; done += STEP) {
            store(bits, Math.min(STEP, n - done), column, from + done);
        }
    }

    /** Stores triples in three columns. */
    private static void spread(
            int[] triples, int rows, int[] component, MemorySegment[] columns, long out) {
        for (int c = 0; c < 3; c++) {
            for (int i = 0; i < rows; i++) {
                component[i] = triples[3 * i + c];
            }
            store(component, rows, columns[c], out);
        }
    }

    private static void store(int[] bits, int n, MemorySegment column, long out) {
        MemorySegment.copy(bits, 0, column, ValueLayout.JAVA_INT, 4 * out, n);
    }

    private static void scale(float[] values, int n, float factor) {
        for (int i = 0; i < n; i++) {
            values[i] *= factor;
        }
    }

    private static void narrow(double[] wide, int rows, double[] origin, int[] bits) {
        for (int i = 0; i < 3 * rows; i += 3) {
            for (int c = 0; c < 3; c++) {
                bits[i + c] = Float.floatToRawIntBits((float) (wide[i + c] - origin[c]));
            }
        }
    }
}
