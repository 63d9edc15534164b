package org.perseid.app;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.perseid.io.AtomicFile;
import org.perseid.io.InputException;
import org.perseid.io.palette.Palettes;
import org.perseid.io.par.ParameterTable;
import org.perseid.io.par.Problems;
import org.perseid.io.par.TypeParameters;
import org.perseid.io.snapshot.FieldInfo;
import org.perseid.io.snapshot.LoadRequest;
import org.perseid.io.snapshot.Share;
import org.perseid.io.snapshot.Snapshot;
import org.perseid.io.snapshot.SnapshotInfo;
import org.perseid.io.snapshot.SnapshotInfo.TypeInfo;
import org.perseid.io.snapshot.Snapshots;
import org.perseid.renderer.backend.Backends;
import org.perseid.renderer.frame.AutoExposure;
import org.perseid.renderer.frame.AutoView;
import org.perseid.renderer.frame.FrameRenderer;
import org.perseid.renderer.frame.Layer;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.FieldRange;
import org.perseid.renderer.model.FrameSettings;
import org.perseid.renderer.model.OffHeap;
import org.perseid.renderer.model.Percentiles;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Shading;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Transform;
import org.perseid.renderer.model.TypeStyle;
import org.perseid.renderer.model.Vec3;
import org.perseid.renderer.model.Workers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code init}: a commented parameter file with which a snapshot already looks good. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description = {
            "Write a commented parameter file that already gives a good picture of a snapshot:",
            "camera from the data's extent, colour ranges from percentiles, brightness by automatic exposure."
        })
final class InitCommand implements Callable<Integer> {
    private static final int SIZE_PX = 800;
    private static final double MIN_RADIUS_PX = 1;
    private static final double SIZE_FACTOR = 0.5;
    private static final int NEIGHBOURS = 32;

    /** Fields that make a good colour, the first that a type has and that varies. */
    private static final List<String> COLORS =
            List.of(
                    "U",
                    "InternalEnergy",
                    "InternalEnergies",
                    "Temperature",
                    "Temperatures",
                    "temp",
                    "RHO",
                    "Density",
                    "Densities",
                    "density",
                    "rho",
                    "AGE",
                    "StellarFormationTime",
                    "GFM_StellarFormationTime",
                    "tform",
                    "BirthScaleFactors",
                    "Z",
                    "Metallicity",
                    "GFM_Metallicity",
                    "metals",
                    "value",
                    "bv",
                    "b_v",
                    "phot_g_mean_mag");

    private static final String SMOOTHING_LENGTH = "smoothing_length";

    /** Particles from which a part tells as well where to look and how bright they are. */
    private static final long MOST_LOOKED_AT = 50_000_000;

    private static final List<String> PALETTES =
            List.of("inferno", "viridis", "plasma", "cividis", "magma", "turbo");

