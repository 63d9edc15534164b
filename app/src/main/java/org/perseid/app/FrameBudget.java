package org.perseid.app;

/**
 * Decides into how many parts a frame is cut so that a part takes about the time that is allowed,
 * from what parts have taken before. Knows no pictures and has no clock.
 */
final class FrameBudget {
    /** Most parts: smaller ones are mostly overhead. */
    private static final int MAX_PARTS = 64;

    /** Weight of a new measurement. */
    private static final double NEW = 0.4;

    private final double allowedMillis;
    private double wholeMillis;

    /**
     * @param allowedMillis for a part
     * @param guessMillis for a whole frame, before anything was measured
     */
    FrameBudget(double allowedMillis, double guessMillis) {
        this.allowedMillis = allowedMillis;
        this.wholeMillis = guessMillis;
    }

    /** A power of two: the fewest parts that take no longer than allowed. */
    int parts() {
        int parts = 1;
        while (parts < MAX_PARTS && wholeMillis / parts > allowedMillis) {
            parts *= 2;
        }
        return parts;
    }

    /** Milliseconds that a whole frame takes, by what is known. */
    double wholeMillis() {
        return wholeMillis;
    }

    /** A part of {@code parts} took this long. */
    void took(double millis, int parts) {
        wholeMillis += NEW * (millis * parts - wholeMillis);
    }
}
