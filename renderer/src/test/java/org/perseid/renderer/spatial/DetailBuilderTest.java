package org.perseid.renderer.spatial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.perseid.renderer.TestParticles;
import org.perseid.renderer.model.Blocks;
import org.perseid.renderer.model.ColorMap;
import org.perseid.renderer.model.Detail;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Transform;
import org.perseid.renderer.model.TypeStyle;
import org.perseid.renderer.model.Workers;

class DetailBuilderTest {
    private static final long SEED = 7;

    private static final ColorMap MAP =
            new ColorMap(
                    "three", new float[] {1, 0, 0}, new float[] {0, 1, 0}, new float[] {0, 0, 1});

    private static final TypeStyle STYLE =
            new TypeStyle("test", MAP, Transform.LINEAR, 0, 1, Transform.LINEAR, 0, 1, 3, 1);

    /** Clumps of all densities, the last places taken twice. */
    private static ParticleSet particles(int n) {
        SplittableRandom random = new SplittableRandom(SEED);
        double[][] rows = new double[n][];
        for (int i = 0; i < n; i++) {
            double spread = Math.exp(-random.nextDouble() * 8) * 50;
            rows[i] =
                    new double[] {
                        (random.nextDouble() - 0.5) * spread,
                        (random.nextDouble() - 0.5) * spread,
                        (random.nextDouble() - 0.5) * spread,
                        0.01 + 0.1 * random.nextDouble() * spread,
                        random.nextDouble(),
                        random.nextDouble()
                    };
            if (i > n - 10) {
                rows[i] = rows[n - 10].clone();
            }
        }
        return TestParticles.of(rows);
    }

    private static Detail detail(ParticleSet set, Workers workers) {
        return DetailBuilder.build(
                set, STYLE, n -> new ParticleSet(n, Detail.COLUMNS), workers, Reporter.SILENT);
    }

    private static double sum(MemorySegment column, long n) {
        double sum = 0;
        for (long i = 0; i < n; i++) {
            sum += column.getAtIndex(ParticleSet.FLOAT, i);
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(ints = {1025, 5000, 70_001, 600_000})
    void everyLevelHasTheLightOfAllParticlesAsItsColoursAre(int n) {
        try (Workers workers = new Workers(2);
                ParticleSet set = particles(n);
                Detail detail = sortedDetail(set, workers)) {
            double[] expected = new double[3];
            for (long i = 0; i < n; i++) {
                float intensity = set.intensity().getAtIndex(ParticleSet.FLOAT, i);
                for (int c = 0; c < 3; c++) {
                    expected[c] +=
                            intensity * MAP.at(c, set.color(0).getAtIndex(ParticleSet.FLOAT, i));
                }
            }
            long count = n;
            for (Detail.Level level : detail.levels()) {
                count = Detail.nodesOf(count);
                assertThat(level.nodes().count()).isEqualTo(count);
                for (int c = 0; c < 3; c++) {
                    assertThat(sum(level.nodes().color(c), count))
                            .isCloseTo(expected[c], within(1e-5 * expected[c]));
                }
            }
            assertThat(count).isLessThanOrEqualTo(Blocks.SIZE);
        }
    }

    private static Detail sortedDetail(ParticleSet set, Workers workers) {
        SpatialOrder.sort(set, workers);
        return detail(set, workers);
    }

    @Test
    void aBlockOfNodesIsRoundItsParticlesAndAsLargeAsTheLargest() {
        int n = 70_001;
        try (Workers workers = new Workers(2);
                ParticleSet set = particles(n);
                Detail detail = sortedDetail(set, workers)) {
            int particlesABlock = Blocks.SIZE;
            for (Detail.Level level : detail.levels()) {
                particlesABlock *= Detail.RATIO;
                Blocks blocks = level.nodes().blocks(workers);
                for (int block = 0; block < blocks.count(); block++) {
                    long first = (long) particlesABlock * block;
                    long end = Math.min(n, first + particlesABlock);
                    float largest = 0;
                    for (long i = first; i < end; i++) {
                        float x = set.x().getAtIndex(ParticleSet.FLOAT, i);
                        assertThat(x).isBetween(blocks.min(block, 0), blocks.max(block, 0));
                        largest =
                                Math.max(
                                        largest,
                                        set.smoothingLength().getAtIndex(ParticleSet.FLOAT, i));
                    }
                    assertThat(blocks.largestSize(block)).isEqualTo(largest);
                    assertThat(blocks.meanSize(block)).isBetween(0f, largest);
                }
            }
        }
    }

    @Test
    void nodesOfAnIntervalAreNoLongerThanTheySay() {
        int n = 8 * Blocks.SIZE;
        double[][] rows = new double[n][];
        for (int i = 0; i < n; i++) {
            rows[i] = new double[] {i, 0, 0, 1, 1, 0};
        }
        try (Workers workers = new Workers(1);
                ParticleSet set = TestParticles.of(rows);
                Detail detail = detail(set, workers)) {
            Detail.Level level = detail.levels().getFirst();
            assertThat(level.nodes().count()).isEqualTo(1024);
            assertThat(level.sides()).hasSize(8).containsOnly(7f); // eight places, end to end
            List<Float> middles = new ArrayList<>();
            for (int i = 0; i < 1024; i++) {
                middles.add(level.nodes().x().getAtIndex(ParticleSet.FLOAT, i));
                assertThat(level.nodes().color(0).getAtIndex(ParticleSet.FLOAT, i)).isEqualTo(8f);
                assertThat(level.nodes().smoothingLength().getAtIndex(ParticleSet.FLOAT, i))
                        .isEqualTo(1f);
            }
            assertThat(middles).doesNotHaveDuplicates().contains(3.5f, 11.5f, 8187.5f);
        }
    }

    @Test
    void particlesAtOnePlaceAndWithoutLightMakeNodesToo() {
        int n = 3000;
        double[][] rows = new double[n][];
        for (int i = 0; i < n; i++) {
            rows[i] = new double[] {1, 2, 3, 0.5, i < 1500 ? 0 : 1, 1};
        }
        try (Workers workers = new Workers(1);
                ParticleSet set = TestParticles.of(rows);
                Detail detail = detail(set, workers)) {
            Detail.Level level = detail.levels().getFirst();
            assertThat(level.sides()).containsOnly(0f);
            assertThat(sum(level.nodes().color(2), level.nodes().count())).isEqualTo(1500);
            assertThat(sum(level.nodes().x(), level.nodes().count()))
                    .isEqualTo((double) level.nodes().count());
        }
    }

    @Test
    void theNodesDoNotDependOnTheWorkers() {
        try (Workers one = new Workers(1);
                Workers three = new Workers(3);
                ParticleSet set = particles(300_000);
                Detail a = sortedDetail(set, one);
                Detail b = detail(set, three)) {
            for (int k = 0; k < a.levels().size(); k++) {
                List<MemorySegment> left = a.levels().get(k).nodes().floatColumns();
                List<MemorySegment> right = b.levels().get(k).nodes().floatColumns();
                Blocks ofLeft = a.levels().get(k).nodes().blocks(one);
                Blocks ofRight = b.levels().get(k).nodes().blocks(one);
                for (int v = 0; v < Blocks.VALUES; v++) {
                    assertThat(ofLeft.value(0, v)).isEqualTo(ofRight.value(0, v));
                }
                assertThat(a.levels().get(k).sides()).isEqualTo(b.levels().get(k).sides());
                for (int c = 0; c < left.size(); c++) {
                    assertThat(left.get(c).mismatch(right.get(c))).isEqualTo(-1);
                }
            }
        }
    }
}
