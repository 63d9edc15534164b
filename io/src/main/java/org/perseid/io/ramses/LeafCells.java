package org.perseid.io.ramses;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.perseid.io.InputException;
import org.perseid.io.snapshot.ComputedData;
import org.perseid.io.snapshot.ElementType;
import org.perseid.io.snapshot.FieldData;
import org.perseid.io.snapshot.FieldTable;
import org.perseid.io.snapshot.MappedFile;

/**
 * The leaf cells of one task as particles. The octree lies level by level; of each level and task
 * the grids of eight cells are in the file, and only those of the own task count. A cell that has
 * no son is a leaf. For each leaf its place in the two files is kept: 24 bytes of heap.
 */
final class LeafCells {
    /** Name of the field with the radius that a cell is drawn with: its side. */
    static final String SIZE = "cell_size";

    private static final int CELLS = 8;
    private static final int MAX_LEVELS = 64;
    private static final int MAX_VARIABLES = 1000;
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MappedFile amr;
    private final MappedFile hydro;
    private final RamsesInfo info;
    private final int cpu;

    private int leaves;

    /** For each leaf: index of its run, place in the run. */
    private int[] run = new int[64];

    private int[] place = new int[64];

    /** Grids of the own task on a level, one of their eight cells. */
    private final List<Run> runs = new ArrayList<>();

