package org.perseid.app;

import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.perseid.io.InputException;
import org.perseid.io.snapshot.FieldInfo;
import org.perseid.io.snapshot.Snapshot;
import org.perseid.io.snapshot.SnapshotInfo;
import org.perseid.io.snapshot.Snapshots;
import org.perseid.renderer.backend.BackendProvider;
import org.perseid.renderer.backend.Backends;
import org.perseid.renderer.backend.opencl.OpenClProvider;
import org.perseid.renderer.model.FieldRange;
import org.perseid.renderer.model.Workers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code info}: what is in a snapshot. */
@Command(
        name = "info",
        mixinStandardHelpOptions = true,
        description = {
            "Say what is in a snapshot: format, particle types, fields with their ranges, box, redshift, files, memory.",
            "The format is recognised from the content; of a snapshot in several files, name any one."
        })
final class InfoCommand implements Callable<Integer> {
    /** Bytes that a particle takes when it is loaded with one colour and no intensity field. */
    static final int LOADED_BYTES = 20;

    @Parameters(arity = "0..*", paramLabel = "FILE", description = "Snapshot files.")
    private List<Path> files = List.of();

    @Option(
            names = "--devices",
            description =
                    "Say which back ends and devices can draw here, and what the others need.")
    private boolean devices;

    @Mixin private CommonOptions options = new CommonOptions();

    @Option(names = "--json", description = "One JSON object a snapshot on standard output.")
    private boolean json;

    @Option(
            names = "--check",
            description =
                    "Read all of a particle store and compare its sums; each damaged block is an error.")
    private boolean check;

    @Option(
            names = "--block-order",
            paramLabel = "NAMES",
            description = "Blocks of a Gadget format 1 file, in order, as in POS,VEL,ID,MASS.")
    private String blockOrder = "";

    @Mixin private CommonOptions.Reading reading = new CommonOptions.Reading();

    private final Set<List<Path>> shown = new LinkedHashSet<>();

    @Override
    public Integer call() {
        if (devices) {
            tellDevices();
        } else if (files.isEmpty()) {
            throw new InputException("info: name a snapshot, or --devices");
        }
        List<String> errors = new ArrayList<>();
        try (Workers workers = options.workers()) {
            for (Path file : files) {
                try (Snapshot snapshot = Snapshots.open(file, reading.options(blockOrder))) {
                    if (check) {
                        check(file, snapshot, errors);
                    }
                    if (shown.add(snapshot.info().parts())) {
                        System.out.print(
                                json ? asJson(snapshot, workers) : asText(snapshot, workers));
                    }
                } catch (InputException e) {
                    errors.add(String.valueOf(e.getMessage()));
                }
            }
        }
        if (!errors.isEmpty()) {
            throw new InputException(String.join("\n", errors));
        }
        return Main.OK;
    }

    private static void tellDevices() {
        for (BackendProvider provider : Backends.installed()) {
            System.out.printf(
                    Locale.ROOT,
                    "%-8s %s%s%n",
                    provider.name(),
                    provider.available() ? "" : "not available: ",
                    provider.describe());
        }
        if (new OpenClProvider().available()) { // else its description has them
            OpenClProvider.devices().forEach(line -> System.out.println("         " + line));
        }
    }

    private static void check(Path file, Snapshot snapshot, List<String> errors) {
        if (!Given.isStore(file)) {
            throw new InputException(file, "has no sums to compare; only particle stores have");
        }
        snapshot.damages().forEach(damage -> errors.add(file + ": " + damage));
        if (errors.isEmpty()) {
            System.out.println(file + ": all sums are as they were written");
        }
    }

    private static String asText(Snapshot snapshot, Workers workers) {
        SnapshotInfo info = snapshot.info();
        StringBuilder out = new StringBuilder();
        out.append(info.parts().getFirst()).append('\n');
        line(out, "format", info.format());
        line(out, "files", files(info.parts()) + ", " + size(info.fileBytes()));
        line(out, "particles", String.format(Locale.ROOT, "%,d", info.totalCount()));
        line(out, "memory", size(info.totalCount() * LOADED_BYTES) + " when all types are loaded");
        boolean cosmological = info.omega0() > 0 && info.hubble() > 0;
        line(out, cosmological ? "scale factor" : "time", number(info.time()));
        line(out, "redshift", number(info.redshift()));
        line(
                out,
                "box",
                info.boxSize() > 0
                        ? number(info.boxSize())
                                + " "
                                + info.units().length().name()
                                + " (periodic)"
                        : "none (not periodic)");
        if (cosmological) {
            line(
                    out,
                    "cosmology",
                    "Omega0 "
                            + number(info.omega0())
                            + ", OmegaLambda "
                            + number(info.omegaLambda())
                            + ", h "
                            + number(info.hubble()));
        }
        line(
                out,
                "units",
                info.units().length().isKnown()
                        ? info.units().length().name()
                                + ", "
                                + info.units().mass().name()
                                + ", "
                                + info.units().velocity().name()
                        : "not in the file; Gadget's usual ones are kpc/h, 1e10 Msun/h and km/s; see unit_length");
        for (SnapshotInfo.TypeInfo type : info.types()) {
            if (type.count() > 0) {
                out.append(
                        String.format(
                                Locale.ROOT,
                                "  type %d %-9s %,14d particles%s%n",
                                type.index(),
                                type.name(),
                                type.count(),
                                type.mass() > 0 ? ", mass " + number(type.mass()) + " each" : ""));
                info.fields().stream()
                        .filter(f -> f.types().contains(type.index()))
                        .forEach(f -> fieldLine(out, snapshot, f, type.index(), workers));
            }
        }
        return out.append('\n').toString();
    }

