package org.perseid.renderer.backend;

/** A rectangle of pixels, ends exclusive, with the scratch row of the thread that draws it. */
public final class Tile {
    /** First column. */
    public final int x0;

    /** One beyond the last column. */
    public final int x1;

    /** First row. */
    public final int y0;

    /** One beyond the last row. */
    public final int y1;

    /** Weights of the columns x0.., written for each splat. */
    public final float[] columnWeight;

    Tile(int x0, int x1, int y0, int y1) {
        this.x0 = x0;
        this.x1 = x1;
        this.y0 = y0;
        this.y1 = y1;
        this.columnWeight = new float[x1 - x0];
    }
}
