package org.perseid.app;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.perseid.io.par.ParameterTable;
import org.perseid.io.par.RenderJob;
import org.perseid.renderer.frame.FrameRenderer;
import org.perseid.renderer.frame.Layer;
import org.perseid.renderer.frame.ValueMap;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.FloatImage;
import org.perseid.renderer.model.FrameSettings;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.Picture;
import org.perseid.renderer.model.Projection;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.ScalarMapping;
import org.perseid.renderer.model.Shading;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Workers;
import org.perseid.streaming.FrameHeader;
import org.perseid.streaming.FrameHeader.Stage;
import org.perseid.streaming.FrameStream;
import org.perseid.streaming.Viewer;

/**
 * A picture that viewers look at, drawn step by step: first a part of the particles that fits the
 * time allowed, then the others, then all of them exactly while nothing changes. Camera and size
 * may be set by any thread; steps are taken by one.
 */
final class LiveView {
    /** Time for the first picture after a change. */
    private static final double MOVING_MILLIS = 35;

    /** Time for a step while nothing changes; an event waits no longer. */
    private static final double STILL_MILLIS = 60;

    /** Before anything was measured; high first, then exact. */
    private static final double HIGH_GUESS_MILLIS = 200;

    private static final double EXACT_GUESS_MILLIS = 2000;

    /** A particle that does not just add up, before anything was measured. */
    private static final double WHOLE_GUESS_MILLIS = 5e-4;

    /** Most parts of such pictures, of a quarter of the pixels where it takes long. */
    private static final int WHOLE_PARTS = 1024;

    private static final int SHRINK = 2;

    /** How many more particles each further such picture is of. */
    private static final int LESS_THIN = 8;

    private static final long MAX_PIXELS = 2560L * 1440;

    private final FrameStream stream;
    private volatile Camera camera;
    private volatile int width;
    private volatile int height;

    private final FrameBudget moving = new FrameBudget(MOVING_MILLIS, HIGH_GUESS_MILLIS);
    private final FrameBudget exact = new FrameBudget(STILL_MILLIS, EXACT_GUESS_MILLIS);
    private final FrameBudget refining = new FrameBudget(STILL_MILLIS, HIGH_GUESS_MILLIS);
    private final DetailBudget detail = new DetailBudget(MOVING_MILLIS);
    private final FrameBudget whole = new FrameBudget(MOVING_MILLIS, 0, WHOLE_PARTS);
    private LinearImage shown = new LinearImage(1, 1);
    private LinearImage building = new LinearImage(1, 1);
    private @Nullable Key key;
    private @Nullable Object tone;
    private int parts = 1;
    private int done;
    private int refinedParts = 1;
    private int refinedDone;

    /** The quality that is drawn in parts, of which none is shown before all are. */
    private Quality refinedTo = Quality.EXACT;

    private boolean refined;

    /** Of what does not add up: of how many particles one was drawn; 0 for no picture yet. */
    private int thin;

    private boolean complete;

    /**
     * The range of a layer's colours, and what it was found for: the first complete picture of that
     * layer, so that colours stay the same while the view moves.
     */
    private volatile @Nullable ScalarMapping range;

    private @Nullable Object rangeFor;

    /** How many times somebody wanted another range. */
    private final AtomicInteger fits = new AtomicInteger();

    /** What a picture is of: the same for two pictures means the same light. */
    private record Key(
            Camera camera,
            int width,
            int height,
            List<?> light,
            Object data,
            boolean nodes,
            String backend) {}

    /**
     * What there is to draw.
     *
     * @param layers with particles
     * @param scene styles and tone
     * @param data changes when the particles change
     * @param boxSize of the snapshot
     * @param overlay drawn over the picture
     * @param pictured what is measured for the picture; nothing where it is of light
     * @param nodes whether all that is much has nodes in the colours that are shown
     */
    record Content(
            List<Layer> layers,
            LiveScene.State scene,
            Object data,
            double boxSize,
            Overlay overlay,
            FrameRenderer.Measuring pictured,
            boolean nodes) {
        Content(
                List<Layer> layers,
                LiveScene.State scene,
                Object data,
                double boxSize,
                Overlay overlay,
                FrameRenderer.Measuring pictured) {
            this(layers, scene, data, boxSize, overlay, pictured, haveNodes(layers));
        }

        private boolean isOfLight() {
            return pictured.measures().isEmpty();
        }

        /** Whether all that is much has nodes in the colours that are shown. */
        private static boolean haveNodes(List<Layer> layers) {
            return layers.stream().anyMatch(layer -> layer.particles().count() > LiveNodes.FEW)
                    && layers.stream()
                            .allMatch(layer ->
                                    layer.particles().count() <= LiveNodes.FEW
                                            || layer.usableDetail() != null);
        }
    }

