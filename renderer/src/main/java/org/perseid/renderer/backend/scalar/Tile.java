package org.perseid.renderer.backend.scalar;

/** A rectangle of pixels, ends exclusive, with the scratch row of the thread that draws it. */
final class Tile {
    final int x0;
    final int x1;
    final int y0;
    final int y1;

    /** Weights of the columns x0.., written for each splat. */
    final float[] columnWeight;

    Tile(int x0, int x1, int y0, int y1) {
        this.x0 = x0;
        this.x1 = x1;
        this.y0 = y0;
        this.y1 = y1;
        this.columnWeight = new float[x1 - x0];
    }
}
