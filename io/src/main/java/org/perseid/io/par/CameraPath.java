package org.perseid.io.par;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.perseid.io.InputException;
import org.perseid.renderer.model.Quaternion;
import org.perseid.renderer.model.Vec3;

/**
 * A flight through few poses. The eye follows a centripetal Catmull-Rom spline (Yuksel and others,
 * 2011) through the poses, with a speed along its length that is even on the whole way or between
 * given frames, eased in and out; the view turns by spherical interpolation of quaternions, or
 * stays on the target where two poses have the same; the distance to the target changes by a
 * constant factor a frame, other parameters evenly.
 */
final class CameraPath {
    static final int MAX_FRAMES = 1_000_000;
    private static final long MAX_FILE_BYTES = 16L << 20;
    private static final int SAMPLES = 256;
    private static final double SAME_TARGET = 1e-9;

    private final List<Pose> poses;
    private final int frames;
    private final boolean ease;
    private final List<String> names;

    /** Length of the way up to each pose. */
    private final double[] length;

    /** For each part of the way its length up to each sample. */
    private final double[][] samples;

    private CameraPath(List<Pose> poses, int frames, boolean ease, List<String> names) {
        this.poses = poses;
        this.frames = frames;
        this.ease = ease;
        this.names = names;
        this.length = new double[poses.size()];
        this.samples = new double[poses.size() - 1][SAMPLES + 1];
        for (int k = 0; k + 1 < poses.size(); k++) {
            Vec3 before = poses.get(k).eye;
            for (int s = 1; s <= SAMPLES; s++) {
                Vec3 at = spline(k, (double) s / SAMPLES);
                samples[k][s] = samples[k][s - 1] + at.minus(before).length();
                before = at;
            }
            length[k + 1] = length[k] + samples[k][SAMPLES];
        }
    }

    /**
     * A place and direction of the camera.
     *
     * @param frame at which it is there; -1 to have it found
     * @param rest other parameters, by the names of the file
     */
    record Pose(int frame, Vec3 eye, double distance, Quaternion turn, Map<String, Double> rest) {
        Vec3 target() {
            return eye.plus(turn.forward().times(distance));
        }

        /** Whether both look at one point. */
        boolean sharesTarget(Pose other) {
            return target().minus(other.target()).length()
                    < SAME_TARGET * (distance + other.distance);
        }

        static Pose of(int frame, Vec3 eye, Vec3 target, Vec3 sky, Map<String, Double> rest) {
            Vec3 view = target.minus(eye);
            return new Pose(
                    frame, eye, view.length(), Quaternion.looking(view.normalized(), sky), rest);
        }
    }

    /**
     * The frames of a path as scenes.
     *
     * @param value of the key: a file of key frames, or a generator and its settings
     */
    static List<SceneFile.Scene> scenes(ParameterTable table, String value) {
        String generator = value.strip().split("\\s+", 2)[0];
        List<String> known = List.of("orbit", "flythrough", "zoom");
        CameraPath path =
                known.contains(generator)
                        ? new PathGenerators(table, value).path(generator)
                        : read(table, value);
        return path == null ? List.of() : path.scenes("camera_path");
    }

    /** Reads a file: {@code frames=N}, {@code ease=true}, a line of names, a line a pose. */
    private static @Nullable CameraPath read(ParameterTable table, String value) {
        Path file = table.folder().resolve(value);
        int frames = 0;
        boolean ease = true;
        List<String> names = new ArrayList<>();
        List<Pose> poses = new ArrayList<>();
        int number = 0;
        for (String raw : lines(file)) {
            number++;
            String where = file + ":" + number;
            String line = raw.replaceFirst("#.*", "").strip();
            if (line.isEmpty()) {
                continue;
            }
            if (line.indexOf('=') > 0) {
                String key = line.substring(0, line.indexOf('=')).strip();
                String set = line.substring(line.indexOf('=') + 1).strip();
                if (key.equals("frames") && set.matches("\\d{1,7}")) {
                    frames = Integer.parseInt(set);
                } else if (key.equals("ease") && set.matches("true|false")) {
                    ease = set.equals("true");
                } else {
                    table.problems()
                            .error(where, "'" + line + "'; expected frames=N or ease=true|false");
                }
                continue;
            }
            List<String> words = List.of(line.split("\\s+", -1));
            if (names.isEmpty()) {
                names.addAll(words);
                requireNames(table, where, names);
            } else if (words.size() != names.size()) {
                table.problems()
                        .error(
                                where,
                                "has "
                                        + words.size()
                                        + " values; expected "
                                        + names.size()
                                        + ": "
                                        + String.join(" ", names));
            } else {
                pose(table, where, names, words, poses);
            }
        }
        if (table.problems().hasErrors()) {
            return null;
        }
        return of(table, file.toString(), poses, frames, ease, names);
    }

