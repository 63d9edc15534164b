package org.perseid.renderer.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.perseid.renderer.TestParticles;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.ParticleSet;

class AutoViewTest {

    private static ParticleSet cube(double low, double side, int n) {
        SplittableRandom random = new SplittableRandom(1);
        double[][] rows = new double[n][];
        for (int i = 0; i < n; i++) {
            rows[i] =
                    new double[] {
                        low + side * random.nextDouble(),
                        low + side * random.nextDouble(),
                        low + side * random.nextDouble(),
                        1,
                        1,
                        1
                    };
        }
        return TestParticles.of(rows);
    }

    @Test
    void aFullBoxIsSeenFromItsMiddle() {
        try (ParticleSet set = cube(0, 100, 1000)) {
            Camera camera = AutoView.find(List.of(set), 100);
            assertThat(camera.lookAt().x()).isEqualTo(50);
            assertThat(camera.distance()).isGreaterThan(100);
        }
    }

    @Test
    void aClusterWithStraysIsSeenAtItsMedian() {
        try (ParticleSet cluster = cube(-1, 2, 1000);
                ParticleSet stray = TestParticles.of(new double[] {1e6, 0, 0, 1, 1, 1})) {
            Camera camera = AutoView.find(List.of(cluster, stray), 0);
            assertThat(camera.lookAt().x()).isCloseTo(0, within(0.2));
        }
    }

    @Test
    void coincidentParticlesStillGiveACamera() {
        try (ParticleSet set =
                TestParticles.of(
                        new double[] {3, 3, 3, 1, 1, 1}, new double[] {3, 3, 3, 1, 1, 1})) {
            assertThat(AutoView.find(List.of(set), 0).distance()).isPositive();
        }
    }
}
