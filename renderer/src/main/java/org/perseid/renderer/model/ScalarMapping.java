package org.perseid.renderer.model;

/**
 * From a raw field value to [0, 1]: transformed, clamped to a range, scaled. Reference: Splotch,
 * section "Range".
 *
 * @param transform applied first
 * @param min lower end, in transformed units
 * @param max upper end, in transformed units
 */
public record ScalarMapping(Transform transform, float min, float max) {

    /**
     * The mapping with the given ends, and the data's own where an end is NaN.
     *
     * @param data the raw field's range
     */
    public static ScalarMapping of(Transform transform, double min, double max, FieldRange data) {
        FieldRange range = transform.apply(data);
        return new ScalarMapping(
                transform,
                (float) (Double.isNaN(min) ? range.min() : min),
                (float) (Double.isNaN(max) ? range.max() : max));
    }

    /**
     * The mapping that gives for a value what this one gives for the value times a factor.
     *
     * @param factor above 0
     * @throws RenderException when the factor is not 1 and the transform is {@link Transform#ASINH}
     */
    public ScalarMapping ofRaw(double factor) {
        if (factor == 1) {
            return this;
        }
        return switch (transform) {
            case LINEAR ->
                    new ScalarMapping(transform, (float) (min / factor), (float) (max / factor));
            case LOG10 ->
                    new ScalarMapping(
                            transform,
                            (float) (min - Math.log10(factor)),
                            (float) (max - Math.log10(factor)));
            case ASINH -> throw new RenderException("asinh of a scaled column");
        };
    }

    /** A value in [0, 1]; 1 where the range is a single value. */
    public float apply(float raw) {
        if (max == min) {
            return 1f;
        }
        float v = transform.apply(raw);
        return (Math.max(min, Math.min(max, v)) - min) / (max - min);
    }
}
