package org.perseid.io.tipsy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.perseid.io.InputException;
import org.perseid.io.snapshot.ColumnSnapshot;
import org.perseid.io.snapshot.ElementType;
import org.perseid.io.snapshot.FieldData;
import org.perseid.io.snapshot.FieldInfo;
import org.perseid.io.snapshot.FieldTable;
import org.perseid.io.snapshot.JoinedData;
import org.perseid.io.snapshot.MappedFile;
import org.perseid.io.snapshot.ReadOptions;
import org.perseid.io.snapshot.Roles;
import org.perseid.io.snapshot.RowBytes;
import org.perseid.io.snapshot.SnapshotFormat;
import org.perseid.io.snapshot.SnapshotInfo;
import org.perseid.io.snapshot.StridedData;
import org.perseid.io.snapshot.Units;

/**
 * Tipsy, standard (big-endian) and native: a header and one array of structs each for gas, dark
 * matter and stars. Files beside it with one value a particle ({@code NAME.iord}) are fields too.
 */
public final class TipsyFormat implements SnapshotFormat {
    private static final List<String> TYPES = List.of("gas", "dark matter", "stars");
    private static final String[][] COLUMNS = {
        {"mass", "x", "y", "z", "vx", "vy", "vz", "rho", "temp", "hsmooth", "metals", "phi"},
        {"mass", "x", "y", "z", "vx", "vy", "vz", "eps", "phi"},
        {"mass", "x", "y", "z", "vx", "vy", "vz", "metals", "tform", "eps", "phi"}
    };
    private static final int FIRST_POSITION = 1;
    private static final int FIRST_VELOCITY = 4;

    /**
     * How a file is laid out.
     *
     * @param header bytes before the first particle
     * @param wide whether positions are double
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Layout(ByteOrder order, int header, boolean wide, double time, long[] counts) {
        int stride(int type) {
            return 4 * COLUMNS[type].length + (wide ? 12 : 0);
        }

        long start(int type) {
            long at = header;
            for (int t = 0; t < type; t++) {
                at += counts[t] * stride(t);
            }
            return at;
        }

        long end() {
            return start(2) + counts[2] * stride(2);
        }

        /** Byte offset of a column in a struct. */
        int offset(int column) {
            int before = Math.clamp(column - (long) FIRST_POSITION, 0, 3);
            return 4 * column + (wide ? 4 * before : 0);
        }

