package org.perseid.renderer.time;

/** Age of a flat universe of matter and vacuum. */
public final class CosmicTime {
    /** 100 km/s/Mpc in 1/s. */
    private static final double HUBBLE_100 = 1e7 / 3.085677581491367e24;

    private CosmicTime() {}

    /**
     * Seconds since the beginning: t(a) = 2/3 asinh(sqrt(lambda/omega a^3)) / sqrt(lambda) / H0.
     *
     * @param a scale factor, above 0
     * @param omega matter density, above 0
     * @param lambda vacuum density; 0 for none
     * @param h Hubble parameter in 100 km/s/Mpc, above 0
     */
    public static double seconds(double a, double omega, double lambda, double h) {
        double perHubbleTime =
                lambda > 0
                        ? 2 / 3.0 * asinh(Math.sqrt(lambda / omega * a * a * a)) / Math.sqrt(lambda)
                        : 2 / 3.0 * Math.sqrt(a * a * a / omega);
        return perHubbleTime / (h * HUBBLE_100);
    }

    private static double asinh(double x) {
        return Math.log(x + Math.sqrt(x * x + 1));
    }
}
