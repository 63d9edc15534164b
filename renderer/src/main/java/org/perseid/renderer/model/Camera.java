package org.perseid.renderer.model;

/**
 * Where the picture is taken from.
 *
 * @param eye position of the eye
 * @param lookAt target in the middle of the picture
 * @param sky direction that is up; not parallel to the view
 * @param center reference point of the image plane: axes and distance come from it, the position
 *     from the eye, which gives an off-axis frustum where the two differ; equal to the eye
 *     otherwise
 * @param fovDeg horizontal full angle, in (0, 180), up to 360 for a fisheye
 * @param projection how space is drawn
 * @param zMin smallest depth that is drawn, exclusive, at least 0
 * @param zMax largest depth that is drawn, exclusive
 * @param omniStereoOffset how far the eye is to the right of each direction in which it looks, for
 *     stereo pairs of the whole sky; 0 for one eye
 */
public record Camera(
        Vec3 eye,
        Vec3 lookAt,
        Vec3 sky,
        Vec3 center,
        double fovDeg,
        Projection projection,
        double zMin,
        double zMax,
        double omniStereoOffset) {
    /** Sine of the smallest angle between sky and view that still gives a picture plane. */
    private static final double MIN_SINE = 1e-9;

    /**
     * @throws RenderException when the eye is at the target, the sky is along the view or the angle
     *     is out of range
     */
    public Camera {
        if (!(fovDeg > 0 && fovDeg <= projection.maxFovDeg())) {
            throw new RenderException(
                    "fov is "
                            + fovDeg
                            + "; must be in (0, "
                            + (projection.maxFovDeg() < 180 ? "180)" : "360]")
                            + " degrees");
        }
        Vec3 view = center.minus(lookAt);
        if (!(view.length() > 0)) {
            throw new RenderException(
                    "the camera is at its target (camera = lookat); move one of them");
        }
        if (!(sky.length() > 0)) {
            throw new RenderException(
                    "sky is the zero vector; give the direction that is up, e.g. 0 0 1");
        }
        if (sky.normalized().cross(view.normalized()).length() < MIN_SINE) {
            throw new RenderException(
                    "sky is parallel to the view (lookat - camera); give another direction that is up");
        }
    }

    /** A camera with one eye. */
    public Camera(
            Vec3 eye,
            Vec3 lookAt,
            Vec3 sky,
            Vec3 center,
            double fovDeg,
            Projection projection,
            double zMin,
            double zMax) {
        this(eye, lookAt, sky, center, fovDeg, projection, zMin, zMax, 0);
    }

    /** The same place and limits with another direction, angle and projection. */
    public Camera looking(Vec3 direction, Vec3 newSky, double newFovDeg, Projection newProjection) {
        return new Camera(
                eye,
                eye.plus(direction.times(distance())),
                newSky,
                eye,
                newFovDeg,
                newProjection,
                zMin,
                zMax,
                omniStereoOffset);
    }

    /** Unit vector against the view. */
    public Vec3 axisZ() {
        return center.minus(lookAt).normalized();
    }

    /** Unit vector to the right. */
    public Vec3 axisX() {
        return sky.normalized().cross(axisZ()).normalized();
    }

    /** Unit vector that is up in the picture plane. */
    public Vec3 axisY() {
        return axisZ().cross(axisX());
    }

    /** A perspective camera with the eye as the centre and everything in front of it visible. */
    public static Camera perspective(Vec3 eye, Vec3 lookAt, Vec3 sky, double fovDeg) {
        return new Camera(eye, lookAt, sky, eye, fovDeg, Projection.PERSPECTIVE, 0, 1e23);
    }

    /** Distance from the centre to the target. */
    public double distance() {
        return center.minus(lookAt).length();
    }
}
