package org.perseid.renderer.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.perseid.renderer.TestParticles;
import org.perseid.renderer.backend.Backends;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.FrameSettings;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Projection;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Shading;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.TypeStyle;
import org.perseid.renderer.model.Vec3;
import org.perseid.renderer.model.Workers;
import org.perseid.renderer.spatial.SpatialOrder;

class FrameRendererTest {
    private static final Vec3 UP = new Vec3(0, 0, 1);
    private static final double INTENSITY_NORM = 0.5 * Math.pow(Math.PI, -5.0 / 6.0);

    /** From (0, -10, 0) to the origin: x of the picture is x, y of the picture is z. */
    private static Camera camera(double fov, Projection projection) {
        Vec3 eye = new Vec3(0, -10, 0);
        return new Camera(eye, new Vec3(0, 0, 0), UP, eye, fov, projection, 0, 1e23);
    }

    private static FrameSettings frame(int width, int height, Shading shading) {
        return new FrameSettings(width, height, 0, 0, shading, 32);
    }

    private static LinearImage render(
            ParticleSet set, Camera camera, FrameSettings frame, int threads) {
        return render(set, TestParticles.plain(), camera, frame, threads);
    }

    private static LinearImage render(
            ParticleSet set, TypeStyle style, Camera camera, FrameSettings frame, int threads) {
        try (Workers workers = new Workers(threads)) {
            return new FrameRenderer(
                            Backends.choose("scalar"), Quality.EXACT, workers, Reporter.SILENT)
                    .render(
                            List.of(new Layer(set, style)),
                            camera,
                            frame,
                            new StageTimes(System::nanoTime));
        }
    }

