package org.perseid.io.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import nom.tam.fits.BinaryTable;
import nom.tam.fits.BinaryTableHDU;
import nom.tam.fits.Fits;
import nom.tam.fits.FitsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.perseid.io.InputException;
import org.perseid.io.TestReporter;
import org.perseid.io.snapshot.SnapshotInfo;

/** Binary tables and cubes, written by nom-tam-fits or card by card. */
class FitsTest {
    @TempDir Path folder = Path.of("");

    static String cards(String... cards) {
        StringBuilder out = new StringBuilder();
        for (String card : cards) {
            out.append(String.format("%-80s", card));
        }
        out.append(String.format("%-80s", "END"));
        while (out.length() % 2880 != 0) {
            out.append(' ');
        }
        return out.toString();
    }

    Path file(String headers, Bytes data) throws IOException {
        Bytes out = new Bytes(ByteOrder.BIG_ENDIAN).text(headers, headers.length());
        byte[] bytes =
                java.util.Arrays.copyOf(data.array(), Math.ceilDiv(data.size(), 2880) * 2880);
        Path path = folder.resolve("t.fits");
        out.write(path);
        Files.write(path, bytes, java.nio.file.StandardOpenOption.APPEND);
        return path;
    }

    static final String PRIMARY =
            cards(
                    "SIMPLE  =                    T",
                    "BITPIX  =                    8",
                    "NAXIS   =                    0",
                    "EXTEND  =                    T");

    @Test
    void aTableOfTheLibraryIsReadWithItsUnits() throws IOException, FitsException {
        Path path = folder.resolve("l.fits");
        BinaryTable table = new BinaryTable();
        table.addColumn(new double[] {1, 2, 3});
        table.addColumn(new float[] {4, 5, 6});
        table.addColumn(new float[] {7, 8, 9});
        table.addColumn(new int[] {-1, 0, 1});
        BinaryTableHDU unit = table.toHDU();
        String[] names = {"X", "Y", "Z", "N"};
        for (int k = 0; k < names.length; k++) {
            unit.setColumnName(k, names[k], null);
        }
        unit.addValue("TUNIT1", "kpc", "");
        try (Fits fits = new Fits()) {
            fits.addHDU(unit);
            fits.write(path.toFile());
        }
        SnapshotInfo info = Reading.info(path);
        assertThat(info.format()).isEqualTo("FITS binary table");
        assertThat(info.units().length().name()).isEqualTo("kpc");
        Reading.Rows rows = Reading.read(path, Reading.request(0, null, "N"));
        assertThat(rows.position()[2]).containsExactly(3, 6, 9);
        assertThat(rows.color()).containsExactly(-1, 0, 1);
    }

    @Test
    void nullsScalesAndVectorsAreApplied() throws IOException {
        String header =
                cards(
                        "XTENSION= 'BINTABLE'",
                        "BITPIX  =                    8",
                        "NAXIS   =                    2",
                        "NAXIS1  =                   19",
                        "NAXIS2  =                    3",
                        "PCOUNT  =                    0",
                        "GCOUNT  =                    1",
                        "TFIELDS =                    4",
                        "TFORM1  = '3E      '",
                        "TTYPE1  = 'pos     '",
                        "TFORM2  = '1I      '",
                        "TTYPE2  = 'v       '",
                        "TSCAL2  =                  0.5",
                        "TZERO2  =                 10.0",
                        "TNULL2  =                 -999",
                        "TFORM3  = '1J      '",
                        "TTYPE3  = 'unsigned'",
                        "TZERO3  =         2147483648.0",
                        "TFORM4  = '1A      '",
                        "TTYPE4  = 'letter  '");
        Bytes rows = new Bytes(ByteOrder.BIG_ENDIAN);
        short[] values = {4, -999, 6};
        for (int i = 0; i < 3; i++) {
            rows.f4(i, i + 0.5, i + 0.25).i1(values[i] >> 8, values[i] & 255).i4(i).text("q", 1);
        }
        Path path = file(PRIMARY + header, rows);
        TestReporter reporter = new TestReporter();
        Reading.Rows read =
                Reading.read(
                        path,
                        Reading.options(-1, Map.of()),
                        Reading.request(0, "unsigned", "v"),
                        reporter);
        assertThat(read.color()).containsExactly(12, 13);
        assertThat(read.size()[1]).isEqualTo(0x1p31f);
        assertThat(read.position()[1]).containsExactly(2, 2.5, 2.25);
        assertThat(reporter.warnings.getFirst()).contains("1 whose colour is not finite");
        assertThatThrownBy(() -> Reading.read(path, Reading.request(0, null, "letter")))
                .hasMessageContaining("column 'letter' holds no plain numbers");
        assertThatThrownBy(() ->
                        Reading.read(
                                path,
                                Reading.options(-1, Map.of("position_label", "a,b,c")),
                                Reading.request(0, null, null),
                                new TestReporter()))
                .hasMessageContaining("has no binary table with positions");
    }

