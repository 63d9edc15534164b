package org.perseid.renderer.model;

/**
 * A float layer: what a pixel holds.
 *
 * @param kind what is measured
 * @param field index of the extra column that it is of; -1 where it is of none
 * @param name for files, as {@code mean_Temperature}
 */
public record Measure(Kind kind, int field, String name) {
    /** What is measured. */
    public enum Kind {
        /** Mass in the pixel. */
        MASS,
        /** Mass an area at the particles' distance. */
        COLUMN_DENSITY,
        /** Mean of a field, weighted with the mass that each particle has in the pixel. */
        MEAN,
        /** Largest value of a field among the particles that reach the pixel. */
        MAXIMUM,
        /** Number of particles that reach the pixel. */
        HITS,
        /** Smallest distance from the eye (along the view) of those particles. */
        DEPTH;

        /** Whether twice as many particles give about twice as much. */
        public boolean addsUp() {
            return this == MASS || this == COLUMN_DENSITY || this == HITS;
        }
    }
}
