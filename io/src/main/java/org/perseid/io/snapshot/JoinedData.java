package org.perseid.io.snapshot;

import java.util.List;

/** Several fields of one component each as one vector, as x, y and z that lie apart. */
public record JoinedData(List<FieldData> parts) implements FieldData {
    @Override
    public ElementType element() {
        return parts.stream().allMatch(p -> p.element() == ElementType.F4)
                ? ElementType.F4
                : ElementType.F8;
    }

    @Override
    public int components() {
        return parts.size();
    }

    @Override
    public int bytesPerRow() {
        return parts.stream().mapToInt(FieldData::bytesPerRow).sum();
    }

    @Override
    public void doubles(long row, int rows, double[] out) {
        double[] one = new double[rows];
        for (int c = 0; c < parts.size(); c++) {
            parts.get(c).doubles(row, rows, one);
            for (int i = 0; i < rows; i++) {
                out[i * parts.size() + c] = one[i];
            }
        }
    }
}