    /** Who draws, in which quality a picture ends, with which ranks and threads. */
    record Painters(
            String backend,
            FrameRenderer high,
            FrameRenderer exact,
            Quality last,
            LiveRanks ranks,
            Workers workers) {
        /** Draws a part of the particles, on all ranks. */
        private void add(
                Quality quality,
                Content content,
                Camera camera,
                FrameSettings frame,
                int part,
                int parts,
                LinearImage image,
                StageTimes times) {
            ranks.add(
                    content.scene,
                    camera,
                    frame,
                    new LiveRanks.Drawing(part, parts, quality, backend));
            (quality == Quality.HIGH ? high : exact)
                    .add(content.layers, camera, frame, part, parts, image, times);
        }

        /**
         * Draws a picture by one of so many parts of the particles, on all ranks, in the last
         * quality; null when it was unwanted before it was ready. Where it is not of light, the
         * values are in its red.
         */
        private @Nullable LinearImage render(
                Content content,
                Camera camera,
                FrameSettings frame,
                int parts,
                BooleanSupplier unwanted,
                StageTimes times) {
            if (!ranks.isAlone()) {
                ParameterTable table = LiveScene.seenFrom(content.scene, camera);
                ranks.render(table, frame, parts, last, backend);
            }
            FrameRenderer renderer = last == Quality.HIGH ? high : exact;
            if (content.isOfLight()) {
                return renderer.thinned(content.layers, camera, frame, parts, unwanted, times);
            }
            List<FloatImage> values =
                    renderer.measure(
                            content.layers,
                            camera,
                            frame,
                            content.pictured,
                            parts,
                            unwanted,
                            times);
            return values == null ? null : valuesIn(values.getFirst());
        }

        /** Values in the place of an image's red light. */
        private static LinearImage valuesIn(FloatImage layer) {
            LinearImage out = new LinearImage(layer.width(), layer.height());
            System.arraycopy(layer.values(), 0, out.red(), 0, layer.values().length);
            return out;
        }
    }

    LiveView(FrameStream stream, Camera camera, int width, int height) {
        this.stream = stream;
        this.camera = camera;
        this.width = width;
        this.height = height;
    }

    FrameStream stream() {
        return stream;
    }

    Camera camera() {
        return camera;
    }

