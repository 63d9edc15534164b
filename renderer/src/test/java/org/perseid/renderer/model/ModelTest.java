package org.perseid.renderer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.perseid.renderer.TestParticles;
import org.perseid.renderer.backend.Backends;

class ModelTest {
    private static final Vec3 UP = new Vec3(0, 0, 1);
    private static final Vec3 ZERO = new Vec3(0, 0, 0);

    @Test
    void aCameraAtItsTargetIsRefused() {
        assertThatThrownBy(() -> Camera.perspective(ZERO, ZERO, UP, 45))
                .isInstanceOf(RenderException.class)
                .hasMessageContaining("the camera is at its target");
    }

    @Test
    void aSkyAlongTheViewIsRefused() {
        assertThatThrownBy(() -> Camera.perspective(new Vec3(0, 0, 5), ZERO, UP, 45))
                .hasMessageContaining("sky is parallel to the view");
        assertThatThrownBy(() -> Camera.perspective(new Vec3(0, 1, 5), ZERO, ZERO, 45))
                .hasMessageContaining("zero vector");
    }

    @Test
    void anImpossibleAngleIsRefused() {
        for (double fov : new double[] {0, 180, -3, Double.NaN}) {
            assertThatThrownBy(() -> Camera.perspective(new Vec3(1, 0, 0), ZERO, UP, fov))
                    .hasMessageContaining("must be in (0, 180)");
        }
    }

    @Test
    void absurdPictureSizesAreRefused() {
        Shading shading = new Shading.Emission();
        assertThatThrownBy(() -> new FrameSettings(0, 5, 1, 0, shading, 64))
                .hasMessageContaining("0x5");
        assertThatThrownBy(() -> new FrameSettings(32768, 32768, 1, 0, shading, 64))
                .hasMessageContaining("product");
        assertThatThrownBy(() -> new FrameSettings(10, 10, 1, 0, shading, 0))
                .hasMessageContaining("tile");
    }

    @Test
    void transformsAreSplotchs() {
        assertThat(Transform.LOG10.apply(1000f)).isEqualTo(3f);
        assertThat(Transform.LOG10.apply(0f)).isEqualTo(-38f);
        assertThat(Transform.LOG10.apply(-5f)).isEqualTo(-38f);
        assertThat((double) Transform.ASINH.apply(3f))
                .isCloseTo(Math.log(3 + Math.sqrt(10)), within(1e-6));
        assertThat((double) Transform.ASINH.apply(-1e10f)).isCloseTo(-Math.log(2e10), within(1e-4));
        assertThat(Transform.LINEAR.apply(7f)).isEqualTo(7f);
    }

    @Test
    void aMappingClampsAndScalesAndIsOneForASingleValue() {
        FieldRange data = new FieldRange(-10, 100, 1);
        ScalarMapping log = ScalarMapping.of(Transform.LOG10, Double.NaN, Double.NaN, data);
        assertThat(log.min()).isEqualTo(0f);
        assertThat(log.apply(10f)).isEqualTo(0.5f);
        assertThat(log.apply(-3f)).isEqualTo(0f);
        assertThat(ScalarMapping.of(Transform.LINEAR, 0, 1, data).apply(100f)).isEqualTo(1f);
        assertThat(ScalarMapping.of(Transform.LINEAR, 5, 5, data).apply(-3f)).isEqualTo(1f);
        FieldRange negative = new FieldRange(-2, -1, Double.POSITIVE_INFINITY);
        assertThat(ScalarMapping.of(Transform.LOG10, Double.NaN, Double.NaN, negative).apply(-1f))
                .isEqualTo(1f);
    }