    private static void requireNames(ParameterTable table, String where, List<String> names) {
        for (String needed :
                List.of("camera_x", "camera_y", "camera_z", "lookat_x", "lookat_y", "lookat_z")) {
            if (!names.contains(needed)) {
                table.problems()
                        .error(
                                where,
                                "has no column " + needed + "; a pose needs camera and lookat");
            }
        }
    }

    private static List<String> lines(Path file) {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new InputException(file, "is too large for a camera path");
            }
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new InputException(
                    file,
                    "no such camera path, or it cannot be read ("
                            + e.getMessage()
                            + "); camera_path is a file of key frames, or orbit, flythrough or zoom with settings",
                    e);
        }
    }

    private static void pose(
            ParameterTable table,
            String where,
            List<String> names,
            List<String> words,
            List<Pose> poses) {
        Map<String, Double> v = new LinkedHashMap<>();
        for (int k = 0; k < names.size(); k++) {
            try {
                v.put(names.get(k), Double.parseDouble(words.get(k)));
            } catch (NumberFormatException e) {
                table.problems()
                        .error(
                                where,
                                names.get(k) + " is '" + words.get(k) + "'; must be a number");
                return;
            }
        }
        Vec3 eye = vector(v, "camera", 0);
        Vec3 target = vector(v, "lookat", 0);
        Vec3 sky =
                v.containsKey("sky_x") && v.containsKey("sky_y") && v.containsKey("sky_z")
                        ? vector(v, "sky", 0)
                        : new Vec3(
                                table.real("sky_x", -1e30, 1e30),
                                table.real("sky_y", -1e30, 1e30),
                                table.real("sky_z", -1e30, 1e30));
        if (!(target.minus(eye).length() > 0)
                || !(sky.cross(target.minus(eye)).length()
                        > 1e-9 * sky.length() * target.minus(eye).length())) {
            table.problems()
                    .error(where, "the camera is at its target, or looks along the sky direction");
            return;
        }
        double frame = v.getOrDefault("frame", -1.0);
        Map<String, Double> rest = new LinkedHashMap<>(v);
        rest.keySet().removeIf(n -> n.equals("frame") || n.matches("(camera|lookat|sky)_[xyz]"));
        poses.add(Pose.of((int) frame, eye, target, sky, rest));
    }

    private static Vec3 vector(Map<String, Double> v, String name, double otherwise) {
        return new Vec3(
                v.getOrDefault(name + "_x", otherwise),
                v.getOrDefault(name + "_y", otherwise),
                v.getOrDefault(name + "_z", otherwise));
    }

    static @Nullable CameraPath of(
            ParameterTable table,
            String where,
            List<Pose> poses,
            int frames,
            boolean ease,
            List<String> names) {
        boolean numbered = poses.stream().allMatch(p -> p.frame >= 0);
        int count = numbered && !poses.isEmpty() ? poses.getLast().frame + 1 : frames;
        if (poses.size() < 2) {
            table.problems()
                    .error(where, "has " + poses.size() + " poses; a path needs at least two");
            return null;
        }
        for (int k = 1; numbered && k < poses.size(); k++) {
            if (poses.get(k).frame <= poses.get(k - 1).frame) {
                table.problems()
                        .error(
                                where,
                                "frame "
                                        + poses.get(k).frame
                                        + " follows frame "
                                        + poses.get(k - 1).frame
                                        + "; frames must rise");
                return null;
            }
        }
        if (count < 2 || count > MAX_FRAMES) {
            table.problems()
                    .error(
                            where,
                            "makes "
                                    + count
                                    + " frames; give frames=N (2 to "
                                    + MAX_FRAMES
                                    + "), or a column frame");
            return null;
        }
        return new CameraPath(List.copyOf(poses), count, ease, names);
    }

    private List<SceneFile.Scene> scenes(String where) {
        boolean numbered = names.contains("frame");
        List<SceneFile.Scene> out = new ArrayList<>();
        for (int i = 0; i < frames; i++) {
            int part = 0;
            double t;
            if (numbered) {
                while (part + 2 < poses.size() && i >= poses.get(part + 1).frame) {
                    part++;
                }
                double from = poses.get(part).frame;
                t = Math.clamp((i - from) / (poses.get(part + 1).frame - from), 0, 1);
                t = alongPart(part, eased(t));
            } else {
                double way = eased((double) i / (frames - 1)) * length[length.length - 1];
                while (part + 2 < poses.size() && way > length[part + 1]) {
                    part++;
                }
                double ofPart = length[part + 1] - length[part];
                t =
                        ofPart > 0
                                ? alongPart(part, (way - length[part]) / ofPart)
                                : (double) i / (frames - 1);
            }
            out.add(new SceneFile.Scene(i, values(part, t), where + " frame " + i));
        }
        return out;
    }

    /** Smooth start and end: 3 t^2 - 2 t^3. */
    private double eased(double t) {
        return ease ? t * t * (3 - 2 * t) : t;
    }

    /** The spline's parameter at a part of the length of a stretch. */
    private double alongPart(int part, double ofLength) {
        double[] of = samples[part];
        double wanted = ofLength * of[SAMPLES];
        if (!(of[SAMPLES] > 0)) {
            return ofLength;
        }
        int s = 0;
        while (s + 1 < SAMPLES && of[s + 1] < wanted) {
            s++;
        }
        double step = of[s + 1] - of[s];
        return (s + (step > 0 ? (wanted - of[s]) / step : 0)) / SAMPLES;
    }

    private Vec3 spline(int k, double t) {
        Vec3 p1 = poses.get(k).eye;
        Vec3 p2 = poses.get(k + 1).eye;
        Vec3 p0 = k > 0 ? poses.get(k - 1).eye : p1.times(2).minus(p2);
        Vec3 p3 = k + 2 < poses.size() ? poses.get(k + 2).eye : p2.times(2).minus(p1);
        double t01 = Math.sqrt(Math.max(1e-300, p1.minus(p0).length()));
        double t12 = Math.sqrt(Math.max(1e-300, p2.minus(p1).length()));
        double t23 = Math.sqrt(Math.max(1e-300, p3.minus(p2).length()));
        Vec3 m1 = tangent(p0, p1, p2, t01, t12);
        Vec3 m2 = tangent(p1, p2, p3, t12, t23);
        if (p2.minus(p1).length() == 0) {
            return p1;
        }
        double square = t * t;
        double cube = square * t;
        return p1.times(2 * cube - 3 * square + 1)
                .plus(m1.times((cube - 2 * square + t) * t12))
                .plus(p2.times(-2 * cube + 3 * square))
                .plus(m2.times((cube - square) * t12));
    }

    /** Derivative at b of the parabola through a, b, c at the times -ab, 0 and bc. */
    private static Vec3 tangent(Vec3 a, Vec3 b, Vec3 c, double ab, double bc) {
        return b.minus(a)
                .times(1 / ab)
                .minus(c.minus(a).times(1 / (ab + bc)))
                .plus(c.minus(b).times(1 / bc));
    }

    private Map<String, String> values(int part, double t) {
        Pose a = poses.get(part);
        Pose b = poses.get(part + 1);
        Vec3 eye = spline(part, t);
        Quaternion turn = a.turn.slerp(b.turn, t);
        double distance = a.distance * Math.pow(b.distance / a.distance, t);
        Map<String, String> out = new LinkedHashMap<>();
        boolean stays = a.sharesTarget(b) && eye.minus(a.target()).length() > 0;
        put(out, "camera", eye);
        put(out, "lookat", stays ? a.target() : eye.plus(turn.forward().times(distance)));
        put(out, "sky", turn.up());
        Map<String, Double> sorted = new TreeMap<>(a.rest);
        sorted.forEach((name, v) -> {
            double to = b.rest.getOrDefault(name, v);
            out.put(name, number(v + t * (to - v)));
        });
        return out;
    }

    private static void put(Map<String, String> out, String name, Vec3 v) {
        out.put(name + "_x", number(v.x()));
        out.put(name + "_y", number(v.y()));
        out.put(name + "_z", number(v.z()));
    }

    private static String number(double v) {
        return String.format(Locale.ROOT, "%.12g", v);
    }
}
