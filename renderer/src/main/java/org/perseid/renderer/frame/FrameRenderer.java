package org.perseid.renderer.frame;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.perseid.renderer.backend.BackendProvider;
import org.perseid.renderer.backend.Emission;
import org.perseid.renderer.backend.Footprints;
import org.perseid.renderer.backend.MeasureImage;
import org.perseid.renderer.backend.ProjectedKernel;
import org.perseid.renderer.backend.SplatBackend;
import org.perseid.renderer.backend.Splats;
import org.perseid.renderer.model.Blocks;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.Ending;
import org.perseid.renderer.model.FloatImage;
import org.perseid.renderer.model.FrameSettings;
import org.perseid.renderer.model.Joining;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.Measure;
import org.perseid.renderer.model.OffHeap;
import org.perseid.renderer.model.Peers;
import org.perseid.renderer.model.Picture;
import org.perseid.renderer.model.Projection;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.RenderException;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Shading;
import org.perseid.renderer.model.SphKernel;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.TypeStyle;
import org.perseid.renderer.model.Vec3;
import org.perseid.renderer.model.Workers;
import org.perseid.renderer.spatial.RadixSort;

/**
 * Draws frames: projects particles batch by batch and hands the splats to the back end. Needs,
 * beside the particles and the image, a batch of splats and the back end's scratch memory; with a
 * sorted order also 16 bytes a visible particle. Used by one thread; the picture does not depend on
 * the number of workers.
 */
public final class FrameRenderer {
    /** Particles of a batch. */
    private static final int BATCH = 1 << 18;

    /** Blocks of a batch that is measured. */
    private static final int MEASURE_BATCH = 64;

    private static final int SLICE = 1 << 12;

    private static final ValueLayout.OfLong KEY = ValueLayout.JAVA_LONG;
    private static final long INDEX_MASK = 0xffff_ffffL;
    private static final long MAX_SORTED = 1L << 32;

    private final BackendProvider provider;
    private final Quality quality;
    private final Workers workers;
    private final Reporter reporter;
    private final Peers peers;
    private final Shares shares;
    private @Nullable SplatBackend backend;
    private int backendTilePx;
    private Splats splats = new Splats(0);
    private LinearImage ownPart = new LinearImage(0, 0);
    private BooleanSupplier stop = () -> false;

    /**
     * @param quality of emission; absorption is always exact
     * @param workers not closed here
     */
    public FrameRenderer(
            BackendProvider provider, Quality quality, Workers workers, Reporter reporter) {
        this(provider, quality, workers, reporter, Peers.alone());
    }

    /**
     * A renderer of particles that are shared among peers: each draws its own, or of those that
     * {@linkplain org.perseid.renderer.model.ParticleSet#isCommon all have} a part of the visible
     * blocks that takes it as long as any other, and number 0 gets the picture of all.
     *
     * @param quality of emission; absorption is always exact
     * @param workers not closed here
     * @param peers who all call the same methods in the same order
     */
    public FrameRenderer(
            BackendProvider provider,
            Quality quality,
            Workers workers,
            Reporter reporter,
            Peers peers) {
        this.peers = peers;
        this.shares = new Shares(peers.count());
        this.provider = provider;
        this.quality = quality;
        this.workers = workers;
        this.reporter = reporter;
    }

    /**
     * What is measured beside the picture.
     *
     * @param measures the float layers; none for the picture alone
     * @param kernel of the particles
     * @param supportPerSize radius of the kernel's support in units of the sets' smoothing lengths,
     *     by layer
     */
    public record Measuring(List<Measure> measures, SphKernel kernel, List<Double> supportPerSize) {
        /** Nothing. */
        public static final Measuring NONE = new Measuring(List.of(), SphKernel.CUBIC, List.of());
    }

