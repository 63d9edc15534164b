package org.perseid.renderer.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.perseid.renderer.TestBackends;
import org.perseid.renderer.TestParticles;
import org.perseid.renderer.backend.Backends;
import org.perseid.renderer.backend.Splats;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.ColorMap;
import org.perseid.renderer.model.FrameSettings;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.Measure;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Projection;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Shading;
import org.perseid.renderer.model.SphKernel;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Transform;
import org.perseid.renderer.model.TypeStyle;
import org.perseid.renderer.model.Vec3;
import org.perseid.renderer.model.Workers;
import org.perseid.renderer.spatial.SpatialOrder;

/**
 * Spatial order, culling of blocks and vectors change no picture: compared with the scalar back end
 * on particles in random order, whose blocks are all as large as the box.
 */
class CullingTest {
    private static final int WIDTH = 160;
    private static final int HEIGHT = 120;
    private static final double BOX = 100;

    private static ParticleSet particles(int n) {
        SplittableRandom random = new SplittableRandom(4);
        double[][] rows = new double[n][];
        for (int i = 0; i < n; i++) {
            double size = i % 3 == 0 ? BOX : 8;
            rows[i] =
                    new double[] {
                        50 + (random.nextDouble() - 0.5) * size,
                        50 + (random.nextDouble() - 0.5) * size,
                        50 + (random.nextDouble() - 0.5) * size,
                        Math.exp(random.nextDouble() * 4 - 4),
                        random.nextDouble(),
                        Math.exp(random.nextDouble() * 6),
                        i,
                        1 + i % 7
                    };
        }
        return TestParticles.of(rows);
    }

    private static LinearImage draw(
            String backend,
            ParticleSet set,
            TypeStyle style,
            Camera camera,
            double box,
            Quality quality,
            int threads) {
        try (Workers workers = new Workers(threads)) {
            return new FrameRenderer(Backends.choose(backend), quality, workers, Reporter.SILENT)
                    .render(
                            List.of(new Layer(set, style)),
                            camera,
                            new FrameSettings(WIDTH, HEIGHT, 1, box, new Shading.Emission(), 64),
                            new StageTimes(System::nanoTime));
        }
    }

    static Stream<Camera> cameras() {
        Vec3 up = new Vec3(0.1, 0.2, 1);
        Vec3 middle = new Vec3(50, 50, 50);
        Stream.Builder<Camera> out = Stream.builder();
        // from outside, near, inside the cluster, beside everything, looking away
        for (Vec3 eye :
                List.of(
                        new Vec3(150, 20, 70),
                        new Vec3(60, 45, 55),
                        new Vec3(50.5, 50.2, 49.7),
                        new Vec3(-3, -2, 120))) {
            out.add(Camera.perspective(eye, middle, up, 50));
            out.add(Camera.perspective(eye, new Vec3(10, 90, 40), up, 130));
            out.add(new Camera(eye, middle, up, eye, 30, Projection.ORTHOGRAPHIC, 0, 1e23));
            out.add(new Camera(eye, middle, up, eye, 60, Projection.PERSPECTIVE, 4, 40));
            out.add(
                    new Camera(
                            eye,
                            middle,
                            up,
                            eye.plus(new Vec3(1, 2, 0)),
                            60,
                            Projection.PERSPECTIVE,
                            0,
                            1e23));
            out.add(new Camera(eye, middle, up, eye, 200, Projection.FISHEYE, 0, 1e23));
        }
        out.add(
                Camera.perspective(
                        new Vec3(150, 20, 70), new Vec3(250, 0, 90), up, 50)); // sees nothing
        return out.build();
    }

    /** Mean difference as a part of the mean light. */
    private static double difference(LinearImage a, LinearImage b) {
        double difference = 0;
        double light = 1e-30;
        for (int p = 0; p < a.red().length; p++) {
            difference += Math.abs(a.red()[p] - (double) b.red()[p]);
            light += Math.abs(b.red()[p]);
        }
        return difference / light;
    }

