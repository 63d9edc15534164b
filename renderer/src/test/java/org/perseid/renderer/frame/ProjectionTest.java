package org.perseid.renderer.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.perseid.renderer.TestParticles;
import org.perseid.renderer.backend.Backends;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.FrameSettings;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.Measure;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Projection;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.RenderException;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Shading;
import org.perseid.renderer.model.SphKernel;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Vec3;
import org.perseid.renderer.model.Workers;

/** Views that are no plane in space, by the directions in which single particles are seen. */
class ProjectionTest {
    private static final Vec3 EYE = new Vec3(3, 4, 5);

    /** Looks along +y, x to the right, z up. */
    private static Camera camera(double fov, Projection projection, double omniOffset) {
        return new Camera(
                EYE,
                EYE.plus(new Vec3(0, 1, 0)),
                new Vec3(0, 0, 1),
                EYE,
                fov,
                projection,
                0,
                1e23,
                omniOffset);
    }

    private static LinearImage render(
            Camera camera, int width, int height, double box, int copies, double[]... particles) {
        try (Workers workers = new Workers(2);
                ParticleSet set = TestParticles.of(particles)) {
            return new FrameRenderer(
                            Backends.choose("scalar"), Quality.EXACT, workers, Reporter.SILENT)
                    .render(
                            List.of(new Layer(set, TestParticles.plain())),
                            camera,
                            new FrameSettings(
                                    width,
                                    height,
                                    0,
                                    box,
                                    new Shading.Emission(),
                                    32,
                                    copies,
                                    null,
                                    0),
                            new StageTimes(System::nanoTime));
        }
    }

    private static double[] particle(Vec3 direction, double distance, double size) {
        Vec3 p = EYE.plus(direction.normalized().times(distance));
        return new double[] {p.x(), p.y(), p.z(), size, 1, 1};
    }

