package org.perseid.renderer.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.perseid.renderer.model.FloatImage;
import org.perseid.renderer.model.Measure;
import org.perseid.renderer.model.SphKernel;
import org.perseid.renderer.model.Workers;

/** Footprints by rows and bands against the definition, pixel by pixel. */
class FootprintsTest {
    private static final int WIDTH = 130;
    private static final int HEIGHT = 170;

    private static final List<Measure> MEASURES =
            List.of(
                    new Measure(Measure.Kind.MASS, -1, "mass"),
                    new Measure(Measure.Kind.COLUMN_DENSITY, -1, "column_density"),
                    new Measure(Measure.Kind.MEAN, 0, "mean"),
                    new Measure(Measure.Kind.MAXIMUM, 0, "max"),
                    new Measure(Measure.Kind.HITS, -1, "hits"),
                    new Measure(Measure.Kind.DEPTH, -1, "depth"));

    @ParameterizedTest
    @CsvSource({"CUBIC, 1, 1", "CUBIC, 2, 3", "WENDLAND, 3, 2", "GAUSSIAN, 4, 16"})
    void rowsAreWhatTheDefinitionSays(SphKernel of, long seed, int threads) {
        Footprints particles = particles(new SplittableRandom(seed));
        ProjectedKernel kernel = ProjectedKernel.of(of);
        MeasureImage image = new MeasureImage(WIDTH, HEIGHT, MEASURES);
        try (Workers workers = new Workers(threads)) {
            image.add(particles, kernel, workers);
            image.gather(workers);
        }
        double[][] onGrids = new double[MEASURES.size()][WIDTH * HEIGHT];
        double[][] expected = expected(particles, kernel, onGrids);
        List<FloatImage> layers = image.finish();
        for (int k = 0; k < layers.size(); k++) {
            for (int p = 0; p < WIDTH * HEIGHT; p++) {
                double value = expected[k][p];
                float found = layers.get(k).values()[p];
                if (Double.isNaN(value) || Double.isInfinite(value)) {
                    assertThat(found).as("%s %d", layers.get(k).name(), p).isNaN();
                } else {
                    double allowed = 1e-12 + 2e-7 * Math.abs(value) + onGrids[k][p];
                    assertThat((double) found)
                            .as("%s %d, seed %d", layers.get(k).name(), p, seed)
                            .isEqualTo(value, within(allowed));
                }
            }
        }
    }

    /** Of all sizes, in and around the picture; some without mass or value. */
    private static Footprints particles(SplittableRandom random) {
        int n = 1500;
        Footprints out = new Footprints(n, 1);
        for (int i = 0; i < n; i++) {
            out.radius[i] = Math.pow(10, random.nextDouble(-2, 1.9));
            out.x[i] = random.nextDouble(-30, WIDTH + 30);
            out.y[i] = random.nextDouble(-30, HEIGHT + 30);
            if (i % 7 == 0) {
                out.x[i] = Math.rint(out.x[i]);
                out.radius[i] = Math.rint(out.radius[i]);
            }
            if (i % 499 == 0) { // close to the eye
                out.radius[i] *= 1e10;
            }
            out.mass[i] = i % 11 == 0 ? 0 : random.nextDouble(0.5, 2);
            out.unitsPerPixel[i] = random.nextDouble(0.1, 0.2);
            out.depth[i] = random.nextDouble(1, 9);
            out.values[0][i] = i % 13 == 0 ? Float.NaN : (float) random.nextDouble(-5, 5);
        }
        out.setCount(n);
        return out;
    }

    /**
     * @param onGrids receives what kernels on coarse grids may differ by (CoarseSumsTest)
     */
    private static double[][] expected(Footprints of, ProjectedKernel kernel, double[][] onGrids) {
        double[][] out = new double[MEASURES.size()][WIDTH * HEIGHT];
        double[] weights = new double[WIDTH * HEIGHT];
        Arrays.fill(out[3], Double.NEGATIVE_INFINITY);
        Arrays.fill(out[5], Double.POSITIVE_INFINITY);
        for (int i = 0; i < of.count(); i++) {
            double norm = norm(of, i, kernel);
            for (int y = 0; y < HEIGHT && of.mass[i] > 0; y++) {
                for (int x = 0; x < WIDTH; x++) {
                    double part = norm * kernel.at(squared(of, i, x, y));
                    if (norm == 0) {
                        part = x == Math.rint(of.x[i]) && y == Math.rint(of.y[i]) ? 1 : 0;
                    }
                    if (part > 0) {
                        put(of, i, y * WIDTH + x, of.mass[i] * part, out, weights);
                        if (kernel.isSmooth() && of.radius[i] >= 2 * CoarseSums.LEAST_RADIUS) {
                            double most = 8e-5 * norm * kernel.at(0) * of.mass[i];
                            onGrids[0][y * WIDTH + x] += most;
                            onGrids[1][y * WIDTH + x] += most / Math.pow(of.unitsPerPixel[i], 2);
                            onGrids[2][y * WIDTH + x] += 10 * most;
                        }
                    }
                }
            }
        }
        for (int p = 0; p < weights.length; p++) {
            out[2][p] /= weights[p];
            onGrids[2][p] /= weights[p];
        }
        return out;
    }

    private static double norm(Footprints of, int i, ProjectedKernel kernel) {
        double r = of.radius[i];
        if (r >= 24) {
            return 1 / (r * r);
        }
        double sum = 0;
        for (int y = (int) (of.y[i] - r) - 2; y <= of.y[i] + r + 2; y++) {
            for (int x = (int) (of.x[i] - r) - 2; x <= of.x[i] + r + 2; x++) {
                sum += kernel.at(squared(of, i, x, y));
            }
        }
        return sum > 0 ? 1 / sum : 0;
    }

    private static double squared(Footprints of, int i, int x, int y) {
        double dx = x - of.x[i];
        double dy = y - of.y[i];
        return (dx * dx + dy * dy) * (1 / (of.radius[i] * of.radius[i]));
    }

    private static void put(
            Footprints of, int i, int p, double mass, double[][] out, double[] weights) {
        float value = of.values[0][i];
        out[0][p] += mass;
        out[1][p] += mass / (of.unitsPerPixel[i] * of.unitsPerPixel[i]);
        if (Float.isFinite(value)) {
            out[2][p] += mass * value;
            weights[p] += mass;
            out[3][p] = Math.max(out[3][p], value);
        }
        out[4][p]++;
        out[5][p] = Math.min(out[5][p], of.depth[i]);
    }
}
