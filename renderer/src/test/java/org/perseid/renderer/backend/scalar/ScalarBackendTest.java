package org.perseid.renderer.backend.scalar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.perseid.renderer.backend.FixedSplats;
import org.perseid.renderer.backend.SplatBackend;
import org.perseid.renderer.backend.Splats;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Workers;

class ScalarBackendTest {

    private static LinearImage add(Splats splats, int width, int height, int tilePx, int threads) {
        return draw(splats, width, height, tilePx, threads, -1);
    }

    /** Emission for a negative gray, absorption otherwise. */
    private static LinearImage draw(
            Splats splats, int width, int height, int tilePx, int threads, double gray) {
        LinearImage image = new LinearImage(width, height);
        try (Workers workers = new Workers(threads)) {
            SplatBackend backend = new ScalarProvider().open(workers, tilePx, Quality.EXACT);
            StageTimes times = new StageTimes(System::nanoTime);
            if (gray < 0) {
                backend.add(new FixedSplats(splats, 128), image, times);
            } else {
                backend.absorb(splats, gray, image, times);
            }
        }
        return image;
    }

    private static Splats splats(double[]... rows) {
        Splats splats = new Splats(rows.length);
        for (int i = 0; i < rows.length; i++) {
            splats.x[i] = (float) rows[i][0];
            splats.y[i] = (float) rows[i][1];
            splats.radius[i] = (float) rows[i][2];
            splats.light[4 * i] = (float) rows[i][3];
            splats.light[4 * i + 1] = (float) rows[i][4];
            splats.light[4 * i + 2] = (float) rows[i][5];
        }
        splats.setCount(rows.length);
        return splats;
    }

