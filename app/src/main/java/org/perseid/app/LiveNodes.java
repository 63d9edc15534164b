package org.perseid.app;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.perseid.renderer.frame.Layer;
import org.perseid.renderer.model.Detail;
import org.perseid.renderer.model.OffHeap;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Peers;
import org.perseid.renderer.model.Peers.Fold;
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
    /** Particles of all layers from which nodes are worth their while. */
    private static final long MANY = 2_000_000;

    /** Particles of a layer that need no nodes. */
    static final long FEW = 100_000;

    private static final long QUIET_MILLIS = 1500;

    /** Nodes of that many lights are kept, beside the newest. */
    private static final int KEPT = 2;

    private final Executor drawing;
    private final Runnable made;
    private @Nullable Thread busy;
    private volatile boolean stopped;

    /** Lights for which there was no memory; not tried again before there is other data. */
    private final Set<String> failed = new HashSet<>();

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
        return missing(layers, Peers.alone()).stream()
                .filter(layer -> !failed.contains(layer.style().light(layer.particles())))
                .findFirst()
                .orElse(null);
    }

    /** The layers that lack nodes, the same on all peers, who all call this. */
    private static List<Layer> missing(List<Layer> layers, Peers peers) {
        double[] counts = layers.stream().mapToDouble(layer -> layer.particles().count()).toArray();
        peers.fold(Fold.SUM, counts);
        List<Layer> out = new ArrayList<>();
        for (int k = 0; k < counts.length; k++) {
            Layer layer = layers.get(k);
            if (counts[k] > FEW && layer.usableDetail() == null) {
                out.add(layer);
            }
        }
        return Arrays.stream(counts).sum() >= MANY ? out : List.of();
    }

    /**
     * Makes the nodes of each peer's own particles at once; those of a layer on all or on none.
     * Called by all peers.
     *
     * @param layers whose light adds up
     * @param available bytes for this peer
     */
    static void make(List<Layer> layers, Peers peers, long available, Workers workers) {
        for (Layer layer : missing(layers, peers)) {
            if (layer.particles().isCommon()) {
                continue; // a store, which may be larger than the memory
            }
            double[] made = {bytes(layer) <= available / 2 ? 1 : 0};
            peers.fold(Fold.LEAST, made);
            if (made[0] == 0) {
                return;
            }
            try {
                layer.makeDetail(workers);
            } catch (RenderException e) {
                made[0] = 0; // no memory after all
            }
            peers.fold(Fold.LEAST, made);
            if (made[0] == 0) {
                layer.particles().setDetails(List.of());
                return;
            }
        }
    }

    /** Bytes of a layer's nodes. */
    private static long bytes(Layer layer) {
        return 4L * Detail.COLUMNS.floats() * layer.particles().count() / (Detail.RATIO - 1);
    }

    private void make(Layer layer, Supplier<List<Layer>> layers) {
        try (Workers one = new Workers(1)) {
            Thread.sleep(QUIET_MILLIS);
            ParticleSet set = layer.particles();
            String light = layer.style().light(set);
            if (bytes(layer) > OffHeap.availableBytes() / 2) {
                drawing.execute(() -> giveUp(light));
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
            drawing.execute(this::end); // somebody wanted it to stop
        } catch (RenderException e) {
            drawing.execute(() -> giveUp(layer.style().light(layer.particles())));
        }
    }

    private void end() {
        busy = null;
    }

    private void giveUp(String light) {
        if (!stopped) { // else it was the light of other data
            failed.add(light);
        }
        end();
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
        end();
        want(layers);
    }

    /** Ends what is going on, before particles are freed. */
    void stop() {
        stopped = true;
        failed.clear();
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
