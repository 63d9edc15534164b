package org.perseid.io.snapshot;

import java.util.Arrays;

/**
 * A field that no file holds: a constant, a cell's place in a grid, a number made of other fields.
 *
 * @param components values a row
 * @param rule writes {@code rows * components} values from {@code row} on
 */
public record ComputedData(int components, Rule rule) implements FieldData {
    /** What is computed. */
    @FunctionalInterface
    public interface Rule {
        void compute(long row, int rows, double[] out);
    }

    /** The same value for every row. */
    public static ComputedData constant(double value) {
        return new ComputedData(1, (row, rows, out) -> Arrays.fill(out, 0, rows, value));
    }

    /**
     * A field times a factor plus a summand, NaN where the raw value is the one that stands for
     * none.
     *
     * @param none NaN when there is no such value
     */
    public static ComputedData calibrated(
            FieldData field, double factor, double summand, double none) {
        return new ComputedData(
                field.components(),
                (row, rows, out) -> {
                    field.doubles(row, rows, out);
                    for (int i = 0; i < rows * field.components(); i++) {
                        out[i] = out[i] == none ? Double.NaN : out[i] * factor + summand;
                    }
                });
    }

    /** Indices of the cells of a grid, the last running fastest; the first has no bound. */
    public static ComputedData cells(long ny, long nz) {
        return new ComputedData(
                3,
                (row, rows, out) -> {
                    for (int i = 0; i < rows; i++) {
                        long cell = row + i;
                        long line = cell / nz;
                        long plane = line / ny;
                        out[3 * i] = plane;
                        out[3 * i + 1] = line - plane * ny;
                        out[3 * i + 2] = cell - line * nz;
                    }
                });
    }

    @Override
    public ElementType element() {
        return ElementType.F8;
    }

    @Override
    public int bytesPerRow() {
        return 0;
    }

    @Override
    public void doubles(long row, int rows, double[] out) {
        rule.compute(row, rows, out);
    }
}
