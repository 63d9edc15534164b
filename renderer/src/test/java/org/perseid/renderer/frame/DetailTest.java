package org.perseid.renderer.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.perseid.renderer.TestBackends;
import org.perseid.renderer.TestParticles;
import org.perseid.renderer.backend.Backends;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.ColorMap;
import org.perseid.renderer.model.FrameSettings;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.RenderException;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Shading;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.TypeStyle;
import org.perseid.renderer.model.Vec3;
import org.perseid.renderer.model.Workers;
import org.perseid.renderer.spatial.SpatialOrder;

/** Pictures of nodes against pictures of their particles. */
class DetailTest {
    private static final FrameSettings FRAME =
            new FrameSettings(160, 120, 1, 0, new Shading.Emission(), 64);
    private static final float[] GRAY = {0.5f};
    private static final Camera FAR =
            Camera.perspective(new Vec3(300, 40, 20), new Vec3(50, 50, 50), new Vec3(0, 0, 1), 30);

    private static ParticleSet particles(int n) {
        SplittableRandom random = new SplittableRandom(3);
        double[][] rows = new double[n][];
        for (int i = 0; i < n; i++) {
            double spread = 100 * Math.pow(random.nextDouble(), 3);
            rows[i] =
                    new double[] {
                        50 + (random.nextDouble() - 0.5) * spread,
                        50 + (random.nextDouble() - 0.5) * spread,
                        50 + (random.nextDouble() - 0.5) * spread,
                        0.004 * (1 + spread),
                        random.nextDouble(),
                        random.nextDouble()
                    };
        }
        return TestParticles.of(rows);
    }

    private static ParticleSet sorted(ParticleSet set, Workers workers) {
        SpatialOrder.sort(set, workers);
        new Layer(set, TestParticles.plain()).makeDetail(workers);
        return set;
    }

    private static LinearImage draw(
            ParticleSet set,
            TypeStyle style,
            Camera camera,
            FrameSettings frame,
            String backend,
            Workers workers) {
        return new FrameRenderer(Backends.choose(backend), Quality.EXACT, workers, Reporter.SILENT)
                .render(
                        List.of(new Layer(set, style)),
                        camera,
                        frame,
                        new StageTimes(System::nanoTime));
    }

    /** The mean difference, as a part of the mean light of the second. */
    static double error(LinearImage a, LinearImage b) {
        double difference = 0;
        double light = 0;
        for (int p = 0; p < a.red().length; p++) {
            difference += Math.abs(a.red()[p] - (double) b.red()[p]);
            light += b.red()[p];
        }
        return difference / light;
    }

    @ParameterizedTest
    @CsvSource({"0.25, 0.002", "0.5, 0.008", "1, 0.03"})
    void aPictureOfSmallNodesIsThatOfTheirParticles(double detailPx, double bound) {
        try (Workers workers = new Workers(2);
                ParticleSet set = sorted(particles(400_000), workers)) {
            LinearImage all = draw(set, TestParticles.plain(), FAR, FRAME, "scalar", workers);
            LinearImage nodes =
                    draw(
                            set,
                            TestParticles.plain(),
                            FAR,
                            FRAME.withDetail(detailPx),
                            "scalar",
                            workers);
            assertThat(error(nodes, all)).isBetween(1e-7, bound);
        }
    }

    @Test
    void allBackEndsDrawTheSameNodes() {
        try (Workers workers = new Workers(2);
                ParticleSet set = sorted(particles(100_000), workers)) {
            TypeStyle style = TestParticles.plain().withBrightness(2);
            LinearImage expected = draw(set, style, FAR, FRAME.withDetail(1), "scalar", workers);
            for (String backend : TestBackends.others()) {
                LinearImage nodes = draw(set, style, FAR, FRAME.withDetail(1), backend, workers);
                assertThat(error(nodes, expected)).as(backend).isLessThan(1e-5);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("org.perseid.renderer.frame.CullingTest#cameras")
    void nothingThatIsSeenIsMissed(Camera camera) {
        try (Workers workers = new Workers(2);
                ParticleSet set = sorted(particles(60_000), workers)) {
            LinearImage all = draw(set, TestParticles.plain(), camera, FRAME, "scalar", workers);
            LinearImage nodes =
                    draw(
                            set,
                            TestParticles.plain(),
                            camera,
                            FRAME.withDetail(0.1),
                            "scalar",
                            workers);
            double light = 0;
            for (float v : all.red()) {
                light += v;
            }
            assertThat(light > 0 ? error(nodes, all) : 0).isLessThan(2e-3);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nodesOfAnotherLightAreNotDrawn(boolean same) {
        try (Workers workers = new Workers(2);
                ParticleSet set = sorted(particles(100_000), workers)) {
            TypeStyle style =
                    same
                            ? TestParticles.plain().withBrightness(3)
                            : TypeStyle.plain("other", new ColorMap("flat", GRAY, GRAY, GRAY), 1);
            assertThat(new Layer(set, style).usableDetail() != null).isEqualTo(same);
            LinearImage all = draw(set, style, FAR, FRAME, "scalar", workers);
            LinearImage nodes = draw(set, style, FAR, FRAME.withDetail(1), "scalar", workers);
            assertThat(error(nodes, all) > 0).isEqualTo(same);
        }
    }

    @Test
    void aGateIsAskedForWhatIsDrawnAndMayRefuse() {
        try (Workers workers = new Workers(2);
                ParticleSet set = sorted(particles(50_000), workers)) {
            AtomicLong asked = new AtomicLong();
            set.setGate(_ -> asked.incrementAndGet() > 0);
            LinearImage _ = draw(set, TestParticles.plain(), FAR, FRAME, "scalar", workers);
            assertThat(asked.get()).isGreaterThanOrEqualTo(49);
            set.setGate(block -> {
                throw new RenderException("block " + block + " is damaged");
            });
            org.assertj.core.api.Assertions.assertThatThrownBy(
                            () -> draw(set, TestParticles.plain(), FAR, FRAME, "scalar", workers))
                    .isInstanceOf(RenderException.class)
                    .hasMessageContaining("is damaged");
        }
    }
}