    @Test
    void colourMapsInterpolateAndClamp() {
        ColorMap map =
                new ColorMap(
                        "m", new float[] {0, 1, 0}, new float[] {1, 1, 1}, new float[] {0, 0, 1});
        assertThat(map.at(0, 0.25f)).isEqualTo(0.5f);
        assertThat(map.at(0, -1f)).isEqualTo(0f);
        assertThat(map.at(2, 2f)).isEqualTo(1f);
        assertThat(map.at(2, Float.NaN)).isEqualTo(0f);
        assertThat(map.reversed().at(2, 0f)).isEqualTo(1f);
        assertThatThrownBy(() -> new ColorMap("e", new float[0], new float[0], new float[0]))
                .hasMessageContaining("no colours");
    }

    @Test
    void percentilesLeaveOutWhatHasNoLogarithm() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment column =
                    arena.allocateFrom(ValueLayout.JAVA_FLOAT, -1f, 0f, 10f, 100f, 1000f);
            float[] logs = Percentiles.sample(column, 5, Transform.LOG10);
            assertThat(logs).containsExactly(1f, 2f, 3f);
            assertThat(Percentiles.at(logs, 0.5)).isEqualTo(2f);
        }
    }

    @Test
    void retainKeepsOrderAndCounts() {
        try (ParticleSet set =
                TestParticles.of(
                        new double[] {1, 0, 0, 1, 1, 1},
                        new double[] {2, 0, 0, 1, 1, 1},
                        new double[] {3, 0, 0, 1, 1, 1})) {
            assertThat(set.retain(i -> i != 1)).isEqualTo(1);
            assertThat(set.count()).isEqualTo(2);
            assertThat(set.x().getAtIndex(ParticleSet.FLOAT, 1)).isEqualTo(3f);
            assertThat(set.extent(0).max()).isEqualTo(3);
        }
    }

    @Test
    void tooLargeAColumnIsRefusedBeforeItIsTouched() {
        assertThatThrownBy(() ->
                        new ParticleSet(1L << 50, new ParticleSet.Columns(false, false, false)))
                .isInstanceOf(RenderException.class)
                .hasMessageContaining(
                        "not enough memory for a column of 1125899906842624 particles");
    }

    @Test
    void workersRunEveryTaskOnceAndPassOnTheFirstFailure() {
        try (Workers workers = new Workers(3)) {
            AtomicLong sum = new AtomicLong();
            workers.run(1000, sum::addAndGet);
            assertThat(sum.get()).isEqualTo(499_500);
            workers.run(0, i -> sum.set(-1));
            assertThat(sum.get()).isEqualTo(499_500);
            assertThatThrownBy(() ->
                            workers.run(
                                    100,
                                    i -> {
                                        if (i == 7) {
                                            throw new RenderException("seven");
                                        }
                                    }))
                    .hasMessage("seven");
            AtomicLong rows = new AtomicLong();
            workers.runSlices(10, 4, (a, b) -> rows.addAndGet(b - a));
            assertThat(rows.get()).isEqualTo(10);
        }
    }

    @Test
    void aMissingBackEndIsAnErrorThatNamesTheOthers() {
        assertThat(Backends.choose("auto").name()).isEqualTo("vector");
        assertThatThrownBy(() -> Backends.choose("tornado"))
                .hasMessage(
                        "back end 'tornado' is not there (on a GPU draws opencl); available: auto,"
                                + " vector, scalar, opencl");
    }

    @Test
    void stageTimesAddUpByAClockThatIsGiven() {
        long[] now = {0};
        StageTimes times = new StageTimes(() -> now[0]);
        times.time("read", () -> now[0] += 2_000_000_000L);
        times.time("draw", () -> now[0] += 500_000_000L);
        times.time("read", () -> now[0] += 1_000_000_000L);
        assertThat(times.seconds())
                .containsExactly(
                        java.util.Map.entry("read", 3.0), java.util.Map.entry("draw", 0.5));
    }

    @Test
    void theMachineTellsItsMemory() {
        assertThat(OffHeap.availableBytes()).isPositive();
        assertThat(OffHeap.peakResidentBytes()).isPositive();
    }
}
