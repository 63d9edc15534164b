package org.perseid.renderer.backend;

/** Particles to measure, projected: parallel arrays of which the first {@link #count} are used. */
public final class Footprints {
    /** Centre in pixels; a pixel's middle is at its integer coordinate. */
    public final double[] x;

    /** Centre in pixels, downwards. */
    public final double[] y;

    /** Radius of the kernel's support in pixels. */
    public final double[] radius;

    /** Mass, 0 for a particle that does not count. */
    public final double[] mass;

    /** Side of a pixel at the particle's distance, in the file's length unit. */
    public final double[] unitsPerPixel;

    /** Distance from the eye along the view. */
    public final double[] depth;

    /** Values of the fields, {@code [field][particle]}; NaN where a particle has none. */
    public final float[][] values;

    private int count;

    /** Room for particles with that many fields. */
    public Footprints(int capacity, int fields) {
        x = new double[capacity];
        y = new double[capacity];
        radius = new double[capacity];
        mass = new double[capacity];
        unitsPerPixel = new double[capacity];
        depth = new double[capacity];
        values = new float[fields][capacity];
    }

    public int capacity() {
        return x.length;
    }

    public int count() {
        return count;
    }

    /** Says how many entries are used. */
    public void setCount(int newCount) {
        count = newCount;
    }
}