    @Test
    void aTableOfOneRowWithArraysHasAParticleInEachPlace() throws IOException {
        String header =
                cards(
                        "XTENSION= 'BINTABLE'",
                        "BITPIX  =                    8",
                        "NAXIS   =                    2",
                        "NAXIS1  =                   48",
                        "NAXIS2  =                    1",
                        "PCOUNT  =                    0",
                        "GCOUNT  =                    1",
                        "TFIELDS =                    3",
                        "TFORM1  = '4E      '",
                        "TTYPE1  = 'x       '",
                        "TFORM2  = '4E      '",
                        "TTYPE2  = 'y       '",
                        "TFORM3  = '4E      '",
                        "TTYPE3  = 'z       '");
        Path path =
                file(
                        PRIMARY + header,
                        new Bytes(ByteOrder.BIG_ENDIAN).f4(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
        Reading.Rows rows = Reading.read(path, Reading.request(0, null, "x"));
        assertThat(rows.position()).hasNumberOfRows(4);
        assertThat(rows.position()[3]).containsExactly(4, 8, 12);
    }

    Path cube(int bitpix, Bytes data, String... more) throws IOException {
        String[] cards = {
            "SIMPLE  =                    T",
            "BITPIX  = %20d".formatted(bitpix),
            "NAXIS   =                    3",
            "NAXIS1  =                    2",
            "NAXIS2  =                    3",
            "NAXIS3  =                    4",
            "BUNIT   = 'K       '"
        };
        List<String> all = new java.util.ArrayList<>(List.of(cards));
        all.addAll(List.of(more));
        return file(cards(all.toArray(String[]::new)), data);
    }

    @Test
    void theCellsOfACubeAreAtTheirPixels() throws IOException {
        Bytes data = new Bytes(ByteOrder.BIG_ENDIAN);
        for (int i = 0; i < 24; i++) {
            data.f4(i == 5 ? Double.NaN : i);
        }
        Path path = cube(-32, data);
        assertThat(Reading.info(path).field("value", 0).unit()).isEqualTo("K");
        Reading.Rows rows = Reading.read(path, Reading.request(0, null, "value"));
        assertThat(rows.color()).hasSize(23);
        for (int i = 0; i < 23; i++) {
            double[] p = rows.position()[i];
            assertThat((double) rows.color()[i]).isEqualTo(p[0] + 2 * (p[1] + 3 * p[2]));
        }
        Reading.Rows slices =
                Reading.read(
                        path,
                        Reading.options(16, Map.of("cube_begin", "2", "cube_end", "3")),
                        Reading.request(0, null, "value"),
                        new TestReporter());
        assertThat(slices.color()).containsExactly(12, 13, 14, 15, 16, 17);
        assertThat(slices.position()[0]).containsExactly(0, 0, 2);
    }

    @Test
    void integersOfACubeAreCalibrated() throws IOException {
        Bytes data = new Bytes(ByteOrder.BIG_ENDIAN);
        for (int i = 0; i < 24; i++) {
            data.i1(0, i);
        }
        Path path =
                cube(
                        16,
                        data,
                        "BSCALE  =                  2.0",
                        "BZERO   =                100.0",
                        "BLANK   =                    3");
        Reading.Rows rows = Reading.read(path, Reading.request(0, null, "value"));
        assertThat(rows.color()).hasSize(23).startsWith(100, 102, 104, 108);
    }

    @Test
    void damageIsTold() throws IOException {
        Path truncated = cube(-64, new Bytes(ByteOrder.BIG_ENDIAN).f8(1));
        Files.write(truncated, java.util.Arrays.copyOf(Files.readAllBytes(truncated), 2880 + 16));
        assertThatThrownBy(() -> Reading.info(truncated))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("the image says 2x3x4 cells of 8 bytes, there is room for 2");
        Path noHeader = Files.writeString(folder.resolve("n.fits"), "SIMPLE  = nothing else");
        assertThatThrownBy(() -> Reading.info(noHeader)).isInstanceOf(InputException.class);
        Path form =
                file(
                        PRIMARY
                                + cards(
                                        "XTENSION= 'BINTABLE'",
                                        "BITPIX  =                    8",
                                        "NAXIS   =                    2",
                                        "NAXIS1  =                    4",
                                        "NAXIS2  =                    1",
                                        "PCOUNT  =                    0",
                                        "GCOUNT  =                    1",
                                        "TFIELDS =                    1",
                                        "TFORM1  = '9D      '"),
                        new Bytes(ByteOrder.BIG_ENDIAN).f4(1));
        assertThatThrownBy(() -> Reading.info(form)).isInstanceOf(InputException.class);
    }
}