    @ParameterizedTest
    @MethodSource("cameras")
    void orderAndVectorsChangeNoPicture(Camera camera) {
        TypeStyle plain = TestParticles.plain();
        TypeStyle log = style(Transform.LOG10, 0, 2.5);
        TypeStyle asinh = style(Transform.ASINH, 0, 6);
        try (ParticleSet random = particles(30_000);
                ParticleSet sorted = particles(30_000);
                Workers workers = new Workers(2)) {
            SpatialOrder.sort(sorted, workers);
            for (double box : new double[] {0, BOX}) {
                for (TypeStyle style : List.of(plain, log, asinh)) {
                    LinearImage expected =
                            draw("scalar", random, style, camera, box, Quality.EXACT, 1);
                    LinearImage scalar =
                            draw("scalar", sorted, style, camera, box, Quality.EXACT, 2);
                    assertThat(difference(scalar, expected)).isLessThan(2e-6);
                    for (String backend : TestBackends.others()) {
                        LinearImage inOrder =
                                draw(backend, sorted, style, camera, box, Quality.EXACT, 2);
                        LinearImage unsorted =
                                draw(backend, random, style, camera, box, Quality.EXACT, 2);
                        assertThat(difference(inOrder, expected)).as(backend).isLessThan(2e-5);
                        assertThat(difference(unsorted, expected)).as(backend).isLessThan(2e-5);
                    }
                }
            }
        }
    }

    private static FrameRenderer.Frame laidOver(
            ParticleSet set, Camera camera, double box, int threads) {
        FrameSettings settings =
                new FrameSettings(
                        WIDTH,
                        HEIGHT,
                        1,
                        box,
                        new Shading.Absorption(0.3, Shading.DrawOrder.FAR_TO_NEAR),
                        64);
        List<Measure> measures =
                List.of(
                        new Measure(Measure.Kind.MASS, -1, "mass"),
                        new Measure(Measure.Kind.HITS, -1, "hits"));
        try (Workers workers = new Workers(threads)) {
            return new FrameRenderer(
                            Backends.choose("scalar"), Quality.EXACT, workers, Reporter.SILENT)
                    .render(
                            List.of(new Layer(set, TestParticles.plain())),
                            camera,
                            settings,
                            new FrameRenderer.Measuring(measures, SphKernel.CUBIC, List.of(1.3)),
                            null,
                            new StageTimes(System::nanoTime));
        }
    }

    @ParameterizedTest
    @MethodSource("cameras")
    void orderChangesNoAbsorptionAndNoLayer(Camera camera) {
        try (ParticleSet random = particles(20_000);
                ParticleSet sorted = particles(20_000);
                Workers workers = new Workers(2)) {
            SpatialOrder.sort(sorted, workers);
            for (double box : new double[] {0, BOX}) {
                FrameRenderer.Frame expected = laidOver(random, camera, box, 1);
                FrameRenderer.Frame found = laidOver(sorted, camera, box, 2);
                assertThat(difference(found.image(), expected.image())).isLessThan(1e-5);
                float[] mass = expected.measured().getFirst().values();
                for (int p = 0; p < mass.length; p++) {
                    assertThat((double) found.measured().getFirst().values()[p])
                            .isEqualTo(mass[p], within(1e-6 * mass[p] + 1e-9));
                    assertThat(found.measured().get(1).values()[p])
                            .isEqualTo(expected.measured().get(1).values()[p]);
                }
            }
        }
    }

    private static TypeStyle style(Transform transform, double min, double max) {
        float[] ramp = {0.1f, 0.9f, 0.2f, 1};
        return new TypeStyle(
                "test",
                new ColorMap("ramp", ramp, ramp, ramp),
                transform,
                min,
                max,
                Transform.LINEAR,
                0,
                1,
                1,
                1);
    }