    /**
     * The cells at one corner of the grids of a level.
     *
     * @param centres where the x, y and z of the grids begin in the tree's file
     * @param values where each variable begins in the gas file
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Run(int level, int corner, long[] centres, long[] values) {}

    LeafCells(MappedFile amr, MappedFile hydro, RamsesInfo info, int cpu) {
        this.amr = amr;
        this.hydro = hydro;
        this.info = info;
        this.cpu = cpu;
    }

    FieldTable table() {
        FortranRecords tree = new FortranRecords(amr);
        FortranRecords gas = new FortranRecords(hydro);
        int cpus = bounded(tree.integer("ncpu"), 1, 1 << 20, "ncpu", amr);
        tree.skip(1);
        long coarseAt = tree.next(12, "nx, ny, nz");
        for (int axis = 0; axis < 3; axis++) {
            int n = amr.data().get(INT, coarseAt + 4L * axis);
            int _ = bounded(n, 1, 1, "coarse cells along an axis", amr);
        }
        int levels = bounded(tree.integer("nlevelmax"), 1, MAX_LEVELS, "nlevelmax", amr);
        tree.skip(1);
        int boundaries = bounded(tree.integer("nboundary"), 0, 100, "nboundary", amr);
        tree.skip(15); // times, cosmology, and heads and tails of the lists of grids
        long countsAt = tree.next(4L * cpus * levels, "grids by task and level");
        tree.skip(1);
        long boundaryCountsAt = 0;
        if (boundaries > 0) {
            tree.skip(2);
            boundaryCountsAt = tree.next(4L * boundaries * levels, "grids of boundaries");
        }
        tree.skip(3); // free memory, ordering and its keys
        tree.skip(3); // sons, flags and tasks of the coarse cells
        gas.skip(1);
        int variables = bounded(gas.integer("nvar"), 1, MAX_VARIABLES, "nvar", hydro);
        gas.skip(4);
        for (int level = 1; level <= levels; level++) {
            for (int domain = 1; domain <= cpus + boundaries; domain++) {
                long at =
                        domain <= cpus
                                ? countsAt + 4L * ((long) (level - 1) * cpus + domain - 1)
                                : boundaryCountsAt
                                        + 4L
                                                * ((long) (level - 1) * boundaries
                                                        + domain
                                                        - cpus
                                                        - 1);
                int grids = amr.data().get(INT, at);
                gas.skip(2);
                if (grids > 0) {
                    grids(tree, gas, level, grids, variables, domain == cpu);
                }
            }
        }
        return fields(variables);
    }

    private static int bounded(int v, int min, int max, String what, MappedFile file) {
        if (v < min || v > max) {
            throw new InputException(
                    file.path(), "says " + what + " is " + v + "; expected " + min + " to " + max);
        }
        return v;
    }

    private void grids(
            FortranRecords tree,
            FortranRecords gas,
            int level,
            int grids,
            int variables,
            boolean own) {
        tree.skip(3); // index, next, previous
        long[] centres = new long[3];
        for (int k = 0; k < 3; k++) {
            centres[k] = tree.next(8L * grids, "centres of grids");
        }
        tree.skip(1 + 6); // father, neighbours
        long[] sons = new long[CELLS];
        for (int corner = 0; corner < CELLS; corner++) {
            sons[corner] = tree.next(4L * grids, "sons");
        }
        tree.skip(2 * CELLS); // tasks, flags
        for (int corner = 0; corner < CELLS; corner++) {
            long[] values = new long[variables];
            for (int v = 0; v < variables; v++) {
                values[v] = gas.next(8L * grids, "gas variable " + (v + 1));
            }
            if (own) {
                runs.add(new Run(level, corner, centres, values));
                addLeaves(sons[corner], grids);
            }
        }
    }

    private void addLeaves(long sons, int grids) {
        for (int g = 0; g < grids; g++) {
            if (amr.data().get(INT, sons + 4L * g) == 0) {
                if (leaves == run.length) {
                    run = Arrays.copyOf(run, 2 * leaves);
                    place = Arrays.copyOf(place, 2 * leaves);
                }
                run[leaves] = runs.size() - 1;
                place[leaves++] = g;
            }
        }
    }

    private FieldTable fields(int variables) {
        FieldTable table = new FieldTable(amr.path()).withRows(0, leaves);
        table.with(0, "position", new ComputedData(3, this::positions));
        table.with(0, SIZE, new ComputedData(1, this::sizes));
        List<String> names = names(variables);
        for (int v = 0; v < variables; v++) {
            FieldData field = new Variable(v);
            table.with(0, names.get(v), field);
            table.withAlias(0, "col" + (v + 1), field);
        }
        if (names.contains("density")) {
            FieldData density = new Variable(names.indexOf("density"));
            table.with(
                    0,
                    "mass",
                    new ComputedData(
                            1,
                            (row, rows, out) -> {
                                double[] side = new double[rows];
                                density.doubles(row, rows, out);
                                sizes(row, rows, side);
                                for (int i = 0; i < rows; i++) {
                                    out[i] *= side[i] * side[i] * side[i];
                                }
                            }));
        }
        return table;
    }

    private List<String> names(int variables) {
        List<String> out = new ArrayList<>();
        Path descriptor = info.descriptor("hydro_file_descriptor.txt");
        if (Files.isRegularFile(descriptor)) {
            try {
                for (String line :
                        new String(Files.readAllBytes(descriptor), StandardCharsets.ISO_8859_1)
                                .lines()
                                .toList()) {
                    String[] words = line.strip().split("\\s*[,:]\\s*", -1);
                    if (words.length >= 2 && !line.startsWith("#") && !words[0].equals("nvar")) {
                        out.add(words[1]);
                    }
                }
            } catch (IOException e) {
                throw new InputException(descriptor, "cannot be read (" + e.getMessage() + ")", e);
            }
        }
        List<String> usual =
                List.of("density", "velocity_x", "velocity_y", "velocity_z", "pressure");
        for (int v = out.size(); v < variables; v++) {
            out.add(v < usual.size() && out.size() == v ? usual.get(v) : "scalar_" + (v + 1));
        }
        return out;
    }

    private double side(int leaf) {
        return info.boxLength() * Math.pow(0.5, runs.get(run[leaf]).level);
    }

    private void sizes(long row, int rows, double[] out) {
        for (int i = 0; i < rows; i++) {
            out[i] = side((int) row + i);
        }
    }

    private void positions(long row, int rows, double[] out) {
        for (int i = 0; i < rows; i++) {
            int leaf = (int) row + i;
            Run of = runs.get(run[leaf]);
            double half = side(leaf) / 2;
            for (int axis = 0; axis < 3; axis++) {
                double centre = amr.data().get(DOUBLE, of.centres[axis] + 8L * place[leaf]);
                double sign = (of.corner >> axis & 1) == 1 ? 1 : -1;
                out[3 * i + axis] = centre * info.boxLength() + sign * half;
            }
        }
    }

    /** A variable of the gas. */
    private final class Variable implements FieldData {
        private final int number;

        Variable(int number) {
            this.number = number;
        }

        @Override
        public ElementType element() {
            return ElementType.F8;
        }

        @Override
        public int components() {
            return 1;
        }

        @Override
        public void doubles(long row, int rows, double[] out) {
            MemorySegment data = hydro.data();
            for (int i = 0; i < rows; i++) {
                int leaf = (int) row + i;
                out[i] = data.get(DOUBLE, runs.get(run[leaf]).values[number] + 8L * place[leaf]);
            }
        }
    }
}