    /**
     * A picture and its float layers.
     *
     * @param image light, or its levels
     * @param rows those of the image that are finished here
     * @param ofLevels which of both
     */
    public record Frame(
            LinearImage image,
            List<Joining.Rows> rows,
            boolean ofLevels,
            List<FloatImage> measured) {
        /**
         * The picture in eight bits a channel, black where its rows are not here.
         *
         * @param tone the same that it was rendered with, if with any
         */
        public Picture picture(ToneMap tone, Workers workers) {
            return ofLevels
                    ? tone.ofLevels(image, rows, workers)
                    : tone.apply(image, rows, workers);
        }

        /** The rows of the picture that are here, from the top. */
        public List<Joining.Rows> pictureRows(ToneMap tone) {
            if (!tone.flipY()) {
                return rows;
            }
            int height = image.height();
            return rows.reversed().stream()
                    .map(of -> new Joining.Rows(height - of.end(), height - of.first()))
                    .toList();
        }

        private Frame withImage(LinearImage other) {
            boolean whole = !rows.isEmpty();
            List<Joining.Rows> of = whole ? Joining.Rows.all(other.height()) : List.of();
            return new Frame(other, of, ofLevels, measured);
        }
    }

    /** Draws the layers without measuring. */
    public LinearImage render(
            List<Layer> layers, Camera camera, FrameSettings frame, StageTimes times) {
        return render(layers, camera, frame, Measuring.NONE, null, times).image();
    }

    /**
     * Draws the layers, and measures in the same pass. Column 0 of the sets' extra columns is the
     * mass, the others are the fields that measures count from 0.
     *
     * @param tone what the light goes through afterwards; when it is given, {@link Frame#picture}
     *     is all that the image is good for
     * @param times gets the stages of the work, as {@code project}, {@code cull}, {@code sort},
     *     {@code bin}, {@code splat}, {@code combine}, {@code measure}, {@code wait} for other
     *     peers, {@code exchange} and {@code composite}, whichever there are
     * @return of peers that are not number 0 only the size counts
     * @throws RenderException when absorption is asked for more particles than can be sorted, or
     *     the whole sky is to be measured
     */
    public Frame render(
            List<Layer> layers,
            Camera camera,
            FrameSettings frame,
            Measuring measuring,
            @Nullable ToneMap tone,
            StageTimes times) {
        return render(layers, camera, frame, measuring, tone, false, times);
    }

    /**
     * The same, where rows of the picture may be left to whom they are finished at.
     *
     * @param apart whether peers go on with their rows; else number 0 has all of them
     */
    public Frame render(
            List<Layer> layers,
            Camera camera,
            FrameSettings frame,
            Measuring measuring,
            @Nullable ToneMap tone,
            boolean apart,
            StageTimes times) {
        Ending ending = new Ending.Light();
        boolean flat = camera.projection() != Projection.EQUIRECTANGULAR;
        if (apart && flat) {
            ending = new Ending.Apart();
        } else if (tone != null && peers.count() > 1 && !camera.projection().isFisheye()) {
            ending = new Ending.OfLevels(tone.levels((long) frame.width() * frame.height()));
        }
        return render(layers, camera, frame, FrameSource.Slice.ALL, measuring, ending, times);
    }

    /**
     * A quick picture by one of so many parts of the particles, each as bright and as deep as that
     * many. Particles in spatial order are thinned everywhere alike.
     *
     * @param parts at least 1, for all particles
     * @param unwanted asked now and then, of one process only: whether the picture is not needed
     *     any more
     * @return null when it was not
     */
    public @Nullable LinearImage thinned(
            List<Layer> layers,
            Camera camera,
            FrameSettings frame,
            int parts,
            BooleanSupplier unwanted,
            StageTimes times) {
        List<Layer> deeper = new ArrayList<>();
        for (Layer layer : layers) {
            TypeStyle style = layer.style();
            deeper.add(
                    new Layer(layer.particles(), style.withBrightness(style.brightness() * parts)));
        }
        FrameSettings asDeep =
                switch (frame.shading()) {
                    case Shading.Emission() -> frame;
                    case Shading.Absorption(double gray, Shading.DrawOrder order) ->
                            frame.shaded(new Shading.Absorption(gray * parts, order));
                };
        FrameSource.Slice slice = new FrameSource.Slice(0, parts);
        Ending light = new Ending.Light();
        return unless(
                unwanted,
                () -> render(deeper, camera, asDeep, slice, Measuring.NONE, light, times).image());
    }