    /** Centre of light, in pixels. */
    private static double[] centre(LinearImage image) {
        double sum = 0;
        double sx = 0;
        double sy = 0;
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++) {
                double v = image.red()[y * image.width() + x];
                sum += v;
                sx += v * x;
                sy += v * y;
            }
        }
        return new double[] {sx / sum, sy / sum, sum};
    }

    @ParameterizedTest
    @EnumSource(names = {"PERSPECTIVE", "ORTHOGRAPHIC"})
    void theTargetIsInTheMiddleAndUpIsTowardsLargerY(Projection projection) {
        Camera camera = camera(60, projection);
        FrameSettings frame = frame(200, 120, new Shading.Emission());
        double focal = 200 / (2 * Math.tan(Math.toRadians(30)) * 10);
        try (ParticleSet target = TestParticles.of(new double[] {0, 0, 0, 0.3, 1, 1});
                ParticleSet rightAndUp = TestParticles.of(new double[] {1, 0, 2, 0.3, 1, 1})) {
            assertThat(centre(render(target, camera, frame, 1))[0]).isCloseTo(100, within(0.02));
            assertThat(centre(render(target, camera, frame, 1))[1]).isCloseTo(60, within(0.02));
            double[] at = centre(render(rightAndUp, camera, frame, 1));
            assertThat(at[0]).isCloseTo(100 + focal, within(0.02));
            assertThat(at[1]).isCloseTo(60 + 2 * focal, within(0.02));
        }
    }

    @Test
    void perspectiveShrinksWithDistanceAndOrthographicDoesNot() {
        FrameSettings frame = frame(200, 200, new Shading.Emission());
        double focal = 200 / (2 * Math.tan(Math.toRadians(30)));
        try (ParticleSet behind = TestParticles.of(new double[] {2, 10, 0, 0.5, 1, 1})) {
            double[] perspective =
                    centre(render(behind, camera(60, Projection.PERSPECTIVE), frame, 1));
            double[] parallel =
                    centre(render(behind, camera(60, Projection.ORTHOGRAPHIC), frame, 1));
            assertThat(perspective[0]).isCloseTo(100 + 2 * focal / 20, within(0.02));
            assertThat(parallel[0]).isCloseTo(100 + 2 * focal / 10, within(0.02));
        }
    }

    /**
     * Peak = I b / (2 r) / k, and the support is 0.75 R with R = k r_p, k = sqrt(r_p^2 + min^2) /
     * r_p.
     */
    @ParameterizedTest
    @ValueSource(doubles = {0, 1, 7.5})
    void peakAndSizeFollowTheFormulas(double minRadius) {
        FrameSettings frame = new FrameSettings(201, 201, minRadius, 0, new Shading.Emission(), 32);
        double pixelsPerUnit = 201 / (2 * Math.tan(Math.toRadians(30)) * 10);
        double radius = 0.5;
        double projected = 2 * radius * pixelsPerUnit;
        double k = Math.sqrt(projected * projected + minRadius * minRadius) / projected;
        try (ParticleSet set =
                TestParticles.of(
                        new double[] {
                            0.5 / pixelsPerUnit * -1, 0, 0.5 / pixelsPerUnit * -1, radius, 1, 1
                        })) {
            LinearImage image = render(set, camera(60, Projection.ORTHOGRAPHIC), frame, 1);
            double peak = INTENSITY_NORM / (2 * radius) / k;
            assertThat((double) image.red()[100 * 201 + 100]).isCloseTo(peak, within(peak * 1e-4));
            int last = 100;
            while (image.red()[100 * 201 + last] > 0) {
                last++;
            }
            assertThat(last - 1 - 100).isEqualTo((int) Math.floor(0.75 * k * projected + 1e-3));
        }
    }

    @Test
    void depthLimitsAreExclusiveAndNothingBehindTheEyeIsDrawn() {
        FrameSettings frame = frame(60, 60, new Shading.Emission());
        Vec3 eye = new Vec3(0, -10, 0);
        for (double depth : new double[] {-5, 0, 4, 6, 12}) {
            try (ParticleSet set = TestParticles.of(new double[] {0, depth - 10, 0, 0.5, 1, 1})) {
                Camera camera =
                        new Camera(
                                eye,
                                new Vec3(0, 0, 0),
                                UP,
                                eye,
                                60,
                                Projection.ORTHOGRAPHIC,
                                5,
                                10);
                double light = centre(render(set, camera, frame, 1))[2];
                assertThat(light > 0).as("depth %s", depth).isEqualTo(depth > 5 && depth < 10);
            }
        }
    }

    @Test
    void anOffAxisCentreKeepsTheTargetInPlace() {
        Vec3 center = new Vec3(0, -10, 0);
        Vec3 eye = new Vec3(0.7, -10, 0.2);
        Camera offAxis =
                new Camera(eye, new Vec3(0, 0, 0), UP, center, 60, Projection.PERSPECTIVE, 0, 1e23);
        try (ParticleSet target = TestParticles.of(new double[] {0, 0, 0, 0.3, 1, 1})) {
            double[] at =
                    centre(render(target, offAxis, frame(200, 120, new Shading.Emission()), 1));
            assertThat(at[0]).isCloseTo(100, within(0.02));
            assertThat(at[1]).isCloseTo(60, within(0.02));
        }
    }

    @Test
    void aPeriodicBoxShowsTheNearestCopy() {
        FrameSettings periodic = new FrameSettings(200, 200, 0, 10, new Shading.Emission(), 32);
        try (ParticleSet far = TestParticles.of(new double[] {9, 0, -9, 0.3, 1, 1});
                ParticleSet near = TestParticles.of(new double[] {-1, 0, 1, 0.3, 1, 1})) {
            Camera camera = camera(60, Projection.PERSPECTIVE);
            LinearImage wrapped = render(far, camera, periodic, 1);
            assertThat(wrapped.red()).isEqualTo(render(near, camera, periodic, 1).red());
        }
    }

    @Test
    void aPictureOfTwoHalvesIsTheSumOfTheirPictures() {
        double[][] rows = cloud(5, 600);
        double[][] a = java.util.Arrays.copyOfRange(rows, 0, 250);
        double[][] b = java.util.Arrays.copyOfRange(rows, 250, 600);
        Camera camera = camera(50, Projection.PERSPECTIVE);
        FrameSettings frame = frame(111, 73, new Shading.Emission());
        try (ParticleSet all = TestParticles.of(rows);
                ParticleSet first = TestParticles.of(a);
                ParticleSet second = TestParticles.of(b)) {
            float[] whole = render(all, camera, frame, 2).red();
            float[] one = render(first, camera, frame, 2).red();
            float[] two = render(second, camera, frame, 2).red();
            for (int p = 0; p < whole.length; p++) {
                assertThat((double) one[p] + two[p])
                        .isCloseTo(whole[p], within(1e-5 * (1 + whole[p])));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Shading.DrawOrder.class)
    void theNumberOfThreadsDoesNotChangeABit(Shading.DrawOrder order) {
        Camera camera = camera(50, Projection.PERSPECTIVE);
        try (ParticleSet set = TestParticles.of(cloud(9, 9001))) {
            for (Shading shading :
                    List.of(new Shading.Emission(), new Shading.Absorption(0.1, order))) {
                FrameSettings frame = frame(91, 57, shading);
                LinearImage one = render(set, camera, frame, 1);
                LinearImage four = render(set, camera, frame, 4);
                assertThat(four.red()).isEqualTo(one.red());
                assertThat(four.blue()).isEqualTo(one.blue());
            }
        }
    }

    @Test
    void farToNearPutsTheNearOneInFront() {
        double[] far = {0, 3, 0, 1, 1, 1};
        double[] near = {0, -3, 0, 1, 1, 0.2};
        Camera camera = camera(60, Projection.ORTHOGRAPHIC);
        TypeStyle style = TestParticles.plain().withBrightness(60);
        try (ParticleSet nearFirst = TestParticles.of(near, far);
                ParticleSet farFirst = TestParticles.of(far, near)) {
            Shading sorted = new Shading.Absorption(1, Shading.DrawOrder.FAR_TO_NEAR);
            Shading unsorted = new Shading.Absorption(1, Shading.DrawOrder.FILE);
            int p = 30 * 60 + 30;
            float sortedA = render(nearFirst, style, camera, frame(60, 60, sorted), 1).red()[p];
            float sortedB = render(farFirst, style, camera, frame(60, 60, sorted), 1).red()[p];
            float inFileOrder =
                    render(farFirst, style, camera, frame(60, 60, unsorted), 1).red()[p];
            float opposite = render(nearFirst, style, camera, frame(60, 60, unsorted), 1).red()[p];
            assertThat(sortedA).isEqualTo(sortedB).isEqualTo(inFileOrder).isNotEqualTo(opposite);
        }
    }

    /** Small and faint, large and strong: each order puts one of them in front. */
    @ParameterizedTest
    @CsvSource({"RED_DESCENDING, false", "RED_ASCENDING, true", "RADIUS_DESCENDING, false"})
    void theOtherOrdersSortByWhatTheySay(Shading.DrawOrder order, boolean strongLast) {
        double[] faint = {0, 0, 0, 1, 1, 0.2};
        double[] strong = {0, 0, 0, 2, 1, 1};
        Camera camera = camera(60, Projection.ORTHOGRAPHIC);
        TypeStyle style = TestParticles.plain().withBrightness(60);
        try (ParticleSet set = TestParticles.of(strong, faint);
                ParticleSet strongFirst = TestParticles.of(strong, faint);
                ParticleSet faintFirst = TestParticles.of(faint, strong)) {
            ParticleSet expected = strongLast ? faintFirst : strongFirst;
            FrameSettings sorted = frame(60, 60, new Shading.Absorption(1, order));
            FrameSettings file = frame(60, 60, new Shading.Absorption(1, Shading.DrawOrder.FILE));
            float[] picture = render(set, style, camera, sorted, 1).red();
            assertThat(picture).isEqualTo(render(expected, style, camera, file, 1).red());
            ParticleSet opposite = strongLast ? strongFirst : faintFirst;
            assertThat(picture).isNotEqualTo(render(opposite, style, camera, file, 1).red());
        }
    }

    @Test
    void brightnessScalesLightAndSmoothFactorScalesTheRadiusAlone() {
        Camera camera = camera(60, Projection.ORTHOGRAPHIC);
        FrameSettings frame = frame(201, 201, new Shading.Emission());
        double half = 0.5 / (201 / (2 * Math.tan(Math.toRadians(30)) * 10));
        TypeStyle plain = TestParticles.plain();
        TypeStyle twice =
                new TypeStyle(
                        "wide",
                        plain.colorMap(),
                        plain.colorTransform(),
                        0,
                        1,
                        plain.intensityTransform(),
                        0,
                        1,
                        1,
                        2);
        try (ParticleSet set = TestParticles.of(new double[] {-half, 0, -half, 0.5, 1, 1})) {
            LinearImage once = render(set, plain, camera, frame, 1);
            LinearImage bright = render(set, plain.withBrightness(3), camera, frame, 1);
            LinearImage wide = render(set, twice, camera, frame, 1);
            int p = 100 * 201 + 100;
            assertThat((double) bright.red()[p]).isCloseTo(3 * once.red()[p], within(1e-6));
            assertThat((double) wide.red()[p]).isCloseTo(once.red()[p], within(1e-6));
            assertThat(centre(wide)[2])
                    .isCloseTo(4 * centre(once)[2], within(0.02 * centre(wide)[2]));
        }
    }

    @Test
    void theOriginInDoublePrecisionKeepsSmallThingsFarAwaySharp() {
        double far = 1e7;
        double size = 1e-2;
        double[][] rows = cloud(3, 300);
        for (double[] row : rows) {
            for (int c = 0; c < 4; c++) {
                row[c] *= size;
            }
        }
        try (ParticleSet atZero = TestParticles.of(rows);
                ParticleSet moved = TestParticles.of(rows)) {
            moved.setOrigin(far, -far, far);
            Vec3 eye = new Vec3(0, -10 * size, 0);
            Vec3 offset = new Vec3(far, -far, far);
            FrameSettings frame = frame(80, 80, new Shading.Emission());
            float[] a =
                    render(atZero, Camera.perspective(eye, new Vec3(0, 0, 0), UP, 50), frame, 1)
                            .red();
            float[] b =
                    render(moved, Camera.perspective(eye.plus(offset), offset, UP, 50), frame, 1)
                            .red();
            for (int p = 0; p < a.length; p++) {
                assertThat((double) b[p]).isCloseTo(a[p], within(1e-3 * (1 + a[p])));
            }
        }
    }

    @Test
    void noParticlesGiveABlackPicture() {
        try (ParticleSet none = TestParticles.of()) {
            for (Shading shading :
                    List.of(
                            new Shading.Emission(),
                            new Shading.Absorption(0, Shading.DrawOrder.FAR_TO_NEAR))) {
                LinearImage image =
                        render(none, camera(60, Projection.PERSPECTIVE), frame(7, 5, shading), 2);
                assertThat(image.red()).containsOnly(0f);
            }
        }
    }

    private static double[][] cloud(long seed, int n) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] rows = new double[n][];
        for (int i = 0; i < n; i++) {
            rows[i] =
                    new double[] {
                        3 * random.nextGaussian(),
                        3 * random.nextGaussian(),
                        3 * random.nextGaussian(),
                        0.02 + random.nextDouble() * random.nextDouble(),
                        random.nextDouble(),
                        random.nextDouble()
                    };
        }
        return rows;
    }

    /** What one of many particles stands for has the depth of all, on average. */
    @ParameterizedTest
    @EnumSource(
            value = Projection.class,
            names = {"PERSPECTIVE", "EQUIRECTANGULAR"})
    void aThinnedPictureIsLikeThatOfAll(Projection projection) {
        SplittableRandom random = new SplittableRandom(3);
        double[][] rows = new double[40_000][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] =
                    new double[] {
                        random.nextDouble(-4, 4),
                        random.nextDouble(-4, 4),
                        random.nextDouble(-4, 4),
                        0.5,
                        1,
                        random.nextDouble(0.5, 1)
                    };
        }
        Vec3 eye = new Vec3(0, -12, 0);
        Camera camera =
                new Camera(eye, new Vec3(0, 0, 0), new Vec3(0, 0, 1), eye, 60, projection, 0, 1e23);
        FrameSettings frame =
                new FrameSettings(
                        48,
                        32,
                        0,
                        0,
                        new Shading.Absorption(0.3, Shading.DrawOrder.FAR_TO_NEAR),
                        32);
        TypeStyle style = TestParticles.plain().withBrightness(0.2);
        try (ParticleSet set = TestParticles.of(rows);
                Workers workers = new Workers(2)) {
            SpatialOrder.sort(set, workers);
            FrameRenderer renderer =
                    new FrameRenderer(
                            Backends.choose("scalar"), Quality.EXACT, workers, Reporter.SILENT);
            List<Layer> layers = List.of(new Layer(set, style));
            StageTimes times = new StageTimes(System::nanoTime);
            LinearImage all = renderer.render(layers, camera, frame, times);
            assertThat(renderer.thinned(layers, camera, frame, 1, () -> false, times))
                    .satisfies(same -> assertThat(same.red()).isEqualTo(all.red()));
            for (int parts : new int[] {4, 16}) {
                LinearImage some =
                        Objects.requireNonNull(
                                renderer.thinned(layers, camera, frame, parts, () -> false, times));
                double difference = 0;
                double sum = 0;
                double sumOfAll = 0;
                for (int p = 0; p < all.red().length; p++) {
                    difference += Math.abs(some.red()[p] - (double) all.red()[p]);
                    sum += some.red()[p];
                    sumOfAll += all.red()[p];
                }
                assertThat(sum).as("%d", parts).isEqualTo(sumOfAll, within(0.02 * sumOfAll));
                assertThat(difference)
                        .as("%d", parts)
                        .isLessThan(0.03 * Math.sqrt(parts) * sumOfAll);
            }
            assertThat(renderer.thinned(layers, camera, frame, 1, () -> true, times)).isNull();
            assertThat(renderer.render(layers, camera, frame, times).red()).isEqualTo(all.red());
        }
    }
}
