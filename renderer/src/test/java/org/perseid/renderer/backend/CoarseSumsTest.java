package org.perseid.renderer.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.perseid.renderer.model.Measure;
import org.perseid.renderer.model.SphKernel;
import org.perseid.renderer.model.Workers;

/** Large kernels on coarse grids against the kernel at each pixel. */
class CoarseSumsTest {
    private static final int WIDTH = 301;
    private static final int HEIGHT = 250;

    private static final Measure MASS = new Measure(Measure.Kind.MASS, -1, "mass");
    private static final Measure MEAN = new Measure(Measure.Kind.MEAN, 0, "mean");

    private static float[] measured(
            SphKernel of, int threads, Measure measure, double[]... particles) {
        Footprints footprints = new Footprints(particles.length, 1);
        for (int i = 0; i < particles.length; i++) {
            footprints.x[i] = particles[i][0];
            footprints.y[i] = particles[i][1];
            footprints.radius[i] = particles[i][2];
            footprints.mass[i] = 1;
            footprints.unitsPerPixel[i] = 1;
            footprints.values[0][i] = i;
        }
        footprints.setCount(particles.length);
        MeasureImage image = new MeasureImage(WIDTH, HEIGHT, List.of(measure));
        try (Workers workers = new Workers(threads)) {
            image.add(footprints, ProjectedKernel.of(of), workers);
            image.gather(workers);
        }
        return image.finish().getFirst().values();
    }

    @ParameterizedTest
    @CsvSource({
        "CUBIC, 48, 3e-5, 1.5e-5",
        "CUBIC, 60.7, 3e-5, 1.5e-5",
        "CUBIC, 96, 3e-5, 1.5e-5",
        "CUBIC, 110, 3e-5, 1.5e-5",
        "CUBIC, 400, 3e-5, 1.5e-5",
        "CUBIC, 40000, 3e-5, 1.5e-5",
        "WENDLAND, 48, 8e-5, 1e-5",
        "WENDLAND, 110, 8e-5, 1e-5",
        "WENDLAND, 777, 8e-5, 1e-5"
    })
    void aKernelOnAGridIsTheKernel(SphKernel of, double radius, double most, double onAverage) {
        SplittableRandom random = new SplittableRandom(7);
        ProjectedKernel kernel = ProjectedKernel.of(of);
        for (int n = 0; n < 4; n++) {
            double x = random.nextDouble(-40, WIDTH + 40);
            double y = random.nextDouble(-40, HEIGHT + 40);
            float[] found = measured(of, 2, MASS, new double[] {x, y, radius});
            double error = 0;
            for (int p = 0; p < found.length; p++) {
                double dx = p % WIDTH - x;
                double dy = Math.floorDiv(p, WIDTH) - y;
                double expected = kernel.at((dx * dx + dy * dy) / (radius * radius));
                double value = found[p] * radius * radius;
                assertThat(value)
                        .as("%s of %s at %s, %s: %s", of, radius, x, y, p)
                        .isEqualTo(expected, within(most * kernel.at(0)));
                if (expected == 0) {
                    assertThat(value).isZero();
                } else {
                    assertThat(value).isPositive();
                }
                error += Math.abs(value - expected);
            }
            assertThat(error).isLessThan(onAverage * radius * radius); // the sum of all its values
        }
    }

    @ParameterizedTest
    @CsvSource({"CUBIC, 48", "CUBIC, 100", "WENDLAND, 48", "WENDLAND, 100"})
    void noMassIsLost(SphKernel of, double radius) {
        double sum = 0;
        for (float v : measured(of, 3, MASS, new double[] {140.3, 120.8, radius})) {
            sum += v;
        }
        assertThat(sum).isEqualTo(1, within(1e-5));
    }

    @Test
    void theNumberOfThreadsDoesNotChangeABit() {
        double[][] particles =
                new SplittableRandom(8)
                        .doubles(300)
                        .boxed()
                        .map(r ->
                                new double[] {
                                    400 * r - 50, 300 * (r * 77 % 1), 20 + 300 * (r * 99 % 1)
                                })
                        .toArray(double[][]::new);
        float[] one = measured(SphKernel.CUBIC, 1, MASS, particles);
        assertThat(measured(SphKernel.CUBIC, 2, MASS, particles)).isEqualTo(one);
        assertThat(measured(SphKernel.CUBIC, 5, MASS, particles)).isEqualTo(one);
    }

    /** Also where kernels end, and their sums are small. */
    @Test
    void meansStayBetweenTheValuesThatTheyAreOf() {
        float[] mean =
                measured(
                        SphKernel.CUBIC,
                        2,
                        MEAN,
                        new double[] {100, 100, 80},
                        new double[] {150, 120, 75});
        for (int p = 0; p < mean.length; p++) {
            double x = p % WIDTH;
            double y = Math.floorDiv(p, WIDTH);
            boolean first = Math.hypot(x - 100, y - 100) < 80;
            boolean second = Math.hypot(x - 150, y - 120) < 75;
            if (!first && !second) {
                assertThat(mean[p]).isNaN();
            } else {
                assertThat(mean[p]).isBetween(0f, 1f);
            }
        }
    }
}
