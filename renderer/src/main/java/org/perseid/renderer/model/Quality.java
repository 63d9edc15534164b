package org.perseid.renderer.model;

/** How close a picture is to the sum over all particles in double precision. */
public enum Quality {
    /** The picture of the specification to one grey level. */
    EXACT(0),
    /**
     * Splats that are large in pixels are drawn on coarser grids and interpolated. The error comes
     * from the rims of splats, where the light falls from 3.7 % of their middle to nothing: 1 to 3
     * % on average for a single large splat, less the more splats overlap, 0.05 to 0.13 % for 1e6
     * and 1e7 particles of the built-in data. Where a set has {@link Detail nodes}, those that are
     * no longer than a pixel are drawn in place of their particles, which adds as much again at
     * most.
     */
    HIGH(1),
    /** Like {@link #HIGH}, with nodes of up to eight pixels; the same where a set has none. */
    PREVIEW(8);

    private final double detailPx;

    Quality(double detailPx) {
        this.detailPx = detailPx;
    }

    /** Pixels: nodes that are no longer are drawn in place of their particles. */
    public double detailPx() {
        return detailPx;
    }
}
