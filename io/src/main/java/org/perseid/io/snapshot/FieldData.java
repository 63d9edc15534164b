package org.perseid.io.snapshot;

/**
 * The values of one field of one particle type in one file, read by rows; {@code components} values
 * a row, one row after the other. Any number of threads may read.
 */
public interface FieldData {
    /** Type of the values in the file; F8 for what is computed. */
    ElementType element();

    /** Values a row, at least 1. */
    int components();

    /**
     * Reads rows as double precision.
     *
     * @param row first row
     * @param rows how many
     * @param out gets {@code rows * components} values
     */
    void doubles(long row, int rows, double[] out);

    /** Like {@link #doubles}, in single precision. */
    default void floats(long row, int rows, float[] out) {
        double[] wide = new double[rows * components()];
        doubles(row, rows, wide);
        for (int i = 0; i < wide.length; i++) {
            out[i] = (float) wide[i];
        }
    }

    /** Like {@link #floats}, as the bits of the floats. */
    default void bits(long row, int rows, int[] out) {
        float[] values = new float[rows * components()];
        floats(row, rows, values);
        for (int i = 0; i < values.length; i++) {
            out[i] = Float.floatToRawIntBits(values[i]);
        }
    }

    /** Like {@link #doubles}, as whole numbers of 64 bits. */
    default void longs(long row, int rows, long[] out) {
        double[] wide = new double[rows * components()];
        doubles(row, rows, wide);
        for (int i = 0; i < wide.length; i++) {
            out[i] = (long) wide[i];
        }
    }

    /** Bytes of the file that a row takes. */
    default int bytesPerRow() {
        return element().bytes() * components();
    }
}
