package org.perseid.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.perseid.io.InputException;
import org.perseid.io.image.PngStrips;
import org.perseid.io.par.FrameJob;
import org.perseid.io.par.PictureFormat;
import org.perseid.io.par.RenderJob;
import org.perseid.io.par.View;
import org.perseid.io.snapshot.SnapshotInfo;
import org.perseid.renderer.backend.BackendProvider;
import org.perseid.renderer.frame.FrameRenderer;
import org.perseid.renderer.frame.Layer;
import org.perseid.renderer.frame.ToneMap;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.ColorMap;
import org.perseid.renderer.model.FieldRange;
import org.perseid.renderer.model.FloatImage;
import org.perseid.renderer.model.FrameSettings;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Picture;
import org.perseid.renderer.model.Projection;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Shading;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Transform;
import org.perseid.renderer.model.Workers;

/**
 * Draws frames one after the other. Data is read when a frame needs other data than the one before.
 * Closing it frees the data; the workers are the caller's.
 */
final class BatchRun implements AutoCloseable {
    /** Bytes of heap a pixel: three floats and three bytes. */
    private static final int BYTES_PER_PIXEL = 15;

    /**
     * Bytes of heap a pixel of the opacity that pictures are laid over each other with, and of a
     * band.
     */
    private static final int OPACITY_BYTES = 18;

    private final boolean once;
    private final Ranks ranks;
    private final Workers workers;
    private final Reporter reporter;
    private final FrameRenderer renderer;
    private @Nullable FrameData data;

    /**
     * @param once whether only one picture is drawn
     * @param ranks that share the particles and all call the same methods
     */
    BatchRun(
            BackendProvider backend,
            Quality quality,
            boolean once,
            Ranks ranks,
            Workers workers,
            Reporter reporter) {
        this.once = once;
        this.ranks = ranks;
        this.workers = workers;
        this.reporter = reporter;
        this.renderer = new FrameRenderer(backend, quality, workers, reporter, ranks.peers());
    }

    /**
     * Checks that the Java heap can hold the job's picture and layers.
     *
     * @param ranks that share the particles
     * @throws InputException with the option that makes the heap large enough
     */
    static void requireHeap(RenderJob job, int ranks) {
        boolean layered = ranks > 1 && job.shading() instanceof Shading.Absorption;
        long needed =
                (long) job.width()
                        * job.height()
                        * (BYTES_PER_PIXEL
                                + (layered ? OPACITY_BYTES : 0)
                                + MemoryPlan.layerBytes(job));
        if (needed > Runtime.getRuntime().maxMemory() * 9 / 10) {
            throw new InputException(
                    String.format(
                            Locale.ROOT,
                            "a picture of %dx%d%s needs %.1f GiB of Java heap, there are %.1f; make it smaller or set"
                                    + " PERSEID_JAVA_OPTS=-Xmx%dg",
                            job.width(),
                            job.height(),
                            job.numbers().measures().isEmpty() ? "" : " with its layers",
                            needed / 0x1p30,
                            Runtime.getRuntime().maxMemory() / 0x1p30,
                            needed * 5 / 4 / (1L << 30) + 1));
        }
    }

    /** A frame that was drawn; its data may change meanwhile. */
    @FunctionalInterface
    interface Drawn {
        /**
         * Writes the files.
         *
         * @param sharing who share the encoding
         * @return the files
         */
        List<Path> write(Workers sharing);
    }

    /**
     * Draws a frame.
     *
     * @param dataOfPicture identity of the data that the parameters were written for; null when
     *     there is none
     * @return what rank 0 has to write; nothing at other ranks
     */
    Drawn draw(FrameJob frame, FrameFiles files, @Nullable String dataOfPicture, StageTimes times) {
        RenderJob job = frame.job();
        FrameData of = dataFor(job, dataOfPicture, times);
        List<ParticleSet> moved = of.between(job, workers, times);
        try {
            List<Layer> layers = of.layers(job, moved);
            List<Drawn> measured = new ArrayList<>();
            List<Picture> pictures = new ArrayList<>();
            boolean apart = mayEncodeApart(job);
            PngStrips encoded = null;
            Overlay overlay = new Overlay(job, of.info(), layers);
            SnapshotInfo info = of.info();
            String identity = of.identity();
            ToneMap tone = toneMap(job);
            FrameSettings settings = job.frame(info.boxSize());
            for (View view : job.views()) {
                List<FloatImage> floats;
                if (job.numbers().pictured() != null) {
                    FloatImage values = values(renderer, of, layers, job, view.camera(), times);
                    floats =
                            measure(
                                    renderer,
                                    layers,
                                    view.camera(),
                                    settings,
                                    of.measuring(job),
                                    times);
                    if (ranks.isRoot()) {
                        pictures.add(
                                times.time(
                                        "tone",
                                        () -> overlay.draw(values, view.camera(), workers)));
                    }
                } else {
                    FrameRenderer.Frame drawn =
                            renderer.render(
                                    layers,
                                    view.camera(),
                                    settings,
                                    of.measuring(job),
                                    tone,
                                    apart,
                                    times);
                    floats = drawn.measured();
                    if (apart) {
                        encoded = encoded(drawn, tone, times);
                    } else if (ranks.isRoot()) {
                        Picture picture = times.time("tone", () -> drawn.picture(tone, workers));
                        pictures.add(
                                times.time("tone", () -> overlay.draw(picture, view.camera())));
                    }
                }
                if (ranks.isRoot()) {
                    measured.add(with -> files.writeLayers(view, floats, info, identity, with));
                }
            }
            if (!ranks.isRoot()) {
                return with -> List.of();
            }
            String log = files.log(info, layers);
            PngStrips png = encoded;
            return with -> {
                List<Path> written =
                        new ArrayList<>(
                                png != null
                                        ? files.write(png, info, identity, log)
                                        : files.write(
                                                StereoPair.arranged(pictures, job),
                                                info,
                                                identity,
                                                log,
                                                with));
                measured.forEach(layer -> written.addAll(layer.write(with)));
                return written;
            };
        } finally {
            moved.forEach(ParticleSet::close);
        }
    }

