package org.perseid.renderer.model;

/** How the light of particles along a line of sight adds up. */
public sealed interface Shading {
    /** Emission equals absorption: sums are exposed as 1 - exp(-S), and order does not matter. */
    record Emission() implements Shading {}

    /**
     * Emission and absorption differ: particles are laid over each other in order.
     *
     * @param gray grey absorption added to the colour's own, at least 0
     * @param order in which particles are laid down
     */
    record Absorption(double gray, DrawOrder order) implements Shading {}

    /** The order of particles when they absorb. */
    enum DrawOrder {
        /** As in the file. */
        FILE,
        FAR_TO_NEAR,
        RED_DESCENDING,
        RED_ASCENDING,
        RADIUS_DESCENDING
    }
}
