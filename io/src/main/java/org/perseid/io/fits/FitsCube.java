package org.perseid.io.fits;

import java.nio.ByteOrder;
import nom.tam.fits.Header;
import org.perseid.io.InputException;
import org.perseid.io.snapshot.ComputedData;
import org.perseid.io.snapshot.ElementType;
import org.perseid.io.snapshot.FieldData;
import org.perseid.io.snapshot.FieldTable;
import org.perseid.io.snapshot.MappedFile;
import org.perseid.io.snapshot.ReadOptions;
import org.perseid.io.snapshot.RowBytes;
import org.perseid.io.snapshot.StridedData;

/** The cells of an image of two or three axes as particles at their pixel numbers, from 0. */
final class FitsCube {
    /** Name of the field with the cells' values. */
    static final String VALUE = "value";

    private FitsCube() {}

    /** Adds the cells of the slices that the keys cube_begin and cube_end leave, as type 0. */
    static void addTo(
            MappedFile file, Header header, long dataAt, ReadOptions options, FieldTable table) {
        long nx = header.getLongValue("NAXIS1", 0);
        long ny = header.getLongValue("NAXIS2", 0);
        int axes = header.getIntValue("NAXIS", 0);
        long nz = axes > 2 ? header.getLongValue("NAXIS3", 0) : 1;
        boolean flat = axes < 4 || header.getLongValue("NAXIS4", 1) == 1;
        ElementType element = element(file, header.getIntValue("BITPIX", 0));
        long room = (file.size() - dataAt) / element.bytes();
        if (nx < 1
                || ny < 1
                || nz < 1
                || !flat
                || nx > room
                || ny > room / nx
                || nz > room / nx / ny) {
            throw new InputException(
                    file.path(),
                    "the image says "
                            + nx
                            + "x"
                            + ny
                            + "x"
                            + nz
                            + " cells of "
                            + element.bytes()
                            + " bytes, there is room for "
                            + room
                            + "; expected two or three axes with all their cells in the file");
        }
        int slices = (int) Math.min(Integer.MAX_VALUE, nz);
        int first = options.integer("cube_begin", 0, 0, slices - 1);
        int end = options.integer("cube_end", slices, first + 1, slices);
        table.withRows(0, nx * ny * (end - first));
        table.with(0, "cell", cells(nx, ny, first));
        FieldData raw =
                StridedData.packed(
                        RowBytes.at(
                                file.data(),
                                dataAt + nx * ny * first * element.bytes(),
                                element.bytes()),
                        element,
                        ByteOrder.BIG_ENDIAN,
                        1);
        double scale = header.getDoubleValue("BSCALE", 1);
        double zero = header.getDoubleValue("BZERO", 0);
        boolean blank = header.containsKey("BLANK");
        table.with(
                0,
                VALUE,
                blank || scale != 1 || zero != 0
                        ? ComputedData.calibrated(
                                raw,
                                scale,
                                zero,
                                blank ? (double) header.getLongValue("BLANK", 0) : Double.NaN)
                        : raw);
    }

    private static FieldData cells(long nx, long ny, int firstSlice) {
        return new ComputedData(
                3,
                (row, rows, out) -> {
                    for (int i = 0; i < rows; i++) {
                        long cell = row + i;
                        long line = cell / nx;
                        long slice = line / ny;
                        out[3 * i] = cell - line * nx;
                        out[3 * i + 1] = line - slice * ny;
                        out[3 * i + 2] = slice + firstSlice;
                    }
                });
    }

    private static ElementType element(MappedFile file, int bitpix) {
        return switch (bitpix) {
            case 8 -> ElementType.U1;
            case 16 -> ElementType.I2;
            case 32 -> ElementType.I4;
            case 64 -> ElementType.I8;
            case -32 -> ElementType.F4;
            case -64 -> ElementType.F8;
            default -> throw new InputException(file.path(), "damaged: BITPIX is " + bitpix);
        };
    }
}
