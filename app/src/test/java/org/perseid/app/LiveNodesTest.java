package org.perseid.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.perseid.renderer.frame.Layer;
import org.perseid.renderer.model.ColorMap;
import org.perseid.renderer.model.FieldRange;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.TypeStyle;
import org.perseid.renderer.model.Workers;
import org.perseid.renderer.spatial.SpatialOrder;

class LiveNodesTest {
    private static final int COUNT = 2_000_100;

    private final ExecutorService drawing = Executors.newSingleThreadExecutor();
    private ParticleSet set = new ParticleSet(0, new ParticleSet.Columns(false, false, false));

    @BeforeEach
    void particles() {
        SplittableRandom random = new SplittableRandom(2);
        set = new ParticleSet(COUNT, new ParticleSet.Columns(false, false, false));
        for (int i = 0; i < COUNT; i++) {
            set.x().setAtIndex(ParticleSet.FLOAT, i, (float) random.nextDouble());
            set.y().setAtIndex(ParticleSet.FLOAT, i, (float) random.nextDouble());
            set.z().setAtIndex(ParticleSet.FLOAT, i, (float) random.nextDouble());
            set.smoothingLength().setAtIndex(ParticleSet.FLOAT, i, 0.01f);
            set.color(0).setAtIndex(ParticleSet.FLOAT, i, i % 7);
        }
        set.setRanges(new FieldRange(0, 6, 1), new FieldRange(1, 1, 1));
        try (Workers workers = new Workers(2)) {
            SpatialOrder.sort(set, workers);
        }
    }

    @AfterEach
    void close() {
        drawing.shutdownNow();
        set.close();
    }

    private Layer layer(float... gray) {
        return new Layer(set, TypeStyle.plain("test", new ColorMap("gray", gray, gray, gray), 1));
    }

    @Test
    void particlesGetNodesOfTheColoursThatAreShown() throws InterruptedException {
        AtomicReference<Layer> shown = new AtomicReference<>(layer(0, 1));
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(2);
        LiveNodes nodes =
                new LiveNodes(
                        drawing,
                        () -> {
                            first.countDown();
                            second.countDown();
                        });
        drawing.execute(() -> nodes.want(() -> List.of(shown.get())));
        assertThat(first.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(layer(0, 1).usableDetail()).isNotNull();
        assertThat(layer(1, 0).usableDetail()).isNull();
        shown.set(layer(1, 0));
        drawing.execute(() -> nodes.want(() -> List.of(shown.get())));
        assertThat(second.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(layer(1, 0).usableDetail()).isNotNull();
        assertThat(layer(0, 1).usableDetail()).as("those before are kept").isNotNull();
    }

    /** A picture can only be drawn by nodes when all layers that are not small have some. */
    @Test
    void layersThatAreManyTogetherAllGetNodes() throws InterruptedException {
        int n = 150_000;
        try (ParticleSet other = new ParticleSet(n, new ParticleSet.Columns(false, false, false))) {
            List<MemorySegment> from = set.floatColumns();
            List<MemorySegment> to = other.floatColumns();
            for (int c = 0; c < from.size(); c++) {
                to.get(c).copyFrom(from.get(c).asSlice(0, 4L * n));
            }
            other.setRanges(set.colorRange(), set.intensityRange());
            Layer small = new Layer(other, layer(0, 1).style());
            CountDownLatch both = new CountDownLatch(2);
            LiveNodes nodes = new LiveNodes(drawing, both::countDown);
            drawing.execute(() -> nodes.want(() -> List.of(small, layer(0, 1))));
            assertThat(both.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(layer(0, 1).usableDetail()).isNotNull();
            assertThat(small.usableDetail()).isNotNull();
            nodes.stop();
        }
    }

    @Test
    void itStopsBeforeTheParticlesAreFreed() throws Exception {
        CountDownLatch made = new CountDownLatch(1);
        LiveNodes nodes = new LiveNodes(drawing, made::countDown);
        drawing.execute(() -> nodes.want(() -> List.of(layer(0, 1))));
        Thread.sleep(1600); // it is at work by now
        drawing.submit(nodes::stop).get(10, TimeUnit.SECONDS);
        drawing.submit(() -> {}).get(10, TimeUnit.SECONDS); // what was waiting is done
        assertThat(made.getCount()).isEqualTo(1);
        assertThat(set.details()).isEmpty();
    }
}
