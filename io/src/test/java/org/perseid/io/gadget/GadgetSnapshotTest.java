package org.perseid.io.gadget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.perseid.io.InputException;
import org.perseid.io.TestReporter;
import org.perseid.io.snapshot.LoadRequest;
import org.perseid.io.snapshot.Loaded;
import org.perseid.io.snapshot.ReadOptions;
import org.perseid.io.snapshot.Share;
import org.perseid.io.snapshot.Snapshot;
import org.perseid.io.snapshot.SnapshotInfo;
import org.perseid.io.snapshot.Snapshots;
import org.perseid.renderer.model.FieldRange;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Workers;

class GadgetSnapshotTest {
    private static final long FIRST_BLOCK = 16 + 4 + 256 + 4;

    @TempDir private Path folder;
    private final TestReporter reporter = new TestReporter();

    private static LoadRequest gas() {
        return new LoadRequest(0, 0, "HSML", 1, "U", false, 1, "RHO", false, Map.of());
    }

    private static LoadRequest stars() {
        return new LoadRequest(4, 2.5, null, 1, "AGE", false, 1, "MASS", false, Map.of());
    }

    private List<Loaded> load(Path file, LoadRequest... requests) {
        return load(file, Share.ALL, requests);
    }

    private List<Loaded> load(Path file, Share share, LoadRequest... requests) {
        try (Workers workers = new Workers(2);
                Snapshot snapshot = Snapshots.open(file, ReadOptions.NONE)) {
            return snapshot.load(List.of(requests), share, workers, reporter);
        }
    }

    private static float at(java.lang.foreign.MemorySegment column, long i) {
        return column.getAtIndex(ParticleSet.FLOAT, i);
    }

    @ParameterizedTest
    @CsvSource({
        "1, LITTLE, FLOAT, UINT, false",
        "2, LITTLE, FLOAT, ULONG, false",
        "1, BIG, DOUBLE, ULONG, false",
        "2, BIG, FLOAT, UINT, true",
        "2, LITTLE, DOUBLE, UINT, true"
    })
    void everyVariantGivesItsValues(
            int format, String order, GadgetWriter.Type real, GadgetWriter.Type id, boolean info) {
        Fixture fixture = new Fixture();
        fixture.format = format;
        fixture.order = order.equals("BIG") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        fixture.real = real;
        fixture.id = id;
        fixture.info = info;
        Path file = fixture.write(folder.resolve("snap"));
        LoadRequest halo = new LoadRequest(1, 1, null, 1, "VEL", true, 2, "MASS", false, Map.of());
        List<Loaded> loaded = load(file, halo, gas());
        try (ParticleSet dark = loaded.get(0).particles();
                ParticleSet gas = loaded.get(1).particles()) {
            assertThat(dark.count()).isEqualTo(3);
            for (int i = 0; i < 3; i++) {
                assertThat(at(dark.x(), i) + dark.originX())
                        .isEqualTo(Fixture.value("POS", 5 + i, 0));
                assertThat(at(dark.z(), i) + dark.originZ())
                        .isEqualTo(Fixture.value("POS", 5 + i, 2));
                assertThat((double) at(dark.color(1), i))
                        .isEqualTo(2 * Fixture.value("VEL", 5 + i, 1));
                assertThat((double) at(dark.intensity(), i)).isEqualTo(Fixture.value("MASS", i, 0));
            }
            assertThat(dark.colorRange()).isEqualTo(new FieldRange(0, 8, 2));
            assertThat(gas.count()).isEqualTo(5);
            assertThat((double) at(gas.smoothingLength(), 4))
                    .isEqualTo(Fixture.value("HSML", 4, 0));
            assertThat(gas.colorRange().max()).isEqualTo(Fixture.value("U", 4, 0));
            assertThat(gas.intensityRange().min()).isEqualTo(Fixture.value("RHO", 0, 0));
        }
        try (Snapshot snapshot = Snapshots.open(file, ReadOptions.NONE)) {
            SnapshotInfo described = snapshot.info();
            assertThat(described.format())
                    .isEqualTo(
                            "Gadget-2 binary, format "
                                    + format
                                    + ", "
                                    + order.toLowerCase(java.util.Locale.ROOT)
                                    + "-endian");
            assertThat(described.totalCount()).isEqualTo(12);
            assertThat(described.boxSize()).isEqualTo(100);
            assertThat(described.redshift()).isEqualTo(1);
        }
    }