    /**
     * Measures float layers without drawing, by one of so many parts of the particles, whose
     * kernels are wider by the cube root of that number as they are fewer; sums are as those of
     * all.
     *
     * @param parts at least 1, for all particles
     * @param unwanted asked now and then, of one process only: whether the layers are not needed
     *     any more
     * @return null when they were not; of peers that are not number 0 only the sizes count
     * @throws RenderException when the whole sky is to be measured
     */
    public @Nullable List<FloatImage> measure(
            List<Layer> layers,
            Camera camera,
            FrameSettings frame,
            Measuring measuring,
            int parts,
            BooleanSupplier unwanted,
            StageTimes times) {
        requireMeasurable(camera);
        List<Projector> projectors = new ArrayList<>();
        List<Vec3> copies = copies(frame);
        for (Layer layer : layers) {
            for (Vec3 copy : copies) {
                projectors.add(View.of(layer, camera, frame, copy).particles());
            }
        }
        FrameSource.Slice slice = new FrameSource.Slice(0, parts);
        List<FloatImage> out =
                unless(
                        unwanted,
                        () -> measure(projectors, copies.size(), frame, measuring, slice, times));
        for (int k = 0; out != null && k < out.size(); k++) {
            if (measuring.measures().get(k).kind().addsUp()) {
                out.get(k).multiply(parts);
            }
        }
        return out;
    }

    /** What the body gives; null when it was ended because it was unwanted. */
    private <T> @Nullable T unless(BooleanSupplier unwanted, Supplier<T> body) {
        stop = peers.count() == 1 ? unwanted : () -> false;
        try {
            return body.get();
        } catch (UnwantedException e) {
            return null;
        } finally {
            stop = () -> false;
        }
    }

    private static void requireMeasurable(Camera camera) {
        if (camera.projection() == Projection.EQUIRECTANGULAR) {
            throw new RenderException(
                    "float layers of the whole sky are not measured; use projection=fisheye or panorama=true");
        }
    }

    /** Ends the drawing of a picture that is not needed any more. */
    private static final class UnwantedException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private void stopWhereUnwanted() {
        if (stop.getAsBoolean()) {
            throw new UnwantedException();
        }
    }

    private Frame render(
            List<Layer> layers,
            Camera camera,
            FrameSettings frame,
            FrameSource.Slice slice,
            Measuring measuring,
            Ending ending,
            StageTimes times) {
        if (camera.projection() == Projection.EQUIRECTANGULAR) {
            if (!measuring.measures().isEmpty()) {
                requireMeasurable(camera);
            }
            Sky sky = new Sky(camera, frame.width(), frame.height());
            FrameSettings face = frame.square(sky.facePx(), camera.axisY());
            List<Frame> faces = new ArrayList<>();
            for (Camera of : sky.faces()) {
                stopWhereUnwanted();
                faces.add(draw(layers, of, face, slice, measuring, new Ending.Light(), times));
            }
            List<LinearImage> pictures = faces.stream().map(Frame::image).toList();
            return faces.getFirst()
                    .withImage(times.time("join", () -> sky.join(pictures, workers)));
        }
        Frame drawn = draw(layers, camera, frame, slice, measuring, ending, times);
        if (camera.projection().isFisheye()) {
            blackenOutside(drawn.image());
        }
        return drawn;
    }

    /**
     * Adds the light of a part of the particles to an image; the parts of all numbers below {@code
     * parts} give the whole picture. Each part of particles in spatial order is spread over all of
     * space, so that its light times {@code parts} is an unbiased picture, unless nodes are drawn:
     * then a part is some of the blocks.
     *
     * @param camera not of the whole sky
     * @param frame emission
     *     <p>With peers each draws that part of its own particles, and number 0 gets the light of
     *     all.
     * @param part 0 to {@code parts - 1}
     * @param parts at least 1; more than 64 leave little work for much overhead
     */
    public void add(
            List<Layer> layers,
            Camera camera,
            FrameSettings frame,
            int part,
            int parts,
            LinearImage image,
            StageTimes times) {
        List<View> views = new ArrayList<>();
        for (Layer layer : layers) {
            for (Vec3 copy : copies(frame)) {
                views.add(View.of(layer, camera, detailed(frame), copy));
            }
        }
        prepare(frame);
        if (peers.count() == 1) {
            var _ =
                    add(
                            views,
                            new FrameSource.Slice(part, parts),
                            image,
                            new Ending.Light(),
                            times);
        } else {
            LinearImage own = ownPart(frame);
            var _ = add(views, new FrameSource.Slice(part, parts), own, new Ending.Light(), times);
            if (peers.self() == 0) {
                image.add(own);
            }
        }
        if (camera.projection().isFisheye()) {
            blackenOutside(image);
        }
    }

