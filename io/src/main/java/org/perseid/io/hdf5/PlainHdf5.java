package org.perseid.io.hdf5;

import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.perseid.io.InputException;
import org.perseid.io.snapshot.ColumnSnapshot;
import org.perseid.io.snapshot.ComputedData;
import org.perseid.io.snapshot.FieldData;
import org.perseid.io.snapshot.FieldTable;
import org.perseid.io.snapshot.PositionNames;
import org.perseid.io.snapshot.ReadOptions;
import org.perseid.io.snapshot.Roles;
import org.perseid.io.snapshot.SnapshotInfo;

/**
 * HDF5 without particle types: openPMD, H5Part and Phantom by their own conventions, else the
 * datasets of one length (the most frequent one that has positions), or the cells of a grid.
 */
final class PlainHdf5 {
    private static final String GRID = "HDF5 grid";
    private static final int MAX_DEPTH = 12;
    private static final int MAX_DATASETS = 20_000;

    private final Hdf5File file;
    private final ReadOptions options;
    private final Map<Long, Map<String, FieldData>> byRows = new TreeMap<>();
    private final Map<List<Long>, Map<String, Dataset>> grids = new LinkedHashMap<>();
    private int datasets;

    private PlainHdf5(Hdf5File file, ReadOptions options) {
        this.file = file;
        this.options = options;
    }

    static ColumnSnapshot open(Hdf5File file, ReadOptions options, Runnable closer) {
        return new PlainHdf5(file, options).open(closer);
    }

    private ColumnSnapshot open(Runnable closer) {
        Group root = file.root();
        if (root.getChildren().keySet().stream().anyMatch(n -> n.matches("Grid\\d{8}"))) {
            throw new InputException(
                    file.path(),
                    "is part of an Enzo hierarchy, which is not supported; write the cells as columns with yt"
                            + " (all_data(), then x, y, z, dx and the fields as HDF5 datasets) and use size_label0=dx");
        }
        Group species = openPmdSpecies(root);
        Group step = step(root);
        Group phantom = Hdf5File.group(root, "particles");
        String what = "HDF5 datasets";
        if (species != null) {
            what = "openPMD, species " + species.getName();
            collectRecords(species);
        } else if (step != null) {
            what = "H5Part, " + step.getName();
            collect(step, "", 0);
        } else if (phantom != null && phantom.getChildren().containsKey("xyz")) {
            what = "Phantom";
            collect(phantom, "", 0);
        } else {
            collect(root, "", 0);
        }
        FieldTable table = new FieldTable(file.path());
        String position = particles(table);
        if (position == null) {
            position = cells(table);
            what = GRID + (grids.size() > 1 ? ", the first of " + grids.size() + " shapes" : "");
        }
        if (position == null) {
            throw new InputException(
                    file.path(),
                    "has no positions: no three datasets x, y, z, no (N,3) dataset named like coordinates, no"
                            + " grid; name them with position_label=X,Y,Z. It has: "
                            + names());
        }
        double[] mass = {phantomMass(root, table)};
        SnapshotInfo info =
                SnapshotInfo.of(
                        what,
                        List.of(table),
                        List.of(file.path()),
                        file.size(),
                        List.of(what.startsWith(GRID) ? "cells" : "particles"),
                        mass,
                        Map.of(),
                        new SnapshotInfo.Header(time(root, step), 0, 0, 0, 0, 0),
                        roles(position, table),
                        org.perseid.io.snapshot.Units.UNKNOWN);
        return new ColumnSnapshot(info, List.of(table), closer);
    }

    private static double time(Group root, @Nullable Group step) {
        return step != null
                ? Attributes.number(step, 0, "TIME", "time", "TimeValue")
                : Attributes.number(root, 0, "time", "Time");
    }

    private static double phantomMass(Group root, FieldTable table) {
        if (table.fields(0).containsKey("mass")) {
            return 0;
        }
        return Hdf5File.node(root, "header/massoftype") instanceof Dataset masses
                        && masses.getDataFlat() instanceof double[] m
                        && m.length > 0
                ? m[0]
                : 0;
    }

