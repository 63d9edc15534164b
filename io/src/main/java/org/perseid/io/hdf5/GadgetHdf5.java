package org.perseid.io.hdf5;

import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.perseid.io.InputException;
import org.perseid.io.snapshot.ColumnSnapshot;
import org.perseid.io.snapshot.ComputedData;
import org.perseid.io.snapshot.FieldData;
import org.perseid.io.snapshot.FieldInfo;
import org.perseid.io.snapshot.FieldTable;
import org.perseid.io.snapshot.Roles;
import org.perseid.io.snapshot.SnapshotInfo;

/**
 * Snapshots with groups PartType0, PartType1 ...: Gadget-2 to 4, AREPO, EAGLE, GIZMO, SWIFT. The
 * length of Coordinates is the number of particles; the header is only asked for what the datasets
 * do not tell.
 */
final class GadgetHdf5 {
    private static final Pattern PART = Pattern.compile("(.*)\\.(\\d{1,5})\\.(hdf5|h5)");
    private static final int MAX_PARTS = 65_536;
    private static final List<String> TYPE_NAMES =
            List.of(
                    "gas",
                    "dark matter",
                    "disk",
                    "bulge",
                    "stars",
                    "black holes",
                    "neutrinos",
                    "tracers");
    private static final String POSITION = "Coordinates";

    /** A cell's radius times this is taken for the radius of its kernel. */
    private static final double CELL_SUPPORT = 2.5;

    /** Smoothing length of a cell, for codes that have cells instead of kernels. */
    static final String CELL_SMOOTHING = "CellSmoothing";

    private GadgetHdf5() {}

    /** Whether the file has a group of a particle type. */
    static boolean knows(Hdf5File file) {
        Group root = file.root();
        return Hdf5File.group(root, "Header") != null
                && (root.getChildren().keySet().stream().anyMatch(n -> n.matches("PartType\\d"))
                        || Attributes.numbers(Hdf5File.group(root, "Header"), "NumPart_ThisFile")
                                        .length
                                > 0);
    }

    /**
     * Opens the snapshot that a file belongs to.
     *
     * @param files gets the other parts; the caller closes all when this fails
     */
    static ColumnSnapshot open(Hdf5File first, List<Hdf5File> files) {
        int parts = (int) Attributes.number(header(first), 1, "NumFilesPerSnapshot");
        Matcher name = PART.matcher(String.valueOf(first.path().getFileName()));
        if (parts > 1 && parts <= MAX_PARTS && name.matches()) {
            openParts(first, name, parts, files);
        }
        List<FieldTable> tables = new ArrayList<>();
        List<SwiftPart> swift = new ArrayList<>();
        for (Hdf5File file : files) {
            FieldTable table = table(file);
            tables.add(table);
            swift.add(new SwiftPart(table, SwiftCells.read(file)));
        }
        SnapshotInfo info = info(first, files, tables);
        return new ColumnSnapshot(info, swift, () -> files.forEach(Hdf5File::close));
    }

    private static @Nullable Group header(Hdf5File file) {
        return Hdf5File.group(file.root(), "Header");
    }

    private static void openParts(Hdf5File first, Matcher name, int parts, List<Hdf5File> files) {
        List<Hdf5File> inOrder = new ArrayList<>();
        for (int k = 0; k < parts; k++) {
            Path path = first.path().resolveSibling(name.group(1) + "." + k + "." + name.group(3));
            if (path.equals(first.path())) {
                inOrder.add(first);
            } else if (Files.isRegularFile(path)) {
                Hdf5File part = Hdf5File.open(path);
                files.add(part);
                inOrder.add(part);
            } else {
                throw new InputException(
                        first.path(),
                        "the header says "
                                + parts
                                + " files, but "
                                + path
                                + " is not there; copy all parts to one folder");
            }
        }
        files.clear();
        files.addAll(inOrder);
    }

    private static FieldTable table(Hdf5File file) {
        FieldTable table = new FieldTable(file.path());
        for (int t = 0; t < TYPE_NAMES.size(); t++) {
            Group group = Hdf5File.group(file.root(), "PartType" + t);
            if (group != null && group.getChildren().get(POSITION) instanceof Dataset position) {
                addType(file, group, t, Hdf5File.rows(position), table);
            }
        }
        return table;
    }

    private static void addType(Hdf5File file, Group group, int type, long rows, FieldTable table) {
        table.withRows(type, rows);
        for (Node node : group.getChildren().values()) {
            if (node instanceof Dataset dataset) {
                FieldData field = file.field(dataset);
                if (field == null) {
                    table.withTrouble(
                            node.getName(),
                            "dataset " + node.getPath() + " holds no plain numbers");
                } else if (Hdf5File.rows(dataset) != rows) {
                    table.withTrouble(
                            node.getName(),
                            "dataset "
                                    + node.getPath()
                                    + " has "
                                    + Hdf5File.rows(dataset)
                                    + " rows, "
                                    + POSITION
                                    + " has "
                                    + rows);
                } else {
                    table.with(type, node.getName(), field);
                }
            }
        }
        FieldData position = table.fields(type).get(POSITION);
        if (position == null || position.components() != 3) {
            throw new InputException(
                    file.path(), group.getPath() + POSITION + " has not three numbers a particle");
        }
        addCellSmoothing(type, table);
    }

