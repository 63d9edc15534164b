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

    /** Centre in pixels; a pixel's sample is at its integer coordinate. */
    public final float[] x;

    /** Centre in pixels, downwards. */
    public final float[] y;

    /** R in pixels; 0 for a particle that is not visible. */
    public final float[] radius;

    /** Optical depth at the centre. */
    public final float[] red;

    /** Optical depth at the centre. */
    public final float[] green;

    /** Optical depth at the centre. */
    public final float[] blue;

    private int count;

    /** An empty batch with room for {@code capacity} splats. */
    public Splats(int capacity) {
        x = new float[capacity];
        y = new float[capacity];
        radius = new float[capacity];
        red = new float[capacity];
        green = new float[capacity];
        blue = new float[capacity];
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
