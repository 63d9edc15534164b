package org.perseid.renderer.neighbours;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.perseid.renderer.TestParticles;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Workers;

class SmoothingLengthsTest {

    private static double[][] clustered(long seed, int n, double box) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] rows = new double[n][6];
        for (int i = 0; i < n; i++) {
            for (int c = 0; c < 3; c++) {
                double p =
                        i % 3 == 0
                                ? random.nextDouble() * box
                                : box * (0.02 + 0.03 * random.nextGaussian());
                rows[i][c] = (float) (p - box * Math.floor(p / box));
            }
        }
        return rows;
    }

    private static float[] compute(double[][] rows, int k, double box, int threads) {
        try (ParticleSet set = TestParticles.of(rows);
                Workers workers = new Workers(threads)) {
            SmoothingLengths.compute(set, k, 1, box, workers, Reporter.SILENT);
            return set.smoothingLength().asSlice(0, 4L * rows.length).toArray(ParticleSet.FLOAT);
        }
    }

    private static double bruteForce(double[][] rows, int i, int k, double box) {
        double[] squared = new double[rows.length - 1];
        int n = 0;
        for (int j = 0; j < rows.length; j++) {
            if (j != i) {
                double sum = 0;
                for (int c = 0; c < 3; c++) {
                    double d = rows[j][c] - rows[i][c];
                    d = box > 0 ? d - box * Math.rint(d / box) : d;
                    sum += d * d;
                }
                squared[n++] = sum;
            }
        }
        Arrays.sort(squared);
        return Math.sqrt(squared[k - 1]);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 700, 32, 0",
        "2, 700, 32, 10",
        "3, 333, 1, 10",
        "4, 17, 16, 0",
        "5, 1000, 7, 10"
    })
    void itIsTheDistanceThatAllPairsGive(long seed, int n, int k, double box) {
        double[][] rows = clustered(seed, n, 10);
        float[] lengths = compute(rows, k, box, 2);
        for (int i = 0; i < n; i++) {
            double expected = bruteForce(rows, i, k, box);
            assertThat((double) lengths[i]).isCloseTo(expected, within(1e-5 + 1e-5 * expected));
        }
    }

    @Test
    void threadsDoNotChangeABit() {
        double[][] rows = clustered(8, 5000, 10);
        assertThat(compute(rows, 32, 10, 4)).isEqualTo(compute(rows, 32, 10, 1));
    }

    @Test
    void coincidentParticlesGetASmallLengthAboveZero() {
        double[][] rows = clustered(9, 200, 10);
        for (int i = 0; i < 100; i++) {
            rows[i] = rows[0].clone();
        }
        for (float length : compute(rows, 32, 0, 1)) {
            assertThat(length).isPositive();
        }
        double[][] same = new double[50][6];
        assertThat(compute(same, 32, 0, 1)).containsOnly(1f);
    }

    @Test
    void fewParticlesUseAllOthers() {
        double[][] rows = {{0, 0, 0, 0, 0, 0}, {3, 0, 0, 0, 0, 0}, {0, 4, 0, 0, 0, 0}};
        assertThat(compute(rows, 32, 0, 1)).containsExactly(4f, 5f, 5f);
        assertThat(compute(new double[][] {{1, 1, 1, 0, 0, 0}}, 32, 0, 1)).containsExactly(1f);
        assertThat(compute(new double[0][], 32, 0, 1)).isEmpty();
    }
}
