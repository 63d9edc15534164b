package org.perseid.io.fits;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import nom.tam.fits.BasicHDU;
import nom.tam.fits.Fits;
import nom.tam.fits.Header;
import org.jspecify.annotations.Nullable;
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

/** FITS: the first binary table that has positions, else the first image of two or more axes. */
public final class FitsFormat implements SnapshotFormat {
    private static final byte[] BEGINS = "SIMPLE  =".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_UNITS = 1000;

    @Override
    public String name() {
        return "FITS (binary table or cube)";
    }

    @Override
    public boolean recognises(ByteBuffer head, long fileBytes) {
        byte[] first = new byte[Math.min(BEGINS.length, head.remaining())];
        head.get(first);
        return java.util.Arrays.equals(first, BEGINS);
    }

    /** A header and where its data begins. */
    private record Unit(Header header, long dataAt) {}

    @Override
    public ColumnSnapshot open(Path path, ReadOptions options) {
        List<Unit> units = units(path);
        MappedFile file = MappedFile.open(path);
        try {
            List<String> columns = new ArrayList<>();
            for (Unit unit : units) {
                if ("BINTABLE".equals(unit.header.getStringValue("XTENSION", "").strip())) {
                    ColumnSnapshot table = table(file, unit, options, columns);
                    if (table != null) {
                        return table;
                    }
                }
            }
            for (Unit unit : units) {
                boolean image =
                        unit.header.containsKey("SIMPLE")
                                || "IMAGE"
                                        .equals(unit.header.getStringValue("XTENSION", "").strip());
                if (image && unit.header.getIntValue("NAXIS", 0) >= 2) {
                    return cube(file, unit, options);
                }
            }
            throw new InputException(
                    path,
                    "has no binary table with positions (x, y, z, or ra and dec) and no image; name columns with"
                            + " position_label=A,B,C. It has: "
                            + (columns.isEmpty() ? "no columns" : String.join(", ", columns)));
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    private static List<Unit> units(Path path) {
        List<Unit> out = new ArrayList<>();
        try (Fits fits = new Fits(path.toFile())) {
            for (int k = 0; k < MAX_UNITS; k++) {
                BasicHDU<?> unit = fits.readHDU();
                if (unit == null) {
                    break;
                }
                Header header = unit.getHeader();
                out.add(new Unit(header, header.getFileOffset() + header.getSize()));
            }
        } catch (IOException
                | IllegalArgumentException
                | IllegalStateException
                | IndexOutOfBoundsException
                | NegativeArraySizeException
                | ArithmeticException
                | NullPointerException
                | ClassCastException e) {
            if (out.isEmpty()) {
                throw new InputException(
                        path, "damaged FITS: no header could be read (" + e.getMessage() + ")", e);
            }
        }
        return out;
    }

    private static @Nullable ColumnSnapshot table(
            MappedFile file, Unit unit, ReadOptions options, List<String> columns) {
        FieldTable table = new FieldTable(file.path());
        Map<String, FieldInfo> described = new HashMap<>();
        new BinaryTable(file, unit.header, unit.dataAt).addTo(table, described);
        columns.addAll(table.fieldNames(0));
        String given = options.text("position_label", "");
        String position =
                given.isEmpty()
                        ? PositionNames.position(table.fields(0))
                        : PositionNames.has(table.fields(0), given) ? given : null;
        if (position == null && given.isEmpty()) {
            position = SkyPositions.addTo(table);
        }
        if (position == null) {
            return null;
        }
        SnapshotInfo info =
                SnapshotInfo.of(
                        "FITS binary table",
                        List.of(table),
                        List.of(file.path()),
                        file.size(),
                        List.of("rows"),
                        described,
                        new Roles(
                                position,
                                PositionNames.velocity(table.fieldNames(0)),
                                PositionNames.mass(table.fieldNames(0)),
                                PositionNames.id(table.fieldNames(0)),
                                null,
                                1));
        return new ColumnSnapshot(info, List.of(table), file::close);
    }

    private static ColumnSnapshot cube(MappedFile file, Unit unit, ReadOptions options) {
        FieldTable table = new FieldTable(file.path());
        FitsCube.addTo(file, unit.header, unit.dataAt, options, table);
        String unitName = unit.header.getStringValue("BUNIT", "");
        SnapshotInfo info =
                SnapshotInfo.of(
                        "FITS cube",
                        List.of(table),
                        List.of(file.path()),
                        file.size(),
                        List.of("cells"),
                        Map.of(
                                FitsCube.VALUE,
                                new FieldInfo("", "value of the cell", unitName, "", 1, List.of())),
                        new Roles("cell", null, null, null, null, 1));
        return new ColumnSnapshot(info, List.of(table), file::close);
    }
}