    @Test
    void partsAreReadAsOneInTheOrderOfTheirNumbers() {
        Fixture fixture = new Fixture();
        fixture.files = 2;
        fixture.totals = new long[] {7, 3, 0, 0, 4, 0};
        fixture.write(folder.resolve("snap.0"));
        fixture.counts = new long[] {2, 0, 0, 0, 0, 0};
        fixture.write(folder.resolve("snap.1"));
        for (String name : List.of("snap.0", "snap.1", "snap")) {
            List<Loaded> loaded = load(folder.resolve(name), gas(), stars());
            try (ParticleSet gas = loaded.get(0).particles();
                    ParticleSet stars = loaded.get(1).particles()) {
                assertThat(gas.count()).isEqualTo(7);
                assertThat((double) at(gas.color(0), 4)).isEqualTo(Fixture.value("U", 4, 0));
                assertThat((double) at(gas.color(0), 5)).isEqualTo(Fixture.value("U", 0, 0));
                assertThat(stars.count()).isEqualTo(4);
                assertThat(at(stars.smoothingLength(), 3)).isEqualTo(2.5f);
                assertThat((double) at(stars.intensity(), 0))
                        .isEqualTo(Fixture.value("MASS", 3, 0));
            }
        }
    }

    @Test
    void sharesAreDisjointAndComplete() {
        Path file = new Fixture().write(folder.resolve("snap"));
        long total = 0;
        for (int index = 0; index < 4; index++) {
            try (ParticleSet part = load(file, new Share(index, 4), gas()).getFirst().particles()) {
                for (int i = 0; i < part.count(); i++) {
                    assertThat((double) at(part.color(0), i))
                            .isEqualTo(Fixture.value("U", total + i, 0));
                }
                total += part.count();
            }
        }
        assertThat(total).isEqualTo(5);
        assertThat(new Share(999_999, 1_000_000).end(3_000_000_000_001L))
                .isEqualTo(3_000_000_000_001L);
    }

    @Test
    void aMissingPartIsNamed() {
        Fixture fixture = new Fixture();
        fixture.files = 3;
        fixture.write(folder.resolve("snap.0"));
        fixture.write(folder.resolve("snap.2"));
        assertMessage(
                folder.resolve("snap.0"),
                "the header says 3 files, but " + folder.resolve("snap.1") + " is not there");
    }

    @Test
    void totalsThatTheFilesDoNotHoldAreAnError() {
        Fixture fixture = new Fixture();
        fixture.files = 2;
        fixture.write(folder.resolve("snap.0"));
        fixture.write(folder.resolve("snap.1"));
        assertMessage(
                folder.resolve("snap.0"),
                "says 5 particles of type 0 in all, the 2 files hold 10; a file belongs to another snapshot");
    }

    @Test
    void aTruncatedFileSaysWhereItEnds() throws IOException {
        Path file = new Fixture().write(folder.resolve("snap"));
        Fixture.truncate(file, (int) FIRST_BLOCK + 16 + 60);
        assertMessage(
                file, "truncated: block 'POS' at byte 296 needs 152 bytes, the file ends after 60");
        Fixture.truncate(file, 100);
        assertMessage(file, "truncated: block 'HEAD'");
        Fixture.truncate(file, 0);
        assertMessage(file, "the file is empty");
    }

    @Test
    void aRecordThatDoesNotCloseSaysSo() throws IOException {
        Path file = new Fixture().write(folder.resolve("snap"));
        Fixture.patch(file, FIRST_BLOCK + 16 + 4 + 144, (byte) 12, (byte) 0, (byte) 0, (byte) 0);
        assertMessage(file, "block 'POS' has length 144 in front, but 12 behind it (at byte 444)");
    }

    @Test
    void aCountThatDisagreesWithTheBlocksIsAnError() throws IOException {
        Path file = new Fixture().write(folder.resolve("snap"));
        Fixture.patch(file, 20, (byte) 6);
        assertMessage(
                file,
                "the header says 13 particles, so POS must have 156 (float32) or 312 bytes (float64), but it has 144");
    }

    @Test
    void anAbsurdCountIsAnErrorBeforeMemoryIsAskedFor() throws IOException {
        Path file = new Fixture().write(folder.resolve("snap"));
        Fixture.patch(file, 20, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff);
        assertMessage(file, "the header says 4294967302 particles, but the file of");
    }

