package org.perseid.io.par;

/**
 * A time between two snapshots.
 *
 * @param next the second of them; the first is the job's own source
 * @param fraction 0 at the first, 1 at the second
 * @param motion from one to the other
 * @param cosmology what the parameter file says where the snapshots do not
 */
public record Between(SnapshotSource next, double fraction, Motion motion, Cosmology cosmology) {
    /** How particles move between snapshots, by Splotch's interpolation_mode. */
    public enum Motion {
        LINEAR,
        CUBIC,
        ORBITAL
    }

    /**
     * For velocities in modes 2 and 3, NaN where it is not given.
     *
     * @param hubble h
     * @param omega matter density
     * @param lambda vacuum density
     * @param lengthCgs unit of length in cm
     * @param velocityCgs unit of velocity in cm/s
     */
    public record Cosmology(
            double hubble, double omega, double lambda, double lengthCgs, double velocityCgs) {}
}