    private static Roles roles(String position, FieldTable table) {
        String size = null;
        for (String name : List.of("h", "hsml", "smoothing_length", "SmoothingLength", "r")) {
            size = size == null && table.fields(0).containsKey(name) ? name : size;
        }
        return new Roles(
                position,
                PositionNames.velocity(table.fieldNames(0)),
                PositionNames.mass(table.fieldNames(0)),
                PositionNames.id(table.fieldNames(0)),
                size,
                "h".equals(size) ? 2 : 1);
    }

    /** All datasets below a group, by their path from it. */
    private void collect(Group group, String path, int depth) {
        if (depth > MAX_DEPTH) {
            return;
        }
        for (Node node : group.getChildren().values()) {
            String name = path.isEmpty() ? node.getName() : path + "/" + node.getName();
            if (node instanceof Group child) {
                collect(child, name, depth + 1);
            } else if (node instanceof Dataset dataset && ++datasets <= MAX_DATASETS) {
                add(name, dataset);
            }
        }
    }

    private void add(String name, Dataset dataset) {
        long[] shape = dataset.getDimensionsAsLong();
        if (dataset.isEmpty() || dataset.isVariableLength()) {
            return;
        }
        if (shape.length >= 1 && dataset.isCompound()) {
            file.members(dataset)
                    .forEach((member, data) ->
                            addField(name + "/" + member, member, Hdf5File.rows(dataset), data));
        } else if (shape.length == 3 && shape[2] > 1) {
            grids.computeIfAbsent(List.of(shape[0], shape[1], shape[2]), s -> new LinkedHashMap<>())
                    .put(name, dataset);
        } else if (Hdf5File.element(dataset.getDataType()) != null) {
            FieldData data = shape.length <= 2 ? file.field(dataset) : null;
            if (data != null) {
                addField(name, name, Hdf5File.rows(dataset), data);
            }
        }
    }

    /** Under its own name, and under its path where two have one name. */
    private void addField(String path, String name, long rows, FieldData data) {
        Map<String, FieldData> fields = byRows.computeIfAbsent(rows, r -> new LinkedHashMap<>());
        fields.put(fields.containsKey(name) ? path : name, data);
    }

    /** openPMD: components of a record are datasets, or groups with a constant value. */
    private void collectRecords(Group species) {
        long rows = 0;
        Map<String, Double> constants = new HashMap<>();
        List<Node> records = new ArrayList<>(species.getChildren().values());
        Map<String, FieldData> found = new LinkedHashMap<>();
        for (Node record : records) {
            if (record instanceof Dataset || record.getAttributes().containsKey("value")) {
                rows = Math.max(rows, addRecord(record.getName(), record, found, constants));
            } else if (record instanceof Group components) {
                for (Node component : components.getChildren().values()) {
                    String name = record.getName() + "/" + component.getName();
                    rows = Math.max(rows, addRecord(name, component, found, constants));
                }
            }
        }
        Map<String, FieldData> all = byRows.computeIfAbsent(rows, r -> new LinkedHashMap<>());
        found.forEach((name, data) -> {
            if (!name.startsWith("positionOffset")) {
                double offset =
                        constants.getOrDefault(name.replace("position/", "positionOffset/"), 0.0);
                FieldData offsets = found.get(name.replace("position/", "positionOffset/"));
                all.put(name, name.startsWith("position/") ? sum(data, offsets, offset) : data);
            }
        });
        constants.forEach((name, value) -> {
            if (!name.startsWith("positionOffset")) {
                all.putIfAbsent(name, ComputedData.constant(value));
            }
        });
    }

    private static FieldData sum(FieldData data, @Nullable FieldData offsets, double offset) {
        if (offsets == null) {
            return offset == 0 ? data : ComputedData.calibrated(data, 1, offset, Double.NaN);
        }
        return new ComputedData(
                1,
                (row, rows, out) -> {
                    double[] more = new double[rows];
                    data.doubles(row, rows, out);
                    offsets.doubles(row, rows, more);
                    for (int i = 0; i < rows; i++) {
                        out[i] += more[i];
                    }
                });
    }