    @Test
    void anUnknownFileIsToldWithItsFirstBytes() throws IOException {
        Path file = Files.writeString(folder.resolve("x"), "# a text file");
        assertMessage(
                file,
                "unknown format: begins with bytes 23 20 61 20 74 65 78 74; supported: Gadget-2 binary");
        assertMessage(folder.resolve("none"), "no such file, and no none.0 or .hdf5 either");
        assertMessage(folder, "is a folder");
    }

    @Test
    void badParticlesAreDroppedCountedAndTold() throws IOException {
        Path file = new Fixture().write(folder.resolve("snap"));
        long positions = FIRST_BLOCK + 16 + 4;
        Fixture.patch(file, positions, floats(Float.NaN));
        Fixture.patch(file, positions + 12, floats(Float.POSITIVE_INFINITY));
        long sizes = blockOffset(file, "HSML");
        Fixture.patch(file, sizes + 8, floats(0f));
        Fixture.patch(file, blockOffset(file, "U") + 12, floats(Float.NEGATIVE_INFINITY));
        try (ParticleSet gas = load(file, gas()).getFirst().particles()) {
            assertThat(gas.count()).isEqualTo(1);
            assertThat(gas.colorRange().min()).isEqualTo(Fixture.value("U", 4, 0));
        }
        assertThat(reporter.warnings)
                .containsExactly(
                        "type 0: dropped 4 of 5 particles: 2 whose position is not finite; 1 whose smoothing length is"
                                + " not above zero; 1 whose colour is not finite;");
    }

    @Test
    void aMissingSizeIsLeftToTheCallerAndAMissingFieldIsAnError() {
        Fixture fixture = new Fixture();
        fixture.sizes = false;
        Path file = fixture.write(folder.resolve("snap"));
        Loaded loaded = load(file, gas()).getFirst();
        assertThat(loaded.sizeMissing()).isTrue();
        loaded.particles().close();
        LoadRequest wrong = new LoadRequest(0, 1, null, 1, "RHOO", false, 1, null, false, Map.of());
        assertThatThrownBy(() -> load(file, wrong))
                .isInstanceOf(InputException.class)
                .hasMessageEndingWith(
                        "type 0 (gas) has no field 'RHOO'; did you mean RHO?; it has: POS, VEL, ID, U, RHO");
    }

    @Test
    void aVectorFieldIsNoScalarAndTheOtherWayRound() {
        Path file = new Fixture().write(folder.resolve("snap"));
        assertThatThrownBy(() ->
                        load(
                                file,
                                new LoadRequest(
                                        0, 1, null, 1, "VEL", false, 1, null, false, Map.of())))
                .hasMessageContaining("'VEL' has 3 components, expected 1");
        assertThatThrownBy(() ->
                        load(
                                file,
                                new LoadRequest(
                                        0, 1, null, 1, "U", true, 1, null, false, Map.of())))
                .hasMessageContaining("'U' has 1 components, expected 3");
    }

    @ParameterizedTest
    @CsvSource({"UINT, 1073741824", "ULONG, 1152921504606846976"})
    void idsAreReadAndTheGenerationOfGasLeftOut(GadgetWriter.Type type, long generation) {
        Fixture fixture = new Fixture();
        fixture.id = type;
        fixture.idOffset = generation;
        Path file = fixture.write(folder.resolve("snap"));
        LoadRequest gas = new LoadRequest(0, 1, null, 1, null, false, 1, null, true, Map.of());
        LoadRequest stars = new LoadRequest(4, 1, null, 1, null, false, 1, null, true, Map.of());
        List<Loaded> loaded = load(file, gas, stars);
        try (ParticleSet a = loaded.get(0).particles();
                ParticleSet b = loaded.get(1).particles()) {
            assertThat(a.ids().getAtIndex(ParticleSet.ID, 3)).isEqualTo(103);
            assertThat(b.ids().getAtIndex(ParticleSet.ID, 0)).isEqualTo(generation + 100 + 8);
        }
    }

    @Test
    void anEmptyTypeGivesAnEmptySet() {
        Path file = new Fixture().write(folder.resolve("snap"));
        try (ParticleSet none = load(file, LoadRequest.positions(3)).getFirst().particles()) {
            assertThat(none.count()).isZero();
        }
    }

