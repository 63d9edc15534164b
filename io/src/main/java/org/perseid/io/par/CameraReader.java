package org.perseid.io.par;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.Projection;
import org.perseid.renderer.model.RenderException;
import org.perseid.renderer.model.Vec3;

/** Reads the camera of a frame, and the views of a stereo pair or a panorama. */
final class CameraReader {
    private final ParameterTable table;

    CameraReader(ParameterTable table) {
        this.table = table;
    }

    /** Empty when there are problems. */
    List<View> views() {
        Camera camera = camera();
        double separation = table.real("EyeSeparation", -180, 180);
        boolean panorama = table.bool("panorama");
        if (panorama && separation != 0) {
            table.error("panorama", "cannot be had together with EyeSeparation; leave one out");
        }
        if (camera == null) {
            return List.of();
        }
        if (panorama) {
            return Views.panorama(camera);
        }
        return separation == 0 ? Views.single(camera) : Views.stereo(camera, separation);
    }

    private @Nullable Camera camera() {
        Vec3 eye = requiredVector("camera");
        Vec3 lookAt = requiredVector("lookat");
        Vec3 sky =
                new Vec3(
                        table.real("sky_x", -Double.MAX_VALUE, Double.MAX_VALUE),
                        table.real("sky_y", -Double.MAX_VALUE, Double.MAX_VALUE),
                        table.real("sky_z", -Double.MAX_VALUE, Double.MAX_VALUE));
        boolean center = table.has("center_x") || table.has("center_y") || table.has("center_z");
        Vec3 centre = center ? requiredVector("center") : eye;
        double fov = table.real("fov", -Double.MAX_VALUE, Double.MAX_VALUE);
        boolean fovGood = fov > 0 && fov < 180;
        if (!fovGood) {
            table.error("fov", "is " + fov + "; must be in (0, 180) degrees");
        }
        Projection projection =
                table.bool("projection") ? Projection.PERSPECTIVE : Projection.ORTHOGRAPHIC;
        double zMin = table.real("zmin", -Double.MAX_VALUE, Double.MAX_VALUE);
        double zMax = table.real("zmax", -Double.MAX_VALUE, Double.MAX_VALUE);
        if (zMax <= Math.max(0, zMin)) {
            table.error(
                    "zmax",
                    "is "
                            + zMax
                            + "; must be above zmin ("
                            + zMin
                            + ") and 0: nothing would be drawn");
        }
        if (!hasVector("camera", "lookat")) {
            return null;
        }
        try {
            return new Camera(
                    eye,
                    lookAt,
                    sky,
                    centre,
                    fovGood ? fov : 45,
                    projection,
                    Math.max(0, zMin),
                    zMax);
        } catch (RenderException e) {
            String message = String.valueOf(e.getMessage());
            table.error(message.startsWith("sky") ? "sky_x" : "lookat_x", message);
            return null;
        }
    }

    private boolean hasVector(String... names) {
        for (String name : names) {
            if (!table.has(name + "_x") || !table.has(name + "_y") || !table.has(name + "_z")) {
                return false;
            }
        }
        return true;
    }

    private Vec3 requiredVector(String name) {
        return new Vec3(
                table.requiredReal(name + "_x"),
                table.requiredReal(name + "_y"),
                table.requiredReal(name + "_z"));
    }
}
