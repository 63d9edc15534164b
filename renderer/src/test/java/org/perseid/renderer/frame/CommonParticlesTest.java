package org.perseid.renderer.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.perseid.renderer.TestParticles;
import org.perseid.renderer.ThreadPeers;
import org.perseid.renderer.backend.Backends;
import org.perseid.renderer.backend.Reach;
import org.perseid.renderer.model.AgreedException;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.Ending;
import org.perseid.renderer.model.FrameSettings;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Peers;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.RenderException;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Shading;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Vec3;
import org.perseid.renderer.model.Workers;
import org.perseid.renderer.spatial.SpatialOrder;

/** Particles that every peer has: each draws a part of what is seen of them. */
class CommonParticlesTest {
    private static final int COUNT = 60_000;
    private static final FrameSettings FRAME =
            new FrameSettings(120, 90, 0, 0, new Shading.Emission(), 64);
    private static final Camera FAR =
            Camera.perspective(new Vec3(9, -20, 4), new Vec3(0, 0, 0), new Vec3(0, 0, 1), 30);

    /** Sees a corner that one of few peers would have alone if space were divided. */
    private static final Camera NEAR =
            Camera.perspective(new Vec3(3, 3, 3), new Vec3(2, 2, 2), new Vec3(0, 0, 1), 60);

    /** The same with every peer. */
    private static ParticleSet all(Workers workers) {
        SplittableRandom random = new SplittableRandom(4);
        double[][] rows = new double[COUNT][];
        for (int i = 0; i < COUNT; i++) {
            rows[i] =
                    new double[] {
                        3 * random.nextGaussian(),
                        3 * random.nextGaussian(),
                        3 * random.nextGaussian(),
                        0.02 * (1 + random.nextDouble()),
                        random.nextDouble(),
                        random.nextDouble()
                    };
        }
        ParticleSet set = TestParticles.of(rows);
        SpatialOrder.sort(set, workers);
        new Layer(set, TestParticles.plain()).makeDetail(workers);
        set.setCommon(true);
        return set;
    }

    private static LinearImage drawn(Peers peers, Camera camera, FrameSettings frame, int parts) {
        try (Workers workers = new Workers(1);
                ParticleSet set = all(workers)) {
            return drawn(peers, set, camera, frame, parts, workers);
        }
    }

    private static LinearImage drawn(
            Peers peers,
            ParticleSet set,
            Camera camera,
            FrameSettings frame,
            int parts,
            Workers workers) {
        FrameRenderer renderer =
                new FrameRenderer(
                        Backends.choose("scalar"), Quality.EXACT, workers, Reporter.SILENT, peers);
        List<Layer> layers = List.of(new Layer(set, TestParticles.plain()));
        StageTimes times = new StageTimes(System::nanoTime);
        if (parts == 1) {
            return renderer.render(layers, camera, frame, times);
        }
        LinearImage sum = new LinearImage(frame.width(), frame.height());
        for (int part = 0; part < parts; part++) {
            renderer.add(layers, camera, frame, part, parts, sum, times);
        }
        return sum;
    }

    @ParameterizedTest
    @CsvSource({"2, 0, 1", "3, 0, 4", "5, 2, 1", "2, 2, 4"})
    void thePictureIsThatOfOne(int count, double detailPx, int parts) {
        FrameSettings frame = FRAME.withDetail(detailPx);
        for (Camera camera : List.of(FAR, NEAR)) {
            LinearImage one = drawn(Peers.alone(), camera, frame, 1);
            LinearImage many =
                    ThreadPeers.run(count, peers -> drawn(peers, camera, frame, parts)).getFirst();
            assertThat(DetailTest.error(many, one)).isLessThan(1e-6);
        }
    }

    private static double[] equal(int count) {
        double[] out = new double[count];
        Arrays.fill(out, 1.0 / count);
        return out;
    }

