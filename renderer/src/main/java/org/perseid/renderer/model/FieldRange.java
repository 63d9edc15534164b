package org.perseid.renderer.model;

/**
 * The range of a field's finite values, in the units of the file.
 *
 * @param min smallest value, +infinity when there is none
 * @param max largest value, -infinity when there is none
 * @param minPositive smallest value above zero, +infinity when there is none
 */
public record FieldRange(double min, double max, double minPositive) {
    public static final FieldRange EMPTY =
            new FieldRange(
                    Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

    public FieldRange merge(FieldRange other) {
        return new FieldRange(
                Math.min(min, other.min),
                Math.max(max, other.max),
                Math.min(minPositive, other.minPositive));
    }

    /** The range with a value more; not finite ones do not count. */
    public FieldRange with(double v) {
        if (!Double.isFinite(v) || (v >= min && v <= max && !(v > 0 && v < minPositive))) {
            return this;
        }
        return new FieldRange(
                Math.min(min, v), Math.max(max, v), v > 0 ? Math.min(minPositive, v) : minPositive);
    }

    public boolean isEmpty() {
        return min > max;
    }
}
