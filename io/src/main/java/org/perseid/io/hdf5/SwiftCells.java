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
            double[] centre = {centres[3 * c], centres[3 * c + 1], centres[3 * c + 2]};
            long end = offsets[c] + numbers[c];
            if (offsets[c] < 0 || end > rows) {
                return List.of(new RowRange(0, rows));
            }
            if (numbers[c] > 0 && region.touches(centre, halfWidth, period)) {
                out.add(new RowRange(offsets[c], end));
            }
        }
        out.sort((a, b) -> Long.compare(a.first(), b.first()));
        return merged(out);
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
