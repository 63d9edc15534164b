package org.perseid.renderer.backend;

/**
 * A batch of projected particles: {@code count} of each array are used. The projector writes it,
 * back ends read it. An entry with radius 0 is not drawn.
 */
public final class Splats {
    /** Part of the radius R within which a splat is drawn (Splotch: rho = 0.75 R). */
    public static final float SUPPORT = 0.75f;

    /** Width of the Gaussian as a part of R: pi^(-1/6)/2, so that w = exp(-(d/(WIDTH R))^2). */
    public static final double WIDTH = 0.5 * Math.pow(Math.PI, -1.0 / 6.0);

    /** Optical depth below which absorption is linear. */
    public static final float LINEAR_BELOW = 0.0062f;

    /** End of the interval of {@link #EXP_0}. */
    public static final float EXP_MAX = 0.4125f;

    /**
     * Coefficients of a polynomial of degree 4 for exp(-u), u in [0, {@link #EXP_MAX}] (Chebyshev
     * interpolation): its eighth power is exp(-8 u) to 2.8e-6, and no weight within a splat's
     * support has a smaller exponent.
     */
    public static final float EXP_0 = 0.9999998f;

    /** Of u. */
    public static final float EXP_1 = -0.9999801f;

    /** Of u^2. */
    public static final float EXP_2 = 0.49961114f;

    /** Of u^3. */
    public static final float EXP_3 = -0.16398397f;

    /** Of u^4. */
    public static final float EXP_4 = 0.03396137f;

    /** Centre in pixels; a pixel's sample is at its integer coordinate. */
    public final float[] x;

    /** Centre in pixels, downwards. */
    public final float[] y;

    /** R in pixels; 0 for a particle that is not visible. */
    public final float[] radius;

    /** Optical depth at the centre, four values a splat: red, green, blue and 0. */
    public final float[] light;

    /** Floats beyond the last light, so that a vector can be read anywhere. */
    private static final int PAD = 16;

    private int count;

    /** An empty batch with room for {@code capacity} splats. */
    public Splats(int capacity) {
        x = new float[capacity];
        y = new float[capacity];
        radius = new float[capacity];
        light = new float[4 * capacity + PAD];
    }

    public int capacity() {
        return x.length;
    }

    public int count() {
        return count;
    }

    /** Says how many entries are used. */
    public void setCount(int newCount) {
        if (newCount < 0 || newCount > capacity()) {
            throw new IllegalArgumentException(newCount + " of " + capacity());
        }
        count = newCount;
    }
}
