package org.perseid.renderer.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Workers;

/** Ways between two snapshots against motions that are known. */
class MotionTest {
    private static final double STEP = 1e-6;

    private static double velocity(Motion motion, double f, double way, double v1, double v2) {
        return (motion.at(f + STEP, way, v1, v2) - motion.at(f - STEP, way, v1, v2)) / (2 * STEP);
    }

    @ParameterizedTest
    @CsvSource({
        "CUBIC, 3, 1, 2",
        "CUBIC, -1, 5, -7",
        "CUBIC, 0, 1, -1",
        "ORBITAL, 3, 1, 2",
        "ORBITAL, 1, -2, 0.5",
        "ORBITAL, 1, 0.3, -0.3",
        "ORBITAL, 2, 3, 5",
        "ORBITAL, 0, 1, -1",
        "ORBITAL, 1e-9, 4, -2"
    })
    void itMeetsBothPlacesAndBothVelocities(Motion motion, double way, double v1, double v2) {
        assertThat(motion.at(0, way, v1, v2)).isEqualTo(0, within(1e-9));
        assertThat(motion.at(1, way, v1, v2)).isEqualTo(way, within(1e-6));
        assertThat(velocity(motion, 0, way, v1, v2)).isEqualTo(v1, within(1e-3));
        assertThat(velocity(motion, 1, way, v1, v2)).isEqualTo(v2, within(1e-3));
    }

    @Test
    void aParticleThatFallsIsFollowedExactlyByTheCubic() {
        // x = 2 t + 3 t^2 - t^3, v = 2 + 6 t - 3 t^2
        for (double f = 0; f <= 1; f += 0.1) {
            assertThat(Motion.CUBIC.at(f, 4, 2, 5))
                    .isEqualTo(2 * f + 3 * f * f - f * f * f, within(1e-12));
        }
    }

    @ParameterizedTest
    @CsvSource({"0.3, 0.5", "1.1, 0.2", "2.8, 2", "3.9, 1", "5.5, 0.1"})
    void aParticleOnAnOrbitIsFollowedExactly(double alpha, double phase) {
        double x1 = Math.cos(phase);
        double x2 = Math.cos(alpha + phase);
        double v1 = -alpha * Math.sin(phase);
        double v2 = -alpha * Math.sin(alpha + phase);
        for (double f = 0; f <= 1; f += 0.125) {
            assertThat(x1 + Motion.ORBITAL.at(f, x2 - x1, v1, v2))
                    .isEqualTo(Math.cos(alpha * f + phase), within(1e-6));
        }
    }

    @Test
    void theLineKnowsNoVelocity() {
        assertThat(Motion.LINEAR.at(0.25, 8, 100, -100)).isEqualTo(2);
        assertThat(Motion.LINEAR.alone(0.5, 3)).isZero();
        assertThat(Motion.CUBIC.alone(0.5, 3)).isEqualTo(1.5);
    }

    /** H0 = 70, Omega 0.3, Lambda 0.7: 13.47 Gyr now; an Einstein-de Sitter universe 2/3 / H0. */
    @Test
    void theAgeOfTheUniverseIsRight() {
        double gyr = 3.15576e16;
        assertThat(CosmicTime.seconds(1, 0.3, 0.7, 0.7) / gyr).isEqualTo(13.47, within(0.01));
        assertThat(CosmicTime.seconds(1, 1, 0, 0.7) / gyr).isEqualTo(9.31, within(0.01));
        assertThat(CosmicTime.seconds(0.5, 0.3, 0.7, 0.7) / gyr).isEqualTo(5.75, within(0.01));
    }

    @Test
    void velocitiesMoveParticlesAlsoThoseThatAreInOneSnapshotOnly() {
        ParticleSet.Columns columns = new ParticleSet.Columns(false, false, true, true, 1);
        try (Workers workers = new Workers(1);
                ParticleSet first = new ParticleSet(2, columns);
                ParticleSet second = new ParticleSet(2, columns)) {
            put(first, 0, 1, 10, 0, 4);
            put(first, 1, 2, 20, 6, 8);
            put(second, 0, 1, 11, 2, 6);
            put(second, 1, 3, 30, 10, 8);
            Interpolation pairing = new Interpolation(first, second, workers);
            try (ParticleSet half = pairing.at(0.5, 0, Motion.CUBIC, 1, 0.5, workers)) {
                assertThat(half.count()).isEqualTo(3);
                // way 1, v1 0, v2 2 * 0.5
                assertThat(half.x().getAtIndex(ParticleSet.FLOAT, 0))
                        .isEqualTo((float) (10 + 0.5 + 1 * (0.125 - 0.25)));
                assertThat(half.extra(0).getAtIndex(ParticleSet.FLOAT, 0)).isEqualTo(5f);
                assertThat(half.x().getAtIndex(ParticleSet.FLOAT, 1)).isEqualTo(23f);
                assertThat(half.x().getAtIndex(ParticleSet.FLOAT, 2)).isEqualTo(27.5f);
            }
        }
    }

    private static void put(ParticleSet set, int i, long id, float x, float v, float extra) {
        set.x().setAtIndex(ParticleSet.FLOAT, i, x);
        set.smoothingLength().setAtIndex(ParticleSet.FLOAT, i, 1);
        set.velocity(0).setAtIndex(ParticleSet.FLOAT, i, v);
        set.extra(0).setAtIndex(ParticleSet.FLOAT, i, extra);
        set.ids().setAtIndex(ParticleSet.ID, i, id);
    }
}
