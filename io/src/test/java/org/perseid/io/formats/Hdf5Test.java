package org.perseid.io.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.perseid.io.InputException;
import org.perseid.io.TestReporter;
import org.perseid.io.demo.DemoHdf5;
import org.perseid.io.snapshot.LoadRequest;
import org.perseid.io.snapshot.ReadOptions;
import org.perseid.io.snapshot.Region;
import org.perseid.io.snapshot.Snapshot;
import org.perseid.io.snapshot.SnapshotInfo;
import org.perseid.io.snapshot.Snapshots;
import org.perseid.renderer.model.FieldRange;
import org.perseid.renderer.model.Workers;

/** HDF5 files as the codes name things, written by jHDF, or by hdf5_fixtures.py with h5py. */
class Hdf5Test {
    @TempDir private Path folder;

    private static double[][] positions(int n, double shift) {
        double[][] out = new double[n][3];
        for (int i = 0; i < n; i++) {
            out[i] = new double[] {i + shift, 0.5 * i, -i};
        }
        return out;
    }

    private static float[] ramp(int n, double from) {
        float[] out = new float[n];
        for (int i = 0; i < n; i++) {
            out[i] = (float) (from + i);
        }
        return out;
    }

    private static WritableGroup header(WritableHdfFile file, int files) {
        WritableGroup header = file.putGroup("Header");
        header.putAttribute("NumFilesPerSnapshot", files);
        header.putAttribute("NumPart_ThisFile", new int[] {999, 0, 0, 0, 0, 0}); // they lie
        header.putAttribute("MassTable", new double[] {0, 0.25, 0, 0, 0, 0});
        header.putAttribute("BoxSize", 100.0);
        header.putAttribute("Time", 0.5);
        header.putAttribute("Redshift", 1.0);
        header.putAttribute("Omega0", 0.3);
        header.putAttribute("OmegaLambda", 0.7);
        header.putAttribute("HubbleParam", 0.7);
        return header;
    }

    private Path arepo(String name, int files, int n, double shift) {
        Path path = folder.resolve(name);
        try (WritableHdfFile file = HdfFile.write(path)) {
            WritableGroup header = header(file, files);
            header.putAttribute("UnitLength_in_cm", 3.085678e21);
            header.putAttribute("UnitMass_in_g", 1.989e43);
            header.putAttribute("UnitVelocity_in_cm_per_s", 1e5);
            WritableGroup gas = file.putGroup("PartType0");
            gas.putDataset("Coordinates", positions(n, shift));
            gas.putDataset("Masses", ramp(n, 1));
            gas.putDataset("Density", ramp(n, 2));
            gas.putDataset("InternalEnergy", ramp(n, 10));
            gas.putDataset("ParticleIDs", ids(n));
            gas.putDataset("Velocities", new float[n][3]);
            gas.putDataset("Short", ramp(n - 1, 0));
            WritableGroup dark = file.putGroup("PartType1");
            dark.putDataset("Coordinates", positions(2, 50));
        }
        return path;
    }

    private static long[] ids(int n) {
        long[] out = new long[n];
        for (int i = 0; i < n; i++) {
            out[i] = 1L << 40 | i;
        }
        return out;
    }

    @Test
    void theRehearsalsSnapshotIsRead() {
        Path file = folder.resolve("demo.hdf5");
        DemoHdf5.write(file, 500, 1);
        SnapshotInfo info = Reading.info(file);
        assertThat(info.types().getFirst().count()).isEqualTo(500);
        Reading.Rows gas = Reading.read(file, Reading.request(0, "SmoothingLength", "Density"));
        assertThat(gas.position()[499][0]).isBetween(0.0, 100.0);
        assertThat(gas.color()[7]).isPositive();
    }