    @Parameters(
            index = "0",
            paramLabel = "SNAPSHOT",
            description = "Snapshot file, or one of its parts.")
    private Path snapshotFile = Path.of("");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE.par",
            description = "Default: the snapshot's name with .par, in the working directory.")
    private @Nullable Path output;

    @Option(names = "--force", description = "Replace an existing file.")
    private boolean force;

    @Mixin private CommonOptions options = new CommonOptions();
    @Mixin private CommonOptions.Reading reading = new CommonOptions.Reading();

    /** A type with what was found for it. */
    private record Choice(
            TypeInfo type,
            @Nullable String sizeField,
            double sizeFactor,
            String colorField,
            boolean cells,
            TypeStyle style) {}

    @Override
    public Integer call() {
        Reporter reporter = options.reporter();
        Path target = output != null ? output : Path.of(baseName() + ".par");
        if (Files.exists(target) && !force) {
            throw new InputException(
                    target, "exists already; give another name with -o, or --force to replace it");
        }
        try (Workers workers = options.workers()) {
            String text = describe(target, workers, reporter);
            AtomicFile.write(target, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
        }
        reporter.note("wrote " + target + "; draw it with: ./perseid render " + target);
        return Main.OK;
    }

    /**
     * The parameters that this command would write for a snapshot.
     *
     * @param overrides {@code key=value} each
     */
    static ParameterTable parametersFor(
            Path snapshot,
            List<String> overrides,
            CommonOptions options,
            CommonOptions.Reading reading,
            Reporter reporter) {
        InitCommand command = new InitCommand();
        command.snapshotFile = snapshot;
        command.reading = reading;
        Path target = Path.of(command.baseName() + ".par");
        try (Workers workers = options.workers()) {
            String text = command.describe(target, workers, reporter);
            return ParameterTable.parse(text, target, overrides, new Problems());
        }
    }

    private String describe(Path target, Workers workers, Reporter reporter) {
        try (Snapshot snapshot = Snapshots.open(snapshotFile, reading.options(""))) {
            return describe(snapshot, target, workers, reporter);
        }
    }

    private String baseName() {
        return String.valueOf(snapshotFile.getFileName()).replaceAll("\\.0$", "");
    }

    private String describe(Snapshot snapshot, Path target, Workers workers, Reporter reporter) {
        SnapshotInfo info = snapshot.info();
        List<Choice> choices = new ArrayList<>();
        for (TypeInfo type : info.types()) {
            if (type.count() > 0) {
                choices.add(choose(snapshot, info, type, choices.size(), workers));
            }
        }
        if (choices.isEmpty()) {
            throw new InputException(snapshotFile, "has no particles; there is nothing to draw");
        }
        StageTimes times = new StageTimes(System::nanoTime);
        List<TypeParameters> types = choices.stream().map(InitCommand::parameters).toList();
        double box = info.boxSize();
        double part = part(info);
        if (part < 1) {
            reporter.note(
                    "looking at "
                            + significant(100 * part)
                            + " % of the particles, from all over the file");
        }
        try (LoadedData data =
                part < 1
                        ? LoadedData.sample(
                                snapshot, types, part, NEIGHBOURS, box, workers, reporter)
                        : LoadedData.load(
                                snapshot,
                                Share.ALL,
                                types,
                                NEIGHBOURS,
                                box,
                                workers,
                                reporter,
                                times)) {
            Camera camera = AutoView.find(data.sets(), box);
            List<Layer> layers = data.layers(types);
            List<Layer> exposed = new ArrayList<>();
            for (int n = 0; n < choices.size(); n++) {
                Layer one = expose(layers.get(n), choices, n, camera, box, workers);
                double brightness = significant(one.style().brightness() * part);
                exposed.add(new Layer(one.particles(), one.style().withBrightness(brightness)));
            }
            return text(info, target, camera, choices, exposed);
        }
    }

    /** The part of the particles that is looked at: so many, and no more than fit the memory. */
    private static double part(SnapshotInfo info) {
        long fitting = OffHeap.availableBytes() / (4L * InfoCommand.LOADED_BYTES);
        return Math.min(1, (double) Math.min(fitting, MOST_LOOKED_AT) / info.totalCount());
    }

    private static TypeParameters parameters(Choice choice) {
        boolean bySize = choice.colorField.equals(SMOOTHING_LENGTH);
        LoadRequest request =
                new LoadRequest(
                        choice.type.index(),
                        choice.cells ? 1 : 0,
                        choice.sizeField,
                        choice.sizeFactor,
                        bySize ? null : choice.colorField,
                        false,
                        1,
                        choice.cells ? choice.colorField : null,
                        false,
                        Map.of());
        return new TypeParameters(request, choice.style, bySize);
    }

    /**
     * Colour by a field that varies: energy, density, age or metallicity; else by the smoothing
     * length.
     */
    private static Choice choose(
            Snapshot snapshot, SnapshotInfo info, TypeInfo type, int n, Workers workers) {
        int t = type.index();
        boolean cells = info.roles().position().equals("cell");
        String size = info.roles().size();
        String sizeField =
                size != null && info.field(size, t) != null
                        ? size
                        : info.field("HSMS", t) != null ? "HSMS" : null;
        double factor =
                sizeField == null
                        ? SIZE_FACTOR
                        : significant(SIZE_FACTOR * info.roles().supportPerSize());
        List<String> candidates = new ArrayList<>(COLORS);
        if (cells) {
            info.fields().forEach(f -> candidates.add(f.name()));
            candidates.remove("cell");
        }
        for (String name : candidates) {
            FieldInfo field = info.field(name, t);
            if (field != null && field.components() == 1) {
                FieldRange range = snapshot.range(name, t, workers);
                if (range.max() > range.min()) {
                    boolean log = range.minPositive() * 30 < range.max() && range.min() >= 0;
                    return new Choice(
                            type, sizeField, factor, name, cells, style(type, n, log, false));
                }
            }
        }
        return new Choice(
                type, sizeField, factor, SMOOTHING_LENGTH, false, style(type, n, true, true));
    }

    private static TypeStyle style(TypeInfo type, int n, boolean log, boolean reversed) {
        String palette = PALETTES.get(n % PALETTES.size()) + (reversed ? "_r" : "");
        return new TypeStyle(
                type.name(),
                Palettes.find(palette, Path.of("")),
                log ? Transform.LOG10 : Transform.LINEAR,
                Double.NaN,
                Double.NaN,
                Transform.LINEAR,
                Double.NaN,
                Double.NaN,
                1,
                1);
    }

    /**
     * The layer with colour range and brightness; each type is exposed alone, then all are dimmed
     * by their number.
     */
    private static Layer expose(
            Layer layer, List<Choice> choices, int n, Camera camera, double box, Workers workers) {
        TypeStyle style = layer.style();
        float[] colors = Percentiles.ofColors(layer.particles(), style.colorTransform());
        double low = colors.length == 0 ? Double.NaN : significant(Percentiles.at(colors, 0.01));
        double high = colors.length == 0 ? Double.NaN : significant(Percentiles.at(colors, 0.99));
        TypeStyle ranged =
                new TypeStyle(
                        style.name(),
                        style.colorMap(),
                        style.colorTransform(),
                        low,
                        high,
                        style.intensityTransform(),
                        style.intensityMin(),
                        style.intensityMax(),
                        1,
                        style.smoothFactor());
        FrameSettings frame =
                new FrameSettings(SIZE_PX, SIZE_PX, MIN_RADIUS_PX, box, new Shading.Emission(), 64);
        double factor =
                AutoExposure.factor(
                        new FrameRenderer(
                                        Backends.choose("auto"),
                                        Quality.HIGH,
                                        workers,
                                        Reporter.SILENT)
                                .render(
                                        List.of(new Layer(layer.particles(), ranged)),
                                        camera,
                                        frame,
                                        new StageTimes(System::nanoTime)));
        boolean darkBesideOthers = choices.size() > 1 && choices.get(n).type.index() == 1;
        double weight = choices.size() == 1 ? 1 : darkBesideOthers ? 0.4 : 0.8;
        return new Layer(layer.particles(), ranged.withBrightness(significant(factor * weight)));
    }

    private static double significant(double v) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.4g", v));
    }

    private String text(
            SnapshotInfo info,
            Path target,
            Camera camera,
            List<Choice> choices,
            List<Layer> layers) {
        StringBuilder out = new StringBuilder();
        out.append("# Written by ")
                .append(Version.text())
                .append(" for ")
                .append(snapshotFile.getFileName());
        out.append("\n# ")
                .append(info.format())
                .append(", ")
                .append(info.totalCount())
                .append(" particles\n");
        out.append("# Draw it with: ./perseid render ").append(target.getFileName()).append("\n\n");
        out.append("# Data. The snapshot is relative to this file's folder.\n");
        entry(out, "infile", relativeTo(target));
        reading.keys().forEach((key, value) -> entry(out, key, value));
        if (info.parts().size() > 1) {
            entry(out, "numfiles", info.parts().size());
        }
        entry(out, "periodic", info.boxSize() > 0);
        entry(out, "ptypes", choices.size());
        out.append(
                "\n# Camera, in the length unit of the file. fov is the horizontal angle in degrees.\n");
        vector(out, "camera", camera.eye());
        vector(out, "lookat", camera.lookAt());
        vector(out, "sky", camera.sky());
        entry(out, "fov", camera.fovDeg());
        out.append(
                "\n# Picture. flip_y puts the sky direction up; without it Splotch's pictures have it down.\n");
        entry(out, "xres", SIZE_PX);
        entry(out, "yres", SIZE_PX);
        entry(out, "flip_y", true);
        entry(out, "minrad_pix", MIN_RADIUS_PX);
        entry(out, "outfile", baseName() + "_");
        entry(out, "print_logfile", false);
        for (int n = 0; n < choices.size(); n++) {
            typeText(out, n, choices.get(n), layers.get(n).style());
        }
        return out.toString();
    }

    private static void typeText(StringBuilder out, int n, Choice choice, TypeStyle style) {
        out.append("\n# ")
                .append(choice.type.count())
                .append(" particles of type ")
                .append(choice.type.index());
        out.append(" (").append(choice.type.name()).append(")\n");
        entry(out, "ptype" + n, choice.type.index());
        out.append("# Smoothing length: ");
        out.append(
                choice.cells
                        ? "a cell"
                        : choice.sizeField == null
                                ? "computed from 32 neighbours"
                                : "read from " + choice.sizeField);
        out.append(", times size_fac.\n");
        entry(out, "size_fix" + n, choice.cells ? 1 : 0);
        entry(out, "size_label" + n, choice.sizeField == null ? "XXXX" : choice.sizeField);
        entry(out, "size_fac" + n, choice.sizeFactor);
        out.append(
                "# Colour; the range is that of 98 % of the particles, after the logarithm if there is one.\n");
        entry(out, "color_label" + n, choice.colorField);
        if (choice.cells) {
            entry(out, "intensity_label" + n, choice.colorField);
        }
        entry(out, "color_log" + n, style.colorTransform() == Transform.LOG10);
        if (!Double.isNaN(style.colorMin()) && style.colorMin() < style.colorMax()) {
            entry(out, "color_min" + n, style.colorMin());
            entry(out, "color_max" + n, style.colorMax());
        }
        entry(out, "palette" + n, style.colorMap() == null ? "viridis" : style.colorMap().name());
        out.append("# Automatic exposure; more is brighter.\n");
        entry(out, "brightness" + n, style.brightness());
    }

    private static void entry(StringBuilder out, String key, Object value) {
        out.append(key).append('=').append(value).append('\n');
    }

    private static void vector(StringBuilder out, String name, Vec3 v) {
        entry(out, name + "_x", precise(v.x()));
        entry(out, name + "_y", precise(v.y()));
        entry(out, name + "_z", precise(v.z()));
    }

    private static double precise(double v) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.9g", v));
    }

    /** The snapshot as seen from the parameter file; the part number of several files left out. */
    private Path relativeTo(Path target) {
        Path snapshot = Snapshots.locate(snapshotFile).toAbsolutePath().normalize();
        Path folder = target.toAbsolutePath().normalize().getParent();
        return folder == null ? snapshot : folder.relativize(snapshot);
    }
}
