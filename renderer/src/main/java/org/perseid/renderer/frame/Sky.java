package org.perseid.renderer.frame;

import java.util.ArrayList;
import java.util.List;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.Projection;
import org.perseid.renderer.model.Vec3;
import org.perseid.renderer.model.Workers;

/**
 * The whole sky from six fisheye pictures along the axes of the camera, each a little wider than
 * the face of a cube: within a face an equidistant fisheye turns circles into ellipses of at most
 * 17 per cent, so splats keep their light and their shape up to the poles. Light is interpolated
 * linearly, before the exposure.
 */
final class Sky {
    /** The corner of a cube's face is 54.74 degrees off its middle; room for interpolation. */
    static final double FACE_FOV_DEG = 114;

    private static final double HALF_FACE = Math.toRadians(FACE_FOV_DEG / 2);

    private final Camera camera;
    private final int width;
    private final int height;
    private final List<Camera> faces = new ArrayList<>();

    /**
     * @param camera its view is the middle of the picture
     */
    Sky(Camera camera, int width, int height) {
        this.camera = camera;
        this.width = width;
        this.height = height;
        Vec3 forward = camera.axisZ().times(-1);
        Vec3 right = camera.axisX();
        Vec3 up = camera.axisY();
        for (Vec3 direction :
                List.of(forward, right, forward.times(-1), right.times(-1), up, up.times(-1))) {
            boolean vertical = Math.abs(direction.dot(up)) > 0.5;
            faces.add(
                    camera.looking(
                            direction, vertical ? forward : up, FACE_FOV_DEG, Projection.FISHEYE));
        }
    }

    /** Cameras of the faces. */
    List<Camera> faces() {
        return faces;
    }

    /** Side of a face's picture, whose pixels are as large as the sky's at the equator. */
    int facePx() {
        return (int) Math.ceil(width / (2 * Math.PI) * 2 * HALF_FACE) + 2;
    }

    /**
     * Puts the faces together. Row 0 is the lower pole, as sky directions are down in row order.
     */
    LinearImage join(List<LinearImage> pictures, Workers workers) {
        LinearImage out = new LinearImage(width, height);
        Vec3 forward = camera.axisZ().times(-1);
        Vec3 right = camera.axisX();
        Vec3 up = camera.axisY();
        workers.run(
                height,
                row -> {
                    double latitude = ((row + 0.5) / height - 0.5) * Math.PI;
                    for (int column = 0; column < width; column++) {
                        double longitude = ((column + 0.5) / width - 0.5) * 2 * Math.PI;
                        Vec3 level =
                                forward.times(Math.cos(longitude))
                                        .plus(right.times(Math.sin(longitude)));
                        Vec3 direction =
                                level.times(Math.cos(latitude)).plus(up.times(Math.sin(latitude)));
                        int face = nearest(direction);
                        copy(
                                direction,
                                faces.get(face),
                                pictures.get(face),
                                out,
                                (int) row * width + column);
                    }
                });
        return out;
    }

    private int nearest(Vec3 direction) {
        int best = 0;
        double most = -2;
        for (int f = 0; f < faces.size(); f++) {
            double cosine = -faces.get(f).axisZ().dot(direction);
            if (cosine > most) {
                most = cosine;
                best = f;
            }
        }
        return best;
    }

    private static void copy(
            Vec3 direction, Camera face, LinearImage from, LinearImage to, int pixel) {
        double x = face.axisX().dot(direction);
        double y = face.axisY().dot(direction);
        double across = Math.hypot(x, y);
        double angle = Math.atan2(across, -face.axisZ().dot(direction));
        double perUnit = across > 0 ? from.width() / (2 * HALF_FACE) * angle / across : 0;
        double px = from.width() / 2.0 + x * perUnit;
        double py = from.height() / 2.0 + y * perUnit;
        int ix = Math.clamp((int) Math.floor(px), 0, from.width() - 2);
        int iy = Math.clamp((int) Math.floor(py), 0, from.height() - 2);
        float fx = (float) (px - ix);
        float fy = (float) (py - iy);
        int at = iy * from.width() + ix;
        to.red()[pixel] = mix(from.red(), at, from.width(), fx, fy);
        to.green()[pixel] = mix(from.green(), at, from.width(), fx, fy);
        to.blue()[pixel] = mix(from.blue(), at, from.width(), fx, fy);
    }

    private static float mix(float[] plane, int at, int width, float fx, float fy) {
        float upper = plane[at] + fx * (plane[at + 1] - plane[at]);
        float lower = plane[at + width] + fx * (plane[at + width + 1] - plane[at + width]);
        return upper + fy * (lower - upper);
    }
}