    @Test
    void theDatasetsAreBelievedAndNotTheHeader() {
        Path file = arepo("a.hdf5", 1, 5, 0);
        SnapshotInfo info = Reading.info(file);
        assertThat(info.types().getFirst().count()).isEqualTo(5);
        assertThat(info.boxSize()).isEqualTo(100);
        assertThat(info.units().length().name()).isEqualTo("kpc a/h");
        assertThat(info.units().mass().name()).isEqualTo("1e10 Msun/h");
        assertThat(info.units().length().cgs()).isEqualTo(3.085678e21 * 0.5 / 0.7, within(1e15));
        LoadRequest.More more = new LoadRequest.More(true, List.of("mass"), Map.of(), "", null);
        Reading.Rows gas =
                Reading.read(
                        file,
                        Reading.with(
                                Reading.request(0, "CellSmoothing", "InternalEnergy"), true, more));
        assertThat(gas.position()[4]).containsExactly(4, 2, -4);
        assertThat(gas.color()).containsExactly(10, 11, 12, 13, 14);
        assertThat(gas.extras()[0]).containsExactly(1, 2, 3, 4, 5);
        assertThat(gas.ids()[3]).isEqualTo(1L << 40 | 3);
        assertThat(gas.size()[0])
                .isEqualTo((float) (2.5 * Math.cbrt(3 / (4 * Math.PI * 2))), within(1e-6f));
        Reading.Rows dark =
                Reading.read(
                        file,
                        Reading.with(
                                Reading.request(1, null, null),
                                false,
                                Reading.more(List.of("mass"), Map.of(), "", null)));
        assertThat(dark.extras()[0]).containsExactly(0.25f, 0.25f);
        assertThatThrownBy(() -> Reading.read(file, Reading.request(0, null, "Short")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("dataset /PartType0/Short has 4 rows, Coordinates has 5");
        assertThatThrownBy(() -> Reading.read(file, Reading.request(0, null, "Densty")))
                .hasMessageContaining("did you mean Density?");
    }

    @Test
    void partsBelongTogether() {
        Path first = arepo("s.0.hdf5", 2, 3, 0);
        Path second = arepo("s.1.hdf5", 2, 4, 10);
        for (Path name : List.of(first, second, folder.resolve("s"))) {
            Reading.Rows rows = Reading.read(name, Reading.request(0, null, "Density"));
            assertThat(rows.color()).containsExactly(2, 3, 4, 2, 3, 4, 5);
            assertThat(rows.position()[3][0]).isEqualTo(10);
        }
        Path alone = arepo("t.0.hdf5", 3, 3, 0);
        assertThatThrownBy(() -> Reading.info(alone))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("t.1.hdf5 is not there; copy all parts to one folder");
        assertThat(Reading.info(arepo("cutout.hdf5", 64, 3, 0)).types().getFirst().count())
                .isEqualTo(3);
    }

    /** A file that hdf5_fixtures.py made. */
    private static Path fixture(String name) {
        return Path.of("src/test/resources/hdf5").resolve(name);
    }

    @Test
    void swiftsNamesUnitsAndCells() {
        Path file = fixture("swift.hdf5");
        SnapshotInfo info = Reading.info(file);
        assertThat(info.format()).contains("SWIFT");
        assertThat(info.boxSize()).isEqualTo(8);
        assertThat(info.units().length().name()).isEqualTo("Mpc a");
        assertThat(info.roles().size()).isEqualTo("SmoothingLengths");
        assertThat(info.roles().supportPerSize()).isEqualTo(1.825742);
        assertThat(java.util.Objects.requireNonNull(info.field("Densities", 0)).unit())
                .isEqualTo("a^-3 U_M U_L^-3  [ g cm^-3 ]");
        TestReporter reporter = new TestReporter();
        Region box = new Region(0, 4, 4, 1, 4, 4, false); // over the periodic face
        Reading.Rows rows =
                Reading.read(
                        file,
                        ReadOptions.NONE,
                        Reading.with(
                                Reading.request(0, null, "Densities"),
                                false,
                                Reading.more(List.of(), Map.of(), "", box)),
                        reporter);
        assertThat(rows.color()).containsExactly(1, 8);
        assertThat(reporter.notes).containsExactly("gas: 2 particles selected of 4 read of 8");
        Region sphere = new Region(4, 4, 4, 1, 1, 1, true);
        assertThat(
                        Reading.read(
                                        file,
                                        Reading.with(
                                                Reading.request(0, null, "Densities"),
                                                false,
                                                Reading.more(
                                                        List.of(),
                                                        Map.of(),
                                                        "Densities < 5",
                                                        sphere)))
                                .color())
                .containsExactly(4);
    }

    @Test
    void eaglesAndGadget4sUnits() {
        Path eagle = fixture("eagle.hdf5");
        assertThat(Reading.info(eagle).units().length().name()).isEqualTo("Mpc a/h");
        Path gadget = fixture("gadget4.hdf5");
        SnapshotInfo info = Reading.info(gadget);
        assertThat(info.units().length().name()).isEqualTo("kpc a/h");
        assertThat(info.units().velocity().name()).isEqualTo("km / s a^0.5");
        assertThat(info.format()).contains("GADGET-4 or AREPO");
        assertThat(Reading.read(gadget, Reading.request(0, null, "Flag")).color())
                .containsExactly(1, 2, 3);
        assertThat(Reading.read(gadget, Reading.request(0, null, "Small")).color())
                .containsExactly(-1, 2, 300);
        assertThat(Reading.read(gadget, Reading.request(0, null, "Counts")).color())
                .containsExactly(1, 2, 0x1p32f);
        assertThat(Reading.read(gadget, Reading.request(0, null, "Energy")).color())
                .containsExactly(1.5f, 2.5f, 3.5f);
        assertThat(
                        Reading.read(
                                        gadget,
                                        Reading.with(
                                                Reading.request(0, null, null),
                                                true,
                                                LoadRequest.More.NONE))
                                .ids())
                .containsExactly(5, 6, Long.MIN_VALUE + 1);
        assertThatThrownBy(() -> Reading.read(gadget, Reading.request(0, null, "Name")))
                .hasMessageContaining("dataset /PartType0/Name holds no plain numbers");
    }

    @Test
    void plainDatasetsGridsAndH5Part() {
        Path plain = folder.resolve("plain.h5");
        try (WritableHdfFile file = HdfFile.write(plain)) {
            WritableGroup group = file.putGroup("data");
            group.putDataset("x", ramp(4, 0));
            group.putDataset("y", ramp(4, 10));
            group.putDataset("z", ramp(4, 20));
            group.putDataset("T", ramp(4, 30));
            file.putDataset("other", ramp(9, 0));
        }
        Reading.Rows rows = Reading.read(plain, Reading.request(0, null, "data/T"));
        assertThat(rows.position()[1]).containsExactly(1, 11, 21);
        assertThat(rows.color()).containsExactly(30, 31, 32, 33);
        assertThatThrownBy(() ->
                        Reading.read(
                                plain,
                                Reading.options(7, Map.of("position_label", "a,b,c")),
                                Reading.request(0, null, null),
                                new TestReporter()))
                .hasMessageContaining("has no positions")
                .hasMessageContaining("data/T (4)");

        Path grid = folder.resolve("grid.h5");
        float[][][] values = new float[2][3][4];
        for (int i = 0; i < 24; i++) {
            values[i / 12][i / 4 % 3][i % 4] = i;
        }
        try (WritableHdfFile file = HdfFile.write(grid)) {
            file.putDataset("density", values);
        }
        Reading.Rows cells = Reading.read(grid, Reading.request(0, null, "density"));
        assertThat(cells.color()[23]).isEqualTo(23f);
        assertThat(cells.position()[23]).containsExactly(1, 2, 3);
        assertThat(Reading.info(grid).format()).isEqualTo("HDF5 grid");

        Path h5part = folder.resolve("part.h5");
        try (WritableHdfFile file = HdfFile.write(h5part)) {
            for (int step : new int[] {10, 2}) {
                WritableGroup group = file.putGroup("Step#" + step);
                group.putAttribute("TIME", step * 0.5);
                group.putDataset("x", ramp(3, step));
                group.putDataset("y", ramp(3, 0));
                group.putDataset("z", ramp(3, 0));
                group.putDataset("id", new long[] {7, 8, 9});
            }
        }
        assertThat(Reading.info(h5part).format()).isEqualTo("H5Part, Step#2");
        assertThat(Reading.info(h5part).time()).isEqualTo(1);
        Reading.Rows late =
                Reading.read(
                        h5part,
                        Reading.options(12, Map.of("snapshotID", "10")),
                        Reading.with(Reading.request(0, null, "x"), true, LoadRequest.More.NONE),
                        new TestReporter());
        assertThat(late.color()).containsExactly(10, 11, 12);
        assertThat(late.ids()).containsExactly(7, 8, 9);
        assertThatThrownBy(() ->
                        Reading.read(
                                h5part,
                                Reading.options(12, Map.of("snapshotID", "5")),
                                Reading.request(0, null, null),
                                new TestReporter()))
                .hasMessageContaining("has no Step#5");
    }

    @Test
    void partsOfAnEnzoHierarchyAreRefusedWithAdvice() {
        Path path = folder.resolve("data.cpu0000");
        try (WritableHdfFile file = HdfFile.write(path)) {
            WritableGroup grid = file.putGroup("Grid00000001");
            grid.putDataset("Density", new float[2][2][2]);
            grid.putDataset("Temperature", new float[2][2][2]);
        }
        assertThatThrownBy(() -> Reading.info(path))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(
                        "is part of an Enzo hierarchy, which is not supported; write");
    }

    @Test
    void openPmdWithOffsetsAndConstants() {
        Path path = folder.resolve("openpmd.h5");
        try (WritableHdfFile file = HdfFile.write(path)) {
            file.putAttribute("openPMD", "1.1.0");
            file.putAttribute("particlesPath", "particles/");
            WritableGroup species =
                    file.putGroup("data").putGroup("0").putGroup("particles").putGroup("e");
            WritableGroup position = species.putGroup("position");
            WritableGroup offset = species.putGroup("positionOffset");
            for (String axis : List.of("x", "y", "z")) {
                position.putDataset(axis, ramp(3, 0));
            }
            offset.putDataset("x", new double[] {100, 200, 300});
            offset.putGroup("y").putAttribute("value", 5.0);
            offset.putGroup("z").putAttribute("value", 0.0);
            species.putGroup("charge").putAttribute("value", -1.0);
            species.putDataset("weighting", ramp(3, 1));
        }
        Reading.Rows rows = Reading.read(path, Reading.request(0, "weighting", "charge"));
        assertThat(rows.position()[1]).containsExactly(201, 6, 1);
        assertThat(rows.color()).containsExactly(-1, -1, -1);
        assertThat(Reading.info(path).format()).isEqualTo("openPMD, species e");
    }

    @ParameterizedTest
    @ValueSource(strings = {"contiguous", "chunked", "gzip", "columns", "checksum", "lzf", "big"})
    void chunksAndFiltersChangeNoNumber(String layout) throws IOException {
        Path file = fixture("packed-" + layout + ".hdf5");
        Reading.Rows rows = Reading.read(file, Reading.request(1, null, null));
        for (int i = 0; i < 5000; i++) {
            assertThat(rows.position()[i]).containsExactly(i, i % 100, -i / 2.0);
        }
        try (Workers workers = new Workers(2);
                Snapshot snapshot = Snapshots.open(file, ReadOptions.NONE)) {
            FieldRange range = snapshot.range("Coordinates", 1, workers);
            assertThat(range.max()).isEqualTo(4999);
            assertThat(range.min()).isEqualTo(-2499.5);
        }
        byte[] bytes = Files.readAllBytes(file);
        Path cut = folder.resolve("cut.hdf5");
        Files.write(cut, java.util.Arrays.copyOf(bytes, bytes.length * 2 / 3));
        assertThatThrownBy(() -> Reading.read(cut, Reading.request(1, null, null)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("cut.hdf5");
    }

    @Test
    void chunksThatWereNeverWrittenHaveTheFillValue() {
        Reading.Rows rows =
                Reading.read(fixture("packed-missing.hdf5"), Reading.request(1, null, null));
        assertThat(rows.position()[999]).containsExactly(999, 99, -499.5);
        assertThat(rows.position()[2999]).containsExactly(7, 7, 7);
    }

    @Test
    void tablesOfStructsAndChunkedGrids() {
        Reading.Rows rows = Reading.read(fixture("compound.h5"), Reading.request(0, null, "T"));
        assertThat(rows.color()).containsExactly(0, 100, 200, 300, 400, 500);
        assertThat(rows.position()[5]).containsExactly(5.5, 15, 25);
        Reading.Rows cells = Reading.read(fixture("grid.h5"), Reading.request(0, null, "density"));
        assertThat(cells.color()[23]).isEqualTo(23f);
        assertThat(cells.position()[13]).containsExactly(1, 0, 1);
    }

    @Test
    void damageIsToldWithWhatToDo() throws IOException {
        Path file = arepo("d.hdf5", 1, 500, 0);
        byte[] good = Files.readAllBytes(file);
        for (int length : new int[] {8, 40, 200, good.length / 2, good.length - 100}) {
            Files.write(file, java.util.Arrays.copyOf(good, length));
            assertThatThrownBy(() -> Reading.read(file, Reading.request(0, null, "Density")))
                    .as("%d bytes", length)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(file.toString());
        }
    }
}
