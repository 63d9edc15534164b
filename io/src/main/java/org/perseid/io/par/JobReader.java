package org.perseid.io.par;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.perseid.io.InputException;
import org.perseid.io.expression.Expression;
import org.perseid.io.expression.ExpressionException;
import org.perseid.renderer.model.ColorMap;
import org.perseid.renderer.model.FrameSettings;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Shading;

/** Turns a table into a job; looks at all keys before it fails. */
public final class JobReader {
    private final ParameterTable table;

    /** Colour maps by their value in the file, shared by the frames. */
    private final Map<String, ColorMap> palettes;

    private JobReader(ParameterTable table, Map<String, ColorMap> palettes) {
        this.table = table;
        this.palettes = palettes;
    }

    /**
     * Reads the job of a table, without regard to its scene file.
     *
     * @throws InputException with all problems of the table, one a line
     */
    public static RenderJob read(ParameterTable table, Reporter reporter) {
        return read(table, new HashMap<>(), reporter);
    }

    /**
     * Reads the job of a table as one of several.
     *
     * @param palettes colour maps by their value in the file, as far as they were read already:
     *     jobs with the same colours have the same objects
     * @throws InputException with all problems of the table, one a line
     */
    public static RenderJob read(
            ParameterTable table, Map<String, ColorMap> palettes, Reporter reporter) {
        RenderJob job = new JobReader(table, palettes).job();
        table.problems().settle(reporter);
        return Objects.requireNonNull(job, "a job without problems must exist");
    }

    /**
     * Reads the jobs of all frames that the table and its scene file ask for; one, number 0,
     * without a scene file. Values of the scene file beat the parameter file's, values of the
     * command line beat both.
     *
     * @throws InputException with all problems of all frames, one a line
     */
    public static List<FrameJob> readFrames(ParameterTable table, Reporter reporter) {
        if (!table.has("scene_file") && !table.has("camera_path")) {
            return List.of(new FrameJob(0, read(table, reporter)));
        }
        int start = table.integer("scene_start", 0, Integer.MAX_VALUE);
        int increment = table.integer("scene_incr", 1, Integer.MAX_VALUE);
        int last = table.integer("last_scene", 0, Integer.MAX_VALUE);
        String sceneFile = table.pathText("scene_file");
        if (table.has("scene_file") && table.has("camera_path")) {
            table.error("camera_path", "cannot be had together with scene_file; leave one out");
        }
        List<SceneFile.Scene> scenes =
                table.has("camera_path")
                        ? CameraPath.scenes(table, table.text("camera_path"))
                        : sceneFile.isEmpty()
                                ? List.of()
                                : SceneFile.read(
                                        table.folder().resolve(sceneFile), table.problems());
        Map<String, ColorMap> palettes = new HashMap<>();
        List<FrameJob> frames = new ArrayList<>();
        for (long i = start; i < Math.min(last, scenes.size()); i += increment) {
            SceneFile.Scene scene = scenes.get((int) i);
            ParameterTable of = table.with(scene.values(), scene.where());
            RenderJob job = new JobReader(of, palettes).job();
            if (job != null) {
                frames.add(new FrameJob(scene.number(), job));
            }
        }
        if (frames.isEmpty() && !table.problems().hasErrors()) {
            table.error(
                    "scene_start",
                    "no frame of " + scenes.size() + " is left to draw, see also last_scene");
        }
        table.problems().settle(reporter);
        return frames;
    }

    /** What is no formula at all is told before data is read; unknown names only then. */
    private void checkFormulas(int ptypes) {
        table.formulas().forEach((name, text) -> checkFormula("field." + name, text));
        for (int n = 0; n < ptypes; n++) {
            if (table.has("select" + n)) {
                checkFormula("select" + n, table.text("select" + n));
            }
        }
    }

    private void checkFormula(String key, String text) {
        try {
            Expression.requireSyntax(text);
        } catch (ExpressionException e) {
            table.error(key, "in '" + text + "': " + e.getMessage());
        }
    }

