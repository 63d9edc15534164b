package org.perseid.io.par;

import java.util.List;
import java.util.Locale;
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
        if (separation == 0) {
            return Views.single(camera);
        }
        return camera.projection() == Projection.EQUIRECTANGULAR
                ? Views.omniStereo(camera, separation)
                : Views.stereo(camera, separation);
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
        Projection projection = projection();
        boolean allAround = projection.maxFovDeg() > 180;
        String fovKey = allAround ? "fisheye_fov" : "fov";
        double fov = table.real(fovKey, -Double.MAX_VALUE, Double.MAX_VALUE);
        boolean fovGood = fov > 0 && fov <= projection.maxFovDeg();
        if (!fovGood) {
            table.error(
                    fovKey,
                    "is "
                            + fov
                            + "; must be in "
                            + (allAround
                                    ? "(0, 360] degrees"
                                    : "(0, 180) degrees. For the whole sky use projection=fisheye or equirectangular"));
        }
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

    /** Splotch's truth value, or a name. */
    private Projection projection() {
        String text = table.text("projection").toLowerCase(Locale.ROOT);
        if (table.bool("dome")) {
            return Projection.DOME;
        }
        return switch (text) {
            case "t", "y", "true", ".true.", "yes", "on", "1", "perspective" ->
                    Projection.PERSPECTIVE;
            case "f", "n", "false", ".false.", "no", "off", "0", "orthographic" ->
                    Projection.ORTHOGRAPHIC;
            case "fisheye" -> Projection.FISHEYE;
            case "equirectangular" -> Projection.EQUIRECTANGULAR;
            default -> {
                table.error(
                        "projection",
                        "is '"
                                + text
                                + "'; must be perspective (true), orthographic (false), fisheye or equirectangular");
                yield Projection.PERSPECTIVE;
            }
        };
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