    void setCamera(Camera next) {
        camera = next;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /** Takes the size of the place for the picture, or a smaller one of the same shape. */
    void resize(int newWidth, int newHeight) {
        double shrink = Math.min(1, Math.sqrt((double) MAX_PIXELS / ((long) newWidth * newHeight)));
        width = Math.max(16, (int) (newWidth * shrink));
        height = Math.max(16, (int) (newHeight * shrink));
    }

    private Key keyOf(Content content, Painters painters) {
        return new Key(
                camera,
                width,
                height,
                LiveScene.light(content.scene.job()),
                content.data,
                content.nodes,
                painters.backend);
    }

    private Object toneOf(Content content) {
        RenderJob job = content.scene.job();
        return List.of(
                job.tone(),
                job.annotations(),
                content.scene.exposure(),
                Optional.ofNullable(job.numbers().pictured()),
                fits.get());
    }

    /** Chooses the range of a layer's colours anew, by what is seen now. */
    void fitColors() {
        int _ = fits.incrementAndGet();
    }

    /** The range of the colours of a layer's values; null before there is a picture of any. */
    @Nullable ScalarMapping range() {
        return range;
    }

    /** Whether the picture is of something else by now. */
    boolean isStale(Content content, Painters painters) {
        return !keyOf(content, painters).equals(key);
    }

    /** Whether another step makes the picture better. */
    boolean wantsStep(Content content, Painters painters) {
        return !complete || isStale(content, painters) || !toneOf(content).equals(tone);
    }

    /** Lets go of its pictures while nobody watches; by the thread that takes steps. */
    void rest() {
        shown = new LinearImage(1, 1);
        building = shown;
        key = null;
        complete = false;
    }

    /** Takes no more steps with this content, which cannot be drawn. */
    void giveUp(Content content, Painters painters) {
        key = keyOf(content, painters);
        tone = toneOf(content);
        complete = true;
    }

    /** Takes one step, and publishes the picture when it has become better. */
    void step(Content content, Painters painters) {
        Map<Viewer, Long> events = stream.events();
        long start = System.nanoTime();
        Key next = keyOf(content, painters);
        boolean publish;
        if (!next.equals(key)) {
            begin(next, next.nodes && next.camera.isFlat());
            publish = advance(content, painters, next);
        } else if (!toneOf(content).equals(tone)) {
            publish = true;
        } else {
            publish = advance(content, painters, next);
        }
        if (publish) {
            tone = toneOf(content);
            Picture picture = picture(content, next, painters.workers);
            double millis = (System.nanoTime() - start) * 1e-6;
            Stage stage =
                    complete ? Stage.FINAL : done == 1 && !refined ? Stage.MOVING : Stage.REFINED;
            double[] from = FrameHeader.numbersOf(next.camera);
            stream.publish(
                    new FrameStream.Frame(picture, stage, millis, from, events), painters.workers);
        }
    }

    private void begin(Key next, boolean nodes) {
        key = next;
        shown = fit(shown, next);
        shown.clear();
        parts = nodes ? 1 : moving.parts();
        done = 0;
        refinedDone = 0;
        refinedTo = nodes ? Quality.HIGH : Quality.EXACT;
        refined = false;
        thin = 0;
        complete = false;
    }

    /** The image, or a new one of the right size. */
    private static LinearImage fit(LinearImage image, Key key) {
        return image.width() == key.width && image.height() == key.height
                ? image
                : new LinearImage(key.width, key.height);
    }

    /** Draws the next part; returns whether the picture should be shown. */
    private boolean advance(Content content, Painters painters, Key of) {
        FrameSettings frame = frame(content, of);
        StageTimes times = new StageTimes(System::nanoTime);
        long start = System.nanoTime();
        boolean inParts =
                content.isOfLight()
                        && frame.shading() instanceof Shading.Emission
                        && of.camera.projection() != Projection.EQUIRECTANGULAR;
        if (!inParts) {
            return drawWhole(content, painters, of, frame, times);
        }
        if (done < parts) {
            drawMoving(content, painters, of, frame, times);
            return done == parts || Integer.bitCount(done) == 1;
        }
        FrameBudget budget = refinedTo == Quality.HIGH ? refining : exact;
        if (refinedDone == 0) {
            refinedParts = budget.parts();
            building = fit(building, of);
            building.clear();
        }
        painters.add(
                refinedTo, content, of.camera, frame, refinedDone, refinedParts, building, times);
        refinedDone++;
        budget.took((System.nanoTime() - start) * 1e-6, refinedParts);
        if (refinedDone < refinedParts) {
            return false;
        }
        LinearImage spare = shown;
        shown = building;
        building = spare;
        refined = true;
        complete = refinedTo == painters.last;
        refinedTo = Quality.EXACT;
        refinedDone = 0;
        return true;
    }

    /**
     * Draws the next part of the first picture after a change: of all particles in high quality, or
     * at once all nodes that are as large as they have to be.
     */
    private void drawMoving(
            Content content, Painters painters, Key of, FrameSettings frame, StageTimes times) {
        long start = System.nanoTime();
        boolean nodes = refinedTo == Quality.HIGH;
        double px = nodes ? detail.px() : 0;
        painters.add(
                Quality.HIGH, content, of.camera, frame.withDetail(px), done, parts, shown, times);
        done++;
        double millis = (System.nanoTime() - start) * 1e-6;
        if (nodes) {
            detail.took(millis);
        } else {
            moving.took(millis, parts);
        }
        boolean high = done == parts && px <= Quality.HIGH.detailPx();
        complete = high && painters.last == Quality.HIGH;
        refinedTo = nodes && high ? Quality.EXACT : refinedTo;
    }

    /**
     * What does not add up is drawn smaller first and of fewer particles, where it takes long.
     *
     * @return false when the view changed before it was ready
     */
    private boolean drawWhole(
            Content content, Painters painters, Key of, FrameSettings frame, StageTimes times) {
        int shrink = 1;
        if (thin == 0) {
            long particles = content.layers.stream().mapToLong(l -> l.particles().count()).sum();
            whole.expect(WHOLE_GUESS_MILLIS * particles);
            int cost = whole.parts();
            shrink = cost >= SHRINK * SHRINK ? SHRINK : 1;
            thin = cost / (shrink * shrink);
        } else {
            refined = true;
            thin = Math.max(1, thin / LESS_THIN);
        }
        FrameSettings sized =
                frame.sized(
                        Math.max(1, frame.width() / shrink), Math.max(1, frame.height() / shrink));
        long start = System.nanoTime();
        LinearImage drawn =
                painters.render(
                        content,
                        of.camera,
                        sized,
                        thin,
                        // the first is shown in any case: there may be none while the view moves
                        () -> refined && isElsewhere(of),
                        times);
        if (drawn == null) {
            return false;
        }
        whole.took((System.nanoTime() - start) * 1e-6, thin * shrink * shrink);
        shown = drawn;
        complete = thin == 1 && shrink == 1;
        parts = 1;
        done = 1;
        return true;
    }

    private boolean isElsewhere(Key of) {
        return !camera.equals(of.camera) || width != of.width || height != of.height;
    }

    private Picture picture(Content content, Key of, Workers workers) {
        ValueMap map = Overlay.valueMap(content.scene.job());
        if (map != null && !content.isOfLight()) {
            return pictureOfValues(content, map, of, workers);
        }
        double gain = Math.pow(2, content.scene.exposure()) * parts / Math.max(1, done);
        Picture plain = BatchRun.toneMap(content.scene.job()).apply(shown, (float) gain, workers);
        return plain.width() == of.width ? content.overlay.draw(plain, of.camera) : plain;
    }

    private Picture pictureOfValues(Content content, ValueMap map, Key of, Workers workers) {
        Object wanted = List.of(map, content.pictured, content.data, fits.get());
        ScalarMapping known = range;
        if (known == null || !wanted.equals(rangeFor)) {
            known = map.range(shown.red());
            range = known;
            rangeFor = complete ? wanted : null;
        }
        Picture plain = map.apply(shown.red(), shown.width(), shown.height(), known, workers);
        return plain.width() == of.width ? content.overlay.draw(plain, of.camera, known) : plain;
    }

    private static FrameSettings frame(Content content, Key key) {
        return content.scene.job().frame(content.boxSize).sized(key.width, key.height);
    }
}
