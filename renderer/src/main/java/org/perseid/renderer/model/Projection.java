package org.perseid.renderer.model;

/** How space is drawn on the image plane. */
public enum Projection {
    /** Lines meet in the eye. */
    PERSPECTIVE,
    /** Parallel lines, at the scale that perspective has at the target. */
    ORTHOGRAPHIC,
    /** Distance from the middle of the picture is the angle from the view (equidistant). */
    FISHEYE,
    /** The whole sky: longitude across, latitude along the picture; the view is in its middle. */
    EQUIRECTANGULAR;

    /** Largest angle of view in degrees. */
    public double maxFovDeg() {
        return this == FISHEYE || this == EQUIRECTANGULAR ? 360 : Math.nextDown(180.0);
    }
}
