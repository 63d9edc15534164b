package org.perseid.io.par;

import java.util.List;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.Projection;
import org.perseid.renderer.model.Vec3;

/** The pictures of a frame: one, a stereo pair, or the six faces of a panorama. */
final class Views {
    private static final double FACE_FOV_DEG = 90;

    private Views() {}

    static List<View> single(Camera camera) {
        return List.of(new View("", camera));
    }

    /**
     * Two eyes beside the camera, with the same image plane through the target (off-axis, no
     * parallax at the target). Reference: Splotch, section "Stereo".
     *
     * @param separationDeg angle between the eyes as seen from the target, in degrees
     */
    static List<View> stereo(Camera camera, double separationDeg) {
        Vec3 view = camera.lookAt().minus(camera.eye());
        Vec3 sideways = view.cross(camera.sky()).normalized();
        Vec3 offset = sideways.times(0.5 * view.length() * Math.toRadians(separationDeg));
        return List.of(
                new View("right_", withEye(camera, camera.eye().plus(offset))),
                new View("left_", withEye(camera, camera.eye().minus(offset))));
    }

    /**
     * Two eyes that turn with the direction in which they look, for the whole sky.
     *
     * @param separationDeg angle between the eyes as seen from the target, in degrees
     */
    static List<View> omniStereo(Camera c, double separationDeg) {
        double offset = 0.5 * c.distance() * Math.toRadians(separationDeg);
        return List.of(
                new View("right_", withOffset(c, offset)),
                new View("left_", withOffset(c, -offset)));
    }

    private static Camera withOffset(Camera c, double offset) {
        return new Camera(
                c.eye(),
                c.lookAt(),
                c.sky(),
                c.center(),
                c.fovDeg(),
                c.projection(),
                c.zMin(),
                c.zMax(),
                offset);
    }

    private static Camera withEye(Camera c, Vec3 eye) {
        return new Camera(
                eye, c.lookAt(), c.sky(), c.eye(), c.fovDeg(), c.projection(), c.zMin(), c.zMax());
    }

    /** The faces +x, +y, -x, -y with the sky along z, and +z, -z; each 90 degrees wide. */
    static List<View> panorama(Camera camera) {
        Vec3 x = new Vec3(1, 0, 0);
        Vec3 y = new Vec3(0, 1, 0);
        Vec3 z = new Vec3(0, 0, 1);
        return List.of(
                new View("1_", face(camera, x, z)),
                new View("2_", face(camera, y, z)),
                new View("3_", face(camera, x.times(-1), z)),
                new View("4_", face(camera, y.times(-1), z)),
                new View("5_", face(camera, z, x.times(-1))),
                new View("6_", face(camera, z.times(-1), x)));
    }

    private static Camera face(Camera c, Vec3 direction, Vec3 sky) {
        Vec3 target = c.eye().plus(direction.times(c.distance()));
        return new Camera(
                c.eye(),
                target,
                sky,
                c.eye(),
                FACE_FOV_DEG,
                Projection.PERSPECTIVE,
                c.zMin(),
                c.zMax());
    }
}