    /** A pair of particles a ten-millionth of the box apart, far from the box's corner. */
    @ParameterizedTest
    @MethodSource("backends")
    void nearTheCameraInAHugeBoxNothingLosesItsPlace(String backend) {
        double box = 1e7;
        ParticleSet set =
                TestParticles.of(
                        new double[] {-0.5, 0, 0, 0.05, 1, 1},
                        new double[] {0.5, 0, 0, 0.05, 1, 1},
                        new double[] {0, 0, 0.3, 0.05, 1, 1},
                        new double[] {4e6, -3e6, 5e6, 10, 1, 1});
        Vec3 at = new Vec3(6e6 + 0.25, 7e6 + 0.5, 5e6 + 0.125);
        set.setOrigin(at.x(), at.y(), at.z());
        Camera camera =
                Camera.perspective(
                        at.plus(new Vec3(0, -2, 0)), at, new Vec3(0, 0, 1), 53.13010235415598);
        try (set) {
            LinearImage image =
                    draw(backend, set, TestParticles.plain(), camera, box, Quality.EXACT, 2);
            // 160 pixels are 2 units wide at the target
            int row = (int) (WIDTH / 2.0 + (HEIGHT - WIDTH) / 2.0);
            assertThat(peakOf(image, row, 0, 80)).isEqualTo(40);
            assertThat(peakOf(image, row, 81, WIDTH)).isEqualTo(120);
            assertThat(peakOf(image, row + 24, 0, WIDTH)).isEqualTo(80);
        }
    }

    static Stream<String> backends() {
        return TestBackends.all().stream();
    }

