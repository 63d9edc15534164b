package org.perseid.io.fits;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nom.tam.fits.Header;
import org.jspecify.annotations.Nullable;
import org.perseid.io.InputException;
import org.perseid.io.snapshot.ComputedData;
import org.perseid.io.snapshot.ElementType;
import org.perseid.io.snapshot.FieldData;
import org.perseid.io.snapshot.FieldInfo;
import org.perseid.io.snapshot.FieldTable;
import org.perseid.io.snapshot.MappedFile;
import org.perseid.io.snapshot.RowBytes;
import org.perseid.io.snapshot.StridedData;

/**
 * The numeric columns of a binary table, read from the mapped file. A table of one row whose cells
 * are long arrays of one length holds a particle in each place of the arrays.
 */
final class BinaryTable {
    private static final Pattern FORM = Pattern.compile("(\\d*)([LXBIJKAEDCMPQ]).*");
    private static final int MAX_COMPONENTS = 64;
    private static final int MAX_FIELDS = 999;

    private final MappedFile file;
    private final Header header;
    private final long dataAt;
    private final long rowBytes;
    private final long rows;

    BinaryTable(MappedFile file, Header header, long dataAt) {
        this.file = file;
        this.header = header;
        this.dataAt = dataAt;
        this.rowBytes = header.getLongValue("NAXIS1", 0);
        this.rows = header.getLongValue("NAXIS2", 0);
        boolean fits =
                rowBytes >= 0
                        && rows >= 0
                        && rowBytes <= Integer.MAX_VALUE
                        && (rowBytes == 0 || rows <= (file.size() - dataAt) / rowBytes);
        if (!fits) {
            throw new InputException(
                    file.path(),
                    "truncated: the table says "
                            + rows
                            + " rows of "
                            + rowBytes
                            + " bytes from byte "
                            + dataAt
                            + " on, the file has "
                            + file.size()
                            + " bytes");
        }
    }

    /** Adds rows and columns as type 0. */
    void addTo(FieldTable table, Map<String, FieldInfo> described) {
        long arrayLength = rows == 1 ? longestArray() : 0;
        table.withRows(0, arrayLength > 1 ? arrayLength : rows);
        long offset = 0;
        for (int k = 1; k <= Math.clamp(header.getIntValue("TFIELDS", 0), 0, MAX_FIELDS); k++) {
            Matcher form = FORM.matcher(header.getStringValue("TFORM" + k, "").strip());
            if (!form.matches()) {
                throw new InputException(
                        file.path(), "damaged: TFORM" + k + " is missing or of no known form");
            }
            long repeat = repeat(form);
            char code = form.group(2).charAt(0);
            long bytes = bytes(code, repeat);
            if (bytes < 0 || offset + bytes > rowBytes) {
                throw new InputException(
                        file.path(),
                        "damaged: column " + k + " ends beyond the row of " + rowBytes + " bytes");
            }
            FieldData field = field(k, code, repeat, offset, arrayLength);
            String name = header.getStringValue("TTYPE" + k, "col" + k).strip();
            if (field != null) {
                table.with(0, name, field);
                described.put(
                        name,
                        new FieldInfo(
                                name,
                                header.getStringValue("TCOMM" + k, ""),
                                header.getStringValue("TUNIT" + k, ""),
                                "",
                                1,
                                List.of()));
            } else {
                table.withTrouble(name, "column '" + name + "' holds no plain numbers");
            }
            offset += bytes;
        }
    }

    private static long repeat(Matcher form) {
        String digits = form.group(1);
        return digits.isEmpty() ? 1 : digits.length() > 12 ? -1 : Long.parseLong(digits);
    }

    /** Length of the arrays that most columns of a single row have. */
    private long longestArray() {
        long longest = 0;
        for (int k = 1; k <= Math.clamp(header.getIntValue("TFIELDS", 0), 0, MAX_FIELDS); k++) {
            Matcher form = FORM.matcher(header.getStringValue("TFORM" + k, "").strip());
            if (form.matches() && element(form.group(2).charAt(0)) != null) {
                longest = Math.max(longest, repeat(form));
            }
        }
        return longest;
    }

    private static @Nullable ElementType element(char code) {
        return switch (code) {
            case 'B' -> ElementType.U1;
            case 'I' -> ElementType.I2;
            case 'J' -> ElementType.I4;
            case 'K' -> ElementType.I8;
            case 'E' -> ElementType.F4;
            case 'D' -> ElementType.F8;
            default -> null;
        };
    }

    /** Bytes of a cell; -1 for an impossible repeat. */
    private static long bytes(char code, long repeat) {
        return switch (code) {
            case 'X' -> repeat < 0 ? -1 : (repeat + 7) / 8;
            case 'L', 'A', 'B' -> repeat;
            case 'I' -> 2 * repeat;
            case 'J', 'E' -> 4 * repeat;
            case 'M', 'Q' -> 16 * repeat;
            default -> 8 * repeat;
        };
    }

    private @Nullable FieldData field(
            int k, char code, long repeat, long offset, long arrayLength) {
        ElementType element = element(code);
        if (element == null || repeat < 1) {
            return null;
        }
        FieldData raw;
        if (arrayLength > 1) {
            if (repeat % arrayLength != 0 || repeat / arrayLength > MAX_COMPONENTS) {
                return null;
            }
            int components = (int) (repeat / arrayLength);
            RowBytes cells =
                    RowBytes.at(file.data(), dataAt + offset, (long) components * element.bytes());
            raw = StridedData.packed(cells, element, ByteOrder.BIG_ENDIAN, components);
        } else {
            if (repeat > MAX_COMPONENTS) {
                return null;
            }
            raw =
                    new StridedData(
                            RowBytes.at(file.data(), dataAt, rowBytes),
                            (int) rowBytes,
                            (int) offset,
                            element,
                            ByteOrder.BIG_ENDIAN,
                            (int) repeat);
        }
        return scaled(k, raw);
    }

    /** Applies TNULL, TSCAL and TZERO where they are given. */
    private FieldData scaled(int k, FieldData raw) {
        double scale = header.getDoubleValue("TSCAL" + k, 1);
        double zero = header.getDoubleValue("TZERO" + k, 0);
        boolean nulls = header.containsKey("TNULL" + k);
        return nulls || scale != 1 || zero != 0
                ? ComputedData.calibrated(
                        raw,
                        scale,
                        zero,
                        nulls ? (double) header.getLongValue("TNULL" + k, 0) : Double.NaN)
                : raw;
    }
}
