package org.perseid.compositing;

/** The ways by which the images of many ranks become one. */
public enum Schedule {
    /** MPI's own reduction to the root; sums only, whole planes. */
    REDUCE,
    /** Each rank gets one part of the picture from all others, in one step. */
    DIRECT,
    /** Halves are exchanged in pairs, log2 N steps; ranks beyond a power of two join first. */
    SWAP,
    /**
     * Groups of up to four exchange parts, as many steps as factors of N; primes above are groups.
     */
    RADIX
}
