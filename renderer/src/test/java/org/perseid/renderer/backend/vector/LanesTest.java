package org.perseid.renderer.backend.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;
import org.perseid.renderer.model.Transform;

class LanesTest {

    /** Compares at many values, equally many an octave. */
    private static void compare(
            UnaryOperator<FloatVector> actual,
            DoubleUnaryOperator expected,
            double from,
            double to,
            double relative,
            double absolute) {
        int n = 20_000;
        for (int k = 0; k < n; k++) {
            float v = (float) (from * Math.pow(to / from, k / (n - 1.0)));
            double wanted = expected.applyAsDouble(v);
            double found = actual.apply(FloatVector.broadcast(Lanes.FLOATS, v)).lane(0);
            assertThat(found)
                    .as("at %s", v)
                    .isCloseTo(wanted, within(Math.abs(wanted) * relative + absolute));
        }
    }

    @Test
    void weightsAreExponentials() {
        compare(Lanes::exp, u -> Math.exp(-8 * u), 1e-6, 0.4125, 4e-6, 0);
    }

    @Test
    void absorptionKeepsSmallDepths() {
        compare(Lanes::expm1OfNegative, t -> Math.expm1(-t), 1e-8, 80, 3e-7, 0);
        compare(Lanes::expm1OfNegative, t -> -1, 90, 1e30, 1e-7, 0);
    }

    @Test
    void logarithms() {
        compare(Lanes::log, Math::log, 1e-40, 3e38, 3e-7, 3e-7);
        compare(Lanes::asinh, a -> Transform.ASINH.apply((float) a), 1e-6, 3e38, 1e-6, 0);
    }
}
