package org.perseid.io.ramses;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.perseid.io.InputException;
import org.perseid.io.snapshot.ChosenRows;
import org.perseid.io.snapshot.ElementType;
import org.perseid.io.snapshot.FieldData;
import org.perseid.io.snapshot.FieldTable;
import org.perseid.io.snapshot.JoinedData;
import org.perseid.io.snapshot.MappedFile;
import org.perseid.io.snapshot.RowBytes;
import org.perseid.io.snapshot.StridedData;

/** The particles of one task: one record a field, all families mixed. */
final class ParticleFile {
    private static final int HEADER_RECORDS = 5;
    private static final int DARK = 1;
    private static final int STARS = 2;
    private static final int OTHER = 5;
    private static final int TRACERS = 6;

    private final MappedFile file;
    private final RamsesInfo info;

    ParticleFile(MappedFile file, RamsesInfo info) {
        this.file = file;
        this.info = info;
    }

    /** A field of the file, before it is known where it lies. */
    private record Column(String name, ElementType element) {}

    FieldTable table() {
        FortranRecords records = new FortranRecords(file);
        records.skip(2);
        int count = records.integer("the number of particles");
        records.skip(HEADER_RECORDS);
        if (count < 0) {
            throw new InputException(file.path(), "says it has " + count + " particles");
        }
        Map<String, FieldData> fields = new LinkedHashMap<>();
        for (Column column : columns(records, count)) {
            int bytes = column.element.bytes();
            long start = records.next((long) count * bytes, column.name);
            fields.put(
                    column.name,
                    StridedData.packed(
                            RowBytes.at(file.data(), start, bytes),
                            column.element,
                            ByteOrder.LITTLE_ENDIAN,
                            1));
        }
        join(fields, "position");
        join(fields, "velocity");
        return byFamily(fields, count);
    }

    private static void join(Map<String, FieldData> fields, String name) {
        FieldData x = fields.remove(name + "_x");
        FieldData y = fields.remove(name + "_y");
        FieldData z = fields.remove(name + "_z");
        if (x != null && y != null && z != null) {
            fields.put(name, new JoinedData(List.of(x, y, z)));
        }
    }

    /** By the descriptor; where there is none (old versions), by the lengths of the records. */
    private List<Column> columns(FortranRecords records, int count) {
        Path descriptor = info.descriptor("part_file_descriptor.txt");
        if (!Files.isRegularFile(descriptor)) {
            return oldColumns(records, count);
        }
        List<Column> out = new ArrayList<>();
        try {
            for (String line :
                    new String(Files.readAllBytes(descriptor), StandardCharsets.ISO_8859_1)
                            .lines()
                            .toList()) {
                String[] words = line.strip().split("\\s*,\\s*", -1);
                if (words.length == 3 && !line.startsWith("#")) {
                    out.add(new Column(words[1], element(words[2], descriptor)));
                }
            }
        } catch (IOException e) {
            throw new InputException(descriptor, "cannot be read (" + e.getMessage() + ")", e);
        }
        return out;
    }

    private static ElementType element(String letter, Path descriptor) {
        return switch (letter) {
            case "d" -> ElementType.F8;
            case "f", "s" -> ElementType.F4;
            case "i" -> ElementType.I4;
            case "l", "q" -> ElementType.I8;
            case "b" -> ElementType.I1;
            default ->
                    throw new InputException(
                            descriptor,
                            "has a field of type '" + letter + "', expected d, i, l or b");
        };
    }

    private static List<Column> oldColumns(FortranRecords records, int count) {
        List<Column> out = new ArrayList<>();
        for (String name :
                List.of(
                        "position_x",
                        "position_y",
                        "position_z",
                        "velocity_x",
                        "velocity_y",
                        "velocity_z",
                        "mass")) {
            out.add(new Column(name, ElementType.F8));
        }
        out.add(new Column("identity", ElementType.I4));
        out.add(new Column("levelp", ElementType.I4));
        boolean stars = count > 0 && hasMore(records, 9);
        if (stars) {
            out.add(new Column("birth_time", ElementType.F8));
        }
        return out;
    }

    /** Whether there are more records than those. */
    private static boolean hasMore(FortranRecords records, int known) {
        FortranRecords ahead = records.copy();
        ahead.skip(known);
        return !ahead.atEnd();
    }

    private FieldTable byFamily(Map<String, FieldData> fields, int count) {
        FieldData family = fields.get("family");
        FieldData birth = fields.get("birth_time");
        FieldTable table = new FieldTable(file.path());
        int[][] rows = new int[TRACERS + 1][];
        int[] n = new int[TRACERS + 1];
        double[] values = new double[1 << 12];
        for (int done = 0; done < count; done += values.length) {
            int step = Math.min(values.length, count - done);
            read(family != null ? family : birth, done, step, values);
            for (int i = 0; i < step; i++) {
                int type = family != null ? type((int) values[i]) : values[i] != 0 ? STARS : DARK;
                int[] of = rows[type] == null ? new int[64] : rows[type];
                rows[type] = n[type] == of.length ? Arrays.copyOf(of, 2 * of.length) : of;
                rows[type][n[type]++] = done + i;
            }
        }
        for (int t = 0; t < rows.length; t++) {
            if (n[t] > 0) {
                int[] chosen = Arrays.copyOf(rows[t], n[t]);
                table.withRows(t, n[t]);
                int type = t;
                fields.forEach((name, data) ->
                        table.with(
                                type,
                                name,
                                chosen.length == count ? data : new ChosenRows(data, 0, chosen)));
            }
        }
        return table;
    }

    private static void read(@Nullable FieldData field, int row, int rows, double[] out) {
        if (field == null) {
            Arrays.fill(out, 0, rows, 0);
        } else {
            field.doubles(row, rows, out);
        }
    }

    private static int type(int family) {
        return family >= DARK && family < OTHER ? family : family <= 0 ? TRACERS : OTHER;
    }
}
