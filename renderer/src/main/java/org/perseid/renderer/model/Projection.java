package org.perseid.renderer.model;

/** How space is drawn on the image plane. */
public enum Projection {
    /** Lines meet in the eye. */
    PERSPECTIVE,
    /** Parallel lines, at the scale that perspective has at the target. */
    ORTHOGRAPHIC,
    /** Distance from the middle of the picture is the angle from the view (equidistant). */
    FISHEYE,
    /** A fisheye mirrored at the picture's diagonal, as Splotch draws for a dome. */
    DOME,
    /** The whole sky: longitude across, latitude along the picture; the view is in its middle. */
    EQUIRECTANGULAR;

    /** Largest angle of view in degrees. */
    public double maxFovDeg() {
        return isFlat() ? Math.nextDown(180.0) : 360;
    }

    /** Whether the picture is a plane in space, so that it has one scale at the target. */
    public boolean isFlat() {
        return this == PERSPECTIVE || this == ORTHOGRAPHIC;
    }

    /** Whether the distance from the middle of the picture is an angle. */
    public boolean isFisheye() {
        return this == FISHEYE || this == DOME;
    }
}
