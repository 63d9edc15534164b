package org.perseid.renderer.backend;

/** Where in the picture the splats of a chunk may be; scratch of one thread. */
public final class Reach {
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

    /** Sets it to a whole picture. */
    public void all(int width, int height) {
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
