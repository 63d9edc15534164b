package org.perseid.renderer.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.perseid.renderer.TestBackends;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Workers;

/** All back ends and qualities against the scalar specification. */
class BackendsTest {

    /** A back end with a quality. */
    record Way(String backend, Quality quality) {
        /** Largest mean error of the light, as a part of the mean light. */
        double meanError() {
            return quality == Quality.EXACT ? 2e-5 : 4e-3;
        }
    }

    static Stream<Way> ways() {
        return Stream.concat(
                Stream.of(new Way("scalar", Quality.HIGH)),
                TestBackends.others().stream()
                        .flatMap(backend ->
                                Stream.of(
                                        new Way(backend, Quality.EXACT),
                                        new Way(backend, Quality.HIGH))));
    }

    private static final Way SPECIFICATION = new Way("scalar", Quality.EXACT);

    private static LinearImage draw(
            Way way, SplatSource source, int width, int height, int threads) {
        LinearImage image = new LinearImage(width, height);
        try (Workers workers = new Workers(threads)) {
            Backends.choose(way.backend)
                    .open(workers, 64, way.quality)
                    .add(source, image, new StageTimes(System::nanoTime));
        }
        return image;
    }

    /** Splats in and around a picture, R from 0.5 to the largest, equally many an octave. */
    private static Splats random(long seed, int n, int width, int height, double largest) {
        SplittableRandom random = new SplittableRandom(seed);
        Splats splats = new Splats(n);
        for (int i = 0; i < n; i++) {
            splats.x[i] = (float) random.nextDouble(-20, width + 20);
            splats.y[i] = (float) random.nextDouble(-20, height + 20);
            splats.radius[i] =
                    random.nextInt(20) == 0
                            ? 0
                            : (float) (0.5 * Math.exp(random.nextDouble() * Math.log(2 * largest)));
            for (int c = 0; c < 3; c++) {
                splats.light[4 * i + c] = random.nextFloat();
            }
        }
        splats.setCount(n);
        return splats;
    }

    private static Splats one(double x, double y, double radius) {
        Splats splats = new Splats(1);
        splats.x[0] = (float) x;
        splats.y[0] = (float) y;
        splats.radius[0] = (float) radius;
        splats.light[0] = 1;
        splats.light[1] = 2;
        splats.light[2] = 0.5f;
        splats.setCount(1);
        return splats;
    }

    private static double sum(float[] plane) {
        double sum = 0;
        for (float v : plane) {
            sum += v;
        }
        return sum;
    }

