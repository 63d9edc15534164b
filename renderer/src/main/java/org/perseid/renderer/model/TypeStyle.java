package org.perseid.renderer.model;

import org.jspecify.annotations.Nullable;

/**
 * How one particle type is shown.
 *
 * @param name for messages and legends
 * @param colorMap colours of the scalar; null when colour is a vector
 * @param colorTransform applied to colour before its range
 * @param colorMin lower end in transformed units, NaN for the data's
 * @param colorMax upper end in transformed units, NaN for the data's
 * @param intensityTransform applied to intensity before its range
 * @param intensityMin lower end in transformed units, NaN for the data's
 * @param intensityMax upper end in transformed units, NaN for the data's
 * @param brightness factor on the colour
 * @param smoothFactor factor on the projected radius, above 0
 */
public record TypeStyle(
        String name,
        @Nullable ColorMap colorMap,
        Transform colorTransform,
        double colorMin,
        double colorMax,
        Transform intensityTransform,
        double intensityMin,
        double intensityMax,
        double brightness,
        double smoothFactor) {

    /** Colours and intensities over all of the data's range, as they are. */
    public static TypeStyle plain(String name, ColorMap colorMap, double brightness) {
        return new TypeStyle(
                name,
                colorMap,
                Transform.LINEAR,
                Double.NaN,
                Double.NaN,
                Transform.LINEAR,
                Double.NaN,
                Double.NaN,
                brightness,
                1);
    }

    /** The style with another brightness. */
    public TypeStyle withBrightness(double newBrightness) {
        return new TypeStyle(
                name,
                colorMap,
                colorTransform,
                colorMin,
                colorMax,
                intensityTransform,
                intensityMin,
                intensityMax,
                newBrightness,
                smoothFactor);
    }

    /** The mapping of this set's colours. */
    public ScalarMapping colorMapping(ParticleSet set) {
        return ScalarMapping.of(colorTransform, colorMin, colorMax, set.colorRange());
    }

    /**
     * What the light of this set's particles depends on, as text: the same for two styles means the
     * same light, but for brightness and size.
     */
    public String light(ParticleSet set) {
        return (colorMap == null ? "vector" : colorMap.fingerprint())
                + " color "
                + colorMapping(set)
                + " intensity "
                + (set.hasIntensity() ? intensityMapping(set) : intensityMapping(set).apply(1f));
    }

    /** The mapping of this set's intensities. */
    public ScalarMapping intensityMapping(ParticleSet set) {
        return ScalarMapping.of(
                intensityTransform, intensityMin, intensityMax, set.intensityRange());
    }
}
