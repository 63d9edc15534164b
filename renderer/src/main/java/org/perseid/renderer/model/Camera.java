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

    /** Largest angle between a direction that was moved to and the plane across the sky. */
    private static final double MAX_ELEVATION = Math.toRadians(89.5);

    /** Angle whose plane stands for that of a projection that has none. */
    private static final double AROUND_DEG = 90;

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

    /**
     * Width of what a picture shows at the target, in length units; of the picture's middle where
     * the projection has no such plane.
     */
    public double widthAtTarget() {
        double angle = projection.isFlat() ? fovDeg : Math.min(fovDeg, AROUND_DEG);
        return 2 * distance() * Math.tan(Math.toRadians(angle) / 2);
    }

    // Moves: cameras from this one. Where an angle or step makes no camera the nearest that is one.

    /**
     * Round the target.
     *
     * @param right angle by which the eye goes to the right, in radians
     * @param up angle by which it goes up; the eye stays below the sky direction
     */
    public Camera orbited(double right, double up) {
        Vec3 toEye = center.minus(lookAt);
        double rise = limited(up, axisZ());
        return moved(
                lookAt.plus(turn(toEye, right, rise)),
                lookAt,
                turn(eye.minus(center), right, rise));
    }

    /**
     * Turned where it is.
     *
     * @param right angle by which the view goes to the right, in radians
     * @param up angle by which it goes up
     */
    public Camera turned(double right, double up) {
        Vec3 view = lookAt.minus(center);
        double rise = limited(up, axisZ().times(-1));
        return moved(center, center.plus(turn(view, -right, -rise)), eye.minus(center));
    }

    /** Eye and target moved along the picture's axes, in length units. */
    public Camera shifted(double right, double up, double forward) {
        Vec3 step = axisX().times(right).plus(axisY().times(up)).plus(axisZ().times(-forward));
        return moved(center.plus(step), lookAt.plus(step), eye.minus(center));
    }

    /**
     * Nearer to or farther from a point of the plane through the target, which stays where it is in
     * the picture.
     *
     * @param factor on the distance, above 0
     * @param right of the point from the target, in length units
     * @param up of the point from the target
     */
    public Camera zoomed(double factor, double right, double up) {
        Vec3 still = lookAt.plus(axisX().times(right)).plus(axisY().times(up));
        return moved(
                still.plus(center.minus(still).times(factor)),
                still.plus(lookAt.minus(still).times(factor)),
                eye.minus(center).times(factor));
    }

    /**
     * With another angle of view.
     *
     * @throws RenderException when the projection has no such angle
     */
    public Camera withFov(double newFovDeg) {
        return new Camera(
                eye, lookAt, sky, center, newFovDeg, projection, zMin, zMax, omniStereoOffset);
    }

    /** Rolled about the view, in radians, clockwise as seen in the picture. */
    public Camera rolled(double angle) {
        Vec3 newSky = axisY().times(Math.cos(angle)).plus(axisX().times(-Math.sin(angle)));
        return new Camera(
                eye, lookAt, newSky, center, fovDeg, projection, zMin, zMax, omniStereoOffset);
    }

    /** The angle, made smaller so that a direction stays away from the sky's. */
    private double limited(double up, Vec3 direction) {
        double elevation = Math.asin(Math.clamp(direction.dot(sky.normalized()), -1, 1));
        return Math.clamp(elevation + up, -MAX_ELEVATION, MAX_ELEVATION) - elevation;
    }

    private Vec3 turn(Vec3 v, double aboutSky, double up) {
        return v.rotated(axisX(), -up).rotated(sky.normalized(), aboutSky);
    }

    private Camera moved(Vec3 newCenter, Vec3 newLookAt, Vec3 eyeFromCenter) {
        boolean lost =
                !(newCenter.minus(newLookAt).length() > 0) // too near for double precision
                        || !Double.isFinite(newCenter.length() + newLookAt.length());
        return lost
                ? this
                : new Camera(
                        newCenter.plus(eyeFromCenter),
                        newLookAt,
                        sky,
                        newCenter,
                        fovDeg,
                        projection,
                        zMin,
                        zMax,
                        omniStereoOffset);
    }

    /** Whether the picture is a plane, on which a pixel is as much everywhere at one depth. */
    public boolean isFlat() {
        return !projection.isFisheye()
                && projection != Projection.EQUIRECTANGULAR
                && omniStereoOffset == 0;
    }
}
