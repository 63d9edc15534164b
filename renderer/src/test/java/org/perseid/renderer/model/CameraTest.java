package org.perseid.renderer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CameraTest {
    private static final double TINY = 1e-9;

    /** At (0, -10, 0), looks along y at the origin, z up, x to the right. */
    private static Camera camera() {
        return Camera.perspective(new Vec3(0, -10, 0), new Vec3(0, 0, 0), new Vec3(0, 0, 1), 90);
    }

    private static void assertNear(Vec3 found, double x, double y, double z) {
        assertThat(found.x()).isCloseTo(x, within(TINY));
        assertThat(found.y()).isCloseTo(y, within(TINY));
        assertThat(found.z()).isCloseTo(z, within(TINY));
    }

    @Test
    void orbitingToTheRightBringsTheEyeThere() {
        assertNear(camera().orbited(Math.PI / 2, 0).eye(), 10, 0, 0);
        assertNear(camera().orbited(0, Math.PI / 6).eye(), 0, -10 * Math.cos(Math.PI / 6), 5);
        assertNear(camera().orbited(1, 0.3).lookAt(), 0, 0, 0);
    }

    @Test
    void theEyeNeverPassesThePole() {
        Camera high = camera().orbited(0, 10);
        assertThat(high.axisZ().z()).isLessThan(1).isGreaterThan(0.999);
        assertThat(high.orbited(0, 5).axisZ().z()).isCloseTo(high.axisZ().z(), within(TINY));
        assertThat(camera().turned(0, -9).axisZ().z()).isGreaterThan(0.999);
    }

    @Test
    void turningMovesTheTargetAndNotTheEye() {
        Camera right = camera().turned(Math.PI / 2, 0);
        assertNear(right.eye(), 0, -10, 0);
        assertNear(right.lookAt(), 10, -10, 0);
        assertThat(camera().turned(0, 0.2).lookAt().z()).isPositive();
    }

    @Test
    void stepsGoAlongThePicturesAxes() {
        Camera moved = camera().shifted(1, 2, 3);
        assertNear(moved.eye(), 1, -7, 2);
        assertNear(moved.lookAt(), 1, 3, 2);
    }

    @Test
    void zoomingKeepsAPointWhereItIs() {
        Camera before = camera();
        Camera near = before.zoomed(0.25, 4, -2);
        assertThat(near.distance()).isCloseTo(2.5, within(TINY));
        // 4 to the right and 2 down of the target: as a part of the picture's width
        double was = 4 / before.widthAtTarget();
        Vec3 point = new Vec3(4, 0, -2);
        double is = point.minus(near.lookAt()).dot(near.axisX()) / near.widthAtTarget();
        assertThat(is).isCloseTo(was, within(TINY));
    }

    @Test
    void theWidthAtTheTargetIsThatOfTheAngle() {
        assertThat(camera().widthAtTarget()).isCloseTo(20, within(TINY));
    }

    @Test
    void rollingTurnsThePictureOnly() {
        Camera rolled = camera().rolled(Math.PI / 2);
        assertNear(rolled.axisY(), -1, 0, 0);
        assertNear(rolled.axisZ(), 0, -1, 0);
    }

    static Stream<Camera> offAxis() {
        return Stream.of(
                camera(),
                new Camera(
                        new Vec3(1, -10, 0),
                        new Vec3(0, 0, 0),
                        new Vec3(0, 0, 1),
                        new Vec3(0, -10, 0),
                        40,
                        Projection.PERSPECTIVE,
                        0,
                        1e9));
    }

    @ParameterizedTest
    @MethodSource("offAxis")
    void theEyeKeepsItsPlaceBesideTheCentre(Camera camera) {
        double before = camera.eye().minus(camera.center()).dot(camera.axisX());
        Camera moved = camera.orbited(0.4, 0.2).shifted(1, 2, 3).turned(0.1, 0.1);
        double after = moved.eye().minus(moved.center()).dot(moved.axisX());
        assertThat(after).isCloseTo(before, within(0.02));
        assertThat(moved.zoomed(0.5, 0, 0).distance())
                .isCloseTo(moved.distance() / 2, within(TINY));
    }

    @Test
    void aCameraThatWouldBeAtItsTargetStays() {
        Camera camera = camera();
        assertThat(camera.zoomed(0, 0, 0)).isEqualTo(camera);
    }
}
