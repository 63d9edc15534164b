package org.perseid.streaming;

import java.util.ArrayDeque;

/**
 * What is known of the line to a viewer, from the times between frames and their acknowledgements:
 * how many frames may be on their way and how finely they are encoded. A frame takes the round trip
 * of an empty line and its transfer; when the transfer takes long the next frames are coarser, when
 * it is short for a while they are finer again. Not thread-safe; times are given, so that a test
 * has its own clock.
 */
final class Link {
    /** A transfer that takes longer than this makes frames coarser. */
    private static final double SLOW_MS = 60;

    /** Shorter transfers than this, many in a row, make frames finer. */
    private static final double QUICK_MS = 20;

    private static final int QUICK_IN_A_ROW = 12;

    /** Frames on their way for each of these milliseconds of the round trip. */
    private static final double FRAME_MS = 50;

    /** A line on which transfers take longer is full with one frame. */
    private static final double FULL_MS = 30;

    /** A ping is sent before a frame when the last one is older than this. */
    private static final double PING_MS = 2000;

    private static final int MAX_WINDOW = 6;

    /** A frame without an answer for this long counts as slow. */
    private static final double LOST_MS = 1500;

    private static final double REST_MS = 250;

    /** A picture at rest gets no finer when its last transfer took longer than this. */
    private static final double PATIENCE_MS = 2000;

    private record Sent(long sequence, int bytes, double atMs, boolean teaches) {}

    private final ArrayDeque<Sent> onTheirWay = new ArrayDeque<>();
    private double roundTripMs = Double.POSITIVE_INFINITY;
    private double transferMs;
    private double pingedAtMs = Double.NEGATIVE_INFINITY;
    private double lastMs;
    private double bytesPerMs;
    private int quick;
    private Tier tier = Tier.GOOD;

    /** Whether another frame may be sent. */
    boolean isOpen() {
        return onTheirWay.size() < window();
    }

    /**
     * Frames that may be on their way: 2, or 1 where a frame fills the line; more on a line with a
     * long round trip.
     */
    int window() {
        double trip = Double.isInfinite(roundTripMs) ? 0 : roundTripMs;
        int least = transferMs > FULL_MS ? 1 : 2;
        double frames = least - 1 + Math.ceil(trip / Math.max(FRAME_MS, transferMs));
        return (int) Math.clamp(frames, least, MAX_WINDOW);
    }

    /** Whether it is time to measure the round trip; if so it counts as done. */
    boolean takePing(double nowMs) {
        boolean due = onTheirWay.isEmpty() && nowMs - pingedAtMs > PING_MS;
        if (due) {
            pingedAtMs = nowMs;
        }
        return due;
    }

    /** A ping came back after this long. */
    void ponged(double tookMs) {
        roundTripMs = tookMs < roundTripMs ? tookMs : roundTripMs + 0.2 * (tookMs - roundTripMs);
    }

    Tier tier() {
        return tier;
    }

    /** Smallest round trip so far in milliseconds; 0 before the first. */
    double roundTripMs() {
        return Double.isInfinite(roundTripMs) ? 0 : roundTripMs;
    }

    /** Milliseconds from sending to acknowledgement of the last frame. */
    double lastMs() {
        return lastMs;
    }

    /** What the line carried lately. */
    double bytesPerSecond() {
        return bytesPerMs * 1000;
    }

    /**
     * A frame has been sent.
     *
     * @param teaches whether its time says how fine the next ones may be; not so for a picture at
     *     rest that is sent again, finer than the line bears while it moves
     */
    void sent(long sequence, int bytes, double nowMs, boolean teaches) {
        onTheirWay.add(new Sent(sequence, bytes, nowMs, teaches));
    }

    /**
     * Milliseconds for which nothing new may come before a final picture is sent again, finer: the
     * longer transfers take, the longer, so that a movement seldom finds the line full. Negative
     * while a frame is on its way, and on a line that is too slow.
     */
    double restMs() {
        boolean bears = onTheirWay.isEmpty() && lastMs < PATIENCE_MS;
        return bears ? Math.max(REST_MS, 2 * lastMs) : -1;
    }

    /**
     * A frame has arrived; those before it have too, or were left out by the viewer.
     *
     * @return milliseconds that it took, or -1 when no such frame was on its way
     */
    double acknowledged(long sequence, double nowMs) {
        double took = -1;
        while (!onTheirWay.isEmpty() && onTheirWay.peek().sequence <= sequence) {
            Sent sent = onTheirWay.remove();
            if (sent.sequence == sequence) {
                took = nowMs - sent.atMs;
                lastMs = took;
                if (sent.teaches) {
                    learn(took, sent.bytes);
                }
            }
        }
        return took;
    }

    /** Forgets frames whose acknowledgement never came, so that a viewer is not stuck for ever. */
    void expire(double nowMs) {
        while (!onTheirWay.isEmpty() && nowMs - onTheirWay.peek().atMs > 10 * LOST_MS) {
            onTheirWay.remove();
        }
    }

    private void learn(double tookMs, int bytes) {
        roundTripMs = Math.min(roundTripMs, tookMs);
        double transfer = Math.max(0.1, tookMs - roundTripMs);
        transferMs += 0.3 * (transfer - transferMs);
        bytesPerMs = bytesPerMs == 0 ? bytes / transfer : 0.8 * bytesPerMs + 0.2 * bytes / transfer;
        if (transfer > SLOW_MS) {
            tier = tookMs > LOST_MS ? tier.coarser().coarser() : tier.coarser();
            quick = 0;
        } else if (transfer < QUICK_MS) {
            quick++;
            if (quick >= QUICK_IN_A_ROW && tier != Tier.BEST) {
                tier = tier.finer();
                quick = 0;
            }
        } else {
            quick = 0;
        }
    }
}