    /** Centre of light in pixels, and the light. */
    private static double[] centre(LinearImage image) {
        double sum = 0;
        double sx = 0;
        double sy = 0;
        for (int i = 0; i < image.red().length; i++) {
            sum += image.red()[i];
            int row = i / image.width();
            sx += image.red()[i] * (double) (i - row * image.width());
            sy += image.red()[i] * (double) row;
        }
        return new double[] {sx / sum, sy / sum, sum};
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 0, 180, 0, 0",
        "1, 1, 0, 180, 0.5, 0",
        "0, 1, 1, 180, 0, 0.5",
        "-1, 0.05, 0, 180, -0.968198, 0",
        "-1, 0, 0, 360, -0.5, 0",
        "0, -1, 0.2, 360, 0, 0.937167"
    })
    void theDistanceFromTheMiddleOfAFisheyeIsTheAngle(
            double x, double y, double z, double fov, double expectedX, double expectedY) {
        LinearImage image =
                render(
                        camera(fov, Projection.FISHEYE, 0),
                        400,
                        400,
                        0,
                        0,
                        particle(new Vec3(x, y, z), 7, 0.05));
        double[] found = centre(image);
        assertThat(found[0]).isEqualTo(200 + 200 * expectedX, within(0.6));
        assertThat(found[1]).isEqualTo(200 + 200 * expectedY, within(0.6));
    }

    @Test
    void aDomeIsAFisheyeMirroredAtTheDiagonalAndBlackAround() {
        double[] particle = particle(new Vec3(0.5, 1, 0.2), 7, 0.05);
        double[] fisheye =
                centre(render(camera(180, Projection.FISHEYE, 0), 300, 300, 0, 0, particle));
        double[] dome = centre(render(camera(180, Projection.DOME, 0), 300, 300, 0, 0, particle));
        assertThat(dome[0]).isEqualTo(fisheye[1], within(0.05));
        assertThat(dome[1]).isEqualTo(fisheye[0], within(0.05));
        LinearImage wide =
                render(
                        camera(180, Projection.DOME, 0),
                        100,
                        100,
                        0,
                        0,
                        particle(new Vec3(0, 1, 0), 1, 50));
        assertThat(wide.red()[0]).isZero();
        assertThat(wide.red()[50 * 100 + 50]).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "60, 1.2092", "90, 1.5708", "150, 5.236"})
    void aSplatKeepsItsSolidAngleOnAFisheye(double angleDeg, double stretch) {
        double a = Math.toRadians(angleDeg);
        double[] particle = particle(new Vec3(Math.sin(a), Math.cos(a), 0), 10, 0.3);
        double[] middle = particle(new Vec3(0, 1, 0), 10, 0.3);
        double there =
                centre(render(camera(360, Projection.FISHEYE, 0), 1200, 1200, 0, 0, particle))[2];
        double here =
                centre(render(camera(360, Projection.FISHEYE, 0), 1200, 1200, 0, 0, middle))[2];
        assertThat(there / here).isEqualTo(stretch, within(0.02 * stretch));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 0, 0, 0",
        "1, 0, 0, 90, 0",
        "-1, 0.001, 0, -90, 0",
        "0.2, -1, 0, 168.69, 0",
        "1, 1, 1.4142136, 45, 45",
        "1, 1, -1.4142136, 45, -45",
        "0.02, 0.02, 1, 45, 88.38"
    })
    void theWholeSkyHasLongitudeAcrossAndLatitudeAlong(
            double x, double y, double z, double longitude, double latitude) {
        LinearImage image =
                render(
                        camera(180, Projection.EQUIRECTANGULAR, 0),
                        720,
                        360,
                        0,
                        0,
                        particle(new Vec3(x, y, z), 7, 0.1));
        double[] found = centre(image);
        assertThat(found[0]).isEqualTo(360 + 2 * longitude - 0.5, within(1.5));
        assertThat(found[1]).isEqualTo(180 + 2 * latitude - 0.5, within(1.5));
    }

    @Test
    void theFacesOfTheSkyMeetWithoutASeam() {
        double[][] shell = new double[4000][];
        for (int i = 0; i < shell.length; i++) { // even on the sphere (Fibonacci)
            double z = 1 - 2 * (i + 0.5) / shell.length;
            double phi = i * Math.PI * (3 - Math.sqrt(5));
            double r = Math.sqrt(1 - z * z);
            shell[i] = particle(new Vec3(r * Math.cos(phi), r * Math.sin(phi), z), 10, 1.2);
        }
        LinearImage image =
                render(camera(180, Projection.EQUIRECTANGULAR, 0), 256, 128, 0, 0, shell);
        double mean = 0;
        for (float v : image.red()) {
            mean += v / image.red().length;
        }
        for (int y = 2; y < 126; y++) {
            for (int x = 0; x < 256; x++) {
                assertThat((double) image.red()[y * 256 + x])
                        .as("pixel %d %d", x, y)
                        .isEqualTo(mean, within(0.09 * mean));
            }
        }
    }

    /** The right eye sees a near particle further left; how far is asin(offset / distance). */
    @ParameterizedTest
    @CsvSource({"0, 1, 0", "1, 0, 90", "0.1, -1, 174.29"})
    void eachDirectionOfTheSkyHasItsOwnPairOfEyes(double x, double y, double longitude) {
        double offset = 0.5;
        double shift = Math.toDegrees(Math.asin(offset / 4));
        double[] particle = particle(new Vec3(x, y, 0), 4, 0.02);
        double right =
                centre(
                        render(
                                camera(180, Projection.EQUIRECTANGULAR, offset),
                                720,
                                360,
                                0,
                                0,
                                particle))[0];
        double left =
                centre(
                        render(
                                camera(180, Projection.EQUIRECTANGULAR, -offset),
                                720,
                                360,
                                0,
                                0,
                                particle))[0];
        assertThat(right).isEqualTo(360 + 2 * (longitude - shift) - 0.5, within(1.5));
        double expectedLeft = longitude + shift > 180 ? longitude + shift - 360 : longitude + shift;
        assertThat(left).isEqualTo(360 + 2 * expectedLeft - 0.5, within(1.5));
    }

    @Test
    void copiesOfThePeriodicBoxAreDrawnAtTheirPlaces() {
        Vec3 eye = new Vec3(5, -100, 5);
        Camera camera =
                new Camera(
                        eye,
                        new Vec3(5, 5, 5),
                        new Vec3(0, 0, 1),
                        eye,
                        20,
                        Projection.ORTHOGRAPHIC,
                        0,
                        1e23);
        double[] particle = {5, 5, 5, 0.4, 1, 1};
        LinearImage one = render(camera, 240, 240, 10, 0, particle);
        LinearImage nine = render(camera, 240, 240, 10, 1, particle);
        double perUnit = 240 / (2 * 105 * Math.tan(Math.toRadians(10)));
        int right = (int) Math.round(120 + 10 * perUnit);
        assertThat(one.red()[120 * 240 + right]).isZero();
        assertThat(nine.red()[120 * 240 + right]).isPositive();
        // Three boxes lie behind one another, and nine beside.
        assertThat(centre(nine)[2])
                .isEqualTo(27 * centre(one)[2], within(1e-2 * 27 * centre(one)[2]));
    }

    @Test
    void theWholeSkyIsNotMeasured() {
        try (Workers workers = new Workers(1);
                ParticleSet set = TestParticles.of(particle(new Vec3(0, 1, 0), 1, 1))) {
            FrameRenderer renderer =
                    new FrameRenderer(
                            Backends.choose("scalar"), Quality.EXACT, workers, Reporter.SILENT);
            assertThatThrownBy(() ->
                            renderer.render(
                                    List.of(new Layer(set, TestParticles.plain())),
                                    camera(180, Projection.EQUIRECTANGULAR, 0),
                                    new FrameSettings(8, 8, 0, 0, new Shading.Emission(), 32),
                                    new FrameRenderer.Measuring(
                                            List.of(new Measure(Measure.Kind.MASS, -1, "mass")),
                                            SphKernel.CUBIC,
                                            List.of(1.0)),
                                    null,
                                    new StageTimes(System::nanoTime)))
                    .isInstanceOf(RenderException.class)
                    .hasMessageContaining("use projection=fisheye");
        }
    }
}
