package org.perseid.io.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.perseid.io.InputException;
import org.perseid.io.TestReporter;
import org.perseid.io.snapshot.ElementType;
import org.perseid.io.snapshot.LoadRequest;
import org.perseid.io.snapshot.Loaded;
import org.perseid.io.snapshot.ReadOptions;
import org.perseid.io.snapshot.Roles;
import org.perseid.io.snapshot.Share;
import org.perseid.io.snapshot.Snapshot;
import org.perseid.io.snapshot.SnapshotInfo;
import org.perseid.io.snapshot.Snapshots;
import org.perseid.io.snapshot.Units;
import org.perseid.io.store.StoreWriter.FieldSpec;
import org.perseid.io.store.StoreWriter.Found;
import org.perseid.io.store.StoreWriter.TypeSpec;
import org.perseid.renderer.model.Blocks;
import org.perseid.renderer.model.Detail;
import org.perseid.renderer.model.FieldRange;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.RenderException;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Workers;

class StoreTest {
    private static final int COUNT = 5000;
    private static final ParticleSet.Columns COLUMNS = new ParticleSet.Columns(false, false, true);
    private static final LoadRequest REQUEST =
            new LoadRequest(4, 0, "h", 0.5, "age", false, 1, null, false, Map.of());

    @TempDir private Path folder;
    private Path store = Path.of("");

    /** Particles through three buckets into a store, with one level of nodes. */
    @BeforeEach
    void write() {
        store = folder.resolve("a.pstore");
        try (Workers workers = new Workers(2);
                ParticleSet set = particles();
                Buckets buckets = new Buckets(folder, "rows", COLUMNS, new long[3])) {
            buckets.add(set, (x, _, _) -> (int) (x / 4), workers);
            buckets.force();
            assertThat(buckets.total()).isEqualTo(COUNT);
            FieldSpec position = new FieldSpec("pos", ElementType.F4, 3, "kpc", "", "");
            FieldSpec size = new FieldSpec("h", ElementType.F4, 1, "kpc", "", "");
            FieldSpec age = new FieldSpec("age", ElementType.F4, 1, "Gyr", "age", "");
            FieldSpec id = new FieldSpec("id", ElementType.U8, 1, "", "", "");
            TypeSpec spec =
                    new TypeSpec(
                            4, "stars", COUNT, 0, 1e6, 0, 0, "h", List.of(position, size, age, id));
            try (StoreWriter writer = new StoreWriter(store, List.of(spec))) {
                List<Found> found = null;
                for (int b = 0; b < 3; b++) {
                    try (ParticleSet of = buckets.read(b, workers)) {
                        assertThat(buckets.first(b) % Blocks.SIZE).isZero();
                        List<java.lang.foreign.MemorySegment> columns =
                                new ArrayList<>(of.floatColumns());
                        columns.add(of.ids());
                        List<Found> more =
                                writer.write(
                                        0,
                                        columns,
                                        of.blocks(workers),
                                        buckets.first(b),
                                        of.count(),
                                        workers);
                        found = found == null ? more : merged(found, more);
                    }
                }
                ParticleSet nodes = writer.level(Detail.nodesOf(COUNT));
                for (int i = 0; i < nodes.count(); i++) {
                    nodes.x().setAtIndex(ParticleSet.FLOAT, i, i);
                    nodes.smoothingLength().setAtIndex(ParticleSet.FLOAT, i, 1);
                }
                Detail detail = new Detail("light", List.of(new Detail.Level(nodes, new float[5])));
                writer.add(0, new Directory.Light("h", null, "age", "light"), detail, workers);
                writer.describe(
                        new StoreWriter.About(
                                "test",
                                "nothing",
                                Map.of("xres", "100"),
                                new SnapshotInfo.Header(0.5, 1, 100, 0.7, 0.3, 0.7),
                                Units.UNKNOWN,
                                new Roles("pos", null, null, "id", "h", 2)),
                        List.of(found == null ? List.of() : found));
                writer.finish();
            }
        }
    }

    private static List<Found> merged(List<Found> a, List<Found> b) {
        List<Found> out = new ArrayList<>();
        for (int k = 0; k < a.size(); k++) {
            out.add(a.get(k).and(b.get(k)));
        }
        return out;
    }

    /** Age and id tell the place: x is id modulo 12, age the id. */
    private static ParticleSet particles() {
        SplittableRandom random = new SplittableRandom(1);
        ParticleSet set = new ParticleSet(COUNT, COLUMNS);
        for (int i = 0; i < COUNT; i++) {
            set.x().setAtIndex(ParticleSet.FLOAT, i, i % 12);
            set.y().setAtIndex(ParticleSet.FLOAT, i, (float) random.nextDouble());
            set.z().setAtIndex(ParticleSet.FLOAT, i, (float) random.nextDouble());
            set.smoothingLength().setAtIndex(ParticleSet.FLOAT, i, 1 + i % 3);
            set.color(0).setAtIndex(ParticleSet.FLOAT, i, i);
            set.ids().setAtIndex(ParticleSet.ID, i, i);
        }
        return set;
    }

    private Snapshot open(Map<String, String> keys) {
        return Snapshots.open(store, new ReadOptions(List.of(), -1, keys));
    }