    private static void addCellSmoothing(int type, FieldTable table) {
        Map<String, FieldData> fields = table.fields(type);
        FieldData mass = fields.get("Masses");
        FieldData density = fields.get("Density");
        if (type != 0
                || mass == null
                || density == null
                || fields.keySet().stream().anyMatch(n -> n.startsWith("SmoothingLength"))) {
            return;
        }
        table.with(
                type,
                CELL_SMOOTHING,
                new ComputedData(
                        1,
                        (row, rows, out) -> {
                            double[] rho = new double[rows];
                            mass.doubles(row, rows, out);
                            density.doubles(row, rows, rho);
                            for (int i = 0; i < rows; i++) {
                                out[i] =
                                        CELL_SUPPORT
                                                * Math.cbrt(3 * out[i] / (4 * Math.PI * rho[i]));
                            }
                        }));
    }

    private static SnapshotInfo info(
            Hdf5File first, List<Hdf5File> files, List<FieldTable> tables) {
        Group root = first.root();
        Node header = header(first);
        Node cosmology = Hdf5File.group(root, "Cosmology");
        Node parameters = Hdf5File.group(root, "Parameters");
        double omega = Attributes.number(header, 0, "Omega0", "Omega_m");
        double hubble = Attributes.number(header, 0, "HubbleParam");
        omega = omega > 0 ? omega : Attributes.number(cosmology, 0, "Omega_m");
        hubble = hubble > 0 ? hubble : Attributes.number(cosmology, 0, "h");
        omega = omega > 0 ? omega : Attributes.number(parameters, 0, "Omega0");
        hubble = hubble > 0 ? hubble : Attributes.number(parameters, 0, "HubbleParam");
        double lambda = Attributes.number(header, 0, "OmegaLambda", "Omega_Lambda");
        lambda = lambda > 0 ? lambda : Attributes.number(cosmology, 0, "Omega_lambda");
        SnapshotInfo.Header numbers =
                new SnapshotInfo.Header(
                        Attributes.number(header, 0, "Scale-factor", "Time"),
                        Attributes.number(header, 0, "Redshift"),
                        Attributes.number(header, 0, "BoxSize"),
                        hubble,
                        omega,
                        lambda);
        FileUnits units = new FileUnits(root, hubble, omega > 0 ? numbers.redshift() : 0);
        double[] masses = Attributes.numbers(header, "MassTable");
        return SnapshotInfo.of(
                variant(root) + (files.size() > 1 ? ", " + files.size() + " files" : ""),
                tables,
                files.stream().map(Hdf5File::path).toList(),
                files.stream().mapToLong(Hdf5File::size).sum(),
                TYPE_NAMES,
                Arrays.copyOf(masses, TYPE_NAMES.size()),
                described(files, units),
                numbers,
                roles(root, tables),
                units.units());
    }

    /** The code as far as it tells. */
    private static String variant(Group root) {
        Node code = Hdf5File.group(root, "Code");
        String name = Attributes.text(code, "Code");
        Node header = Hdf5File.group(root, "Header");
        if (name.isEmpty() && Attributes.numbers(header, "Git_commit").length == 0) {
            name =
                    !Attributes.text(header, "Git_commit").isEmpty()
                            ? "GADGET-4 or AREPO"
                            : Attributes.text(header, "Code");
        }
        return "HDF5 with particle types" + (name.isEmpty() ? "" : " (" + name + ")");
    }

    private static Map<String, FieldInfo> described(List<Hdf5File> files, FileUnits units) {
        Map<String, FieldInfo> out = new LinkedHashMap<>();
        for (Hdf5File file : files) {
            for (int t = 0; t < TYPE_NAMES.size(); t++) {
                Group group = Hdf5File.group(file.root(), "PartType" + t);
                if (group == null) {
                    continue;
                }
                for (Node node : group.getChildren().values()) {
                    if (node instanceof Dataset && !out.containsKey(node.getName())) {
                        out.put(
                                node.getName(),
                                new FieldInfo(
                                        node.getName(),
                                        Attributes.text(node, "Description"),
                                        units.ofField(node),
                                        "",
                                        1,
                                        List.of()));
                    }
                }
            }
        }
        return out;
    }

    private static Roles roles(Group root, List<FieldTable> tables) {
        double gamma = Attributes.number(Hdf5File.group(root, "HydroScheme"), 1, "Kernel gamma");
        String size =
                firstOf(
                        tables,
                        "SmoothingLength",
                        "SmoothingLengths",
                        "SubfindHsml",
                        CELL_SMOOTHING);
        return new Roles(
                POSITION,
                firstOf(tables, "Velocities", "Velocity"),
                firstOf(tables, "Masses", "Mass"),
                firstOf(tables, "ParticleIDs", "ParticleChildIDsNumber"),
                size,
                "SmoothingLengths".equals(size) ? gamma : 1);
    }

    private static @Nullable String firstOf(List<FieldTable> tables, String... names) {
        for (String name : names) {
            for (FieldTable table : tables) {
                for (int type : table.types()) {
                    if (table.fields(type).containsKey(name)) {
                        return name;
                    }
                }
            }
        }
        return null;
    }
}
