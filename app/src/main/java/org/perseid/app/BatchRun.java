package org.perseid.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.perseid.io.par.FrameJob;
import org.perseid.io.par.RenderJob;
import org.perseid.io.par.TypeParameters;
import org.perseid.io.snapshot.LoadRequest;
import org.perseid.io.snapshot.Snapshot;
import org.perseid.io.snapshot.Snapshots;
import org.perseid.renderer.backend.BackendProvider;
import org.perseid.renderer.frame.FrameRenderer;
import org.perseid.renderer.frame.Layer;
import org.perseid.renderer.frame.ToneMap;
import org.perseid.renderer.model.ColorMap;
import org.perseid.renderer.model.FieldRange;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.Picture;
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
    private final Workers workers;
    private final Reporter reporter;
    private final FrameRenderer renderer;
    private @Nullable Source source;

    /** What has to be read for a frame: the same for two frames means that the data can stay. */
    private record Need(
            Path file,
            List<String> blockOrder,
            List<LoadRequest> requests,
            List<Boolean> colorsBySize,
            int neighbours,
            boolean periodic) {
        static Need of(RenderJob job) {
            return new Need(
                    job.source().path(),
                    job.source().blockOrder(),
                    job.types().stream().map(TypeParameters::request).toList(),
                    job.types().stream().map(TypeParameters::colorBySize).toList(),
                    job.neighbours(),
                    job.periodic());
        }
    }

    /** Open data. */
    private record Source(Need need, Snapshot snapshot, LoadedData data) {
        void close() {
            data.close();
            snapshot.close();
        }
    }

    BatchRun(BackendProvider backend, Workers workers, Reporter reporter) {
        this.workers = workers;
        this.reporter = reporter;
        this.renderer = new FrameRenderer(backend, workers, reporter);
    }

    /**
     * Draws a frame and writes its files.
     *
     * @param dataOfPicture identity of the data that the parameters were written for; null when
     *     there is none
     * @return the files
     */
    List<Path> draw(
            FrameJob frame, FrameFiles files, @Nullable String dataOfPicture, StageTimes times) {
        RenderJob job = frame.job();
        Source open = sourceFor(job, dataOfPicture, times);
        List<Layer> layers = open.data.layers(job.types());
        List<Path> written = new ArrayList<>();
        for (int view = 0; view < job.views().size(); view++) {
            int number = view;
            LinearImage image =
                    renderer.render(
                            layers,
                            job.views().get(view).camera(),
                            job.frame(open.snapshot.info().boxSize()),
                            times);
            Picture picture = times.time("tone", () -> toneMap(job).apply(image, workers));
            written.addAll(
                    times.time("write", () -> files.write(number, picture, open.snapshot, layers)));
        }
        return written;
    }

    /** Particles of the frame that was drawn last. */
    long particles() {
        return source == null ? 0 : source.data.particles();
    }

    private Source sourceFor(RenderJob job, @Nullable String dataOfPicture, StageTimes times) {
        Need need = Need.of(job);
        if (source == null || !source.need.equals(need)) {
            close();
            source = open(need, job, dataOfPicture, times);
        }
        return source;
    }

    private Source open(
            Need need, RenderJob job, @Nullable String dataOfPicture, StageTimes times) {
        Snapshot snapshot = times.time("open", () -> Snapshots.open(need.file, need.blockOrder));
        try {
            if (dataOfPicture != null && !dataOfPicture.equals(snapshot.identity())) {
                reporter.warn(need.file + ": is not the data that the picture was made from");
            }
            double boxSize = job.periodic() ? snapshot.info().boxSize() : 0;
            LoadedData data =
                    LoadedData.load(
                            snapshot,
                            job.types(),
                            job.neighbours(),
                            boxSize,
                            workers,
                            reporter,
                            times);
            warnOfEmptyRanges(data.layers(job.types()));
            if (job.boundingBox()) {
                noteBoundingBox(data.layers(job.types()));
            }
            return new Source(need, snapshot, data);
        } catch (RuntimeException | Error e) {
            snapshot.close();
            throw e;
        }
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
                FieldRange extent = layer.particles().extent(axis);
                line.append(" ").append("xyz".charAt(axis)).append(' ');
                line.append((float) extent.min()).append("..").append((float) extent.max());
            }
            reporter.note(line.toString());
        }
    }

    private static ToneMap toneMap(RenderJob job) {
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
        if (source != null) {
            source.close();
            source = null;
        }
    }
}
