package org.perseid.io.snapshot;

/**
 * Some rows of a field, numbered from 0: what lies between them is read and left out.
 *
 * @param field the whole field
 * @param base row that the chosen ones are relative to
 * @param chosen ascending
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ChosenRows(FieldData field, long base, int[] chosen) implements FieldData {
    /** Most rows that are read at a time. */
    private static final int STEP = 1 << 12;

    @Override
    public ElementType element() {
        return field.element();
    }

    @Override
    public int components() {
        return field.components();
    }

    @Override
    public void doubles(long row, int rows, double[] out) {
        int k = components();
        forEachRun(
                (int) row,
                rows,
                (from, n, first) -> {
                    double[] all = new double[n * k];
                    field.doubles(base + from, n, all);
                    for (int i = first; i < rows && chosen[(int) row + i] < from + n; i++) {
                        System.arraycopy(all, (chosen[(int) row + i] - from) * k, out, i * k, k);
                    }
                });
    }

    @Override
    public void bits(long row, int rows, int[] out) {
        int k = components();
        forEachRun(
                (int) row,
                rows,
                (from, n, first) -> {
                    int[] all = new int[n * k];
                    field.bits(base + from, n, all);
                    for (int i = first; i < rows && chosen[(int) row + i] < from + n; i++) {
                        System.arraycopy(all, (chosen[(int) row + i] - from) * k, out, i * k, k);
                    }
                });
    }

    @Override
    public void floats(long row, int rows, float[] out) {
        int[] bits = new int[rows * components()];
        bits(row, rows, bits);
        for (int i = 0; i < bits.length; i++) {
            out[i] = Float.intBitsToFloat(bits[i]);
        }
    }

    @Override
    public void longs(long row, int rows, long[] out) {
        forEachRun(
                (int) row,
                rows,
                (from, n, first) -> {
                    long[] all = new long[n];
                    field.longs(base + from, n, all);
                    for (int i = first; i < rows && chosen[(int) row + i] < from + n; i++) {
                        out[i] = all[chosen[(int) row + i] - from];
                    }
                });
    }

    /** Calls for stretches of the file of at most STEP rows that hold chosen rows. */
    private void forEachRun(int row, int rows, Run run) {
        for (int i = 0; i < rows; ) {
            int from = chosen[row + i];
            int next = i;
            while (next < rows && chosen[row + next] < from + STEP) {
                next++;
            }
            run.read(from, chosen[row + next - 1] - from + 1, i);
            i = next;
        }
    }

    private interface Run {
        void read(int from, int n, int first);
    }
}
