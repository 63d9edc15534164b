package org.perseid.renderer.time;

/**
 * The way of a particle along one axis from one snapshot to the next. {@code f} runs from 0 to 1;
 * velocities are in lengths a step. Reference: Splotch, section "Interpolation between snapshots".
 */
public enum Motion {
    /** In a straight line, whatever the velocities. */
    LINEAR {
        @Override
        double at(double f, double way, double v1, double v2) {
            return f * way;
        }

        @Override
        double alone(double f, double v) {
            return 0;
        }
    },
    /** The cubic that meets both places and both velocities. */
    CUBIC {
        @Override
        double at(double f, double way, double v1, double v2) {
            double square = f * f;
            double cube = square * f;
            return way * (3 * square - 2 * cube)
                    + v1 * (f - 2 * square + cube)
                    + v2 * (cube - square);
        }
    },
    /**
     * Part of an oscillation, a0 + a1 cos(alpha f) + a2 sin(alpha f), that meets both places and
     * both velocities: alpha / tan(alpha / 2) = (v1 + v2) / way, which has one solution below a
     * full turn when the right side is below 2. Where it is not, nothing swings back, and the way
     * is the cubic.
     */
    ORBITAL {
        @Override
        double at(double f, double way, double v1, double v2) {
            double ratio = (v1 + v2) / way;
            if (!(ratio < ALMOST_STRAIGHT && ratio > -LARGEST_RATIO)) {
                return CUBIC.at(f, way, v1, v2);
            }
            double alpha = phase(ratio);
            double a2 = v1 / alpha;
            double a1 = (a2 * Math.sin(alpha) - way) / (1 - Math.cos(alpha));
            return a1 * (Math.cos(alpha * f) - 1) + a2 * Math.sin(alpha * f);
        }
    };

    private static final double ALMOST_STRAIGHT = 1.9999;

    /**
     * Above it alpha is a full turn to 6e-6, and the oscillation would be a loop out of nothing.
     */
    private static final double LARGEST_RATIO = 1e3;

    private static final double PRECISION = 1e-12;

    /** How far it has come from its first place. */
    abstract double at(double f, double way, double v1, double v2);

    /** How far a particle has come that is in one snapshot only. */
    double alone(double f, double v) {
        return f * v;
    }

    /** The alpha in (0, 2 pi) with alpha / tan(alpha / 2) = ratio, by bisection: it falls. */
    static double phase(double ratio) {
        double low = 0;
        double high = 2 * Math.PI;
        while (high - low > PRECISION * high) {
            double middle = (low + high) / 2;
            if (middle <= low || middle >= high) {
                break;
            }
            if (middle / Math.tan(middle / 2) > ratio) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }
}