    private long addRecord(
            String name, Node node, Map<String, FieldData> found, Map<String, Double> constants) {
        if (node instanceof Dataset dataset) {
            FieldData data = file.field(dataset);
            if (data != null) {
                found.put(name, data);
                return Hdf5File.rows(dataset);
            }
        } else if (Attributes.numbers(node, "value").length > 0) {
            constants.put(name, Attributes.number(node, 0, "value"));
        }
        return 0;
    }

    /** The group of the chosen or first species of the first iteration. */
    private @Nullable Group openPmdSpecies(Group root) {
        if (Attributes.text(root, "openPMD").isEmpty()) {
            return null;
        }
        Group data = Hdf5File.group(root, "data");
        Node iteration = data == null ? null : first(data);
        String folder = Attributes.text(root, "particlesPath").replace("/", "");
        Group particles =
                iteration instanceof Group g
                        ? Hdf5File.group(g, folder.isEmpty() ? "particles" : folder)
                        : null;
        Node species = particles == null ? null : first(particles);
        return species instanceof Group g ? g : null;
    }

    private static @Nullable Node first(Group group) {
        return group.getChildren().values().stream().findFirst().orElse(null);
    }

    /** H5Part's group of a step: that of the key {@code snapshotID}, or the first. */
    private @Nullable Group step(Group root) {
        int wanted = options.integer("snapshotID", -1, 0, Integer.MAX_VALUE);
        Group first = null;
        for (Node node : root.getChildren().values()) {
            if (node instanceof Group group && node.getName().matches("Step#\\d+")) {
                int number = Integer.parseInt(node.getName().substring(5));
                if (number == wanted) {
                    return group;
                }
                boolean earlier =
                        first == null || number < Integer.parseInt(first.getName().substring(5));
                first = earlier ? group : first;
            }
        }
        if (first != null && wanted >= 0) {
            throw new InputException(file.path(), "has no Step#" + wanted + " (key snapshotID)");
        }
        return first;
    }

    /** Puts the fields of one length into the table; null when none has positions. */
    private @Nullable String particles(FieldTable table) {
        String given = options.text("position_label", "");
        String best = null;
        long bestRows = 0;
        int most = 0;
        for (Map.Entry<Long, Map<String, FieldData>> entry : byRows.entrySet()) {
            Map<String, FieldData> fields = entry.getValue();
            String position =
                    given.isEmpty()
                            ? PositionNames.position(fields)
                            : PositionNames.has(fields, given) ? given : null;
            if (position != null && fields.size() >= most) {
                best = position;
                bestRows = entry.getKey();
                most = fields.size();
            }
        }
        if (best != null) {
            table.withRows(0, bestRows);
            byRows.getOrDefault(bestRows, Map.of())
                    .forEach((name, data) -> table.with(0, name, data));
        }
        return best;
    }

    /** Puts the cells of the grids of the first shape into the table; null when there are none. */
    private @Nullable String cells(FieldTable table) {
        for (Map.Entry<List<Long>, Map<String, Dataset>> entry : grids.entrySet()) {
            List<Long> shape = entry.getKey();
            table.withRows(0, shape.get(0) * shape.get(1) * shape.get(2));
            entry.getValue()
                    .forEach((name, dataset) -> {
                        FieldData values = file.values(dataset);
                        if (values != null) {
                            table.with(0, name, values);
                        }
                    });
            table.with(0, "cell", ComputedData.cells(shape.get(1), shape.get(2)));
            return "cell";
        }
        return null;
    }

    private String names() {
        List<String> out = new ArrayList<>();
        byRows.forEach((rows, fields) ->
                fields.keySet().forEach(name -> out.add(name + " (" + rows + ")")));
        return out.isEmpty()
                ? "nothing"
                : String.join(", ", out.subList(0, Math.min(40, out.size())));
    }
}
