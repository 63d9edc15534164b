package org.perseid.renderer.model;

/** What becomes of finished light: a level of eight bits. Used by many threads at once. */
@FunctionalInterface
public interface Levels {
    /**
     * The level of light in one colour.
     *
     * @return to be read as an unsigned number, 0 to 255
     */
    byte of(float light);

    /** Puts levels in the place of light, as whole numbers from 0 to 255. */
    default void inPlaceOf(float[] light, int from, int n) {
        for (int i = from; i < from + n; i++) {
            light[i] = of(light[i]) & 255;
        }
    }
}
