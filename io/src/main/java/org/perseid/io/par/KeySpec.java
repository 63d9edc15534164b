package org.perseid.io.par;

/**
 * A key of a parameter file.
 *
 * @param name without the type number
 * @param kind of its value
 * @param defaultText as a value in the file; empty when there is none
 * @param perType whether the number of a displayed type ends it
 * @param support what this version does with it
 * @param doc one line for people
 */
record KeySpec(
        String name, Kind kind, String defaultText, boolean perType, Support support, String doc) {

    /** What a value may be. */
    enum Kind {
        INTEGER("a whole number, as in 800 or 1e3"),
        REAL("a number, as in 0.5 or 1e-3"),
        BOOLEAN("true or false (also t, y, yes, on, 1 / f, n, no, off, 0)"),
        TEXT("text");

        final String allowed;

        Kind(String allowed) {
            this.allowed = allowed;
        }
    }

    /** What this version does with a key. */
    enum Support {
        /** It counts. */
        USED,
        /** Accepted: what it would change happens by itself, or does not exist here. */
        NO_EFFECT,
        /**
         * Belongs to a feature that is not there yet: an error unless it has the value that leaves
         * the feature off.
         */
        LATER
    }
}
