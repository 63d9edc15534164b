package org.perseid.io.text;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.perseid.io.InputException;
import org.perseid.io.snapshot.ColumnSnapshot;
import org.perseid.io.snapshot.FieldInfo;
import org.perseid.io.snapshot.FieldTable;
import org.perseid.io.snapshot.MappedFile;
import org.perseid.io.snapshot.PositionNames;
import org.perseid.io.snapshot.ReadOptions;
import org.perseid.io.snapshot.Roles;
import org.perseid.io.snapshot.SkyPositions;
import org.perseid.io.snapshot.SnapshotFormat;
import org.perseid.io.snapshot.SnapshotInfo;

/**
 * Text with one particle a line: CSV, or columns with blanks between them, with a header or not.
 */
public final class TextFormat implements SnapshotFormat {
    private static final int SURVEY = 15;
    private static final int SURVEY_FIRST_POSITION = 16;

    @Override
    public String name() {
        return "text columns (CSV, or with blanks)";
    }

    @Override
    public boolean recognises(ByteBuffer head, long fileBytes) {
        byte[] bytes = new byte[head.remaining()];
        head.get(bytes);
        for (byte b : bytes) {
            if (b >= 0 && b < 32 && b != '\n' && b != '\r' && b != '\t') {
                return false;
            }
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.lines().limit(200).anyMatch(TextFormat::isRow);
    }

    /** Whether a line begins with three numbers, or has three among its columns. */
    private static boolean isRow(String line) {
        return LineSplitter.numbers(LineSplitter.detect(line).split(line)) >= 3;
    }

    @Override
    public ColumnSnapshot open(Path path, ReadOptions options) {
        MappedFile file = MappedFile.open(path);
        try {
            return open(new TextColumns(file), file, options);
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    private static ColumnSnapshot open(TextColumns columns, MappedFile file, ReadOptions options) {
        FieldTable table = new FieldTable(file.path()).withRows(0, columns.rows());
        Map<String, FieldInfo> described = new HashMap<>();
        for (int k = 0; k < columns.names().size(); k++) {
            String title = columns.names().get(k);
            String name = title.replaceFirst("\\s*[\\[(].*", "");
            if (columns.isNumeric(k)) {
                table.with(0, name, columns.field(k));
                table.withAlias(0, "col" + (k + 1), columns.field(k));
                String unit = title.substring(name.length()).strip().replaceAll("[\\[\\]()]", "");
                described.put(name, new FieldInfo(name, "", unit, "", 1, List.of()));
            } else {
                table.withTrouble(name, "column '" + name + "' holds no numbers");
            }
        }
        SnapshotInfo info =
                SnapshotInfo.of(
                        "text, "
                                + columns.names().size()
                                + " columns "
                                + columns.splitter().describe(),
                        List.of(table),
                        List.of(file.path()),
                        file.size(),
                        List.of("rows"),
                        described,
                        new Roles(
                                position(table, columns, options),
                                PositionNames.velocity(table.fieldNames(0)),
                                PositionNames.mass(table.fieldNames(0)),
                                PositionNames.id(table.fieldNames(0)),
                                null,
                                1));
        return new ColumnSnapshot(info, List.of(table), file::close);
    }

    /** By column numbers, by names, from the sky, or, without a header, the first three columns. */
    private static String position(FieldTable table, TextColumns columns, ReadOptions options) {
        int n = columns.names().size();
        boolean numbered = options.keys().containsKey("x");
        if (numbered || (options.simtype() == SURVEY && n == 39)) {
            int first = numbered ? 1 : SURVEY_FIRST_POSITION;
            return String.format(
                    Locale.ROOT,
                    "col%d,col%d,col%d",
                    options.integer("x", first, 1, n),
                    options.integer("y", first + 1, 1, n),
                    options.integer("z", first + 2, 1, n));
        }
        String given = options.text("position_label", "");
        if (!given.isEmpty()) {
            return given;
        }
        String found = PositionNames.position(table.fields(0));
        if (found != null) {
            return found;
        }
        String sky = SkyPositions.addTo(table);
        if (sky != null) {
            return sky;
        }
        if (!columns.hasHeader()) {
            return "col1,col2,col3";
        }
        throw new InputException(
                table.path(),
                "has no columns x, y, z (nor ra, dec); name them with position_label=A,B,C or number them with"
                        + " x=, y=, z=. It has: "
                        + String.join(", ", columns.names()));
    }
}
