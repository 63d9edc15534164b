package org.perseid.io.hdf5;

import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.perseid.io.snapshot.FieldData;
import org.perseid.io.snapshot.Region;
import org.perseid.io.snapshot.SnapshotPart.RowRange;

/** SWIFT's top-level cells: the particles of each lie in one range of rows. */
final class SwiftCells {
    /** Particles may have drifted out of their cell by this part of its width since it was made. */
    private static final double MARGIN = 0.5;

    private final double[] centres;
    private final double[] halfWidth;
    private final double period;
    private final Map<Integer, long[]> first = new HashMap<>();
    private final Map<Integer, long[]> counts = new HashMap<>();

    /** Smallest and largest positions by type and cell, in files that have them. */
    private final Map<Integer, double[]> smallest = new HashMap<>();

    private final Map<Integer, double[]> largest = new HashMap<>();

    private SwiftCells(double[] centres, double[] halfWidth, double period) {
        this.centres = centres;
        this.halfWidth = halfWidth;
        this.period = period;
    }

    /** The cells of a file; null when it has none. */
    static @Nullable SwiftCells read(Hdf5File file) {
        Group cells = Hdf5File.group(file.root(), "Cells");
        double[] size = Attributes.numbers(Hdf5File.group(file.root(), "Cells/Meta-data"), "size");
        if (cells == null
                || size.length != 3
                || !(cells.getChildren().get("Centres") instanceof Dataset centres)) {
            return null;
        }
        double[] half = {
            size[0] * (0.5 + MARGIN), size[1] * (0.5 + MARGIN), size[2] * (0.5 + MARGIN)
        };
        double period = Attributes.number(Hdf5File.group(file.root(), "Header"), 0, "BoxSize");
        SwiftCells out = new SwiftCells(numbers(file, centres), half, period);
        for (int t = 0; t < 8; t++) {
            if (Hdf5File.node(cells, "OffsetsInFile/PartType" + t) instanceof Dataset offsets
                    && Hdf5File.node(cells, "Counts/PartType" + t) instanceof Dataset counts) {
                out.first.put(t, whole(numbers(file, offsets)));
                out.counts.put(t, whole(numbers(file, counts)));
                if (Hdf5File.node(cells, "MinPositions/PartType" + t) instanceof Dataset min
                        && Hdf5File.node(cells, "MaxPositions/PartType" + t)
                                instanceof Dataset max) {
                    out.smallest.put(t, numbers(file, min));
                    out.largest.put(t, numbers(file, max));
                }
            }
        }
        return out;
    }

    private static double[] numbers(Hdf5File file, Dataset dataset) {
        FieldData field = file.field(dataset);
        int rows = Math.toIntExact(Hdf5File.rows(dataset));
        if (field == null) {
            return new double[0];
        }
        double[] out = new double[Math.multiplyExact(rows, field.components())];
        field.doubles(0, rows, out);
        return out;
    }

    private static long[] whole(double[] numbers) {
        long[] out = new long[numbers.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (long) numbers[i];
        }
        return out;
    }

    /**
     * The rows of the cells that can have particles in the region; all when the cells do not fit.
     */
    List<RowRange> rowsIn(Region region, int type, long rows) {
        long[] offsets = first.getOrDefault(type, new long[0]);
        long[] numbers = counts.getOrDefault(type, new long[0]);
        long sum = 0;
        for (long n : numbers) {
            sum += n;
        }
        if (sum != rows
                || offsets.length != numbers.length
                || centres.length != 3 * offsets.length) {
            return List.of(new RowRange(0, rows));
        }
        List<RowRange> out = new ArrayList<>();
        for (int c = 0; c < offsets.length; c++) {
            double[] centre = new double[3];
            double[] half = bounds(type, c, centre);
            long end = offsets[c] + numbers[c];
            if (offsets[c] < 0 || end > rows) {
                return List.of(new RowRange(0, rows));
            }
            if (numbers[c] > 0 && region.touches(centre, half, period)) {
                out.add(new RowRange(offsets[c], end));
            }
        }
        out.sort((a, b) -> Long.compare(a.first(), b.first()));
        return merged(out);
    }

    /** Writes the centre of a cell's particles; returns half of the width that they take. */
    private double[] bounds(int type, int cell, double[] centre) {
        double[] min = smallest.get(type);
        double[] max = largest.get(type);
        boolean known = min != null && max != null && min.length == centres.length;
        double[] half = halfWidth.clone();
        for (int axis = 0; axis < 3; axis++) {
            int k = 3 * cell + axis;
            centre[axis] = centres[k];
            if (known && min != null && max != null && max.length == min.length) {
                centre[axis] = (min[k] + max[k]) / 2;
                half[axis] = (max[k] - min[k]) / 2;
            }
        }
        return half;
    }

    private static List<RowRange> merged(List<RowRange> ranges) {
        List<RowRange> out = new ArrayList<>();
        for (RowRange range : ranges) {
            if (!out.isEmpty() && out.getLast().end() == range.first()) {
                out.set(out.size() - 1, new RowRange(out.getLast().first(), range.end()));
            } else {
                out.add(range);
            }
        }
        return out;
    }
}
