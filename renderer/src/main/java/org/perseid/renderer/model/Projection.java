package org.perseid.renderer.model;

/** How space is drawn on the image plane. */
public enum Projection {
    /** Lines meet in the eye. */
    PERSPECTIVE,
    /** Parallel lines, at the scale that perspective has at the target. */
    ORTHOGRAPHIC
}
