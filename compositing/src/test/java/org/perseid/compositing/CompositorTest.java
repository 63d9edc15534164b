package org.perseid.compositing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.perseid.renderer.model.Ending;
import org.perseid.renderer.model.Levels;

/** Pictures of ranks that are threads. */
class CompositorTest {
    private static final Ending LIGHT = new Ending.Light();
    private static final int WIDTH = 37;
    private static final int PIXELS = WIDTH * 53;

    static Stream<Arguments> groups() {
        return Stream.of(Schedule.values())
                .flatMap(schedule ->
                        Stream.of(1, 2, 3, 4, 5, 6, 7, 8)
                                .flatMap(size ->
                                        Stream.of(0.0, 0.02, 0.5, 1.0)
                                                .map(lit -> Arguments.of(schedule, size, lit))));
    }

    @ParameterizedTest
    @MethodSource("groups")
    void sumsAreThoseOfOneProcess(Schedule schedule, int size, double lit) {
        List<List<float[]>> parts = parts(size, lit, 1000);
        double[][] expected = new double[3][PIXELS];
        parts.forEach(part -> {
            for (int k = 0; k < 3; k++) {
                for (int p = 0; p < PIXELS; p++) {
                    expected[k][p] += part.get(k)[p];
                }
            }
        });
        List<float[]> sum =
                LocalGroup.run(
                                size,
                                group -> {
                                    List<float[]> own = parts.get(group.rank());
                                    try (Compositor compositor = new Compositor(group)) {
                                        var _ = compositor.add(schedule, own, WIDTH, LIGHT);
                                        var _ =
                                                compositor.add(
                                                        schedule, zeros(), WIDTH,
                                                        LIGHT); // buffers are used again
                                    }
                                    return own;
                                })
                        .getFirst();
        assertThat(largestError(sum, expected)).isLessThan(1e-3);
    }

    @ParameterizedTest
    @MethodSource("groups")
    void aHigherRankLiesOverALowerOne(Schedule schedule, int size, double lit) {
        List<List<float[]>> light = parts(size, lit, 1);
        List<List<float[]>> opacity = parts(size, lit, 1);
        double[][] expected = new double[3][PIXELS];
        for (int r = 0; r < size; r++) {
            for (int k = 0; k < 3; k++) {
                for (int p = 0; p < PIXELS; p++) {
                    float o = opacity.get(r).get(k)[p];
                    light.get(r).get(k)[p] *= o; // no light without opacity
                    expected[k][p] = light.get(r).get(k)[p] + (1 - o) * expected[k][p];
                }
            }
        }
        List<float[]> picture =
                LocalGroup.run(
                                size,
                                group -> {
                                    List<float[]> own = light.get(group.rank());
                                    try (Compositor compositor = new Compositor(group)) {
                                        var _ =
                                                compositor.over(
                                                        schedule,
                                                        own,
                                                        opacity.get(group.rank()),
                                                        WIDTH,
                                                        LIGHT);
                                    }
                                    return own;
                                })
                        .getFirst();
        assertThat(largestError(picture, expected)).isLessThan(1e-6);
    }

    /**
     * The same levels as of the sums at rank 0; a quarter of what is collected travels, or less.
     */
    @ParameterizedTest
    @MethodSource("groups")
    void levelsAreThoseOfTheFinishedLight(Schedule schedule, int size, double lit) {
        Levels levels = light -> (byte) Math.clamp((long) (25 + 0.2 * light), 0, 255);
        List<List<float[]>> sums = parts(size, lit, 1000);
        List<List<float[]>> leveled = parts(size, lit, 1000);
        List<List<float[]>> light = parts(size, lit, 1000);
        List<List<float[]>> leveledLight = parts(size, lit, 1000);
        List<Long> bytes =
                LocalGroup.run(
                        size,
                        group -> {
                            int r = group.rank();
                            try (Compositor one = new Compositor(group, 3);
                                    Compositor other = new Compositor(group, 3)) {
                                var _ = one.add(schedule, sums.get(r), WIDTH, LIGHT);
                                var _ =
                                        one.over(
                                                schedule,
                                                light.get(r),
                                                parts(size, lit, 1).get(r),
                                                WIDTH,
                                                LIGHT);
                                var _ =
                                        other.add(
                                                schedule,
                                                leveled.get(r),
                                                WIDTH,
                                                new Ending.OfLevels(levels));
                                var _ =
                                        other.over(
                                                schedule,
                                                leveledLight.get(r),
                                                parts(size, lit, 1).get(r),
                                                WIDTH,
                                                new Ending.OfLevels(levels));
                                return other.sentBytes() - one.sentBytes();
                            }
                        });
        for (int k = 0; k < 3; k++) {
            levels.inPlaceOf(sums.getFirst().get(k), 0, PIXELS);
            levels.inPlaceOf(light.getFirst().get(k), 0, PIXELS);
            assertThat(Arrays.equals(leveled.getFirst().get(k), sums.getFirst().get(k))).isTrue();
            assertThat(Arrays.equals(leveledLight.getFirst().get(k), light.getFirst().get(k)))
                    .isTrue();
        }
        long saved = -bytes.stream().mapToLong(Long::longValue).sum();
        if (lit == 1
                && schedule == Schedule.DIRECT) { // three bytes a value that rank 0 has not itself
            assertThat(saved).isGreaterThan(2 * 3L * 3 * PIXELS * (size - 1) / size - 100);
        }
        assertThat(saved).isNotNegative();
    }