    private RenderJob.StereoLayout stereoLayout() {
        String name = table.text("stereo_layout");
        for (RenderJob.StereoLayout layout : RenderJob.StereoLayout.values()) {
            if (layout.name().equalsIgnoreCase(name)) {
                return layout;
            }
        }
        table.error(
                "stereo_layout",
                "is '" + name + "'; must be files, side_by_side, top_bottom or anaglyph");
        return RenderJob.StereoLayout.FILES;
    }

    /** Null when there are problems. */
    private @Nullable RenderJob job() {
        refuseLaterKeys();
        SnapshotSource source = source();
        Between between = between(source);
        int ptypes = table.integer("ptypes", 1, Keys.MAX_TYPES);
        warnOfHiddenTypes(ptypes);
        checkFormulas(ptypes);
        Numbers numbers = new NumbersReader(table, palettes).read();
        TypeReader typeReader = new TypeReader(table, palettes);
        List<TypeParameters> types = new ArrayList<>();
        for (int n = 0; n < ptypes; n++) {
            types.add(typeReader.read(n, numbers.extras()));
        }
        Annotations annotations = Annotations.read(table, ptypes);
        List<View> views = new CameraReader(table).views();
        int width = table.integer("xres", 1, FrameSettings.MAX_SIDE);
        int height = table.has("yres") ? table.integer("yres", 1, FrameSettings.MAX_SIDE) : width;
        if ((long) width * height > FrameSettings.MAX_PIXELS) {
            table.error(
                    "yres",
                    "xres*yres is "
                            + (long) width * height
                            + "; at most "
                            + FrameSettings.MAX_PIXELS);
        }
        double minRadius = table.real("minrad_pix", 0, 1e6);
        Shading shading = shading();
        int tile = table.has("tile_size_cpu") ? table.integer("tile_size_cpu", 8, 4096) : 64;
        RenderJob.Tone tone =
                new RenderJob.Tone(
                        table.real("pic_gamma", 1e-3, 1e3),
                        table.real("pic_contrast", -1e6, 1e6),
                        table.real("pic_brightness", -1e6, 1e6),
                        table.bool("flip_y"),
                        table.bool("colorbar"));
        String output = table.requiredPathText("outfile");
        PictureFormat format = format();
        boolean periodic = table.bool("periodic");
        boolean logFile = table.bool("print_logfile");
        boolean boundingBox = table.bool("bbox");
        int neighbours = table.integer("neighbours", 1, 10_000);
        if (views.isEmpty() || table.problems().hasErrors()) {
            return null;
        }
        return new RenderJob(
                source,
                between,
                List.copyOf(types),
                views,
                width,
                height,
                minRadius,
                periodic,
                shading,
                tile,
                tone,
                output,
                format,
                logFile,
                boundingBox,
                neighbours,
                numbers,
                annotations,
                table.integer("periodic_copies", 0, FrameSettings.MAX_COPIES),
                stereoLayout(),
                table);
    }

    /**
     * A key of a feature that is not there yet must not be ignored, unless it leaves the feature
     * off.
     */
    private void refuseLaterKeys() {
        for (String key : table.keys()) {
            KeySpec spec = Keys.find(key);
            if (spec != null
                    && spec.support() == KeySpec.Support.LATER
                    && table.has(key)
                    && !isOff(key, spec)) {
                table.error(key, "not supported yet (" + spec.doc() + ")");
            }
        }
    }

    private boolean isOff(String key, KeySpec spec) {
        return switch (spec.kind()) {
            case BOOLEAN -> !table.bool(key);
            case INTEGER, REAL -> table.real(key, -Double.MAX_VALUE, Double.MAX_VALUE) == 0;
            case TEXT -> false;
        };
    }

