package org.perseid.web;

/** How many messages one sender may send; for one thread. */
final class Allowance {
    /** Why a connection is ended. */
    static final String REASON = "too many messages";

    /** Messages a second that may come for long, and how many at once. */
    private static final double RATE = 400;

    private static final double BURST = 1200;

    private double left = BURST;
    private long last = System.nanoTime();

    /** Counts a message; false when it is one too many. */
    boolean take() {
        long now = System.nanoTime();
        left = Math.min(BURST, left + (now - last) * 1e-9 * RATE) - 1;
        last = now;
        return left >= 0;
    }
}
