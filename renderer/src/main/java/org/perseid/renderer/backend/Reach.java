package org.perseid.renderer.backend;

/** Where in the picture the splats of a chunk may be; scratch of one thread. */
public final class Reach {
    /** Work of projecting a particle, in pixels drawn. */
    private static final double PROJECT_COST = 15;

    /** First column. */
    public int x0;

    /** First row. */
    public int y0;

    /** One beyond the last column. */
    public int x1;

    /** One beyond the last row. */
    public int y1;

    /** What R may be on average, in pixels; a guess for the division of work. */
    public double radius;

    /** R of no splat is larger, in pixels. */
    public double largest;

    /**
     * About the work of drawing so many splats, in pixels.
     *
     * @param largestRadius from this radius on a splat is no more work
     */
    public double work(int splats, double largestRadius) {
        double r = Splats.SUPPORT * Math.min(radius, largestRadius);
        return splats * (PROJECT_COST + Math.PI * r * r);
    }

    /** Sets it to a whole picture, and splats of any size. */
    public void all(int width, int height) {
        largest = Double.POSITIVE_INFINITY;
        x0 = 0;
        y0 = 0;
        x1 = width;
        y1 = height;
    }

    /** Moves all sides outwards, also out of the picture. */
    public void widen(int pixels) {
        x0 -= pixels;
        y0 -= pixels;
        x1 += pixels;
        y1 += pixels;
    }
}
