package org.perseid.renderer.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.ArrayList;
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
import org.perseid.renderer.backend.ProjectedKernel;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.FieldRange;
import org.perseid.renderer.model.FloatImage;
import org.perseid.renderer.model.FrameSettings;
import org.perseid.renderer.model.Measure;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Projection;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Shading;
import org.perseid.renderer.model.SphKernel;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Vec3;
import org.perseid.renderer.model.Workers;
import org.perseid.renderer.spatial.SpatialOrder;

/** Float layers against sums and closed forms. */
class MeasuringTest {
    private static final int SIDE = 120;

    /** 12 units wide at the target, so that a pixel is 0.1. */
    private static final Camera CAMERA =
            new Camera(
                    new Vec3(0, -10, 0),
                    new Vec3(0, 0, 0),
                    new Vec3(0, 0, 1),
                    new Vec3(0, -10, 0),
                    2 * Math.toDegrees(Math.atan(0.6)),
                    Projection.ORTHOGRAPHIC,
                    0,
                    1e23);

    private static final Measure MASS = new Measure(Measure.Kind.MASS, -1, "mass");
    private static final Measure COLUMN =
            new Measure(Measure.Kind.COLUMN_DENSITY, -1, "column_density");
    private static final Measure MEAN = new Measure(Measure.Kind.MEAN, 0, "mean_v");
    private static final Measure MAX = new Measure(Measure.Kind.MAXIMUM, 0, "max_v");
    private static final Measure HITS = new Measure(Measure.Kind.HITS, -1, "hits");
    private static final Measure DEPTH = new Measure(Measure.Kind.DEPTH, -1, "depth");

    /** Rows of x, y, z, radius, mass, value. */
    private static ParticleSet particles(double[]... rows) {
        ParticleSet set =
                new ParticleSet(
                        rows.length, new ParticleSet.Columns(false, false, false, false, 2));
        for (int i = 0; i < rows.length; i++) {
            set.x().setAtIndex(ParticleSet.FLOAT, i, (float) rows[i][0]);
            set.y().setAtIndex(ParticleSet.FLOAT, i, (float) rows[i][1]);
            set.z().setAtIndex(ParticleSet.FLOAT, i, (float) rows[i][2]);
            set.smoothingLength().setAtIndex(ParticleSet.FLOAT, i, (float) rows[i][3]);
            set.extra(0).setAtIndex(ParticleSet.FLOAT, i, (float) rows[i][4]);
            set.extra(1).setAtIndex(ParticleSet.FLOAT, i, (float) rows[i][5]);
        }
        set.setRanges(new FieldRange(0, 1, 1), new FieldRange(1, 1, 1));
        return set;
    }

    private static List<FloatImage> measure(
            Camera camera,
            SphKernel kernel,
            double support,
            int threads,
            List<Measure> what,
            double[]... rows) {
        try (Workers workers = new Workers(threads);
                ParticleSet set = particles(rows)) {
            return new FrameRenderer(
                            Backends.choose("scalar"), Quality.EXACT, workers, Reporter.SILENT)
                    .render(
                            List.of(new Layer(set, TestParticles.plain())),
                            camera,
                            new FrameSettings(SIDE, SIDE, 0, 0, new Shading.Emission(), 32),
                            new FrameRenderer.Measuring(what, kernel, List.of(support)),
                            null,
                            new StageTimes(System::nanoTime))
                    .measured();
        }
    }

    private static double sum(FloatImage image) {
        double sum = 0;
        for (float v : image.values()) {
            sum += v;
        }
        return sum;
    }

    @ParameterizedTest
    @EnumSource(SphKernel.class)
    void aKernelIntegratesToOneInSpaceAndAlongTheSight(SphKernel kernel) {
        double space = 0;
        int n = 200_000;
        for (int i = 0; i < n; i++) {
            double q = (i + 0.5) / n;
            space += 4 * Math.PI * q * q * kernel.value(q) / n;
        }
        assertThat(space).isEqualTo(1, within(1e-6));
        ProjectedKernel projected = ProjectedKernel.of(kernel);
        double plane = 0;
        for (int i = 0; i < n; i++) {
            double b = (i + 0.5) / n;
            plane += 2 * Math.PI * b * projected.at(b * b) / n;
        }
        assertThat(plane).isEqualTo(1, within(2e-4));
        assertThat(projected.at(1)).isZero();
        assertThat(projected.at(Double.NaN)).isZero();
    }