    private static double meanError(float[] actual, float[] expected) {
        double error = 0;
        for (int p = 0; p < actual.length; p++) {
            error += Math.abs(actual[p] - (double) expected[p]);
        }
        return error / sum(expected);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void agreesWithTheSpecification(Way way) {
        int[][] sizes = {{131, 77}, {64, 200}, {1, 1}, {7, 3}, {17, 300}, {256, 256}};
        double[] largest = {1.3, 2.6, 5, 8, 40, 400};
        for (int[] size : sizes) {
            for (double r : largest) {
                Splats splats = random(size[0] + (long) r, 20_000, size[0], size[1], r);
                SplatSource source = new FixedSplats(splats, 333);
                LinearImage expected = draw(SPECIFICATION, source, size[0], size[1], 1);
                LinearImage actual = draw(way, source, size[0], size[1], 2);
                String what = way + " " + size[0] + "x" + size[1] + " R up to " + r;
                assertThat(meanError(actual.red(), expected.red()))
                        .as(what)
                        .isLessThan(way.meanError());
                assertThat(meanError(actual.green(), expected.green()))
                        .as(what)
                        .isLessThan(way.meanError());
                assertThat(meanError(actual.blue(), expected.blue()))
                        .as(what)
                        .isLessThan(way.meanError());
            }
        }
    }

    /** One after the other, so that no error hides behind many splats. */
    @Test
    void theExactVectorsDrawEverySplatLikeTheSpecification() {
        SplittableRandom random = new SplittableRandom(3);
        for (int k = 0; k < 400; k++) {
            double radius = 0.5 * Math.exp(random.nextDouble() * Math.log(160));
            Splats splats = one(random.nextDouble(-3, 43), random.nextDouble(-3, 34), radius);
            SplatSource source = new FixedSplats(splats, 1);
            LinearImage expected = draw(SPECIFICATION, source, 40, 31, 1);
            LinearImage actual = draw(new Way("vector", Quality.EXACT), source, 40, 31, 1);
            for (int p = 0; p < 40 * 31; p++) {
                assertThat((double) actual.green()[p])
                        .as("splat %d, R %.2f, pixel %d", k, radius, p)
                        .isCloseTo(expected.green()[p], within(1e-5));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void oneSplatIntegratesToItsFlux(Way way) {
        for (double radius : new double[] {6.3, 20, 57.3, 120}) {
            double width = Splats.WIDTH * radius;
            double rho = Splats.SUPPORT * radius;
            double flux = Math.PI * width * width * (1 - Math.exp(-(rho / width) * (rho / width)));
            SplatSource source = new FixedSplats(one(150.3, 149.8, radius), 1);
            LinearImage image = draw(way, source, 301, 300, 2);
            double tolerance = radius < 10 || way.quality == Quality.HIGH ? 0.02 : 0.005;
            assertThat(sum(image.red())).isCloseTo(flux, within(flux * tolerance));
            assertThat(sum(image.green())).isCloseTo(2 * flux, within(2 * flux * tolerance));
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void threadsDoNotChangeABit(Way way) {
        SplatSource source = new FixedSplats(random(11, 5000, 331, 277, 100), 256);
        LinearImage one = draw(way, source, 331, 277, 1);
        for (int threads : new int[] {2, 3, 7}) {
            LinearImage more = draw(way, source, 331, 277, threads);
            assertThat(Arrays.equals(more.red(), one.red())).isTrue();
            assertThat(Arrays.equals(more.green(), one.green())).isTrue();
            assertThat(Arrays.equals(more.blue(), one.blue())).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aSecondFrameIsLikeTheFirst(Way way) {
        SplatSource source = new FixedSplats(random(5, 2000, 100, 90, 60), 500);
        LinearImage first = new LinearImage(100, 90);
        LinearImage second = new LinearImage(100, 90);
        try (Workers workers = new Workers(2)) {
            SplatBackend backend = Backends.choose(way.backend).open(workers, 64, way.quality);
            backend.add(source, first, new StageTimes(System::nanoTime));
            backend.add(source, second, new StageTimes(System::nanoTime));
        }
        assertThat(Arrays.equals(second.red(), first.red())).isTrue();
    }

    /** Splats that are drawn in bands; looks at rows of the image when they are said to be done. */
    private static final class Banded implements SplatSource {
        private final FixedSplats splats;
        private final float largest;
        private final LinearImage image;
        private final float[] seen;
        private int rows;

        Banded(FixedSplats splats, float largest, LinearImage image) {
            this.splats = splats;
            this.largest = largest;
            this.image = image;
            seen = new float[image.red().length];
        }

        @Override
        public int bands() {
            return 4;
        }

        @Override
        public synchronized void drawn(int first) {
            int from = rows * image.width();
            rows = Math.max(rows, first);
            int end = rows * image.width();
            System.arraycopy(image.red(), from, seen, from, end - from);
        }

        @Override
        public boolean reach(int chunk, Reach out) {
            boolean seenAtAll = splats.reach(chunk, out);
            out.largest = largest;
            return seenAtAll;
        }

        @Override
        public int chunks() {
            return splats.chunks();
        }

        @Override
        public int size(int chunk) {
            return splats.size(chunk);
        }

        @Override
        public int capacity() {
            return splats.capacity();
        }

        @Override
        public void project(int chunk, Reach within, Splats out, int slot) {
            splats.project(chunk, within, out, slot);
        }
    }

    /** The same bits as at once; what is said to be finished does not change any more. */
    @ParameterizedTest
    @MethodSource("ways")
    void bandsAreFinishedOneAfterTheOther(Way way) {
        int width = 201;
        int height = 407;
        for (float largest : new float[] {1.3f, 4.9f, 9, 40, 700}) {
            FixedSplats splats =
                    new FixedSplats(random((long) largest, 3000, width, height, largest), 100);
            LinearImage whole = draw(way, splats, width, height, 2);
            for (int threads : new int[] {1, 2, 5}) {
                LinearImage image = new LinearImage(width, height);
                Banded banded = new Banded(splats, largest, image);
                LinearImage second = new LinearImage(width, height);
                try (Workers workers = new Workers(threads)) {
                    SplatBackend backend =
                            Backends.choose(way.backend).open(workers, 64, way.quality);
                    backend.add(banded, image, new StageTimes(System::nanoTime));
                    backend.add(splats, second, new StageTimes(System::nanoTime));
                }
                String what = way + ", R up to " + largest + ", " + threads + " threads";
                int done = banded.rows * width;
                assertThat(Arrays.equals(banded.seen, 0, done, whole.red(), 0, done))
                        .as(what)
                        .isTrue();
                assertThat(Arrays.equals(image.red(), whole.red())).as(what).isTrue();
                assertThat(Arrays.equals(image.blue(), whole.blue())).as(what).isTrue();
                assertThat(Arrays.equals(second.red(), whole.red())).as(what).isTrue();
                if (way.backend.equals("vector")
                        && (way.quality == Quality.EXACT || largest < 10)) {
                    assertThat(banded.rows).as(what).isBetween(280, 306);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void anInfiniteRadiusCoversTheImageEvenly(Way way) {
        SplatSource source = new FixedSplats(one(10, 10, Double.POSITIVE_INFINITY), 1);
        for (float v : draw(way, source, 133, 121, 2).red()) {
            assertThat((double) v).isCloseTo(1, within(1e-5));
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void splatsOutsideAndEmptySetsDrawNothing(Way way) {
        assertThat(sum(draw(way, new FixedSplats(one(-50, 10, 20), 1), 40, 40, 2).red())).isZero();
        assertThat(sum(draw(way, new FixedSplats(one(10, 10, 0), 1), 40, 40, 2).red())).isZero();
        assertThat(sum(draw(way, new FixedSplats(new Splats(0), 1), 40, 40, 2).red())).isZero();
    }

    /** The coarse levels neither ring nor show seams: the worst pixel of one large splat. */
    @ParameterizedTest
    @MethodSource("ways")
    void oneLargeSplatIsSmooth(Way way) {
        for (double radius : new double[] {10, 11.7, 23, 50, 160, 700}) {
            SplatSource source = new FixedSplats(one(150.37, 140.81, radius), 1);
            LinearImage expected = draw(SPECIFICATION, source, 301, 300, 1);
            LinearImage actual = draw(way, source, 301, 300, 2);
            assertThat(meanError(actual.red(), expected.red())).isLessThan(0.035);
            for (int p = 0; p < 301 * 300; p++) {
                // at the rim the light falls from 3.7 % to nothing
                assertThat((double) actual.red()[p])
                        .as("R %.1f pixel %d", radius, p)
                        .isCloseTo(expected.red()[p], within(0.045));
            }
        }
    }

    private static LinearImage absorb(
            String backend, Splats splats, int tilePx, double gray, int threads) {
        LinearImage image = new LinearImage(131, 77);
        try (Workers workers = new Workers(threads)) {
            Backends.choose(backend)
                    .open(workers, tilePx, Quality.EXACT)
                    .absorb(splats, gray, image, new StageTimes(System::nanoTime));
        }
        return image;
    }

    /** From nearly transparent to opaque, with the linear form in between. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 1e-3, 0.5, 30})
    void allAbsorbLikeTheSpecification(double gray) {
        for (double r : new double[] {1.3, 5, 30, 300}) {
            Splats splats = random((long) r, 2000, 131, 77, r);
            for (int i = 0; i < splats.count(); i++) {
                float factor = (float) Math.pow(10, i % 7 - 4);
                for (int c = 0; c < 3; c++) {
                    splats.light[4 * i + c] *= factor;
                }
            }
            LinearImage expected = absorb("scalar", splats, 64, gray, 1);
            for (String backend : TestBackends.others()) {
                LinearImage actual = absorb(backend, splats, 64, gray, 2);
                LinearImage otherTiles = absorb(backend, splats, 13, gray, 3);
                for (int p = 0; p < 131 * 77; p++) {
                    assertThat((double) actual.red()[p])
                            .as("%s, R up to %s, pixel %d", backend, r, p)
                            .isCloseTo(expected.red()[p], within(2e-4));
                    assertThat((double) actual.blue()[p])
                            .isCloseTo(expected.blue()[p], within(2e-4));
                }
                assertThat(meanError(otherTiles.green(), expected.green())).isLessThan(1e-5);
                assertThat(Arrays.equals(otherTiles.green(), actual.green())).isTrue();
            }
        }
    }
}