    private static String files(List<Path> parts) {
        String names =
                parts.size() == 1
                        ? ""
                        : ": "
                                + parts.getFirst().getFileName()
                                + " to "
                                + parts.getLast().getFileName();
        return parts.size() + names;
    }

    private static void line(StringBuilder out, String name, String value) {
        out.append(String.format(Locale.ROOT, "  %-13s %s%n", name, value));
    }

    private static void fieldLine(
            StringBuilder out, Snapshot snapshot, FieldInfo field, int type, Workers workers) {
        FieldRange range = snapshot.range(field.name(), type, workers);
        String shape =
                field.elementType() + (field.components() > 1 ? " x" + field.components() : "");
        String values =
                range.isEmpty()
                        ? "no finite value"
                        : number(range.min()) + " .. " + number(range.max());
        String what =
                field.description() + (field.unit().isEmpty() ? "" : " [" + field.unit() + "]");
        out.append(
                String.format(
                                Locale.ROOT,
                                "      %-5s %-6s %-28s %s",
                                field.name(),
                                shape,
                                values,
                                what)
                        .stripTrailing());
        out.append('\n');
    }

    static String size(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
        double v = bytes;
        int u = 0;
        while (v >= 1024 && u < units.length - 1) {
            v /= 1024;
            u++;
        }
        return String.format(Locale.ROOT, u == 0 ? "%.0f %s" : "%.1f %s", v, units[u]);
    }

    private static String number(double v) {
        String text = String.format(Locale.ROOT, "%.6g", v);
        return text.indexOf('.') < 0 ? text : text.replaceAll("\\.?0+(e|$)", "$1");
    }

    private static String asJson(Snapshot snapshot, Workers workers) {
        SnapshotInfo info = snapshot.info();
        StringWriter text = new StringWriter();
        try (Json out = new Json(text, false)) {
            out.beginObject();
            out.text("format", info.format());
            out.array("files", info.parts());
            out.number("file_bytes", info.fileBytes());
            out.number("particles", info.totalCount());
            out.number("memory_bytes", info.totalCount() * LOADED_BYTES);
            out.number("time", info.time());
            out.number("redshift", info.redshift());
            out.number("box_size", info.boxSize());
            out.number("hubble", info.hubble());
            out.number("omega0", info.omega0());
            out.number("omega_lambda", info.omegaLambda());
            out.text("unit_length", info.units().length().name());
            out.text("unit_mass", info.units().mass().name());
            out.text("unit_velocity", info.units().velocity().name());
            out.text("identity", snapshot.identity());
            out.beginObject("types");
            for (SnapshotInfo.TypeInfo type : info.types()) {
                if (type.count() > 0) {
                    typeJson(out, snapshot, info, type, workers);
                }
            }
            out.endObject();
            out.endObject();
        }
        return text + "\n";
    }

    private static void typeJson(
            Json out,
            Snapshot snapshot,
            SnapshotInfo info,
            SnapshotInfo.TypeInfo type,
            Workers workers) {
        out.beginObject(Integer.toString(type.index()));
        out.text("name", type.name());
        out.number("count", type.count());
        out.number("mass", type.mass());
        out.beginObject("fields");
        for (FieldInfo field : info.fields()) {
            if (field.types().contains(type.index())) {
                FieldRange range = snapshot.range(field.name(), type.index(), workers);
                out.beginObject(field.name());
                out.text("type", field.elementType());
                out.number("components", field.components());
                out.text("unit", field.unit());
                out.number("min", range.min());
                out.number("max", range.max());
                out.endObject();
            }
        }
        out.endObject();
        out.endObject();
    }
}
