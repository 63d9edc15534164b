package org.perseid.renderer.frame;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.perseid.renderer.backend.BackendProvider;
import org.perseid.renderer.backend.SplatBackend;
import org.perseid.renderer.backend.Splats;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.FrameSettings;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.RenderException;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Shading;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Workers;

/**
 * Draws frames: projects particles batch by batch and hands the splats to the back end. Needs,
 * beside the particles and the image, a batch of splats and the back end's scratch memory; with a
 * sorted order also 16 bytes a visible particle. Used by one thread; the picture does not depend on
 * the number of workers.
 */
public final class FrameRenderer {
    /** Particles of a batch. */
    private static final int BATCH = 1 << 18;

    private static final int SLICE = 1 << 12;

    private final BackendProvider provider;
    private final Workers workers;
    private final Reporter reporter;
    private @Nullable SplatBackend backend;
    private int backendTilePx;
    private Splats splats = new Splats(0);

    /**
     * @param workers not closed here
     */
    public FrameRenderer(BackendProvider provider, Workers workers, Reporter reporter) {
        this.provider = provider;
        this.workers = workers;
        this.reporter = reporter;
    }

    /**
     * Draws the layers.
     *
     * @param times gets the stages {@code project}, {@code sort}, {@code bin} and {@code splat}
     * @throws RenderException when absorption is asked for more particles than can be sorted
     */
    public LinearImage render(
            List<Layer> layers, Camera camera, FrameSettings frame, StageTimes times) {
        LinearImage image = new LinearImage(frame.width(), frame.height());
        List<Projector> projectors =
                layers.stream().map(layer -> new Projector(layer, camera, frame)).toList();
        long[] offsets = new long[layers.size() + 1];
        for (int k = 0; k < layers.size(); k++) {
            offsets[k + 1] = offsets[k] + layers.get(k).particles().count();
        }
        prepare(offsets[layers.size()], frame);
        switch (frame.shading()) {
            case Shading.Emission() -> emit(projectors, offsets, image, times);
            case Shading.Absorption(double gray, Shading.DrawOrder order) -> {
                long[] sequence = times.time("sort", () -> sequence(projectors, offsets, order));
                absorb(projectors, offsets, sequence, gray, image, times);
            }
        }
        return image;
    }

    private void prepare(long particles, FrameSettings frame) {
        int needed = (int) Math.min(BATCH, particles);
        if (splats.capacity() < needed) {
            splats = new Splats(needed);
        }
        if (backend == null || backendTilePx != frame.tilePx()) {
            backend = provider.open(workers, frame.tilePx());
            backendTilePx = frame.tilePx();
        }
    }

    private SplatBackend openBackend() {
        if (backend == null) {
            throw new IllegalStateException("prepare() comes first");
        }
        return backend;
    }

    private void emit(
            List<Projector> projectors, long[] offsets, LinearImage image, StageTimes times) {
        long total = offsets[projectors.size()];
        for (int k = 0; k < projectors.size(); k++) {
            Projector projector = projectors.get(k);
            long count = offsets[k + 1] - offsets[k];
            for (long start = 0; start < count; start += BATCH) {
                long first = start;
                int n = (int) Math.min(BATCH, count - first);
                times.time(
                        "project",
                        () ->
                                workers.runSlices(
                                        n,
                                        SLICE,
                                        (a, b) ->
                                                projector.project(
                                                        first + a, first + b, splats, (int) a)));
                splats.setCount(n);
                openBackend().add(splats, image, times);
                reporter.progress("render", offsets[k] + first + n, total);
            }
        }
    }

    private void absorb(
            List<Projector> projectors,
            long[] offsets,
            long[] sequence,
            double gray,
            LinearImage image,
            StageTimes times) {
        for (int start = 0; start < sequence.length; start += BATCH) {
            int first = start;
            int n = Math.min(BATCH, sequence.length - first);
            times.time(
                    "project",
                    () ->
                            workers.runSlices(
                                    n,
                                    SLICE,
                                    (a, b) -> {
                                        for (int slot = (int) a; slot < b; slot++) {
                                            long index = sequence[first + slot] & 0xffff_ffffL;
                                            int k = layerOf(index, offsets);
                                            double _ =
                                                    projectors
                                                            .get(k)
                                                            .project(
                                                                    index - offsets[k],
                                                                    splats,
                                                                    slot);
                                        }
                                    }));
            splats.setCount(n);
            openBackend().absorb(splats, gray, image, times);
            reporter.progress("render", first + n, sequence.length);
        }
    }

    /** The visible particles in drawing order: in the low 32 bits the index over all layers. */
    private long[] sequence(List<Projector> projectors, long[] offsets, Shading.DrawOrder order) {
        long total = offsets[projectors.size()];
        if (total > Integer.MAX_VALUE - 8) {
            throw new RenderException(
                    "a_eq_e=false draws at most 2147483639 particles in one process, these are "
                            + total
                            + "; show fewer types or use a_eq_e=true");
        }
        long[] keys = new long[(int) total];
        int slices = (int) Math.ceilDiv(total, (long) SLICE);
        int[] visible = new int[slices + 1];
        workers.runSlices(
                total,
                SLICE,
                (a, b) ->
                        visible[(int) (a / SLICE) + 1] =
                                visibleKeys(projectors, offsets, order, a, b, keys));
        for (int s = 0; s < slices; s++) {
            System.arraycopy(keys, s * SLICE, keys, visible[s], visible[s + 1]);
            visible[s + 1] += visible[s];
        }
        long[] sequence = Arrays.copyOf(keys, visible[slices]);
        if (order != Shading.DrawOrder.FILE) {
            Arrays.parallelSort(sequence);
        }
        return sequence;
    }

    private static int visibleKeys(
            List<Projector> projectors,
            long[] offsets,
            Shading.DrawOrder order,
            long first,
            long end,
            long[] keys) {
        Splats one = new Splats(1);
        int n = 0;
        for (long index = first; index < end; index++) {
            int k = layerOf(index, offsets);
            double depth = projectors.get(k).project(index - offsets[k], one, 0);
            if (one.radius[0] > 0) {
                keys[(int) first + n++] =
                        ((long) ascending(sortValue(order, depth, one)) << 32) | index;
            }
        }
        return n;
    }

    /** The value by which particles are drawn in ascending order. */
    private static float sortValue(Shading.DrawOrder order, double depth, Splats one) {
        return switch (order) {
            case FILE -> 0f;
            case FAR_TO_NEAR -> (float) -depth;
            case RED_DESCENDING -> -one.red[0];
            case RED_ASCENDING -> one.red[0];
            case RADIUS_DESCENDING -> -one.radius[0];
        };
    }

    /** An integer that is ordered like the float. */
    private static int ascending(float v) {
        int bits = Float.floatToIntBits(v);
        return bits ^ ((bits >> 31) & 0x7fff_ffff);
    }

    private static int layerOf(long index, long[] offsets) {
        int k = 0;
        while (index >= offsets[k + 1]) {
            k++;
        }
        return k;
    }
}
