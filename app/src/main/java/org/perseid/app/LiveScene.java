package org.perseid.app;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.perseid.io.par.JobReader;
import org.perseid.io.par.ParameterTable;
import org.perseid.io.par.RenderJob;
import org.perseid.io.par.TypeParameters;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.ColorMap;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.ScalarMapping;
import org.perseid.renderer.model.TypeStyle;

/**
 * What a live session shows, but for cameras: a parameter table that viewers change, so that all
 * that can be seen can be saved as a parameter file; with steps back and forth. Thread-safe.
 */
final class LiveScene {
    /** Steps that can be taken back. */
    private static final int MAX_STEPS = 200;

    /** Changes of one key within this time are one step. */
    private static final long ONE_STEP_NANOS = 1_500_000_000L;

    private static final String PAGE = "page";

    private final Map<String, ColorMap> palettes = new HashMap<>();
    private final ArrayDeque<State> before = new ArrayDeque<>();
    private final ArrayDeque<State> after = new ArrayDeque<>();
    private State now;
    private String lastKeys = "";
    private long lastChange;

    /**
     * One state of the scene.
     *
     * @param table of parameters
     * @param job what the table says
     * @param exposure stops by which all types are brighter than the table says
     * @param hidden brightness of the types that are not shown, by number
     */
    record State(
            ParameterTable table, RenderJob job, double exposure, Map<Integer, String> hidden) {}

    /**
     * @param hidden brightness of the types that the table does not show, by number
     */
    LiveScene(ParameterTable table, Map<Integer, String> hidden) {
        // one picture of one moment: what makes several of it is for render and movie
        Map<String, String> still = new LinkedHashMap<>();
        for (String key :
                List.of("scene_file", "camera_path", "EyeSeparation", "panorama", "layers")) {
            still.put(key, "");
        }
        ParameterTable alone = table.edited(still, PAGE);
        now = new State(alone, read(alone), 0, Map.copyOf(hidden));
    }

    private RenderJob read(ParameterTable table) {
        return JobReader.read(table, palettes, Reporter.SILENT);
    }

    synchronized State state() {
        return now;
    }

    /** The first camera. */
    Camera camera() {
        return state().job().views().getFirst().camera();
    }

    /**
     * Changes values.
     *
     * @param values by key; an empty value stands for the default
     * @throws org.perseid.io.InputException when they are no good together; nothing is changed then
     */
    synchronized void set(Map<String, String> values) {
        ParameterTable table = now.table.edited(values, PAGE);
        become(
                new State(table, read(table), now.exposure, now.hidden),
                String.valueOf(values.keySet()));
    }

    /** Changes values as a part of the step that led to a state; not if there was another since. */
    synchronized void amend(State of, Map<String, String> values) {
        if (now.equals(of)) {
            ParameterTable table = now.table.edited(values, PAGE);
            now = new State(table, read(table), now.exposure, now.hidden);
        }
    }

    /** Shows all types brighter or darker by a number of stops. */
    synchronized void expose(double stops) {
        become(new State(now.table, now.job, stops, now.hidden), "exposure");
    }

    /** Shows or hides a displayed type. */
    synchronized void show(int type, boolean visible) {
        String key = "brightness" + type;
        Map<Integer, String> hidden = new HashMap<>(now.hidden);
        String kept = hidden.remove(type);
        if (visible == (kept == null)) {
            return;
        }
        if (!visible) {
            hidden.put(type, now.table.text(key));
        }
        ParameterTable table =
                now.table.edited(Map.of(key, visible && kept != null ? kept : "0"), PAGE);
        become(new State(table, read(table), now.exposure, Map.copyOf(hidden)), "show" + type);
    }

    private void become(State next, String keys) {
        long time = System.nanoTime();
        if (!keys.equals(lastKeys) || time - lastChange > ONE_STEP_NANOS) {
            before.push(now);
            if (before.size() > MAX_STEPS) {
                before.removeLast();
            }
        }
        lastKeys = keys;
        lastChange = time;
        after.clear();
        now = next;
    }

    /** Takes a step back; false when there is none. */
    synchronized boolean undo() {
        return step(before, after);
    }

    /** Takes a step forth again; false when there is none. */
    synchronized boolean redo() {
        return step(after, before);
    }

    private boolean step(ArrayDeque<State> from, ArrayDeque<State> to) {
        State next = from.poll();
        if (next == null) {
            return false;
        }
        to.push(now);
        now = next;
        lastKeys = "";
        return true;
    }

    /**
     * The job as it looks from a camera, in pictures of another size; its table says the same.
     *
     * @param pictureRange of a layer's colours where the table leaves it open; null for none
     */
    RenderJob seenFrom(Camera camera, int width, int height, @Nullable ScalarMapping pictureRange) {
        State state = state();
        Map<String, String> values = cameraValues(camera, state.table);
        values.put("xres", String.valueOf(width));
        values.put("yres", String.valueOf(height));
        if (state.job.numbers().pictured() != null && pictureRange != null) {
            values.put("picture_min", String.valueOf(pictureRange.min()));
            values.put("picture_max", String.valueOf(pictureRange.max()));
        }
        if (state.exposure != 0) {
            double factor = Math.pow(2, state.exposure);
            for (int n = 0; n < state.job.types().size(); n++) {
                TypeStyle style = state.job.types().get(n).style();
                values.put("brightness" + n, String.valueOf(style.brightness() * factor));
            }
        }
        synchronized (this) {
            return read(state.table.edited(values, "camera"));
        }
    }

    /** The parameters of a state as it looks from a camera. */
    static ParameterTable seenFrom(State state, Camera camera) {
        return state.table.edited(cameraValues(camera, state.table), "camera");
    }

    private static Map<String, String> cameraValues(Camera camera, ParameterTable table) {
        Map<String, String> out = new LinkedHashMap<>();
        put(out, "camera", camera.eye());
        put(out, "lookat", camera.lookAt());
        put(out, "sky", camera.sky());
        if (table.has("center_x") || table.has("center_y") || table.has("center_z")) {
            put(out, "center", camera.center());
        }
        out.put(
                camera.projection().maxFovDeg() > 180 ? "fisheye_fov" : "fov",
                String.valueOf(camera.fovDeg()));
        return out;
    }

    private static void put(
            Map<String, String> out, String name, org.perseid.renderer.model.Vec3 v) {
        out.put(name + "_x", String.valueOf(v.x()));
        out.put(name + "_y", String.valueOf(v.y()));
        out.put(name + "_z", String.valueOf(v.z()));
    }

    /**
     * What decides the light of a picture, beside camera, size and data: the same for two jobs
     * means that only what follows the exposure differs.
     */
    static List<@Nullable Object> light(RenderJob job) {
        return List.of(
                job.types().stream().map(TypeParameters::style).toList(),
                job.shading(),
                job.minRadiusPx(),
                job.periodic(),
                job.periodicCopies(),
                job.tilePx(),
                job.numbers().pictured() == null ? "" : job.numbers().pictured().measure(),
                job.numbers().kernel(),
                job.numbers().support());
    }
}
