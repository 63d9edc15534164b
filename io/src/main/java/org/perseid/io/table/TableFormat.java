package org.perseid.io.table;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.perseid.io.InputException;
import org.perseid.io.snapshot.ColumnSnapshot;
import org.perseid.io.snapshot.ComputedData;
import org.perseid.io.snapshot.ElementType;
import org.perseid.io.snapshot.FieldData;
import org.perseid.io.snapshot.FieldTable;
import org.perseid.io.snapshot.MappedFile;
import org.perseid.io.snapshot.ReadOptions;
import org.perseid.io.snapshot.Roles;
import org.perseid.io.snapshot.RowBytes;
import org.perseid.io.snapshot.SnapshotFormat;
import org.perseid.io.snapshot.SnapshotInfo;
import org.perseid.io.snapshot.StridedData;

/**
 * Bare single-precision floats: rows of columns (simtype 0), one column after the other (1), or
 * values of the cells of a mesh (6). The file tells nothing of itself; the keys of the parameter
 * file do. Reference: Splotch, section "Readers".
 */
public final class TableFormat implements SnapshotFormat {
    private static final int ROWS = 0;
    private static final int BLOCKS = 1;
    private static final int BLOCKS_OF_MPI = 5;
    private static final int MESH = 6;
    private static final int MAX_COLUMNS = 100_000;

    @Override
    public String name() {
        return "table, blocks or mesh of bare floats (with simtype=0, 1 or 6)";
    }

    @Override
    public boolean recognises(ByteBuffer head, long fileBytes) {
        return false;
    }

    @Override
    public List<Integer> onlyFor() {
        return List.of(ROWS, BLOCKS, BLOCKS_OF_MPI, MESH);
    }

    @Override
    public ColumnSnapshot open(Path path, ReadOptions options) {
        MappedFile file = MappedFile.open(path);
        try {
            return open(file, options);
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    private static ColumnSnapshot open(MappedFile file, ReadOptions options) {
        boolean mesh = options.simtype() == MESH;
        int columns = columns(options);
        ByteOrder order =
                options.bool("swap_endian", true) ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        long count = mesh ? cells(options) : file.size() / (4L * columns);
        if (count == 0 || 4 * count * columns != file.size()) {
            throw new InputException(
                    file.path(),
                    "has "
                            + file.size()
                            + " bytes, which are not "
                            + columns
                            + (mesh ? " blocks of " + count + " cells" : " columns")
                            + " of floats of 4 bytes; check num_blocks"
                            + (mesh ? ", x, y and z" : ""));
        }
        FieldTable table = new FieldTable(file.path()).withRows(0, count);
        for (int k = 0; k < columns; k++) {
            RowBytes rows =
                    options.simtype() == ROWS
                            ? RowBytes.at(file.data(), 0, 4L * columns)
                            : RowBytes.at(file.data(), 4L * k * count, 4);
            table.with(
                    0,
                    "col" + (k + 1),
                    options.simtype() == ROWS
                            ? new StridedData(rows, 4 * columns, 4 * k, ElementType.F4, order, 1)
                            : StridedData.packed(rows, ElementType.F4, order, 1));
        }
        if (mesh) {
            table.with(0, "cell", cellIndices(options));
        }
        String position =
                mesh
                        ? "cell"
                        : String.format(
                                Locale.ROOT,
                                "col%d,col%d,col%d",
                                options.integer("x", 1, 1, columns),
                                options.integer("y", 2, 1, columns),
                                options.integer("z", 3, 1, columns));
        String what =
                switch (options.simtype()) {
                    case ROWS -> "table of " + columns + " columns of floats";
                    case BLOCKS, BLOCKS_OF_MPI -> columns + " blocks of floats";
                    default -> "mesh with " + columns + " blocks of floats";
                };
        SnapshotInfo info =
                SnapshotInfo.of(
                        what + (order == ByteOrder.BIG_ENDIAN ? ", big-endian" : ", little-endian"),
                        List.of(table),
                        List.of(file.path()),
                        file.size(),
                        List.of(mesh ? "cells" : "rows"),
                        Map.of(),
                        new Roles(position, null, null, null, null, 1));
        return new ColumnSnapshot(info, List.of(table), file::close);
    }

    private static int columns(ReadOptions options) {
        if (!options.keys().containsKey("num_blocks")) {
            throw new InputException(
                    "num_blocks: missing; simtype="
                            + options.simtype()
                            + " needs the number of columns or blocks of the file");
        }
        return options.integer("num_blocks", 0, 1, MAX_COLUMNS);
    }

    private static long cells(ReadOptions options) {
        long cells = 1;
        for (String axis : List.of("x", "y", "z")) {
            if (!options.keys().containsKey(axis)) {
                throw new InputException(
                        axis + ": missing; simtype=6 needs the cells of the mesh along each axis");
            }
            cells *= options.integer(axis, 0, 1, 1 << 20);
        }
        return cells;
    }

    /** Place of each cell in the mesh: x runs fastest, or z with order=1. */
    private static FieldData cellIndices(ReadOptions options) {
        long nx = options.integer("x", 1, 1, 1 << 20);
        long ny = options.integer("y", 1, 1, 1 << 20);
        long nz = options.integer("z", 1, 1, 1 << 20);
        if (options.integer("order", 0, 0, 1) == 1) {
            return ComputedData.cells(ny, nz);
        }
        ComputedData zyx = ComputedData.cells(ny, nx);
        return new ComputedData(
                3,
                (row, rows, out) -> {
                    zyx.doubles(row, rows, out);
                    for (int i = 0; i < 3 * rows; i += 3) {
                        double z = out[i];
                        out[i] = out[i + 2];
                        out[i + 2] = z;
                    }
                });
    }
}
