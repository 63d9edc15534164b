package org.perseid.renderer.model;

/** How close a picture is to the sum over all particles in double precision. */
public enum Quality {
    /** The picture of the specification to one grey level. */
    EXACT,
    /**
     * Splats that are large in pixels are drawn on coarser grids and interpolated; mean error of
     * the light at most 0.2 %.
     */
    HIGH
}
