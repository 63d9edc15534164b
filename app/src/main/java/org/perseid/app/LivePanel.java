package org.perseid.app;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.perseid.io.palette.Palettes;
import org.perseid.io.par.ParameterTable;
import org.perseid.io.par.TypeParameters;
import org.perseid.io.snapshot.SnapshotInfo;
import org.perseid.renderer.model.ScalarMapping;
import org.perseid.renderer.model.Shading;
import org.perseid.renderer.model.Transform;
import org.perseid.streaming.Element;
import org.perseid.streaming.Group;
import org.perseid.streaming.Panel;

/**
 * The panel of a live session. Nearly every element is a key of the parameter file, and has its
 * name.
 */
final class LivePanel {
    private static final String SMOOTHING_LENGTH = "smoothing_length";

    /** So much before the last snapshot there still is a next one. */
    private static final double LAST_MOMENT = 1e-3;

    private final LiveSession session;
    private final LiveScene scene;
    private final @Nullable SnapshotInfo info;

    /**
     * @param info null before the snapshot was opened
     */
    private LivePanel(LiveSession session, @Nullable SnapshotInfo info) {
        this.session = session;
        this.scene = session.scene();
        this.info = info;
    }

    static Panel of(LiveSession session, @Nullable SnapshotInfo info) {
        LivePanel made = new LivePanel(session, info);
        List<Group> groups = new ArrayList<>();
        groups.add(made.picture());
        groups.add(made.layer());
        for (int n = 0; n < made.scene.state().job().types().size(); n++) {
            groups.add(made.type(n));
        }
        groups.add(made.view());
        groups.add(session.flight().group());
        groups.add(made.data());
        return new Panel(groups);
    }

    private Group picture() {
        Group group = new Group("Picture", true);
        if (scene.state().job().shading() instanceof Shading.Emission) {
            group.number(
                            Element.Kind.SLIDER,
                            "exposure",
                            "Exposure",
                            -8,
                            8,
                            "stops",
                            () -> scene.state().exposure(),
                            v -> session.change(() -> scene.expose(v)))
                    .help("Brighter or darker by powers of two; draws no particle again.");
        }
        slider(group, "pic_gamma", "Gamma", 0.2, 3);
        slider(group, "pic_contrast", "Contrast", 0.1, 3);
        check(group, "legend", "Colour bars");
        check(group, "scale_bar", "Scale bar");
        group.button("undo", "Undo", () -> session.step(scene::undo));
        group.button("redo", "Redo", () -> session.step(scene::redo));
        return group;
    }

    /** What the picture is of, and the colours of values. */
    private Group layer() {
        Group group = new Group("Layer", true);
        group.choice(
                "picture_of",
                "Show",
                this::layers,
                () -> table().text("picture_of"),
                v -> setLayer("picture_of", v));
        group.help("Light, or what is along the lines of sight: docs/layers.md.");
        group.choice(
                Element.Kind.COLORMAP,
                "picture_palette",
                "Colour map",
                () -> palettes("picture_palette"),
                () -> table().text("picture_palette"),
                v -> session.change(() -> scene.set(Map.of("picture_palette", v))));
        group.check(
                "picture_log",
                "Logarithm",
                () -> table().isTrue("picture_log"),
                v -> setLayer("picture_log", String.valueOf(v)));
        end(group, "picture_min", "From", () -> pictureRange().min());
        end(group, "picture_max", "To", () -> pictureRange().max());
        group.button("fit_colours", "Fit colours to view", session::fitColors);
        return group;
    }

    /** Other values need another range. */
    private void setLayer(String key, String value) {
        session.change(() -> scene.set(Map.of(key, value, "picture_min", "", "picture_max", "")));
    }

    private ScalarMapping pictureRange() {
        ScalarMapping range = session.shared().range();
        return range == null ? new ScalarMapping(Transform.LINEAR, 0, 1) : range;
    }

    private List<String> layers() {
        List<String> out =
                new ArrayList<>(List.of("light", "column_density", "mass", "hits", "depth"));
        if (info != null) {
            info.fields().stream()
                    .filter(f -> f.components() == 1)
                    .forEach(f -> out.add("mean:" + f.name()));
        }
        String now = table().text("picture_of");
        if (!out.contains(now)) {
            out.add(now);
        }
        return out;
    }

    private Group view() {
        Group group = new Group("View", false);
        group.number(
                Element.Kind.SLIDER,
                "fov",
                "Field of view",
                1,
                170,
                "degrees",
                () -> session.shared().camera().fovDeg(),
                session::setFieldOfView);
        group.choice(
                "quality",
                "When still",
                () -> List.of("exact", "high"),
                session::lastQuality,
                session::setLastQuality);
        group.help("exact: the sum over all particles. high: large splats on coarser grids.");
        number(group, "minrad_pix", "Smallest splat", 0, 100, "pixels");
        check(group, "periodic", "Periodic box");
        snapshots(group);
        return group;
    }

    /** The time, where there are several snapshots. */
    private void snapshots(Group group) {
        boolean between = scene.state().job().between() != null;
        int spacing = Integer.parseInt(table().text("snapshot_spacing"));
        List<Integer> numbers = scene.state().job().source().numbers(spacing);
        if (numbers.size() > 1) {
            double last = numbers.getLast() - (between ? LAST_MOMENT : 0);
            slider(group, "fidx", "Snapshot", numbers.getFirst(), last);
            group.help("Reads another snapshot; with interpolation_mode any time between two.");
        }
    }

