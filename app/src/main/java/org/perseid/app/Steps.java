package org.perseid.app;

import org.perseid.io.InputException;
import org.perseid.io.par.Between;
import org.perseid.io.snapshot.SnapshotInfo;
import org.perseid.renderer.time.CosmicTime;
import org.perseid.renderer.time.Motion;

/**
 * How far a velocity of 1 carries from one snapshot to the next, in the file's length unit.
 *
 * @param motion between the two
 * @param first by velocities of the first snapshot
 * @param second by velocities of the second
 */
record Steps(Motion motion, double first, double second) {

    /**
     * From the headers: cosmological times from the scale factors, else the codes' own times. With
     * units from the files velocities are physical; else they are Gadget's, v = u sqrt(a), in
     * {@code v_unit} and {@code l_unit}/h. Reference: Splotch, section "Interpolation between
     * snapshots".
     */
    static Steps of(SnapshotInfo one, SnapshotInfo two, Between between) {
        if (between.motion() == Between.Motion.LINEAR) {
            return new Steps(Motion.LINEAR, 0, 0);
        }
        Motion motion = between.motion() == Between.Motion.CUBIC ? Motion.CUBIC : Motion.ORBITAL;
        Between.Cosmology given = between.cosmology();
        double omega = or(one.omega0(), given.omega());
        double h = or(one.hubble(), given.hubble());
        if (!(omega > 0 && h > 0)) {
            double step = two.time() - one.time();
            if (step == 0) {
                throw new InputException(
                        two.parts().getFirst(),
                        "has the same time as "
                                + one.parts().getFirst()
                                + " ("
                                + one.time()
                                + "), so velocities say nothing; use interpolation_mode=1");
            }
            return new Steps(motion, step, step);
        }
        double lambda = or(one.omegaLambda(), given.lambda());
        double seconds = seconds(two, omega, lambda, h) - seconds(one, omega, lambda, h);
        return new Steps(
                motion, perVelocity(one, given, h) * seconds, perVelocity(two, given, h) * seconds);
    }

    private static double or(double ofFile, double given) {
        return ofFile > 0 || Double.isNaN(given) ? ofFile : given;
    }

    private static double seconds(SnapshotInfo info, double omega, double lambda, double h) {
        return CosmicTime.seconds(scaleFactor(info), omega, Double.isNaN(lambda) ? 0 : lambda, h);
    }

    private static double scaleFactor(SnapshotInfo info) {
        return info.redshift() > -1 ? 1 / (1 + info.redshift()) : 1;
    }

    private static double perVelocity(SnapshotInfo info, Between.Cosmology given, double h) {
        if (info.units().velocity().isKnown() && info.units().length().isKnown()) {
            return info.units().velocity().cgs() / info.units().length().cgs();
        }
        return given.velocityCgs() / given.lengthCgs() / Math.sqrt(scaleFactor(info)) * h;
    }
}