    /**
     * The values that the picture of a job is of.
     *
     * @param layers of the data, those that are not visible included
     */
    static FloatImage values(
            FrameRenderer renderer,
            FrameData of,
            List<Layer> layers,
            RenderJob job,
            Camera camera,
            StageTimes times) {
        FrameSettings frame = job.frame(of.info().boxSize());
        List<Layer> visible = LoadedData.visible(layers);
        return measure(renderer, visible, camera, frame, of.pictured(job), times).getFirst();
    }

    /** Float layers without light; none where none is to be measured. */
    private static List<FloatImage> measure(
            FrameRenderer renderer,
            List<Layer> layers,
            Camera camera,
            FrameSettings frame,
            FrameRenderer.Measuring measuring,
            StageTimes times) {
        return measuring.measures().isEmpty()
                ? List.of()
                : Objects.requireNonNull(
                        renderer.measure(layers, camera, frame, measuring, 1, () -> false, times));
    }

    /** Whether each rank may compress the rows that it has finished: nothing else is in them. */
    private boolean mayEncodeApart(RenderJob job) {
        return ranks.size() > 1
                && job.format() == PictureFormat.PNG
                && job.views().size() == 1
                && job.views().getFirst().camera().projection() != Projection.EQUIRECTANGULAR
                && job.annotations().isEmpty()
                && job.numbers().pictured() == null
                && !job.tone().colorBar();
    }

    /** Compresses the rows that are finished here; at rank 0 the strips of all ranks. */
    private @Nullable PngStrips encoded(FrameRenderer.Frame drawn, ToneMap tone, StageTimes times) {
        Picture own = times.time("tone", () -> drawn.picture(tone, workers));
        byte[] strips =
                times.time(
                        "encode",
                        () -> PngStrips.of(own, drawn.pictureRows(tone), workers).bytes());
        List<byte[]> all = times.time("composite", () -> ranks.peers().collect(strips));
        return ranks.isRoot() ? PngStrips.joined(own.width(), own.height(), all) : null;
    }

    /** Particles of all ranks of the frame that was drawn last, of its first snapshot. */
    long particles() {
        return data == null ? 0 : data.particles();
    }

    private FrameData dataFor(RenderJob job, @Nullable String dataOfPicture, StageTimes times) {
        if (data != null && data.serves(job)) {
            return data;
        }
        FrameData before = data;
        data = null; // what is not taken over is closed by open()
        FrameData next = FrameData.open(job, before, once, ranks, workers, reporter, times);
        data = next;
        if (dataOfPicture != null && !dataOfPicture.equals(next.identity())) {
            reporter.warn(
                    next.info().parts().getFirst()
                            + ": is not the data that the picture was made from");
        }
        List<Layer> layers = next.layers(job, List.of());
        warnOfEmptyRanges(layers);
        if (job.boundingBox()) {
            noteBoundingBox(layers);
        }
        return next;
    }

    private void warnOfEmptyRanges(List<Layer> layers) {
        for (Layer layer : layers) {
            boolean log = layer.style().colorTransform() == Transform.LOG10;
            if (log && layer.particles().count() > 0 && layer.particles().colorRange().max() <= 0) {
                reporter.warn(
                        layer.style().name()
                                + ": color_log is set, but no value of the colour is above zero");
            }
        }
    }

    private void noteBoundingBox(List<Layer> layers) {
        for (Layer layer : layers) {
            StringBuilder line = new StringBuilder("bounding box of " + layer.style().name() + ":");
            for (int axis = 0; axis < 3; axis++) {
                FieldRange extent = ranks.merge(layer.particles().extent(axis));
                line.append(" ").append("xyz".charAt(axis)).append(' ');
                line.append((float) extent.min()).append("..").append((float) extent.max());
            }
            reporter.note(line.toString());
        }
    }

    /** What follows the light. */
    static ToneMap toneMap(RenderJob job) {
        RenderJob.Tone tone = job.tone();
        List<ColorMap> bars =
                job.types().stream()
                        .map(t -> t.style().colorMap())
                        .filter(map -> tone.colorBar() && map != null)
                        .toList();
        boolean expose = job.shading() instanceof Shading.Emission;
        return new ToneMap(
                expose, tone.gamma(), tone.contrast(), tone.brightness(), tone.flipY(), bars);
    }

    @Override
    public void close() {
        if (data != null) {
            data.close();
            data = null;
        }
    }
}
