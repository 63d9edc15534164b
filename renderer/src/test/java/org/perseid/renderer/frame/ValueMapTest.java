package org.perseid.renderer.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.perseid.renderer.model.ColorMap;
import org.perseid.renderer.model.ScalarMapping;
import org.perseid.renderer.model.Transform;
import org.perseid.renderer.model.Workers;

class ValueMapTest {
    private static final ColorMap RAMP =
            new ColorMap(
                    "ramp", new float[] {0.25f, 1}, new float[] {0.25f, 1}, new float[] {0, 0});

    private static ValueMap map(Transform transform, double min, double max, boolean flip) {
        return new ValueMap(RAMP, transform, min, max, flip);
    }

    private static int[] levels(ValueMap map, float[] values, int width) {
        ScalarMapping range = map.range(values);
        try (Workers workers = new Workers(1)) {
            byte[] rgb = map.apply(values, width, values.length / width, range, workers).rgb();
            int[] out = new int[values.length];
            for (int p = 0; p < out.length; p++) {
                assertThat(rgb[3 * p + 1]).isEqualTo(rgb[3 * p]);
                assertThat(rgb[3 * p + 2]).isZero();
                out[p] = rgb[3 * p] & 255;
            }
            return out;
        }
    }

    @Test
    void valuesAreColouredWithinTheRangeAndNothingIsBlack() {
        float[] values = {1, 10, 100, 1e6f, 0.01f, 0, -5, Float.NaN};
        assertThat(levels(map(Transform.LOG10, 0, 2, false), values, 4))
                .containsExactly(64, 160, 255, 255, 64, 64, 64, 0);
        assertThat(levels(map(Transform.LOG10, 0, 2, true), values, 4))
                .containsExactly(64, 64, 64, 0, 64, 160, 255, 255);
        assertThat(levels(map(Transform.LINEAR, 0, 100, false), values, 8))
                .containsExactly(65, 83, 255, 255, 64, 64, 64, 0);
    }

    @Test
    void aRangeThatIsLeftOpenSuitsTheValues() {
        float[] values = new float[10_000];
        for (int p = 0; p < values.length; p++) {
            values[p] = p % 2 == 0 ? p : Float.NaN;
        }
        values[9_998] = 1e9f; // one pixel is not what decides
        ScalarMapping open = map(Transform.LINEAR, Double.NaN, Double.NaN, false).range(values);
        assertThat(open.min()).isCloseTo(100, within(3f));
        assertThat(open.max()).isCloseTo(9990, within(3f));
        ScalarMapping low = map(Transform.LINEAR, Double.NaN, 50, false).range(values);
        assertThat(low.min()).isEqualTo(50f); // never above the other end
        assertThat(low.max()).isEqualTo(50f);
        ScalarMapping high = map(Transform.LOG10, 1, Double.NaN, false).range(values);
        assertThat(high.min()).isEqualTo(1f);
        assertThat(high.max()).isCloseTo(4, within(0.01f));
        ScalarMapping nothing =
                map(Transform.LOG10, Double.NaN, Double.NaN, false).range(new float[9]);
        assertThat(nothing).isEqualTo(new ScalarMapping(Transform.LOG10, 0, 1));
    }
}