    private void warnOfHiddenTypes(int ptypes) {
        for (String key : table.keys()) {
            KeySpec spec = Keys.find(key);
            if (spec != null && spec.perType() && Keys.typeNumber(key) >= ptypes) {
                table.warning(
                        key, "ignored: ptypes=" + ptypes + " shows the types 0 to " + (ptypes - 1));
            }
        }
    }

    private SnapshotSource source() {
        table.integer("numfiles", 1, 65_536);
        return new SnapshotSource(
                table.folder(),
                table.pathText("datadir"),
                table.pathText("snapdir"),
                table.requiredPathText("infile"),
                firstNumber(),
                ReaderKeys.options(table));
    }

    private int spacing() {
        return table.integer("snapshot_spacing", 1, 1_000_000);
    }

    /** The snapshot at or before fidx, unless the first of a pair is given. */
    private int firstNumber() {
        double fidx = table.real("fidx", 0, 1e9);
        if (table.integer("interpolation_mode", 0, 3) > 0 && table.has("snapshot_base1")) {
            return table.integer("snapshot_base1", 0, 1_000_000_000);
        }
        return ((int) (fidx / spacing())) * spacing();
    }

    /**
     * Null without interpolation. The pair and the fraction follow fidx in each frame, unless they
     * are given.
     */
    private @Nullable Between between(SnapshotSource first) {
        int mode = table.integer("interpolation_mode", 0, 3);
        if (mode == 0) {
            return null;
        }
        int second =
                table.has("snapshot_base2")
                        ? table.integer("snapshot_base2", 0, 1_000_000_000)
                        : first.number() + spacing();
        if (second == first.number()) {
            table.error(
                    "snapshot_base2", "is " + second + ", the number of the first snapshot too");
            return null;
        }
        double fidx = table.real("fidx", 0, 1e9);
        double fraction =
                table.has("frac")
                        ? table.real("frac", 0, 1)
                        : (fidx - first.number()) / (second - first.number());
        if (!(fraction >= 0 && fraction <= 1)) {
            table.error(
                    "fidx",
                    "is "
                            + fidx
                            + ", not between the snapshots "
                            + first.number()
                            + " and "
                            + second);
        }
        return new Between(
                first.withNumber(second),
                fraction,
                switch (mode) {
                    case 1 -> Between.Motion.LINEAR;
                    case 2 -> Between.Motion.CUBIC;
                    default -> Between.Motion.ORBITAL;
                },
                new Between.Cosmology(
                        table.realOr("hubble", Double.NaN),
                        table.realOr("omega", Double.NaN),
                        table.realOr("lambda", Double.NaN),
                        table.real("l_unit", 1e-30, 1e60),
                        table.real("v_unit", 1e-30, 1e30)));
    }

    private Shading shading() {
        double gray = table.real("gray_absorption", 0, 1e30);
        int order = table.integer("sort_type", 0, 4);
        if (table.bool("a_eq_e")) {
            return new Shading.Emission();
        }
        return new Shading.Absorption(
                gray,
                switch (order) {
                    case 0 -> Shading.DrawOrder.FILE;
                    case 1 -> Shading.DrawOrder.FAR_TO_NEAR;
                    case 2 -> Shading.DrawOrder.RED_DESCENDING;
                    case 3 -> Shading.DrawOrder.RED_ASCENDING;
                    default -> Shading.DrawOrder.RADIUS_DESCENDING;
                });
    }

    private PictureFormat format() {
        if (!table.has("pictype")) {
            return PictureFormat.PNG;
        }
        return switch (table.integer("pictype", 0, 3)) {
            case 0 -> PictureFormat.TGA;
            case 2 -> PictureFormat.PPM;
            case 3 -> PictureFormat.TGA_RLE;
            default -> {
                table.error(
                        "pictype",
                        "1 is no longer a format; use 0 TGA, 2 PPM, 3 TGA with run lengths, or none: PNG");
                yield PictureFormat.PNG;
            }
        };
    }
}
