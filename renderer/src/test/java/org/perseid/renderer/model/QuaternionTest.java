package org.perseid.renderer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuaternionTest {
    private static void assertSame(Vec3 found, Vec3 expected) {
        assertThat(found.minus(expected).length()).isLessThan(1e-9);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void itLooksWhereItWasToldAndKeepsTheSkyUp(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Vec3 forward = random(random).normalized();
        Vec3 sky = random(random);
        Quaternion q = Quaternion.looking(forward, sky);
        assertSame(q.forward(), forward);
        assertThat(q.up().dot(forward)).isEqualTo(0, within(1e-12));
        assertThat(q.up().dot(sky)).isPositive();
        assertThat(q.up().dot(sky.cross(forward))).isEqualTo(0, within(1e-9));
    }

    private static Vec3 random(SplittableRandom r) {
        return new Vec3(r.nextDouble(-1, 1), r.nextDouble(-1, 1), r.nextDouble(-1, 1));
    }

    @Test
    void halfWayOfAQuarterTurnIsAnEighth() {
        Vec3 up = new Vec3(0, 0, 1);
        Quaternion a = Quaternion.looking(new Vec3(1, 0, 0), up);
        Quaternion b = Quaternion.looking(new Vec3(0, 1, 0), up);
        assertSame(a.slerp(b, 0).forward(), a.forward());
        assertSame(a.slerp(b, 1).forward(), b.forward());
        assertSame(a.slerp(b, 0.5).forward(), new Vec3(1, 1, 0).normalized());
        assertSame(a.slerp(b, 0.5).up(), up);
        double third = Math.toRadians(30);
        assertSame(a.slerp(b, 1 / 3.0).forward(), new Vec3(Math.cos(third), Math.sin(third), 0));
        Quaternion negative = new Quaternion(-b.w(), -b.x(), -b.y(), -b.z());
        assertSame(a.slerp(negative, 0.5).forward(), new Vec3(1, 1, 0).normalized());
        assertSame(a.slerp(a, 0.7).forward(), a.forward());
    }
}
