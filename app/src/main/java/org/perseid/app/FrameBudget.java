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
    private final int maxParts;
    private double wholeMillis;
    private boolean measured;

    /**
     * @param allowedMillis for a part
     * @param guessMillis for a whole frame, before anything was measured
     */
    FrameBudget(double allowedMillis, double guessMillis) {
        this(allowedMillis, guessMillis, MAX_PARTS);
    }

    /**
     * @param maxParts most parts, a power of two
     */
    FrameBudget(double allowedMillis, double guessMillis, int maxParts) {
        this.allowedMillis = allowedMillis;
        this.wholeMillis = guessMillis;
        this.maxParts = maxParts;
    }

    /** A better guess for a whole frame, if nothing was measured yet. */
    void expect(double guessMillis) {
        wholeMillis = measured ? wholeMillis : guessMillis;
    }

    /** A power of two: the fewest parts that take no longer than allowed. */
    int parts() {
        int parts = 1;
        while (parts < maxParts && wholeMillis / parts > allowedMillis) {
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
        measured = true;
        wholeMillis += NEW * (millis * parts - wholeMillis);
    }
}
