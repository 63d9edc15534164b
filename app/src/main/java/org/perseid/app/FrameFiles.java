package org.perseid.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.perseid.io.AtomicFile;
import org.perseid.io.InputException;
import org.perseid.io.image.FloatFiles;
import org.perseid.io.image.Pictures;
import org.perseid.io.image.Png;
import org.perseid.io.image.PngStrips;
import org.perseid.io.par.FrameJob;
import org.perseid.io.par.Numbers;
import org.perseid.io.par.RenderJob;
import org.perseid.io.par.View;
import org.perseid.io.snapshot.SnapshotInfo;
import org.perseid.renderer.frame.Layer;
import org.perseid.renderer.model.FieldRange;
import org.perseid.renderer.model.FloatImage;
import org.perseid.renderer.model.Measure;
import org.perseid.renderer.model.Picture;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.ScalarMapping;
import org.perseid.renderer.model.Workers;

/** The files of a frame: the picture with what is needed to draw it again, and the log. */
final class FrameFiles {
    /** Keyword of the PNG chunk with the parameters. */
    static final String PARAMETERS = "perseid.parameters";

    /** Keyword of the PNG chunk with the identity of the data. */
    static final String DATA = "perseid.data";

    /** Key of the quality; not there for the exact one. */
    static final String QUALITY = "perseid.quality";

    private final RenderJob job;
    private final Quality quality;
    private final Path plain;
    private final List<Path> pictures;

    /**
     * @param quality in which the pictures are drawn
     */
    FrameFiles(FrameJob frame, Quality quality) {
        this.job = frame.job();
        this.quality = quality;
        String name =
                String.format(
                        Locale.ROOT,
                        "%s%04d.%s",
                        job.output(),
                        frame.number(),
                        job.format().extension());
        this.plain = Path.of(name);
        this.pictures =
                StereoPair.isOnePicture(job)
                        ? List.of(plain)
                        : job.views().stream()
                                .map(view ->
                                        plain.resolveSibling(view.prefix() + plain.getFileName()))
                                .toList();
    }

    /**
     * Fails early when the pictures could not be written.
     *
     * @throws org.perseid.io.InputException saying why
     */
    void requireWritable() {
        Path picture = pictures.getFirst();
        Path part = AtomicFile.part(picture);
        try {
            AtomicFile.createFolder(picture);
            Files.deleteIfExists(part);
            Files.createFile(part);
            Files.delete(part);
        } catch (IOException e) {
            throw AtomicFile.cannotWrite(picture, e);
        }
    }

    /**
     * Writes the pictures of the frame and their logs.
     *
     * @param pixels as many as there are files
     * @param log as {@link #log} makes it
     * @param workers who share the encoding
     * @return what was written
     */
    List<Path> write(
            List<Picture> pixels, SnapshotInfo info, String identity, String log, Workers workers) {
        List<Path> written = new ArrayList<>();
        Map<String, String> text = text(info.parts().getFirst(), identity);
        for (int k = 0; k < pixels.size(); k++) {
            writeLog(pictures.get(k), log, written);
            Pictures.write(pictures.get(k), job.format(), pixels.get(k), text, workers);
            written.add(k, pictures.get(k));
        }
        return written;
    }

    /** Writes the only picture of a frame, whose rows are compressed, and its log. */
    List<Path> write(PngStrips picture, SnapshotInfo info, String identity, String log) {
        List<Path> written = new ArrayList<>();
        writeLog(pictures.getFirst(), log, written);
        Pictures.write(pictures.getFirst(), picture, text(info.parts().getFirst(), identity));
        written.addFirst(pictures.getFirst());
        return written;
    }

    private void writeLog(Path picture, String log, List<Path> written) {
        if (job.logFile()) {
            Path file = picture.resolveSibling(baseName(picture) + ".log");
            AtomicFile.write(file, out -> out.write(log.getBytes(StandardCharsets.UTF_8)));
            written.add(file);
        }
    }