    /** Rows that a peer draws of those that can be seen. */
    private static long rows(Peers peers, Camera camera, double detailPx) {
        try (Workers workers = new Workers(1);
                ParticleSet set = all(workers)) {
            Layer layer = new Layer(set, TestParticles.plain());
            FrameSource source =
                    new FrameSource(
                            List.of(
                                    View.of(
                                            layer,
                                            camera,
                                            FRAME.withDetail(detailPx),
                                            new Vec3(0, 0, 0))),
                            FrameSource.Slice.ALL,
                            new FrameSource.Sharing(peers.self(), equal(peers.count()), 7.5),
                            null,
                            workers,
                            Reporter.SILENT,
                            Peers.alone().add(List.of(), 1, new Ending.Light()));
            Reach reach = new Reach();
            long out = 0;
            for (int chunk = 0; chunk < source.chunks(); chunk++) {
                out += source.reach(chunk, reach) ? source.size(chunk) : 0;
            }
            return out;
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 2})
    void eachHasAsMuchToDrawAsAnyOtherWhereverTheCameraLooks(double detailPx) {
        for (Camera camera : List.of(FAR, NEAR)) {
            long seen = rows(Peers.alone(), camera, detailPx);
            List<Long> each = ThreadPeers.run(3, peers -> rows(peers, camera, detailPx));
            assertThat(each.stream().mapToLong(n -> n).sum()).isEqualTo(seen);
            for (long n : each) {
                assertThat(n).isBetween(seen / 4, seen / 2);
            }
        }
    }

    @Test
    void whatOneCannotReadIsAFailureOfAll() {
        List<String> told =
                ThreadPeers.run(
                        3,
                        peers -> {
                            try (Workers workers = new Workers(1);
                                    ParticleSet set = all(workers)) {
                                int last = COUNT / 1024;
                                set.setGate(block -> {
                                    if (block == last) {
                                        throw new RenderException("block " + last + " is bad");
                                    }
                                    return true;
                                });
                                assertThatThrownBy(() -> drawn(peers, set, FAR, FRAME, 1, workers))
                                        .isInstanceOf(AgreedException.class)
                                        .hasMessageContaining("block " + last + " is bad");
                                set.setGate(_ -> true);
                                return "" + drawn(peers, set, FAR, FRAME, 1, workers).width();
                            }
                        });
        assertThat(told).containsOnly("120");
    }

    /** Blocks that each peer draws in each of some frames, where one of them is slow. */
    @Test
    void whoTakesLongerGetsLess() {
        int frames = 8;
        List<int[]> drawn =
                ThreadPeers.run(
                        3,
                        peers -> {
                            try (Workers workers = new Workers(1);
                                    ParticleSet set = all(workers)) {
                                AtomicInteger blocks = new AtomicInteger();
                                set.setGate(_ -> {
                                    int _ = blocks.incrementAndGet();
                                    if (peers.self() == 1) {
                                        LockSupport.parkNanos(10_000_000);
                                    }
                                    return true;
                                });
                                FrameRenderer renderer =
                                        new FrameRenderer(
                                                Backends.choose("scalar"),
                                                Quality.EXACT,
                                                workers,
                                                Reporter.SILENT,
                                                peers);
                                int[] out = new int[frames];
                                for (int k = 0; k < frames; k++) {
                                    blocks.set(0);
                                    LinearImage _ =
                                            renderer.render(
                                                    List.of(new Layer(set, TestParticles.plain())),
                                                    FAR,
                                                    FRAME,
                                                    new StageTimes(System::nanoTime));
                                    out[k] = blocks.get();
                                }
                                return out;
                            }
                        });
        for (int k = 0; k < frames; k++) {
            int number = k;
            int sum = drawn.stream().mapToInt(of -> of[number]).sum();
            assertThat(sum).isEqualTo(drawn.stream().mapToInt(of -> of[0]).sum());
        }
        assertThat(drawn.get(1)[frames - 1]).isLessThan(drawn.get(1)[0] * 2 / 3);
    }

    @Test
    void partsAreLearntFromTimes() {
        Shares shares = new Shares(2);
        for (int k = 0; k < 30; k++) { // number 0 is three times as fast
            double[] parts = shares.agreed(Peers.alone());
            shares.learn(new double[] {parts[0], 3 * parts[1]});
        }
        assertThat(shares.agreed(Peers.alone())[0]).isBetween(0.74, 0.76);
        shares.learn(new double[] {0.751, 0.753});
        assertThat(shares.agreed(Peers.alone())[0]).isBetween(0.74, 0.76);
        for (int k = 0; k < 100; k++) { // number 1 does nothing but wait
            shares.learn(new double[] {1e-9, 1});
        }
        double[] last = shares.agreed(Peers.alone());
        assertThat(last[1]).isBetween(0.05, 0.07);
        assertThat(last[0] + last[1]).isCloseTo(1, within(1e-12));
    }
}
