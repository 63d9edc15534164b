package org.perseid.renderer.spatial;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.perseid.renderer.TestParticles;
import org.perseid.renderer.model.Blocks;
import org.perseid.renderer.model.OffHeap;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Workers;

class SpatialOrderTest {

    /** Half evenly in a box, half in one far smaller cluster; ids count from 0. */
    private static ParticleSet particles(int n, double clusterSize) {
        SplittableRandom random = new SplittableRandom(9);
        double[][] rows = new double[n][];
        for (int i = 0; i < n; i++) {
            double size = i % 2 == 0 ? 100 : clusterSize;
            rows[i] =
                    new double[] {
                        70 + random.nextDouble(size) - size / 2,
                        50 + random.nextDouble(size) - size / 2,
                        50 + random.nextDouble(size) - size / 2,
                        0.1 + random.nextDouble(),
                        random.nextDouble(),
                        i
                    };
        }
        return TestParticles.of(rows);
    }

    private static float at(MemorySegment column, long i) {
        return column.getAtIndex(ParticleSet.FLOAT, i);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1000, 1025, 60_000})
    void everyParticleKeepsAllOfItsValues(int n) {
        try (ParticleSet before = particles(n, 1e-3);
                ParticleSet after = particles(n, 1e-3);
                Workers workers = new Workers(3)) {
            SpatialOrder.sort(after, workers);
            boolean[] seen = new boolean[n];
            for (int i = 0; i < n; i++) {
                int id = (int) after.ids().getAtIndex(ParticleSet.ID, i);
                assertThat(seen[id]).isFalse();
                seen[id] = true;
                assertThat(at(after.x(), i)).isEqualTo(at(before.x(), id));
                assertThat(at(after.y(), i)).isEqualTo(at(before.y(), id));
                assertThat(at(after.z(), i)).isEqualTo(at(before.z(), id));
                assertThat(at(after.smoothingLength(), i))
                        .isEqualTo(at(before.smoothingLength(), id));
                assertThat(at(after.intensity(), i)).isEqualTo(at(before.intensity(), id));
                assertThat(at(after.color(0), i)).isEqualTo(at(before.color(0), id));
            }
        }
    }

    @Test
    void blocksAreSmallAlsoInClustersFarSmallerThanTheBox() {
        int n = 200_000;
        double cluster = 0.01;
        try (ParticleSet set = particles(n, cluster);
                Workers workers = new Workers(2)) {
            SpatialOrder.sort(set, workers);
            Blocks blocks = set.blocks(workers);
            int smallInCluster = 0;
            for (int b = 0; b < blocks.count(); b++) {
                double side = blocks.max(b, 0) - (double) blocks.min(b, 0);
                smallInCluster += side < 0.6 * cluster ? 1 : 0;
            }
            assertThat(blocks.count()).isEqualTo(196);
            // nearly all of the half that is in the cluster
            assertThat(smallInCluster).isGreaterThan(80);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 0.01, 1e-5}) // all that is in one cell is more than a worker's slice
    void threadsDoNotChangeTheOrder(double cluster) {
        int n = 150_000;
        try (ParticleSet a = particles(n, cluster);
                ParticleSet b = particles(n, cluster);
                Workers one = new Workers(1);
                Workers five = new Workers(5)) {
            SpatialOrder.sort(a, one);
            SpatialOrder.sort(b, five);
            assertThat(a.ids().mismatch(b.ids())).isEqualTo(-1);
        }
    }

    /** More than are sorted on the heap. */
    @Test
    void millionsAreSorted() {
        int n = (1 << 22) + 1000;
        try (ParticleSet set = new ParticleSet(n, new ParticleSet.Columns(false, true, true));
                Workers workers = new Workers(2)) {
            SplittableRandom random = new SplittableRandom(4);
            float[] x = new float[n];
            for (int i = 0; i < n; i++) {
                x[i] = random.nextFloat();
                set.x().setAtIndex(ParticleSet.FLOAT, i, x[i]);
                set.y().setAtIndex(ParticleSet.FLOAT, i, random.nextFloat());
                set.z().setAtIndex(ParticleSet.FLOAT, i, random.nextFloat());
                set.ids().setAtIndex(ParticleSet.ID, i, i);
            }
            SpatialOrder.sort(set, workers);
            BitSet seen = new BitSet(n);
            boolean allMatch = true;
            for (int i = 0; i < n; i++) {
                int id = (int) set.ids().getAtIndex(ParticleSet.ID, i);
                seen.set(id);
                allMatch &= at(set.x(), i) == x[id];
            }
            assertThat(allMatch).isTrue();
            assertThat(seen.cardinality()).isEqualTo(n);
            Blocks blocks = set.blocks(workers);
            double volume = 0;
            for (int b = 0; b < blocks.count(); b++) {
                double size = 1;
                for (int axis = 0; axis < 3; axis++) {
                    size *= blocks.max(b, axis) - (double) blocks.min(b, axis);
                }
                volume += size;
            }
            assertThat(volume)
                    .isLessThan(8); // boxes of Morton order overlap; in random order it is 4096
        }
    }

    @Test
    void particlesAtOnePlaceAreNoTrouble() {
        double[][] rows = new double[5000][];
        Arrays.fill(rows, new double[] {1, 2, 3, 0.1, 1, 1});
        try (ParticleSet set = TestParticles.of(rows);
                Workers workers = new Workers(2)) {
            SpatialOrder.sort(set, workers);
            assertThat(set.blocks(workers).max(4, 2)).isEqualTo(3f);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 37, 100_000})
    void radixSortIsAStableSort(int n) {
        SplittableRandom random = new SplittableRandom(n);
        long[] expected = new long[n];
        try (Arena arena = Arena.ofShared();
                Workers workers = new Workers(3)) {
            MemorySegment keys = OffHeap.allocate(arena, 8L * n, "keys");
            for (int i = 0; i < n; i++) {
                expected[i] = random.nextLong() << 40 | i; // few bits, many equal ones
                keys.setAtIndex(ValueLayout.JAVA_LONG, i, expected[i]);
            }
            MemorySegment sorted = RadixSort.sort(keys, 40, 24, arena, workers);
            long[] boxed =
                    Arrays.stream(expected)
                            .boxed()
                            .sorted((a, b) -> Long.compareUnsigned(a >>> 40, b >>> 40))
                            .mapToLong(Long::longValue)
                            .toArray();
            assertThat(Arrays.equals(sorted.toArray(ValueLayout.JAVA_LONG), boxed)).isTrue();
        }
    }
}
