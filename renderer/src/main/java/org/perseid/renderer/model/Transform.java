package org.perseid.renderer.model;

/** What is done to a field before its range is taken. */
public enum Transform {
    LINEAR,
    LOG10,
    ASINH;

    /** What Splotch puts in place of the logarithm of a value that has none. */
    public static final float LOG_OF_NON_POSITIVE = -38f;

    /**
     * The transformed value; log10 of a value that is not positive is {@link #LOG_OF_NON_POSITIVE}.
     */
    public float apply(float v) {
        return switch (this) {
            case LINEAR -> v;
            case LOG10 -> v > 0 ? (float) Math.log10(v) : LOG_OF_NON_POSITIVE;
            case ASINH -> (float) asinh(v);
        };
    }

    private static double asinh(double v) {
        double a = Math.abs(v);
        return Math.copySign(Math.log(a + Math.sqrt(a * a + 1)), v);
    }

    /** The range of the transformed field. Values without a logarithm do not count. */
    public FieldRange apply(FieldRange raw) {
        double low = this == LOG10 ? raw.minPositive() : raw.min();
        if (raw.isEmpty() || low > raw.max()) {
            return new FieldRange(0, 0, Double.POSITIVE_INFINITY);
        }
        return new FieldRange(
                apply((float) low), apply((float) raw.max()), Double.POSITIVE_INFINITY);
    }
}