    /** The column through the middle of the cubic spline is 3/(2 pi) times 2, in closed form. */
    @Test
    void theColumnThroughTheMiddleIsTheClosedForm() {
        // 2 * 8/pi * (integral of 1-6q^2(1-q) to 1/2 + integral of 2(1-q)^3 beyond) = 6/pi
        assertThat(ProjectedKernel.of(SphKernel.CUBIC).at(0)).isEqualTo(6 / Math.PI, within(2e-5));
        // 2 * 21/(2 pi) * integral of (1-q)^4 (1+4q) = 21/pi * 1/3
        assertThat(ProjectedKernel.of(SphKernel.WENDLAND).at(0))
                .isEqualTo(7 / Math.PI, within(2e-5));
    }

    @ParameterizedTest
    @CsvSource({"CUBIC, 1", "WENDLAND, 2", "GAUSSIAN, 3"})
    void theTotalMassIsKeptForEverySizeOfKernel(SphKernel kernel, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] rows = new double[3000][];
        double total = 0;
        for (int i = 0; i < rows.length; i++) {
            double radius = Math.pow(10, random.nextDouble(-4, 0.3)); // 0.001 to 20 pixels
            double room = 5.9 - radius;
            double mass = random.nextDouble(0.5, 2);
            total += (float) mass;
            rows[i] =
                    new double[] {
                        random.nextDouble(-room, room),
                        random.nextDouble(-3, 3),
                        random.nextDouble(-room, room),
                        radius,
                        mass,
                        1
                    };
        }
        List<FloatImage> images = measure(CAMERA, kernel, 1, 2, List.of(MASS, COLUMN), rows);
        assertThat(sum(images.get(0))).as("seed %d", seed).isEqualTo(total, within(1e-5 * total));
        assertThat(sum(images.get(1)) * 0.01).isEqualTo(total, within(1e-5 * total));
    }

    @Test
    void theColumnDensityOfALargeKernelIsItsProfile() {
        double[] row = {0, 0, 0, 4, 5, 1};
        FloatImage column = measure(CAMERA, SphKernel.CUBIC, 1, 1, List.of(COLUMN), row).getFirst();
        ProjectedKernel profile = ProjectedKernel.of(SphKernel.CUBIC);
        for (int x = 0; x < SIDE; x++) {
            double b = (x - 60) * 0.1 / 4;
            assertThat((double) column.values()[60 * SIDE + x])
                    .isEqualTo(5 * profile.at(b * b) / 16, within(1e-4));
        }
        // The smoothing length may be another part of the support.
        FloatImage half = measure(CAMERA, SphKernel.CUBIC, 0.5, 1, List.of(COLUMN), row).getFirst();
        assertThat((double) half.values()[60 * SIDE + 60])
                .isEqualTo(5 * 6 / Math.PI / 4, within(1e-3));
    }

    @Test
    void inPerspectiveTheColumnDensityIsThatOfThePlaceOfTheParticle() {
        Camera perspective =
                new Camera(
                        CAMERA.eye(),
                        CAMERA.lookAt(),
                        CAMERA.sky(),
                        CAMERA.eye(),
                        CAMERA.fovDeg(),
                        Projection.PERSPECTIVE,
                        0,
                        1e23);
        double[] far = {0, 10, 0, 4, 5, 1};
        FloatImage column =
                measure(perspective, SphKernel.CUBIC, 1, 1, List.of(COLUMN), far).getFirst();
        assertThat((double) column.values()[60 * SIDE + 60])
                .isEqualTo(5 * 6 / Math.PI / 16, within(1e-3));
    }

    @Test
    void meanMaximumHitsAndDepthAreWhatTheyAreCalled() {
        double[] near = {0, -2, 0, 0.01, 1, 10};
        double[] far = {0, 3, 0, 0.01, 3, 30};
        double[] unknown = {0, 5, 0, 0.01, 100, Double.NaN};
        double[] beside = {1, 0, 0, 0.01, 7, -4};
        List<FloatImage> images =
                measure(
                        CAMERA,
                        SphKernel.CUBIC,
                        1,
                        2,
                        List.of(MEAN, MAX, HITS, DEPTH),
                        near,
                        far,
                        unknown,
                        beside);
        int middle = 60 * SIDE + 60;
        assertThat(images.get(0).values()[middle]).isEqualTo(25f);
        assertThat(images.get(1).values()[middle]).isEqualTo(30f);
        assertThat(images.get(2).values()[middle]).isEqualTo(3f);
        assertThat(images.get(3).values()[middle]).isEqualTo(8f);
        assertThat(images.get(0).values()[middle + 10]).isEqualTo(-4f);
        assertThat(images.get(1).values()[middle + 10]).isEqualTo(-4f);
        assertThat(images.get(0).values()[0]).isNaN();
        assertThat(images.get(1).values()[0]).isNaN();
        assertThat(images.get(2).values()[0]).isZero();
        assertThat(images.get(3).values()[0]).isNaN();
        assertThat(images.get(2).name()).isEqualTo("hits");
    }

    @Test
    void whatHasNoMassOrLiesOutsideDoesNotCount() {
        double[] none = {0, 0, 0, 1, 0, 1};
        double[] notFinite = {0, 0, 0, 1, Double.NaN, 1};
        double[] outside = {50, 0, 0, 1, 1, 1};
        double[] behind = {0, -20, 0, 1, 1, 1};
        assertThat(
                        sum(
                                measure(
                                                CAMERA,
                                                SphKernel.CUBIC,
                                                1,
                                                1,
                                                List.of(MASS),
                                                none,
                                                notFinite,
                                                outside,
                                                behind)
                                        .getFirst()))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void theNumberOfThreadsDoesNotChangeABit(int threads) {
        SplittableRandom random = new SplittableRandom(5);
        double[][] rows = new double[500][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = random.doubles(6, 0.1, 3).toArray();
        }
        assertThat(
                        measure(CAMERA, SphKernel.CUBIC, 1, threads, List.of(MASS), rows)
                                .getFirst()
                                .values())
                .isEqualTo(
                        measure(CAMERA, SphKernel.CUBIC, 1, 3, List.of(MASS), rows)
                                .getFirst()
                                .values());
    }

    /** Sums of a part are about those of all, and means are means. */
    @Test
    void aPartOfTheParticlesStandsForAll() {
        SplittableRandom random = new SplittableRandom(3);
        double[][] rows = new double[40_000][];
        for (int i = 0; i < rows.length; i++) {
            double x = random.nextDouble(-4, 4);
            double z = random.nextDouble(-4, 4);
            rows[i] = new double[] {x, random.nextDouble(-4, 4), z, 0.3, 2, x < 0 ? 10 : 20};
        }
        try (Workers workers = new Workers(2);
                ParticleSet set = particles(rows)) {
            SpatialOrder.sort(set, workers);
            FrameRenderer renderer =
                    new FrameRenderer(
                            Backends.choose("scalar"), Quality.EXACT, workers, Reporter.SILENT);
            List<List<FloatImage>> found = new ArrayList<>();
            for (int parts : new int[] {1, 8}) {
                List<FloatImage> layers =
                        renderer.measure(
                                List.of(new Layer(set, TestParticles.plain())),
                                CAMERA,
                                new FrameSettings(SIDE, SIDE, 0, 0, new Shading.Emission(), 32),
                                new FrameRenderer.Measuring(
                                        List.of(COLUMN, MEAN, DEPTH),
                                        SphKernel.CUBIC,
                                        List.of(1.0)),
                                parts,
                                () -> false,
                                new StageTimes(System::nanoTime));
                found.add(Objects.requireNonNull(layers));
            }
            float[] all = found.get(0).get(0).values();
            float[] part = found.get(1).get(0).values();
            assertThat(sum(found.get(1).get(0)))
                    .isCloseTo(sum(found.get(0).get(0)), withinPercentage(2));
            for (int side : new int[] {-20, 20}) { // far from the border, on both sides
                int p = SIDE / 2 * SIDE + SIDE / 2 + side;
                assertThat(part[p]).isCloseTo(all[p], withinPercentage(25));
                float mean = found.get(1).get(1).values()[p];
                assertThat(mean).isCloseTo(found.get(0).get(1).values()[p], within(0.01f));
            }
            assertThat(
                            renderer.measure(
                                    List.of(new Layer(set, TestParticles.plain())),
                                    CAMERA,
                                    new FrameSettings(SIDE, SIDE, 0, 0, new Shading.Emission(), 32),
                                    new FrameRenderer.Measuring(
                                            List.of(COLUMN), SphKernel.CUBIC, List.of(1.0)),
                                    1,
                                    () -> true,
                                    new StageTimes(System::nanoTime)))
                    .as("unwanted")
                    .isNull();
        }
    }

    @Test
    void flippedTwiceIsTheSame() {
        FloatImage image = new FloatImage("a", 2, 3, new float[] {1, 2, 3, 4, 5, 6});
        assertThat(image.flipped().values()).containsExactly(5, 6, 3, 4, 1, 2);
        assertThat(image.flipped().flipped().values()).isEqualTo(image.values());
    }
}