    /** As with more than 64 ranks. */
    @ParameterizedTest
    @EnumSource(
            value = Schedule.class,
            names = {"DIRECT", "SWAP", "RADIX"})
    void finishedPartsComeInTwoStepsToo(Schedule schedule) {
        for (int size : new int[] {3, 5, 9, 10, 12, 17}) {
            for (double lit : new double[] {0, 0.02, 1}) {
                List<float[]> straight = sum(schedule, size, lit, Collector.STRAIGHT);
                List<float[]> inTwoSteps = sum(schedule, size, lit, 2);
                for (int k = 0; k < 3; k++) {
                    boolean same = Arrays.equals(inTwoSteps.get(k), straight.get(k));
                    assertThat(same).as("%s, %d ranks, %s lit", schedule, size, lit).isTrue();
                }
            }
        }
    }

    private static List<float[]> sum(Schedule schedule, int size, double lit, int straight) {
        List<List<float[]>> parts = parts(size, lit, 1000);
        return LocalGroup.run(
                        size,
                        group -> {
                            List<float[]> own = parts.get(group.rank());
                            try (Compositor compositor = new Compositor(group, straight)) {
                                var _ = compositor.add(schedule, own, WIDTH, LIGHT);
                            }
                            return own;
                        })
                .getFirst();
    }

    @Test
    void halfFloatsKeepElevenBits() {
        List<List<float[]>> parts = parts(4, 1, 1e6);
        double[][] expected = new double[3][PIXELS];
        parts.forEach(part -> {
            for (int k = 0; k < 3; k++) {
                for (int p = 0; p < PIXELS; p++) {
                    expected[k][p] += part.get(k)[p];
                }
            }
        });
        List<float[]> sum =
                LocalGroup.run(
                                4,
                                group -> {
                                    List<float[]> own = parts.get(group.rank());
                                    try (Compositor compositor = new Compositor(group)) {
                                        compositor.useHalfFloats(true);
                                        var _ = compositor.add(Schedule.SWAP, own, WIDTH, LIGHT);
                                        assertThat(compositor.sentBytes())
                                                .isLessThan(6 * PIXELS * 3);
                                    }
                                    return own;
                                })
                        .getFirst();
        for (int k = 0; k < 3; k++) {
            for (int p = 0; p < PIXELS; p++) {
                assertThat((double) sum.get(k)[p])
                        .isCloseTo(
                                expected[k][p],
                                org.assertj.core.data.Percentage.withPercentage(200.0 / 2048));
            }
        }
    }

    @Test
    void emptyRegionsCostNothing() {
        List<Long> bytes =
                LocalGroup.run(
                        4,
                        group -> {
                            List<float[]> own = zeros();
                            if (group.rank() == 2) {
                                own.get(1)[1000] = 5;
                            }
                            try (Compositor compositor = new Compositor(group)) {
                                var _ = compositor.add(Schedule.DIRECT, own, WIDTH, LIGHT);
                                return compositor.sentBytes();
                            }
                        });
        assertThat(bytes.stream().mapToLong(Long::longValue).sum())
                .isLessThan(16L * 15 + 2 * 4 * 2 * Parcel.BLOCK);
    }

    @ParameterizedTest
    @EnumSource(Schedule.class)
    void ofARankThatFailsTheCallerHears(Schedule schedule) {
        org.assertj.core.api.Assertions.assertThatThrownBy(() ->
                        LocalGroup.run(
                                3,
                                group -> {
                                    if (group.rank() == 1) {
                                        throw new IllegalStateException("rank 1");
                                    }
                                    try (Compositor c = new Compositor(group)) {
                                        var _ = c.add(schedule, zeros(), WIDTH, LIGHT);
                                    }
                                    return 0;
                                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("rank 1");
    }

    /** Planes with runs of lit pixels, for each rank. */
    private static List<List<float[]>> parts(int size, double lit, double brightness) {
        Random random = new Random(size);
        return IntStream.range(0, size)
                .mapToObj(r -> {
                    List<float[]> out = zeros();
                    for (float[] plane : out) {
                        for (int p = 0; p < PIXELS; ) {
                            int run = 1 + random.nextInt(200);
                            boolean on = random.nextDouble() < lit;
                            for (int i = 0; i < run && p < PIXELS; i++, p++) {
                                plane[p] = on ? (float) (random.nextDouble() * brightness) : 0;
                            }
                        }
                    }
                    return out;
                })
                .toList();
    }

    private static List<float[]> zeros() {
        return new ArrayList<>(List.of(new float[PIXELS], new float[PIXELS], new float[PIXELS]));
    }

    private static double largestError(List<float[]> actual, double[][] expected) {
        double largest = 0;
        for (int k = 0; k < expected.length; k++) {
            for (int p = 0; p < expected[k].length; p++) {
                largest = Math.max(largest, Math.abs(actual.get(k)[p] - expected[k][p]));
            }
        }
        return largest;
    }
}
