package org.perseid.io.gadget;

import org.perseid.renderer.model.FieldRange;

/** The range of the finite values that it is shown. Used by one thread. */
final class RangeFinder {
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private double minPositive = Double.POSITIVE_INFINITY;
    private boolean nonFinite;

    void add(double v) {
        if (!Double.isFinite(v)) {
            nonFinite = true;
            return;
        }
        if (v < min) {
            min = v;
        }
        if (v > max) {
            max = v;
        }
        if (v > 0 && v < minPositive) {
            minPositive = v;
        }
    }

    boolean sawNonFinite() {
        return nonFinite;
    }

    FieldRange range() {
        return new FieldRange(min, max, minPositive);
    }
}
