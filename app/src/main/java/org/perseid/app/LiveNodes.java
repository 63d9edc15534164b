package org.perseid.app;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.perseid.renderer.frame.Layer;
import org.perseid.renderer.model.Detail;
import org.perseid.renderer.model.OffHeap;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.RenderException;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Workers;
import org.perseid.renderer.spatial.DetailBuilder;

/**
 * Makes nodes aside, by one thread, for many particles that have none in the colours that are
 * shown, once those have stayed the same for a moment. {@link #want} and {@link #stop} are called
 * by the drawing thread.
 */
final class LiveNodes {
    /** Particles of a layer from which nodes are worth their while. */
    private static final long MANY = 2_000_000;

    private static final long QUIET_MILLIS = 1500;

    /** Nodes of that many lights are kept, beside the newest. */
    private static final int KEPT = 2;

    private final Executor drawing;
    private final Runnable made;
    private @Nullable Thread busy;
    private volatile boolean stopped;

    /** What could not be made; not tried again. */
    private String failed = "";

    /**
     * @param drawing runs something by the drawing thread
     * @param made called by it when there are new nodes
     */
    LiveNodes(Executor drawing, Runnable made) {
        this.drawing = drawing;
        this.made = made;
    }

    /** Makes the nodes that are missing, unless that is going on. */
    void want(Supplier<List<Layer>> layers) {
        Layer missing = missing(layers.get());
        if (busy != null || missing == null) {
            return;
        }
        stopped = false;
        busy =
                Thread.ofPlatform()
                        .name("perseid-nodes")
                        .daemon()
                        .start(() -> make(missing, layers));
    }

    private @Nullable Layer missing(List<Layer> layers) {
        for (Layer layer : layers) {
            if (layer.particles().count() >= MANY
                    && layer.usableDetail() == null
                    && !failed.equals(layer.style().light(layer.particles()))) {
                return layer;
            }
        }
        return null;
    }

    private void make(Layer layer, Supplier<List<Layer>> layers) {
        try (Workers one = new Workers(1)) {
            Thread.sleep(QUIET_MILLIS);
            ParticleSet set = layer.particles();
            String light = layer.style().light(set);
            long bytes = 4L * Detail.COLUMNS.floats() * set.count() / (Detail.RATIO - 1);
            if (bytes > OffHeap.availableBytes() / 2) {
                drawing.execute(() -> end(light));
                return;
            }
            Detail detail =
                    DetailBuilder.build(
                            set,
                            layer.style(),
                            n -> new ParticleSet(n, Detail.COLUMNS),
                            one,
                            new Stopper());
            drawing.execute(() -> take(layer, detail, layers));
        } catch (CancellationException | InterruptedException e) {
            drawing.execute(() -> end("")); // somebody wanted it to stop
        } catch (RenderException e) {
            drawing.execute(() -> end(layer.style().light(layer.particles())));
        }
    }

    private void end(String ofFailed) {
        busy = null;
        failed = ofFailed;
    }

    private void take(Layer layer, Detail detail, Supplier<List<Layer>> layers) {
        if (stopped) {
            detail.close(); // the particles have gone
        } else {
            List<Detail> all = new ArrayList<>(List.of(detail));
            layer.particles().details().stream().limit(KEPT).forEach(all::add);
            layer.particles().setDetails(all);
            made.run();
        }
        end("");
        want(layers);
    }

    /** Ends what is going on, before particles are freed. */
    void stop() {
        stopped = true;
        Thread thread = busy;
        if (thread != null) {
            thread.interrupt();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Looks at each step whether work is to go on. */
    private final class Stopper implements Reporter {
        @Override
        public void note(String line) {}

        @Override
        public void warn(String line) {}

        @Override
        public void progress(String stage, long done, long total) {
            if (stopped) {
                throw new CancellationException();
            }
        }
    }
}