    private static Splats random(long seed, int n, double width, double height, double maxRadius) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] rows = new double[n][];
        for (int i = 0; i < n; i++) {
            rows[i] =
                    new double[] {
                        random.nextDouble(-10, width + 10),
                        random.nextDouble(-10, height + 10),
                        Math.exp(random.nextDouble() * Math.log(maxRadius * 10)) / 10,
                        random.nextDouble(),
                        random.nextDouble(),
                        random.nextDouble()
                    };
        }
        return splats(rows);
    }

    private static double sum(float[] plane) {
        double sum = 0;
        for (float v : plane) {
            sum += v;
        }
        return sum;
    }

    private static void assertSameBits(LinearImage a, LinearImage b) {
        assertThat(a.red()).isEqualTo(b.red());
        assertThat(a.green()).isEqualTo(b.green());
        assertThat(a.blue()).isEqualTo(b.blue());
    }

    /** The integral of exp(-(d/s)^2) within rho is pi s^2 (1 - exp(-(rho/s)^2)). */
    @ParameterizedTest
    @ValueSource(doubles = {20, 57.3, 120})
    void oneSplatIntegratesToItsFlux(double radius) {
        double width = Splats.WIDTH * radius;
        double rho = Splats.SUPPORT * radius;
        double flux = Math.PI * width * width * (1 - Math.exp(-(rho / width) * (rho / width)));
        LinearImage image =
                add(splats(new double[] {150.3, 149.8, radius, 1, 2, 0.5}), 301, 300, 64, 2);
        assertThat(sum(image.red())).isCloseTo(flux, within(flux * 5e-3));
        assertThat(sum(image.green())).isCloseTo(2 * flux, within(flux * 1e-2));
        assertThat(sum(image.blue())).isCloseTo(0.5 * flux, within(flux * 5e-3));
    }

    @Test
    void everyPixelHasTheWeightOfItsDistanceAndNoneBeyondTheSupport() {
        double x = 20.25;
        double y = 17.5;
        double radius = 11;
        LinearImage image = add(splats(new double[] {x, y, radius, 1, 1, 1}), 41, 37, 16, 1);
        for (int py = 0; py < 37; py++) {
            for (int px = 0; px < 41; px++) {
                double d2 = (px - x) * (px - x) + (py - y) * (py - y);
                double scale = Splats.WIDTH * radius;
                double expected =
                        d2 <= Splats.SUPPORT * Splats.SUPPORT * radius * radius
                                ? Math.exp(-d2 / (scale * scale))
                                : 0;
                assertThat((double) image.red()[py * 41 + px])
                        .as("pixel %d,%d", px, py)
                        .isCloseTo(expected, within(1e-5));
            }
        }
    }

    @Test
    void twoHalvesAddedEqualTheWhole() {
        Splats all = random(7, 400, 97, 61, 60);
        Splats first = random(7, 400, 97, 61, 60);
        Splats second = random(7, 400, 97, 61, 60);
        Arrays.fill(first.radius, 200, 400, 0f);
        Arrays.fill(second.radius, 0, 200, 0f);
        LinearImage whole = add(all, 97, 61, 32, 2);
        LinearImage a = add(first, 97, 61, 32, 2);
        LinearImage b = add(second, 97, 61, 32, 2);
        for (int p = 0; p < 97 * 61; p++) {
            assertThat((double) a.red()[p] + b.red()[p])
                    .isCloseTo(whole.red()[p], within(1e-4 * (1 + whole.red()[p])));
        }
    }

    @Test
    void aShiftByWholePixelsShiftsTheImage() {
        LinearImage a = add(splats(new double[] {30.25, 20.5, 9, 1, 0, 0}), 80, 60, 16, 1);
        LinearImage b = add(splats(new double[] {37.25, 25.5, 9, 1, 0, 0}), 80, 60, 16, 1);
        for (int y = 0; y < 55; y++) {
            for (int x = 0; x < 73; x++) {
                assertThat(b.red()[(y + 5) * 80 + x + 7]).isEqualTo(a.red()[y * 80 + x]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 13, 64, 4096})
    void neitherThreadsNorTilesChangeABit(int tilePx) {
        Splats splats = random(11, 2000, 131, 77, 300);
        assertSameBits(add(splats, 131, 77, 50, 1), add(splats, 131, 77, tilePx, 3));
        assertSameBits(draw(splats, 131, 77, 50, 1, 0.2), draw(splats, 131, 77, tilePx, 3, 0.2));
    }

    @Test
    void aBatchThatTouchesTooManyTilesIsDrawnInPartsWithTheSameBits() {
        Splats splats = random(13, 500, 131, 77, 300);
        LinearImage inParts = new LinearImage(131, 77);
        try (Workers workers = new Workers(2)) {
            new ScalarBackend(workers, 8, 300, Quality.EXACT)
                    .add(new FixedSplats(splats, 1000), inParts, new StageTimes(System::nanoTime));
        }
        assertSameBits(inParts, add(splats, 131, 77, 64, 1));
    }

    @Test
    void splatsOutsideOrWithoutRadiusDrawNothing() {
        Splats splats =
                splats(
                        new double[] {-50, 10, 20, 1, 1, 1},
                        new double[] {10, 200, 20, 1, 1, 1},
                        new double[] {10, 10, 0, 1, 1, 1});
        LinearImage image = add(splats, 40, 40, 16, 1);
        assertThat(sum(image.red())).isZero();
    }

    @Test
    void anInfiniteRadiusCoversTheImageEvenly() {
        LinearImage image =
                add(
                        splats(new double[] {10, 10, Double.POSITIVE_INFINITY, 1, 1, 1}),
                        33,
                        21,
                        16,
                        1);
        assertThat(image.red()).containsOnly(1f);
    }

    @Test
    void oneAbsorbingSplatTendsToItsSource() {
        double e = 2;
        double gray = 0.5;
        LinearImage image = draw(splats(new double[] {10, 10, 5, e, 0, e}), 21, 21, 16, 1, gray);
        double q = e / (e + gray);
        assertThat((double) image.red()[10 * 21 + 10])
                .isCloseTo(q * (1 - Math.exp(-e)), within(1e-6));
        assertThat(image.green()[10 * 21 + 10]).isZero();
    }

    @Test
    void aSecondSplatHidesTheFirstInItsOwnColour() {
        double[] far = {10, 10, 5, 3, 3, 3};
        double[] near = {10, 10, 5, 9, 0.5, 0.5};
        int p = 10 * 21 + 10;
        LinearImage nearLast = draw(splats(far, near), 21, 21, 16, 1, 1);
        LinearImage farLast = draw(splats(near, far), 21, 21, 16, 1, 1);
        assertThat((double) nearLast.red()[p]).isCloseTo(over(over(0, 3), 9), within(1e-5));
        assertThat((double) farLast.red()[p]).isCloseTo(over(over(0, 9), 3), within(1e-5));
        assertThat((double) nearLast.green()[p]).isCloseTo(over(over(0, 3), 0.5), within(1e-5));
    }

    private static double over(double light, double e) {
        double q = e / (e + 1);
        return q + (light - q) * Math.exp(-e);
    }

    @Test
    void withNoEmissionAndNoGrayThereIsNoNaN() {
        LinearImage image = draw(splats(new double[] {10, 10, 5, 0, 0, 0}), 21, 21, 16, 1, 0);
        assertThat(sum(image.red())).isZero();
    }
}