    /** The frame with nodes as large as it and the quality allow. */
    private FrameSettings detailed(FrameSettings frame) {
        return frame.withDetail(Math.max(frame.detailPx(), quality.detailPx()));
    }

    /** A black image for what is put together with that of peers before it is added. */
    private LinearImage ownPart(FrameSettings frame) {
        if (ownPart.width() != frame.width() || ownPart.height() != frame.height()) {
            ownPart = new LinearImage(frame.width(), frame.height());
        }
        ownPart.clear();
        return ownPart;
    }

    /** Adds the light of all peers; gives the rows whose sum is here. */
    private List<Joining.Rows> add(
            List<View> views,
            FrameSource.Slice slice,
            LinearImage image,
            Ending ending,
            StageTimes times) {
        boolean common =
                peers.count() > 1
                        && views.stream().anyMatch(v -> v.particles().particles().isCommon());
        FrameSource.Sharing sharing =
                common
                        ? new FrameSource.Sharing(
                                peers.self(), shares.agreed(peers), Emission.costlyRadius(quality))
                        : FrameSource.Sharing.NONE;
        SplatBackend of = openBackend();
        Joining joining = peers.add(image.planes(), image.width(), ending);
        double seconds =
                peers.joined(
                        joining,
                        times,
                        () -> {
                            long start = System.nanoTime();
                            FrameSource source =
                                    new FrameSource(
                                            views,
                                            slice,
                                            sharing,
                                            of.planeProjection(),
                                            workers,
                                            reporter,
                                            joining);
                            of.add(source, image, times);
                            return (System.nanoTime() - start) * 1e-9;
                        });
        if (common) {
            shares.took(seconds);
        }
        return joining.rows();
    }

    private Frame draw(
            List<Layer> layers,
            Camera camera,
            FrameSettings frame,
            FrameSource.Slice slice,
            Measuring measuring,
            Ending ending,
            StageTimes times) {
        LinearImage image = new LinearImage(frame.width(), frame.height());
        List<Vec3> copies = copies(frame);
        List<View> views = new ArrayList<>();
        List<Projector> projectors = new ArrayList<>();
        long[] offsets = new long[layers.size() * copies.size() + 1];
        for (Layer layer : layers) {
            for (Vec3 copy : copies) {
                offsets[projectors.size() + 1] =
                        offsets[projectors.size()] + layer.particles().count();
                View view = View.of(layer, camera, detailed(frame), copy);
                views.add(view);
                projectors.add(view.particles());
            }
        }
        prepare(frame);
        List<FloatImage> measured =
                measuring.measures().isEmpty()
                        ? List.of()
                        : measure(
                                projectors,
                                copies.size(),
                                frame,
                                measuring,
                                FrameSource.Slice.ALL,
                                times);
        List<Joining.Rows> rows = Joining.Rows.all(image.height());
        switch (frame.shading()) {
            case Shading.Emission() -> rows = add(views, slice, image, ending, times);
            case Shading.Absorption(double gray, Shading.DrawOrder order) -> {
                try (Arena arena = Arena.ofShared()) {
                    Supplier<MemorySegment> own =
                            () -> sequence(projectors, offsets, order, slice, arena);
                    MemorySegment sequence = peers.together(times, () -> times.time("sort", own));
                    if (peers.count() > 1) {
                        rows =
                                new PeerAbsorption(peers, workers)
                                        .draw(
                                                sequence,
                                                (index, out, slot, place) ->
                                                        project(
                                                                projectors,
                                                                offsets,
                                                                index,
                                                                out,
                                                                slot,
                                                                place),
                                                gray,
                                                image,
                                                ending,
                                                openBackend(),
                                                times);
                    } else {
                        absorb(projectors, offsets, sequence, gray, image, times);
                    }
                }
            }
        }
        return new Frame(image, rows, ending instanceof Ending.OfLevels, measured);
    }

    private static void project(
            List<Projector> projectors,
            long[] offsets,
            long index,
            Splats out,
            int slot,
            Projector.Place place) {
        int k = layerOf(index, offsets);
        double _ = projectors.get(k).project(index - offsets[k], out, slot, place);
    }

