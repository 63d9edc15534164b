package org.perseid.renderer.frame;

import java.util.Arrays;
import org.perseid.renderer.model.Peers;
import org.perseid.renderer.model.Peers.Fold;

/**
 * Which part of the work each peer gets of particles that all have: equal ones at first, then such
 * that all take the same time, by what the parts before took. What work is can only be guessed, and
 * peers may be of unequal speed.
 */
final class Shares {
    /** Seconds; what differs less is chance. */
    private static final double LITTLE = 0.005;

    /** A part is not less than about an equal one through this. */
    private static final double MOST = 8;

    private final double[] parts;

    /** What this peer's part before took; 0 when there was none. */
    private double seconds;

    /** Equal parts for so many peers. */
    Shares(int count) {
        parts = new double[count];
        Arrays.fill(parts, 1.0 / count);
    }

    /**
     * Called by all peers: the parts, which add up to 1, the same bits on all.
     *
     * @return as number 0 knows them, and learnt from how long all took
     */
    double[] agreed(Peers peers) {
        int n = parts.length;
        double[] all = new double[2 * n];
        if (peers.self() == 0) {
            System.arraycopy(parts, 0, all, 0, n);
        }
        all[n + peers.self()] = seconds;
        peers.fold(Fold.SUM, all);
        System.arraycopy(all, 0, parts, 0, n);
        learn(Arrays.copyOfRange(all, n, 2 * n));
        seconds = 0;
        return parts.clone();
    }

    /** So long this peer took for its part. */
    void took(double ofPart) {
        seconds = ofPart;
    }

    /** Goes half of the way, so that chance does little. */
    void learn(double[] seconds) {
        double mean = Arrays.stream(seconds).average().orElse(0);
        double most = Arrays.stream(seconds).max().orElse(0);
        double least = Arrays.stream(seconds).min().orElse(0);
        if (most - mean < LITTLE || least <= 0) {
            return; // chance, or one has not drawn yet
        }
        for (int k = 0; k < parts.length; k++) {
            parts[k] *= Math.sqrt(mean / Math.max(seconds[k], mean / 4));
        }
        makeSumOne();
        for (int k = 0; k < parts.length; k++) {
            parts[k] = Math.max(parts[k], 1 / (MOST * parts.length));
        }
        makeSumOne();
    }

    private void makeSumOne() {
        double sum = Arrays.stream(parts).sum();
        for (int k = 0; k < parts.length; k++) {
            parts[k] /= sum;
        }
    }
}