    private Group data() {
        Group group = new Group("Data", false);
        group.display("particles", "Particles", session::particlesText);
        group.display("snapshot", "Snapshot", () -> info == null ? "" : info.format());
        group.display("backend", "Drawn by", session::backendText);
        return group;
    }

    private Group type(int n) {
        TypeParameters type = scene.state().job().types().get(n);
        int fileType = type.request().fileType();
        String name = info == null ? "type " + fileType : info.typeName(fileType);
        Group group = new Group(name, n == 0);
        group.check(
                "show" + n,
                "Visible",
                () -> !scene.state().hidden().containsKey(n),
                v -> session.change(() -> scene.show(n, v)));
        group.number(
                Element.Kind.LOG_SLIDER,
                "brightness" + n,
                "Brightness",
                1e-6,
                1e6,
                "",
                () -> brightness(n),
                v -> session.change(() -> setBrightness(n, v)));
        number(group, "smooth_factor" + n, "Splat size", 1e-3, 1e3, "", Element.Kind.LOG_SLIDER);
        if (!type.request().vectorColor()) {
            color(group, n, fileType);
        }
        group.text(
                "select" + n,
                "Only where",
                () -> table().text("select" + n),
                v -> session.change(() -> scene.set(Map.of("select" + n, v.strip()))));
        group.help("A formula of fields, as: temp > 1e5 && rho < 1. Reads the data again.");
        return group;
    }

    private void color(Group group, int n, int fileType) {
        group.choice(
                Element.Kind.CHOICE,
                "color_label" + n,
                "Colour by",
                () -> fields(n, fileType),
                () -> table().text("color_label" + n),
                v -> session.colorBy(n, v));
        group.choice(
                Element.Kind.COLORMAP,
                "palette" + n,
                "Colour map",
                () -> palettes("palette" + n),
                () -> table().text("palette" + n),
                v -> session.change(() -> scene.set(Map.of("palette" + n, v))));
        group.choice(
                "scale" + n,
                "Scale",
                () -> List.of("linear", "log10", "asinh"),
                () -> scaleName(scene.state().job().types().get(n).style().colorTransform()),
                v -> session.change(() -> setScale(n, v)));
        end(group, "color_min" + n, "From", () -> range(n).min());
        end(group, "color_max" + n, "To", () -> range(n).max());
    }

    private ScalarMapping range(int n) {
        return session.colorRange(n);
    }

    private void end(
            Group group, String key, String label, java.util.function.DoubleSupplier value) {
        group.number(
                Element.Kind.NUMBER,
                key,
                label,
                -1e30,
                1e30,
                "",
                value,
                v -> session.change(() -> scene.set(Map.of(key, String.valueOf(v)))));
        group.help("After the scale, so that 3 is 1000 where it is log10.");
    }

    private double brightness(int n) {
        String hidden = scene.state().hidden().get(n);
        return hidden != null
                ? Double.parseDouble(hidden)
                : scene.state().job().types().get(n).style().brightness();
    }

    private void setBrightness(int n, double value) {
        if (scene.state().hidden().containsKey(n)) {
            scene.show(n, true);
        }
        scene.set(Map.of("brightness" + n, String.valueOf(value)));
    }

    /** The range is in transformed units, so that another scale takes the data's. */
    private void setScale(int n, String scale) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("color_log" + n, String.valueOf(scale.equals("log10")));
        values.put("color_asinh" + n, String.valueOf(scale.equals("asinh")));
        values.put("color_min" + n, "");
        values.put("color_max" + n, "");
        scene.set(values);
        session.chooseRange(n);
    }

    private static String scaleName(Transform transform) {
        return switch (transform) {
            case LINEAR -> "linear";
            case LOG10 -> "log10";
            case ASINH -> "asinh";
        };
    }

    private List<String> fields(int n, int fileType) {
        List<String> out = new ArrayList<>();
        String now = table().text("color_label" + n);
        if (info != null) {
            info.fields().stream()
                    .filter(f -> f.components() == 1 && f.types().contains(fileType))
                    .forEach(f -> out.add(f.name()));
        }
        out.add(SMOOTHING_LENGTH);
        table().formulas().keySet().forEach(out::add);
        if (!out.contains(now)) {
            out.addFirst(now);
        }
        return out;
    }

    private List<String> palettes(String key) {
        List<String> out = new ArrayList<>();
        for (String name : Palettes.NAMES) {
            out.add(name);
            out.add(name + "_r");
        }
        String now = table().text(key);
        if (!out.contains(now)) {
            out.addFirst(now);
        }
        return out;
    }

    private ParameterTable table() {
        return scene.state().table();
    }

    private void slider(Group group, String key, String label, double min, double max) {
        number(group, key, label, min, max, "", Element.Kind.SLIDER);
    }

    private void number(
            Group group, String key, String label, double min, double max, String unit) {
        number(group, key, label, min, max, unit, Element.Kind.NUMBER);
    }

    private void number(
            Group group,
            String key,
            String label,
            double min,
            double max,
            String unit,
            Element.Kind kind) {
        group.number(
                kind,
                key,
                label,
                min,
                max,
                unit,
                () -> Double.parseDouble(table().text(key)),
                v -> session.change(() -> scene.set(Map.of(key, String.valueOf(v)))));
    }

    private void check(Group group, String key, String label) {
        group.check(
                key,
                label,
                () -> table().isTrue(key),
                v -> session.change(() -> scene.set(Map.of(key, String.valueOf(v)))));
    }
}