        ElementType element(int column) {
            boolean position = column >= FIRST_POSITION && column < FIRST_POSITION + 3;
            return wide && position ? ElementType.F8 : ElementType.F4;
        }
    }

    @Override
    public String name() {
        return "Tipsy (standard or native)";
    }

    @Override
    public boolean recognises(ByteBuffer head, long fileBytes) {
        return layout(head, fileBytes) != null;
    }

    /** The layout whose size is the file's; null when there is none. */
    private static @Nullable Layout layout(ByteBuffer head, long fileBytes) {
        if (head.remaining() < 28) {
            return null;
        }
        for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
            ByteBuffer in = head.duplicate().order(order);
            double time = in.getDouble();
            long all = in.getInt();
            int dimensions = in.getInt();
            long[] counts = {in.getInt(), in.getInt(), in.getInt()};
            boolean sane =
                    dimensions == 3
                            && counts[0] >= 0
                            && counts[1] >= 0
                            && counts[2] >= 0
                            && counts[0] + counts[1] + counts[2] == all
                            && all > 0;
            for (int variant = 0; sane && variant < 4; variant++) {
                Layout layout =
                        new Layout(order, variant < 2 ? 32 : 28, variant % 2 == 1, time, counts);
                if (layout.end() == fileBytes) {
                    return layout;
                }
            }
        }
        return null;
    }

    @Override
    public ColumnSnapshot open(Path path, ReadOptions options) {
        List<MappedFile> files = new ArrayList<>();
        try {
            MappedFile file = MappedFile.open(path);
            files.add(file);
            ByteBuffer head = file.data().asSlice(0, Math.min(64, file.size())).asByteBuffer();
            Layout layout = layout(head, file.size());
            if (layout == null) {
                throw new InputException(path, "changed while it was opened; start again");
            }
            return open(file, layout, files);
        } catch (RuntimeException | Error e) {
            files.forEach(MappedFile::close);
            throw e;
        }
    }

    private static ColumnSnapshot open(MappedFile file, Layout layout, List<MappedFile> files) {
        FieldTable table = new FieldTable(file.path());
        for (int t = 0; t < TYPES.size(); t++) {
            table.withRows(t, layout.counts[t]);
            if (layout.counts[t] > 0) {
                addStructs(file.data(), layout, t, table);
            }
        }
        addArrays(file.path(), layout, table, files);
        Map<String, FieldInfo> described =
                Map.of(
                        "hsmooth", described("gravitational softening in most files"),
                        "eps", described("gravitational softening"),
                        "tform",
                                described("time of formation; negative for winds and black holes"));
        SnapshotInfo info =
                SnapshotInfo.of(
                        "Tipsy "
                                + (layout.order == ByteOrder.BIG_ENDIAN
                                        ? "standard, big-endian"
                                        : "native, little-endian")
                                + (layout.wide ? ", double positions" : ""),
                        List.of(table),
                        files.stream().map(MappedFile::path).toList(),
                        files.stream().mapToLong(MappedFile::size).sum(),
                        TYPES,
                        new double[0],
                        described,
                        new SnapshotInfo.Header(layout.time, 0, 0, 0, 0, 0),
                        new Roles("pos", "vel", "mass", "iord", null, 1),
                        Units.UNKNOWN);
        return new ColumnSnapshot(info, List.of(table), () -> files.forEach(MappedFile::close));
    }

    private static FieldInfo described(String text) {
        return new FieldInfo("", text, "", "", 1, List.of());
    }

    private static void addStructs(MemorySegment data, Layout layout, int type, FieldTable table) {
        int stride = layout.stride(type);
        RowBytes rows = RowBytes.at(data, layout.start(type), stride);
        List<FieldData> columns = new ArrayList<>();
        for (int k = 0; k < COLUMNS[type].length; k++) {
            FieldData column =
                    new StridedData(
                            rows, stride, layout.offset(k), layout.element(k), layout.order, 1);
            columns.add(column);
            table.withAlias(type, "col" + (k + 1), column);
        }
        table.with(type, "pos", vector(columns, FIRST_POSITION));
        table.with(type, "vel", vector(columns, FIRST_VELOCITY));
        for (int k = 0; k < columns.size(); k++) {
            if (k == 0 || k >= FIRST_VELOCITY + 3) {
                table.with(type, COLUMNS[type][k], columns.get(k));
            }
        }
    }

    private static FieldData vector(List<FieldData> columns, int first) {
        return new JoinedData(List.copyOf(columns.subList(first, first + 3)));
    }

    /** Binary arrays beside the file: a count, then a number for each particle of all types. */
    private static void addArrays(
            Path path, Layout layout, FieldTable table, List<MappedFile> files) {
        String prefix = path.getFileName() + ".";
        long all = layout.counts[0] + layout.counts[1] + layout.counts[2];
        Path folder = path.toAbsolutePath().getParent();
        if (folder == null) {
            return;
        }
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> siblings = Files.newDirectoryStream(folder)) {
            for (Path sibling : siblings) {
                String name = String.valueOf(sibling.getFileName());
                if (name.startsWith(prefix)
                        && Files.isRegularFile(sibling)
                        && Files.size(sibling) == 4 + 4 * all) {
                    found.add(sibling);
                }
            }
        } catch (IOException e) {
            throw new InputException(folder, "cannot be read (" + e.getMessage() + ")", e);
        }
        found.stream()
                .sorted()
                .forEach(array -> addArray(array, prefix, layout, all, table, files));
    }

    private static void addArray(
            Path array,
            String prefix,
            Layout layout,
            long all,
            FieldTable table,
            List<MappedFile> files) {
        MappedFile mapped = MappedFile.open(array);
        if (mapped.data().get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(layout.order), 0) != all) {
            mapped.close();
            return;
        }
        files.add(mapped);
        String name = String.valueOf(array.getFileName()).substring(prefix.length());
        ElementType element = name.equals("iord") ? ElementType.U4 : ElementType.F4;
        long before = 0;
        for (int t = 0; t < TYPES.size(); t++) {
            if (layout.counts[t] > 0) {
                RowBytes rows = RowBytes.at(mapped.data(), 4 + 4 * before, 4);
                table.with(t, name, StridedData.packed(rows, element, layout.order, 1));
            }
            before += layout.counts[t];
        }
    }
}
