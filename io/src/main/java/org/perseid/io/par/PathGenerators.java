package org.perseid.io.par;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.perseid.renderer.model.Vec3;

/** Paths that are made from the camera of the parameter file. */
final class PathGenerators {
    private final ParameterTable table;
    private final Map<String, String> settings = new LinkedHashMap<>();

    PathGenerators(ParameterTable table, String value) {
        this.table = table;
        List<String> words = List.of(value.strip().split("\\s+", -1));
        for (String word : words.subList(1, words.size())) {
            int equals = word.indexOf('=');
            if (equals <= 0) {
                table.error("camera_path", "'" + word + "' is no setting; expected NAME=VALUE");
            } else {
                settings.put(word.substring(0, equals), word.substring(equals + 1));
            }
        }
    }

    private double setting(String name, double otherwise) {
        String text = settings.remove(name);
        if (text == null) {
            return otherwise;
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            table.error("camera_path", name + " is '" + text + "'; must be a number");
            return otherwise;
        }
    }

    private Vec3 vector(String name) {
        return new Vec3(
                table.requiredReal(name + "_x"),
                table.requiredReal(name + "_y"),
                table.requiredReal(name + "_z"));
    }

    @Nullable CameraPath path(String generator) {
        int frames = (int) Math.clamp(setting("frames", 240), 0, CameraPath.MAX_FRAMES + 1.0);
        Vec3 eye = vector("camera");
        Vec3 target = vector("lookat");
        Vec3 sky =
                new Vec3(
                        table.real("sky_x", -1e30, 1e30),
                        table.real("sky_y", -1e30, 1e30),
                        table.real("sky_z", -1e30, 1e30));
        if (!(eye.minus(target).length() > 0) || !(sky.length() > 0)) {
            table.error("camera_path", "camera and lookat must be two places, and sky a direction");
            return null;
        }
        List<CameraPath.Pose> poses =
                switch (generator) {
                    case "orbit" -> orbit(eye, target, sky.normalized(), frames);
                    case "zoom" -> zoom(eye, target, sky);
                    default -> flythrough(eye, target, sky);
                };
        boolean orbit = generator.equals("orbit");
        boolean ease = setting("ease", orbit ? 0 : 1) != 0;
        for (String name : settings.keySet()) {
            table.error(
                    "camera_path",
                    generator
                            + " has no setting '"
                            + name
                            + "'; settings: frames, ease, and degrees (orbit), factor (zoom), through (flythrough)");
        }
        if (table.problems().hasErrors()) {
            return null;
        }
        return CameraPath.of(
                table, "camera_path", poses, frames, ease, orbit ? List.of("frame") : List.of());
    }

    /** A pose for each frame, so that the way is a circle and no spline near one. */
    private List<CameraPath.Pose> orbit(Vec3 eye, Vec3 target, Vec3 axis, int frames) {
        double degrees = setting("degrees", 360);
        boolean closed = Math.abs(degrees) % 360 == 0;
        List<CameraPath.Pose> out = new ArrayList<>();
        for (int i = 0; i < Math.min(frames, CameraPath.MAX_FRAMES); i++) {
            double angle = Math.toRadians(degrees) * i / Math.max(1, closed ? frames : frames - 1);
            Vec3 at = target.plus(rotated(eye.minus(target), axis, angle));
            out.add(CameraPath.Pose.of(i, at, target, axis, Map.of()));
        }
        return out;
    }

    /** Rodrigues' rotation. */
    private static Vec3 rotated(Vec3 v, Vec3 axis, double angle) {
        return v.times(Math.cos(angle))
                .plus(axis.cross(v).times(Math.sin(angle)))
                .plus(axis.times(axis.dot(v) * (1 - Math.cos(angle))));
    }

    private List<CameraPath.Pose> zoom(Vec3 eye, Vec3 target, Vec3 sky) {
        double factor = setting("factor", 10);
        if (!(factor > 0)) {
            table.error("camera_path", "factor is " + factor + "; must be above 0");
            return List.of();
        }
        Vec3 near = target.plus(eye.minus(target).times(1 / factor));
        return List.of(
                CameraPath.Pose.of(-1, eye, target, sky, Map.of()),
                CameraPath.Pose.of(-1, near, target, sky, Map.of()));
    }

    /** Straight on through the target, as far behind it as {@code through} says. */
    private List<CameraPath.Pose> flythrough(Vec3 eye, Vec3 target, Vec3 sky) {
        double through = setting("through", 0.8);
        Vec3 way = target.minus(eye);
        Vec3 end = eye.plus(way.times(1 + through));
        return List.of(
                CameraPath.Pose.of(-1, eye, eye.plus(way), sky, Map.of()),
                CameraPath.Pose.of(-1, end, end.plus(way), sky, Map.of()));
    }
}
