package org.perseid.app;

/**
 * Decides how large nodes may be so that a picture takes about the time that is allowed, from what
 * the pictures before have taken. Knows no pictures and has no clock.
 */
final class DetailBudget {
    /** Larger ones are blurs. */
    private static final double MOST_PX = 64;

    private static final double FIRST_PX = 8;

    /** Parts of the allowed time below and above which nodes get smaller and larger. */
    private static final double LITTLE = 0.4;

    private static final double MUCH = 1.3;

    private final double allowedMillis;
    private double px = FIRST_PX;

    DetailBudget(double allowedMillis) {
        this.allowedMillis = allowedMillis;
    }

    /** Longest side of a node in pixels, 1 at least. */
    double px() {
        return px;
    }

    /** A picture with nodes of that size took this long. */
    void took(double millis) {
        if (millis > MUCH * allowedMillis) {
            px = Math.min(MOST_PX, 2 * px);
        } else if (millis < LITTLE * allowedMillis) {
            px = Math.max(1, px / 2);
        }
    }
}