    /** From a particle to each of its copies that is drawn, the nearest among them. */
    private static List<Vec3> copies(FrameSettings frame) {
        int n = frame.boxSize() > 0 ? frame.boxCopies() : 0;
        List<Vec3> out = new ArrayList<>();
        for (int i = -n; i <= n; i++) {
            for (int j = -n; j <= n; j++) {
                for (int k = -n; k <= n; k++) {
                    out.add(new Vec3(i, j, k).times(frame.boxSize()));
                }
            }
        }
        return out;
    }

    /** Nothing is seen beyond the angle of a fisheye. */
    private static void blackenOutside(LinearImage image) {
        double radius = Math.min(image.width(), image.height()) / 2.0;
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++) {
                if (Math.hypot(x - image.width() / 2.0, y - image.height() / 2.0) > radius) {
                    int p = y * image.width() + x;
                    image.red()[p] = 0;
                    image.green()[p] = 0;
                    image.blue()[p] = 0;
                }
            }
        }
    }

    /** The layers of all peers; of those that are not number 0 only the sizes count. */
    private List<FloatImage> measure(
            List<Projector> projectors,
            int copies,
            FrameSettings frame,
            Measuring measuring,
            FrameSource.Slice slice,
            StageTimes times) {
        MeasureImage image = new MeasureImage(frame.width(), frame.height(), measuring.measures());
        peers.together(times, () -> measure(projectors, copies, measuring, slice, image, times))
                .merge(peers);
        return image.finish();
    }

    private MeasureImage measure(
            List<Projector> projectors,
            int copies,
            Measuring measuring,
            FrameSource.Slice slice,
            MeasureImage image,
            StageTimes times) {
        ProjectedKernel kernel = ProjectedKernel.of(measuring.kernel());
        int fields = measuring.measures().stream().mapToInt(m -> m.field() + 1).max().orElse(0);
        List<Double> supports = new ArrayList<>();
        List<Projector.Extent> extents = new ArrayList<>();
        for (int k = 0; k < projectors.size(); k++) {
            supports.add(Math.cbrt(slice.of()) * measuring.supportPerSize().get(k / copies));
            extents.add(projectors.get(k).kernels(supports.get(k)));
        }
        List<SeenRows.Run> runs = SeenRows.of(projectors, extents, slice, peers, workers);
        Footprints footprints =
                new Footprints(Math.min(MEASURE_BATCH, runs.size()) * Blocks.SIZE, fields);
        for (int first = 0; first < runs.size(); first += MEASURE_BATCH) {
            stopWhereUnwanted();
            List<SeenRows.Run> batch =
                    runs.subList(first, Math.min(first + MEASURE_BATCH, runs.size()));
            int[] slots = new int[batch.size() + 1];
            for (int k = 0; k < batch.size(); k++) {
                slots[k + 1] = slots[k] + batch.get(k).count();
            }
            times.time(
                    "project",
                    () ->
                            workers.run(
                                    batch.size(),
                                    k -> {
                                        SeenRows.Run run = batch.get((int) k);
                                        projectors
                                                .get(run.projector())
                                                .measure(
                                                        run,
                                                        supports.get(run.projector()),
                                                        footprints,
                                                        slots[(int) k]);
                                    }));
            footprints.setCount(slots[batch.size()]);
            times.time("measure", () -> image.add(footprints, kernel, workers));
            reporter.progress("measure", first + batch.size(), runs.size());
        }
        times.time("measure", () -> image.gather(workers));
        return image;
    }

    private void prepare(FrameSettings frame) {
        if (backend == null || backendTilePx != frame.tilePx()) {
            backend = provider.open(workers, frame.tilePx(), quality);
            backendTilePx = frame.tilePx();
        }
    }

    private SplatBackend openBackend() {
        if (backend == null) {
            throw new IllegalStateException("prepare() comes first");
        }
        return backend;
    }

    private void absorb(
            List<Projector> projectors,
            long[] offsets,
            MemorySegment sequence,
            double gray,
            LinearImage image,
            StageTimes times) {
        long count = sequence.byteSize() / 8;
        int capacity = (int) Math.min(BATCH, count);
        if (splats.capacity() < capacity) {
            splats = new Splats(capacity);
        }
        for (long start = 0; start < count; start += BATCH) {
            stopWhereUnwanted();
            long first = start;
            int n = (int) Math.min(BATCH, count - first);
            times.time(
                    "project",
                    () ->
                            workers.runSlices(
                                    n,
                                    SLICE,
                                    (a, b) -> {
                                        Projector.Place place = new Projector.Place();
                                        for (int slot = (int) a; slot < b; slot++) {
                                            long index =
                                                    sequence.getAtIndex(KEY, first + slot)
                                                            & INDEX_MASK;
                                            project(
                                                    projectors,
                                                    offsets,
                                                    index,
                                                    splats,
                                                    slot,
                                                    place);
                                        }
                                    }));
            splats.setCount(n);
            openBackend().absorb(splats, gray, image, times);
            reporter.progress("render", first + n, count);
        }
    }

    /**
     * The visible particles in drawing order: in the low 32 bits the index over all layers.
     *
     * @param arena of the result
     */
    private MemorySegment sequence(
            List<Projector> projectors,
            long[] offsets,
            Shading.DrawOrder order,
            FrameSource.Slice slice,
            Arena arena) {
        long total = offsets[projectors.size()];
        if (total > MAX_SORTED) {
            throw new RenderException(
                    "a_eq_e=false draws at most "
                            + MAX_SORTED
                            + " particles in one process, these are "
                            + total
                            + "; show fewer types or use a_eq_e=true");
        }
        List<Projector.Extent> extents = projectors.stream().map(Projector::splats).toList();
        List<SeenRows.Run> runs = SeenRows.of(projectors, extents, slice, peers, workers);
        long[] places = new long[runs.size() + 1];
        for (int r = 0; r < runs.size(); r++) {
            places[r + 1] = places[r] + runs.get(r).count();
        }
        long seen = places[runs.size()];
        MemorySegment keys =
                OffHeap.allocate(arena, 8 * seen, "the order of " + seen + " particles");
        int[] visible = new int[runs.size()];
        workers.run(
                runs.size(),
                r -> {
                    int k = (int) r;
                    visible[k] =
                            visibleKeys(projectors, offsets, order, runs.get(k), places[k], keys);
                });
        long kept = 0;
        for (int r = 0; r < runs.size(); r++) {
            MemorySegment.copy(keys, 8 * places[r], keys, 8 * kept, 8L * visible[r]);
            kept += visible[r];
        }
        stopWhereUnwanted();
        MemorySegment sequence = keys.asSlice(0, 8 * kept);
        return order == Shading.DrawOrder.FILE
                ? sequence
                : RadixSort.sort(sequence, 32, 32, arena, workers);
    }

    private static int visibleKeys(
            List<Projector> projectors,
            long[] offsets,
            Shading.DrawOrder order,
            SeenRows.Run run,
            long place,
            MemorySegment keys) {
        int k = run.projector();
        Projector projector = projectors.get(k);
        if (!projector.particles().admit(run.block())) {
            return 0;
        }
        Splats one = new Splats(1);
        Projector.Place scratch = new Projector.Place();
        int n = 0;
        for (long row = run.first(); row < run.first() + run.count(); row++) {
            double depth = projector.project(row, one, 0, scratch);
            if (one.radius[0] > 0) {
                long key = (long) ascending(sortValue(order, k, depth, one)) << 32;
                keys.setAtIndex(KEY, place + n++, key | (offsets[k] + row));
            }
        }
        return n;
    }

    /** The value by which particles are drawn in ascending order. */
    private static float sortValue(Shading.DrawOrder order, int layer, double depth, Splats one) {
        return switch (order) {
            case FILE -> (float) layer;
            case FAR_TO_NEAR -> (float) -depth;
            case RED_DESCENDING -> -one.light[0];
            case RED_ASCENDING -> one.light[0];
            case RADIUS_DESCENDING -> -one.radius[0];
        };
    }

    /** An integer that, read as unsigned, is ordered like the float. */
    private static int ascending(float v) {
        int bits = Float.floatToIntBits(v);
        return bits ^ ((bits >> 31) | 0x8000_0000);
    }

    private static int layerOf(long index, long[] offsets) {
        int k = 0;
        while (index >= offsets[k + 1]) {
            k++;
        }
        return k;
    }
}
