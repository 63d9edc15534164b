package org.perseid.renderer.model;

/**
 * Kernels of smoothed particle hydrodynamics by their value at r = q H, H being the radius of the
 * support, in units of 1/H^3; their integral over space is 1. References: Monaghan and Lattanzio
 * (1985) for the cubic spline; Wendland (1995), Dehnen and Aly (2012) for C2.
 */
public enum SphKernel {
    /** M4 cubic spline. */
    CUBIC {
        @Override
        public double value(double q) {
            double left = 1 - q;
            return 8
                    / Math.PI
                    * (q < 0.5 ? 1 - 6 * q * q * left : q < 1 ? 2 * left * left * left : 0);
        }
    },
    /** Wendland C2 in three dimensions. */
    WENDLAND {
        @Override
        public double value(double q) {
            double left = 1 - q;
            return q < 1 ? 21 / (2 * Math.PI) * left * left * left * left * (1 + 4 * q) : 0;
        }
    },
    /** The Gaussian that Splotch draws, cut where its weight is exp(-3.295), normalised. */
    GAUSSIAN {
        @Override
        public double value(double q) {
            return q < 1 ? GAUSSIAN_NORM * Math.exp(-GAUSSIAN_CUT * q * q) : 0;
        }
    };

    /** (0.75/h)^2 with h = pi^(-1/6)/2: Splotch's exponent at its cut. */
    private static final double GAUSSIAN_CUT = 2.25 * Math.cbrt(Math.PI);

    private static final double GAUSSIAN_NORM = gaussianNorm();

    /** Kernel at r = q H, times H^3. */
    public abstract double value(double q);

    private static double gaussianNorm() {
        int n = 20_000;
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double q = (i + 0.5) / n;
            sum += 4 * Math.PI * q * q * Math.exp(-GAUSSIAN_CUT * q * q) / n;
        }
        return 1 / sum;
    }
}
