package org.perseid.io.demo;

import java.util.SplittableRandom;

/**
 * Draws particles of a two-armed spiral galaxy round the origin, in kpc: an exponential disk along
 * logarithmic spirals, and a Hernquist bulge. Smoothing lengths hold about 32 neighbours, by the
 * number density of the model.
 */
final class Galaxy {
    private static final double DISK_SCALE = 3.2;
    private static final double DISK_EDGE = 20;
    private static final double BULGE_SCALE = 0.55;
    private static final double BULGE_EDGE = 12;
    private static final double BULGE_PART = 0.3;
    private static final double PITCH = Math.toRadians(17);
    private static final double ROTATION_KM_S = 220;
    private static final double NEIGHBOURS = 32;

    private Galaxy() {}

    /** One particle; written by a generator, read by the writer, reused. */
    static final class Sample {
        double x;
        double y;
        double z;
        double vx;
        double vy;
        double vz;
        double smoothingLength;
        double density;
        double energy;
        double formationTime;
    }

    /** A gas particle of the disk, one of n. */
    static void gas(SplittableRandom random, long n, Sample s) {
        double inArm = disk(random, n, 0.12, 0.85, 0.28, s);
        double radius = Math.hypot(s.x, s.y);
        s.density = NEIGHBOURS / (s.smoothingLength * s.smoothingLength * s.smoothingLength);
        s.energy =
                60 * Math.exp(radius / 6) * (1.6 - inArm) * Math.exp(0.35 * random.nextGaussian());
        s.formationTime = 1;
    }

    /** A star of the disk or the bulge, one of n. */
    static void star(SplittableRandom random, long n, Sample s) {
        if (random.nextDouble() < BULGE_PART) {
            bulge(random, (long) (n * BULGE_PART), s);
            s.formationTime = 0.12 + 0.2 * random.nextDouble();
        } else {
            double inArm = disk(random, (long) (n * (1 - BULGE_PART)), 0.3, 0.6, 0.4, s);
            s.formationTime = Math.min(1, 0.35 + 0.25 * random.nextDouble() + 0.4 * inArm);
        }
    }

    /**
     * A particle of the disk.
     *
     * @param height scale height
     * @param armPart part of the particles that are in the arms
     * @param armWidth standard deviation of the angle round an arm's middle
     * @return how much it is in an arm, 0 to 1
     */
    private static double disk(
            SplittableRandom random,
            long n,
            double height,
            double armPart,
            double armWidth,
            Sample s) {
        double radius;
        do {
            radius = -DISK_SCALE * Math.log((1 - random.nextDouble()) * (1 - random.nextDouble()));
        } while (radius > DISK_EDGE);
        double middle = Math.log(Math.max(radius, 0.4)) / Math.tan(PITCH);
        double off = random.nextGaussian() * armWidth * (1 + 0.6 / (0.3 + radius));
        boolean arm = random.nextDouble() < armPart;
        double angle =
                arm
                        ? middle + off + (random.nextBoolean() ? Math.PI : 0)
                        : random.nextDouble() * 2 * Math.PI;
        double side = random.nextBoolean() ? 1 : -1;
        s.x = radius * Math.cos(angle);
        s.y = radius * Math.sin(angle);
        s.z = -side * height * Math.log(1 - random.nextDouble());
        s.vx = -ROTATION_KM_S * Math.sin(angle) + 10 * random.nextGaussian();
        s.vy = ROTATION_KM_S * Math.cos(angle) + 10 * random.nextGaussian();
        s.vz = 10 * random.nextGaussian();
        double inArm = arm ? Math.exp(-0.5 * off * off / (armWidth * armWidth)) : 0;
        double number =
                n
                        * Math.exp(-radius / DISK_SCALE - Math.abs(s.z) / height)
                        / (4 * Math.PI * DISK_SCALE * DISK_SCALE * height)
                        * (1 - armPart + 3 * armPart * inArm);
        s.smoothingLength = lengthAt(number);
        return inArm;
    }

    private static void bulge(SplittableRandom random, long n, Sample s) {
        double radius;
        do {
            double root = Math.sqrt(random.nextDouble());
            radius = BULGE_SCALE * root / (1 - root);
        } while (!(radius < BULGE_EDGE));
        onSphere(random, radius, s);
        double speed = ROTATION_KM_S * 0.5;
        s.vx = speed * random.nextGaussian();
        s.vy = speed * random.nextGaussian();
        s.vz = speed * random.nextGaussian();
        double a = Math.max(radius, 0.02);
        s.smoothingLength =
                lengthAt(n * BULGE_SCALE / (2 * Math.PI * a * Math.pow(a + BULGE_SCALE, 3)));
    }

    /** Puts the sample on a sphere round the origin. */
    static void onSphere(SplittableRandom random, double radius, Sample s) {
        double cosine = 2 * random.nextDouble() - 1;
        double sine = Math.sqrt(1 - cosine * cosine);
        double angle = 2 * Math.PI * random.nextDouble();
        s.x = radius * sine * Math.cos(angle);
        s.y = radius * sine * Math.sin(angle);
        s.z = radius * cosine;
    }

    /** The radius that holds 32 particles at a number density, at most 6 kpc. */
    static double lengthAt(double numberDensity) {
        return Math.min(
                6, Math.cbrt(NEIGHBOURS / (4.0 / 3.0 * Math.PI * Math.max(numberDensity, 1e-12))));
    }
}