    private static int peakOf(LinearImage image, int row, int from, int to) {
        int peak = from;
        for (int x = from; x < to; x++) {
            if (image.red()[row * WIDTH + x] > image.red()[row * WIDTH + peak]) {
                peak = x;
            }
        }
        return peak;
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 3000, 20_000, 200_000})
    void highQualityIsWithinItsBound(int n) {
        try (ParticleSet set = particles(n);
                Workers workers = new Workers(2)) {
            SpatialOrder.sort(set, workers);
            Camera camera =
                    Camera.perspective(
                            new Vec3(62, 45, 55), new Vec3(50, 50, 50), new Vec3(0, 0, 1), 50);
            TypeStyle style = TestParticles.plain();
            LinearImage expected = draw("scalar", set, style, camera, 0, Quality.EXACT, 2);
            for (String backend : TestBackends.all()) {
                assertThat(
                                difference(
                                        draw(backend, set, style, camera, 0, Quality.HIGH, 2),
                                        expected))
                        .isLessThan(2e-3);
            }
        }
    }

    @Test
    void partsAddUpToTheWholeAndEachIsAFairPicture() {
        TypeStyle style = style(Transform.LOG10, 0, 2.5);
        Camera camera =
                Camera.perspective(
                        new Vec3(150, 20, 70), new Vec3(50, 50, 50), new Vec3(0, 0, 1), 50);
        FrameSettings frame = new FrameSettings(WIDTH, HEIGHT, 1, 0, new Shading.Emission(), 64);
        try (ParticleSet set = particles(50_000);
                Workers workers = new Workers(2)) {
            SpatialOrder.sort(set, workers);
            for (String backend : TestBackends.all()) {
                FrameRenderer renderer =
                        new FrameRenderer(
                                Backends.choose(backend), Quality.HIGH, workers, Reporter.SILENT);
                List<Layer> layers = List.of(new Layer(set, style));
                StageTimes times = new StageTimes(System::nanoTime);
                LinearImage whole = new LinearImage(WIDTH, HEIGHT);
                renderer.add(layers, camera, frame, 0, 1, whole, times);
                LinearImage sum = new LinearImage(WIDTH, HEIGHT);
                for (int part = 0; part < 8; part++) {
                    LinearImage one = new LinearImage(WIDTH, HEIGHT);
                    renderer.add(layers, camera, frame, part, 8, one, times);
                    renderer.add(layers, camera, frame, part, 8, sum, times);
                    assertThat(8 * light(one) / light(whole)).isBetween(0.9, 1.1);
                }
                assertThat(difference(sum, whole)).isLessThan(2e-5);
            }
        }
    }

    /** Whatever a back end keeps of them. */
    @ParameterizedTest
    @MethodSource("backends")
    void particlesThatMovedAreDrawnWhereTheyAre(String backend) {
        Camera camera =
                Camera.perspective(
                        new Vec3(150, 20, 70), new Vec3(50, 50, 50), new Vec3(0, 0, 1), 50);
        FrameSettings frame = new FrameSettings(WIDTH, HEIGHT, 1, 0, new Shading.Emission(), 64);
        try (ParticleSet set = particles(20_000);
                Workers workers = new Workers(2)) {
            FrameRenderer renderer =
                    new FrameRenderer(
                            Backends.choose(backend), Quality.EXACT, workers, Reporter.SILENT);
            List<Layer> layers = List.of(new Layer(set, TestParticles.plain()));
            StageTimes times = new StageTimes(System::nanoTime);
            LinearImage first = renderer.render(layers, camera, frame, times);
            LinearImage again = renderer.render(layers, camera, frame, times);
            assertThat(java.util.Arrays.equals(again.red(), first.red())).isTrue();
            for (long i = 0; i < set.count(); i++) {
                float x = set.x().getAtIndex(ParticleSet.FLOAT, i);
                set.x().setAtIndex(ParticleSet.FLOAT, i, x + 30);
            }
            set.moved();
            LinearImage moved = renderer.render(layers, camera, frame, times);
            assertThat(difference(moved, first)).isGreaterThan(0.5);
            LinearImage expected =
                    draw("scalar", set, TestParticles.plain(), camera, 0, Quality.EXACT, 2);
            assertThat(difference(moved, expected)).isLessThan(2e-5);
        }
    }

    @Test
    void theBrightestParticleUnderAPixelIsFound() {
        Camera camera =
                Camera.perspective(
                        new Vec3(150, 20, 70), new Vec3(50, 50, 50), new Vec3(0, 0, 1), 50);
        FrameSettings frame = new FrameSettings(WIDTH, HEIGHT, 1, 0, new Shading.Emission(), 64);
        try (ParticleSet set = particles(20_000);
                Workers workers = new Workers(2)) {
            SpatialOrder.sort(set, workers);
            List<Layer> layers = List.of(new Layer(set, style(Transform.LOG10, 0, 2.5)));
            Pick.Hit hit = Objects.requireNonNull(Pick.at(layers, camera, frame, 80, 60, workers));
            // seen alone it is the brightest of all seen alone
            Projector projector =
                    new Projector(layers.getFirst(), camera, frame, new Vec3(0, 0, 0));
            Splats one = new Splats(1);
            double brightest = 0;
            for (long i = 0; i < set.count(); i++) {
                double _ = projector.project(i, one, 0, new Projector.Place());
                double r = one.radius[0];
                double d = Math.hypot(80 - one.x[0], 60 - one.y[0]);
                if (r > 0 && d <= Splats.SUPPORT * r) {
                    double light =
                            Math.exp(-Math.pow(d / (Splats.WIDTH * r), 2))
                                    * ((double) one.light[0] + one.light[1] + one.light[2]);
                    brightest = Math.max(brightest, light);
                }
            }
            assertThat(hit.light()).isEqualTo(brightest);
            assertThat(hit.position().minus(camera.eye()).dot(camera.axisZ()))
                    .isCloseTo(-hit.depth(), org.assertj.core.api.Assertions.within(1e-6));
            assertThat(Pick.value(hit, layers)).isPositive();
            assertThat(Pick.smoothingLength(hit, layers)).isPositive();
            Camera away =
                    Camera.perspective(
                            new Vec3(150, 20, 70), new Vec3(250, 0, 90), new Vec3(0, 0, 1), 50);
            assertThat(Pick.at(layers, away, frame, 80, 60, workers)).isNull();
        }
    }

    private static double light(LinearImage image) {
        double sum = 0;
        for (float v : image.red()) {
            sum += v;
        }
        return sum;
    }
}
