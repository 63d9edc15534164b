package org.perseid.renderer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.perseid.renderer.backend.Backends;
import org.perseid.renderer.frame.FrameRenderer;
import org.perseid.renderer.frame.Layer;
import org.perseid.renderer.frame.ToneMap;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.FieldRange;
import org.perseid.renderer.model.FrameSettings;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.Measure;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Peers;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Shading;
import org.perseid.renderer.model.Shading.DrawOrder;
import org.perseid.renderer.model.SphKernel;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Vec3;
import org.perseid.renderer.model.Workers;
import org.perseid.renderer.neighbours.SmoothingLengths;
import org.perseid.renderer.spatial.Division;

/** What peers do together is what one process does. */
class PeersTest {
    private static final int COUNT = 2000;
    private static final Camera CAMERA =
            Camera.perspective(new Vec3(0, -12, 1), new Vec3(0, 0, 0), new Vec3(0, 0, 1), 50);

    /** Rows of a share; one is empty where there are more shares than three. */
    private static ParticleSet share(int index, int of, double size) {
        Random random = new Random(7);
        double[][] all = new double[COUNT][];
        for (int i = 0; i < COUNT; i++) {
            double spread = i % 2 == 0 ? 3 : 0.5;
            all[i] =
                    new double[] {
                        spread * random.nextGaussian(),
                        spread * random.nextGaussian(),
                        spread * random.nextGaussian(),
                        size * (1 + random.nextDouble()),
                        random.nextDouble(),
                        random.nextDouble(),
                        i
                    };
        }
        int shares = of > 3 ? of - 1 : of;
        int first = index >= shares ? COUNT : COUNT * index / shares;
        int end = index >= shares ? COUNT : COUNT * (index + 1) / shares;
        return TestParticles.of(Arrays.copyOfRange(all, first, end));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void everyParticleComesToOnePeerAndStaysWhereItIs(int count) {
        TreeMap<Long, Float> xs = new TreeMap<>();
        try (ParticleSet all = share(0, 1, 1)) {
            for (long i = 0; i < COUNT; i++) {
                xs.put(i, all.x().getAtIndex(ParticleSet.FLOAT, i));
            }
        }
        for (boolean byPlace : new boolean[] {true, false}) {
            List<TreeMap<Long, Float>> held =
                    ThreadPeers.run(
                            count,
                            peers -> {
                                try (Workers workers = new Workers(2)) {
                                    ParticleSet own = share(peers.self(), count, 1);
                                    own.rebase(0.25 * peers.self(), 0, 0, workers);
                                    ParticleSet got =
                                            byPlace
                                                    ? Division.byPlace(own, _ -> 1, peers, workers)
                                                    : Division.byId(own, peers, workers);
                                    TreeMap<Long, Float> out = new TreeMap<>();
                                    for (long i = 0; i < got.count(); i++) {
                                        float x = got.x().getAtIndex(ParticleSet.FLOAT, i);
                                        out.put(
                                                got.ids().getAtIndex(ParticleSet.ID, i),
                                                (float) (x + got.originX()));
                                    }
                                    got.close();
                                    return out;
                                }
                            });
            int sum = 0;
            for (TreeMap<Long, Float> of : held) {
                assertThat(of.size()).isBetween(COUNT / count * 8 / 10, COUNT / count * 12 / 10);
                of.forEach((id, x) -> assertThat(Math.abs(x - xs.get(id))).isLessThan(1e-5f));
                sum += of.size();
            }
            assertThat(sum).isEqualTo(COUNT);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 20})
    void smoothingLengthsAreThoseOfAllParticles(double box) {
        float[] expected = new float[COUNT];
        try (ParticleSet all = share(0, 1, 1);
                Workers workers = new Workers(2)) {
            SmoothingLengths.compute(all, 20, 1.5, box, workers, Reporter.SILENT);
            for (int i = 0; i < COUNT; i++) {
                expected[i] = all.smoothingLength().getAtIndex(ParticleSet.FLOAT, i);
            }
        }
        for (int count : new int[] {2, 5}) {
            List<Boolean> good =
                    ThreadPeers.run(
                            count,
                            peers -> {
                                try (Workers workers = new Workers(2)) {
                                    ParticleSet own =
                                            Division.byPlace(
                                                    share(peers.self(), count, 1),
                                                    _ -> 1,
                                                    peers,
                                                    workers);
                                    SmoothingLengths.compute(
                                            own, 20, 1.5, box, peers, workers, Reporter.SILENT);
                                    boolean same = true;
                                    for (long i = 0; i < own.count(); i++) {
                                        int id = (int) own.ids().getAtIndex(ParticleSet.ID, i);
                                        float h =
                                                own.smoothingLength()
                                                        .getAtIndex(ParticleSet.FLOAT, i);
                                        same &= h == expected[id];
                                    }
                                    own.close();
                                    return same;
                                }
                            });
            assertThat(good).containsOnly(true);
        }
    }

    private static FrameRenderer.Frame frame(
            Peers peers, Shading shading, FrameRenderer.Measuring measuring) {
        return frame(peers, shading, measuring, null);
    }

    private static FrameRenderer.Frame frame(
            Peers peers,
            Shading shading,
            FrameRenderer.Measuring measuring,
            @Nullable ToneMap tone) {
        try (Workers workers = new Workers(1);
                ParticleSet set = measured(share(peers.self(), peers.count(), 0.1))) {
            return new FrameRenderer(
                            Backends.choose("scalar"),
                            Quality.EXACT,
                            workers,
                            Reporter.SILENT,
                            peers)
                    .render(
                            List.of(new Layer(set, TestParticles.plain())),
                            CAMERA,
                            new FrameSettings(90, 60, 0, 0, shading, 16),
                            measuring,
                            tone,
                            new StageTimes(System::nanoTime));
        }
    }

    @Test
    void levelsThatPeersMakeAreThoseOfTheLight() {
        for (Shading shading :
                List.of(
                        new Shading.Emission(),
                        new Shading.Absorption(0.3, DrawOrder.FAR_TO_NEAR))) {
            ToneMap tone =
                    new ToneMap(
                            shading instanceof Shading.Emission,
                            0.8,
                            1.1,
                            0.05,
                            true,
                            List.of(TestParticles.plain().colorMap()));
            for (int count : new int[] {1, 3}) {
                byte[] expected = picture(count, shading, null, tone);
                byte[] actual = picture(count, shading, tone, tone);
                assertThat(Arrays.equals(actual, expected)).as("%s", shading).isTrue();
            }
        }
    }

    private static byte[] picture(
            int count, Shading shading, @Nullable ToneMap byPeers, ToneMap tone) {
        try (Workers workers = new Workers(2)) {
            return ThreadPeers.run(
                            count,
                            peers -> frame(peers, shading, FrameRenderer.Measuring.NONE, byPeers))
                    .getFirst()
                    .picture(tone, workers)
                    .rgb();
        }
    }

    /** With a mass and a field to measure. */
    private static ParticleSet measured(ParticleSet set) {
        ParticleSet out =
                new ParticleSet(set.count(), new ParticleSet.Columns(false, true, true, false, 2));
        List<java.lang.foreign.MemorySegment> from = set.floatColumns();
        List<java.lang.foreign.MemorySegment> to = out.floatColumns();
        for (int c = 0; c < from.size(); c++) {
            to.get(c).copyFrom(from.get(c));
        }
        for (long i = 0; i < set.count(); i++) {
            out.extra(0)
                    .setAtIndex(
                            ParticleSet.FLOAT,
                            i,
                            (float) (1 + set.ids().getAtIndex(ParticleSet.ID, i) % 3));
            out.extra(1)
                    .setAtIndex(
                            ParticleSet.FLOAT, i, set.color(0).getAtIndex(ParticleSet.FLOAT, i));
        }
        out.setRanges(new FieldRange(0, 1, 1), new FieldRange(0, 1, 1));
        set.close();
        return out;
    }

    private static void same(LinearImage one, LinearImage many, double tolerance) {
        for (int p = 0; p < one.red().length; p++) {
            assertThat(Math.abs(one.red()[p] - many.red()[p])).isLessThan((float) tolerance);
            assertThat(Math.abs(one.blue()[p] - many.blue()[p])).isLessThan((float) tolerance);
        }
    }

    @ParameterizedTest
    @EnumSource
    void absorptionIsLaidOverInTheOrderOfAll(DrawOrder order) {
        Shading shading = new Shading.Absorption(0.3, order);
        LinearImage one = frame(Peers.alone(), shading, FrameRenderer.Measuring.NONE).image();
        for (int count : new int[] {2, 3, 5}) {
            LinearImage many =
                    ThreadPeers.run(
                                    count,
                                    peers ->
                                            frame(peers, shading, FrameRenderer.Measuring.NONE)
                                                    .image())
                            .getFirst();
            same(one, many, 1e-4);
        }
    }

    @Test
    void lightAndLayersAreSumsOverAll() {
        List<Measure> measures =
                List.of(
                        new Measure(Measure.Kind.MASS, -1, "mass"),
                        new Measure(Measure.Kind.COLUMN_DENSITY, -1, "column"),
                        new Measure(Measure.Kind.MEAN, 0, "mean"),
                        new Measure(Measure.Kind.MAXIMUM, 0, "max"),
                        new Measure(Measure.Kind.HITS, -1, "hits"),
                        new Measure(Measure.Kind.DEPTH, -1, "depth"));
        FrameRenderer.Measuring measuring =
                new FrameRenderer.Measuring(measures, SphKernel.CUBIC, List.of(1.0));
        FrameRenderer.Frame one = frame(Peers.alone(), new Shading.Emission(), measuring);
        FrameRenderer.Frame many =
                ThreadPeers.run(3, peers -> frame(peers, new Shading.Emission(), measuring))
                        .getFirst();
        same(one.image(), many.image(), 1e-3);
        for (int k = 0; k < measures.size(); k++) {
            float[] expected = one.measured().get(k).values();
            float[] actual = many.measured().get(k).values();
            for (int p = 0; p < expected.length; p++) {
                assertThat(Float.isNaN(actual[p])).isEqualTo(Float.isNaN(expected[p]));
                float off = Math.abs(actual[p] - expected[p]);
                assertThat(off > 1e-5f * Math.abs(expected[p])).isFalse();
            }
        }
    }

    @Test
    void partsAddUpToTheLightOfAll() {
        LinearImage one =
                frame(Peers.alone(), new Shading.Emission(), FrameRenderer.Measuring.NONE).image();
        LinearImage many =
                ThreadPeers.run(
                                3,
                                peers -> {
                                    LinearImage sum = new LinearImage(90, 60);
                                    try (Workers workers = new Workers(1);
                                            ParticleSet set =
                                                    measured(
                                                            share(
                                                                    peers.self(),
                                                                    peers.count(),
                                                                    0.1))) {
                                        FrameRenderer renderer =
                                                new FrameRenderer(
                                                        Backends.choose("scalar"),
                                                        Quality.EXACT,
                                                        workers,
                                                        Reporter.SILENT,
                                                        peers);
                                        for (int part = 0; part < 4; part++) {
                                            renderer.add(
                                                    List.of(new Layer(set, TestParticles.plain())),
                                                    CAMERA,
                                                    new FrameSettings(
                                                            90,
                                                            60,
                                                            0,
                                                            0,
                                                            new Shading.Emission(),
                                                            16),
                                                    part,
                                                    4,
                                                    sum,
                                                    new StageTimes(System::nanoTime));
                                        }
                                    }
                                    return sum;
                                })
                        .getFirst();
        same(one, many, 1e-3);
    }
}