    @Test
    void aMaskSaysWhichTypesAnUnknownBlockHolds() {
        Fixture fixture = new Fixture();
        fixture.counts = new long[] {4, 0, 0, 0, 4, 0};
        fixture.totals = fixture.counts;
        Path file = fixture.write(folder.resolve("snap"));
        // AGE belongs to stars; a mask that fits its length as well is believed.
        LoadRequest asGas =
                new LoadRequest(0, 1, null, 1, "AGE", false, 1, null, false, Map.of("AGE", 1));
        try (ParticleSet gas = load(file, asGas).getFirst().particles()) {
            assertThat((double) at(gas.color(0), 2)).isEqualTo(Fixture.value("AGE", 2, 0));
        }
    }

    @Test
    void blocksOfFormat1CanBeNamed() {
        Fixture fixture = new Fixture();
        fixture.format = 1;
        Path file = fixture.write(folder.resolve("snap"));
        List<String> names = List.of("POS", "VEL", "ID", "MASS", "U", "SFR", "HSML");
        try (Snapshot snapshot = Snapshots.open(file, new ReadOptions(names, -1, Map.of()));
                Workers workers = new Workers(1)) {
            assertThat(snapshot.range("SFR", 0, workers).min())
                    .isEqualTo(Fixture.value("RHO", 0, 0));
        }
    }

    @Test
    void piecesOfALongRecordAreReadAcrossTheirJoint() throws IOException {
        ByteBuffer file = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(256).putInt(3);
        file.position(4 + 124);
        file.putInt(1);
        file.position(4 + 256);
        file.putInt(256);
        // POS of 3 particles in pieces of 18 and 18 bytes, the joint in the middle of a number.
        ByteBuffer values = ByteBuffer.allocate(36).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 9; i++) {
            values.putFloat(i + 0.5f);
        }
        file.putInt(-18).put(values.array(), 0, 18).putInt(18);
        file.putInt(18).put(values.array(), 18, 18).putInt(-18);
        Path path = folder.resolve("pieces");
        Files.write(path, java.util.Arrays.copyOf(file.array(), file.position()));
        try (ParticleSet set = load(path, LoadRequest.positions(0)).getFirst().particles()) {
            assertThat(at(set.y(), 1)).isEqualTo(4.5f);
            assertThat(at(set.z(), 2)).isEqualTo(8.5f);
        }
    }

    /**
     * 190 million double positions: 4.56 GB, the length wrapped; a hole in the file but for its
     * ends.
     */
    @Test
    @Tag("slow")
    void aRecordOfMoreThan4GiBWithAWrappedLengthIsRead() throws IOException {
        long n = 190_000_000;
        Path path = folder.resolve("long");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            ByteBuffer head = ByteBuffer.allocate(264).order(ByteOrder.LITTLE_ENDIAN);
            head.putInt(0, 256).putInt(4, (int) n).putInt(128, 1).putInt(260, 256);
            file.write(head.array());
            long bytes = n * 24;
            ByteBuffer marker =
                    ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(0, (int) bytes);
            file.write(marker.array());
            file.seek(264 + 4 + bytes - 8);
            file.write(
                    ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(0, 42).array());
            file.write(marker.array());
        }
        try (ParticleSet last =
                load(path, new Share(999_999, 1_000_000), LoadRequest.positions(0))
                        .getFirst()
                        .particles()) {
            assertThat(last.count()).isEqualTo(190);
            assertThat(at(last.z(), 189) + last.originZ()).isEqualTo(42);
        }
    }

    @Test
    void theIdentityChangesWithTheData() throws IOException {
        Path file = new Fixture().write(folder.resolve("snap"));
        String before = identity(file);
        assertThat(identity(file)).isEqualTo(before);
        Fixture.patch(file, FIRST_BLOCK + 30, (byte) 77);
        assertThat(identity(file)).isNotEqualTo(before);
    }

    private static String identity(Path file) {
        try (Snapshot snapshot = Snapshots.open(file, ReadOptions.NONE)) {
            return snapshot.identity();
        }
    }

    private static byte[] floats(float v) {
        return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(v).array();
    }

    private static long blockOffset(Path file, String name) {
        GadgetFile open = new GadgetFile(file, List.of());
        try (open) {
            Block block = open.blocks().get(name);
            if (block == null) {
                throw new AssertionError(name);
            }
            return block.extents().getFirst().offset();
        }
    }

    private static void assertMessage(Path file, String part) {
        assertThatThrownBy(() -> Snapshots.open(file, ReadOptions.NONE).close())
                .isInstanceOf(InputException.class)
                .hasMessageContaining(part);
    }
}
