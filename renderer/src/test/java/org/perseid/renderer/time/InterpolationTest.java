package org.perseid.renderer.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.perseid.renderer.TestParticles;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Workers;

class InterpolationTest {
    private final Workers workers = new Workers(3);

    private static float at(java.lang.foreign.MemorySegment column, long i) {
        return column.getAtIndex(ParticleSet.FLOAT, i);
    }

    @Test
    void pairsMoveInAStraightLineWithAllTheirValues() {
        double[] a = {1, 2, 3, 1, 0.5, 10, 77};
        double[] other = {9, 9, 9, 9, 9, 9, 5};
        double[] b = {5, 0, 3, 3, 0.7, 20, 77};
        try (ParticleSet first = TestParticles.of(a, other);
                ParticleSet second = TestParticles.of(other, b)) {
            Interpolation pairing = new Interpolation(first, second, workers);
            assertThat(pairing.pairs()).isEqualTo(2);
            try (ParticleSet between = pairing.at(0.25, 0, workers)) {
                assertThat(between.count()).isEqualTo(2);
                assertThat(at(between.x(), 0)).isEqualTo(2f);
                assertThat(at(between.y(), 0)).isEqualTo(1.5f);
                assertThat(at(between.smoothingLength(), 0)).isEqualTo(1.5f);
                assertThat(at(between.intensity(), 0)).isEqualTo(0.55f, within(1e-6f));
                assertThat(at(between.color(0), 0)).isEqualTo(12.5f);
                assertThat(at(between.x(), 1)).isEqualTo(9f);
                assertThat(between.colorRange().max()).isEqualTo(12.5);
                assertThat(between.colorRange().min()).isEqualTo(9);
            }
        }
    }

    @Test
    void whoIsInOneSnapshotOnlyStaysAndFades() {
        double[] gone = {1, 1, 1, 1, 0.8, 3, 1};
        double[] born = {2, 2, 2, 2, 0.4, 5, 2};
        try (ParticleSet first = TestParticles.of(gone);
                ParticleSet second = TestParticles.of(born);
                ParticleSet between =
                        new Interpolation(first, second, workers).at(0.25, 0, workers)) {
            assertThat(between.count()).isEqualTo(2);
            assertThat(at(between.x(), 0)).isEqualTo(1f);
            assertThat(at(between.intensity(), 0)).isEqualTo(0.6f, within(1e-6f));
            assertThat(at(between.z(), 1)).isEqualTo(2f);
            assertThat(at(between.color(0), 1)).isEqualTo(5f);
            assertThat(at(between.intensity(), 1)).isEqualTo(0.1f, within(1e-6f));
        }
    }

    @Test
    void overAPeriodicFaceTheWayIsShort() {
        try (ParticleSet first = TestParticles.of(new double[] {9.5, 0.5, 5, 1, 1, 1});
                ParticleSet second = TestParticles.of(new double[] {0.5, 9.5, 6, 1, 1, 1})) {
            Interpolation pairing = new Interpolation(first, second, workers);
            try (ParticleSet between = pairing.at(0.5, 10, workers)) {
                assertThat(at(between.x(), 0)).isEqualTo(10f);
                assertThat(at(between.y(), 0)).isEqualTo(0f);
                assertThat(at(between.z(), 0)).isEqualTo(5.5f);
            }
            try (ParticleSet open = pairing.at(0.5, 0, workers)) {
                assertThat(at(open.x(), 0)).isEqualTo(5f);
            }
        }
    }

    @Test
    void differentOriginsAreAllowedFor() {
        try (ParticleSet first = TestParticles.of(new double[] {1, 0, 0, 1, 1, 1});
                ParticleSet second = TestParticles.of(new double[] {1, 0, 0, 1, 1, 1})) {
            first.setOrigin(1e9, 0, 0);
            second.setOrigin(1e9 + 4, 0, 0);
            try (ParticleSet between =
                    new Interpolation(first, second, workers).at(0.5, 0, workers)) {
                assertThat(between.originX() + at(between.x(), 0)).isEqualTo(1e9 + 3);
            }
        }
    }

    @Test
    void anIdThatOccursTwicePairsOnce() {
        double[] a = {1, 1, 1, 1, 1, 1, 7};
        try (ParticleSet first = TestParticles.of(a, a, a);
                ParticleSet second = TestParticles.of(a, a)) {
            Interpolation pairing = new Interpolation(first, second, workers);
            assertThat(pairing.pairs()).isEqualTo(1);
            try (ParticleSet between = pairing.at(0.5, 0, workers)) {
                assertThat(between.count()).isEqualTo(4);
            }
        }
    }

    @Test
    void manyShuffledIdsOf64BitsAllFindTheirPartner() {
        int n = 20_000;
        SplittableRandom random = new SplittableRandom(4);
        double[][] rows = new double[n][];
        for (int i = 0; i < n; i++) {
            rows[i] = new double[] {i, 0, 0, 1, 1, 1, random.nextLong(1L << 52)};
        }
        double[][] shuffled = rows.clone();
        for (int i = n - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            double[] swap = shuffled[i];
            shuffled[i] = shuffled[j];
            shuffled[j] = swap;
        }
        try (ParticleSet first = TestParticles.of(rows);
                ParticleSet second = TestParticles.of(shuffled);
                ParticleSet between =
                        new Interpolation(first, second, workers).at(0.3, 0, workers)) {
            assertThat(between.count()).isEqualTo(n);
            for (int i = 0; i < n; i++) {
                assertThat(at(between.x(), i)).isEqualTo((float) i);
            }
        }
    }
}