    @Test
    void whatWasWrittenIsRead() {
        LoadRequest withIds = new LoadRequest(4, 0, "h", 1, "age", false, 1, null, true, Map.of());
        try (Workers workers = new Workers(2);
                Snapshot snapshot = open(Map.of())) {
            SnapshotInfo info = snapshot.info();
            assertThat(info.boxSize()).isEqualTo(100);
            assertThat(info.totalCount()).isEqualTo(COUNT);
            assertThat(snapshot.parameters()).containsEntry("xres", "100");
            assertThat(snapshot.damages()).isEmpty();
            assertThat(snapshot.range("age", 4, workers))
                    .isEqualTo(new FieldRange(0, COUNT - 1, 1));
            assertThat(snapshot.range("id", 4, workers).max()).isEqualTo(COUNT - 1);
            Loaded loaded =
                    snapshot.load(List.of(withIds), Share.ALL, workers, new TestReporter())
                            .getFirst();
            try (ParticleSet set = loaded.particles()) {
                boolean[] seen = new boolean[COUNT];
                for (int i = 0; i < COUNT; i++) {
                    int id = (int) set.ids().getAtIndex(ParticleSet.ID, i);
                    seen[id] = true;
                    assertThat(set.color(0).getAtIndex(ParticleSet.FLOAT, i)).isEqualTo(id);
                    double x = set.x().getAtIndex(ParticleSet.FLOAT, i) + set.originX();
                    assertThat(x).isEqualTo(1e6 + id % 12);
                }
                assertThat(seen).doesNotContain(false);
            }
        }
    }

    @Test
    void particlesAreReadyWhereTheyAre() {
        try (Snapshot snapshot = open(Map.of())) {
            assertThat(snapshot.isReady(REQUEST, false)).isTrue();
            assertThat(snapshot.isReady(REQUEST, true)).isTrue();
            assertThat(snapshot.isReady(LoadRequest.positions(4), false)).isFalse();
            assertThat(snapshot.isReady(LoadRequest.positions(1), false)).isFalse();
            try (ParticleSet set = snapshot.ready(REQUEST, false, Reporter.SILENT).particles()) {
                assertThat(set.count()).isEqualTo(COUNT);
                assertThat(set.sizeScale()).isEqualTo(0.5);
                assertThat(set.originX()).isEqualTo(1e6);
                assertThat(set.colorRange().max()).isEqualTo(COUNT - 1);
                for (int block = 0; block < 5; block++) {
                    assertThat(set.admit(block)).isTrue();
                }
                Detail detail = set.details().getFirst();
                assertThat(detail.light()).isEqualTo("light");
                ParticleSet nodes = detail.levels().getFirst().nodes();
                assertThat(nodes.x().getAtIndex(ParticleSet.FLOAT, 600)).isEqualTo(600);
                assertThat(nodes.admit(0)).isTrue();
            }
        }
        try (Snapshot other = open(Map.of("position_label", "age"))) {
            assertThat(other.isReady(REQUEST, false)).isFalse();
        }
    }

    @Test
    void damageIsToldOrLeftOut() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(store.toFile(), "rw")) {
            file.seek(StoreFile.PAGE + 4 * 1024 + 5L); // x of block 1
            file.write(77);
        }
        try (Workers workers = new Workers(1);
                Snapshot snapshot = open(Map.of())) {
            assertThat(snapshot.damages()).hasSize(1);
            assertThat(snapshot.damages().getFirst()).contains("stars, pos: block 1");
            ParticleSet set = snapshot.ready(REQUEST, false, Reporter.SILENT).particles();
            assertThatThrownBy(() -> set.admit(1)).isInstanceOf(RenderException.class);
            assertThatThrownBy(() ->
                            snapshot.load(List.of(REQUEST), Share.ALL, workers, new TestReporter()))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("block 1");
        }
        try (Workers workers = new Workers(1);
                Snapshot snapshot = open(Map.of(StoreFormat.SKIP, "true"))) {
            ParticleSet set = snapshot.ready(REQUEST, false, Reporter.SILENT).particles();
            assertThat(set.admit(1)).isFalse();
            assertThat(set.admit(0)).isTrue();
            try (ParticleSet read =
                    snapshot.load(List.of(REQUEST), Share.ALL, workers, new TestReporter())
                            .getFirst()
                            .particles()) {
                assertThat(read.count()).isEqualTo(COUNT - 1024);
            }
        }
    }

    @Test
    void filesThatAreNoWholeStoresAreTold() throws IOException {
        byte[] all = Files.readAllBytes(store);
        assertOpening(java.util.Arrays.copyOf(all, 100), "is cut off");
        assertOpening(java.util.Arrays.copyOf(all, all.length - 9), "is cut off");
        byte[] version = all.clone();
        version[14] = '7';
        assertOpening(version, "store of another version");
        byte[] directory = all.clone();
        directory[all.length - 3] ^= 1;
        assertOpening(directory, "its directory is damaged");
    }

    private void assertOpening(byte[] bytes, String message) throws IOException {
        Files.write(store, bytes);
        assertThatThrownBy(() -> open(Map.of()).close())
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message);
    }
}