    /**
     * Writes the float layers of a view.
     *
     * @param workers who share the encoding
     * @return what was written
     */
    List<Path> writeLayers(
            View view,
            List<FloatImage> layers,
            SnapshotInfo info,
            String identity,
            Workers workers) {
        List<Path> written = new ArrayList<>();
        Map<String, String> text = text(info.parts().getFirst(), identity);
        for (int k = 0; k < layers.size(); k++) {
            Measure measure = job.numbers().measures().get(k);
            for (Numbers.LayerFormat format : job.numbers().formats()) {
                Path file = layerFile(view, measure, format);
                FloatFiles.write(
                        file,
                        format,
                        layers.get(k),
                        LayerGrid.of(job, view.camera(), measure, info),
                        text,
                        workers);
                written.add(file);
            }
        }
        return written;
    }

    private Path layerFile(View view, Measure measure, Numbers.LayerFormat format) {
        return plain.resolveSibling(
                view.prefix()
                        + baseName(plain)
                        + "_"
                        + measure.name()
                        + "."
                        + FloatFiles.extension(format));
    }

    /** The pictures, one a view. */
    List<Path> pictures() {
        return pictures;
    }

    /**
     * Whether all pictures are there, drawn by this version with these parameters from this data.
     *
     * @param snapshot file that the data is read from
     * @param identity of that data
     */
    boolean isDrawn(Path snapshot, String identity) {
        Map<String, String> expected = text(snapshot, identity);
        return pictures.stream().allMatch(p -> Png.isPng(p) && holds(p, expected))
                && job.views().stream()
                        .flatMap(v ->
                                job.numbers().measures().stream()
                                        .flatMap(m ->
                                                job.numbers().formats().stream()
                                                        .map(f -> layerFile(v, m, f))))
                        .allMatch(Files::exists);
    }

    private static boolean holds(Path picture, Map<String, String> expected) {
        try {
            return Png.readText(picture).equals(expected);
        } catch (InputException e) {
            return false; // a damaged picture is drawn again
        }
    }

    private Map<String, String> text(Path snapshot, String identity) {
        return text(job, quality, snapshot, identity);
    }

    /**
     * What a picture holds so that it can be drawn again.
     *
     * @param snapshot file that the data was read from
     * @param identity of that data
     */
    static Map<String, String> text(
            RenderJob job, Quality quality, Path snapshot, String identity) {
        Map<String, String> text = new LinkedHashMap<>();
        text.put("Software", Version.text());
        text.put(PARAMETERS, job.selfContainedText(snapshot));
        text.put(DATA, identity);
        if (quality != Quality.EXACT) {
            text.put(QUALITY, quality.name().toLowerCase(Locale.ROOT));
        }
        return text;
    }

    private static String baseName(Path picture) {
        String name = String.valueOf(picture.getFileName());
        return name.substring(0, name.lastIndexOf('.'));
    }

    /**
     * All parameters, and the ranges that were found and used, as Splotch's log has them; empty
     * where none is wanted.
     */
    String log(SnapshotInfo info, List<Layer> layers) {
        if (!job.logFile()) {
            return "";
        }
        StringBuilder out = new StringBuilder("# " + Version.text() + "\n" + job.table().toText());
        out.append("time=").append(info.time()).append("\nredshift=").append(info.redshift());
        out.append("\nboxsize=").append(info.boxSize()).append('\n');
        for (int n = 0; n < layers.size(); n++) {
            Layer layer = layers.get(n);
            FieldRange data = layer.style().colorTransform().apply(layer.particles().colorRange());
            ScalarMapping used = layer.style().colorMapping(layer.particles());
            out.append("range_min").append(n).append('=').append((float) data.min()).append('\n');
            out.append("range_max").append(n).append('=').append((float) data.max()).append('\n');
            out.append("clamp_min").append(n).append('=').append(used.min()).append('\n');
            out.append("clamp_max").append(n).append('=').append(used.max()).append('\n');
        }
        return out.toString();
    }
}
