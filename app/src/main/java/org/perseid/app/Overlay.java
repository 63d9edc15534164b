package org.perseid.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.perseid.io.image.Annotator;
import org.perseid.io.par.Annotations;
import org.perseid.io.par.Numbers;
import org.perseid.io.par.RenderJob;
import org.perseid.io.par.TypeParameters;
import org.perseid.io.snapshot.FieldInfo;
import org.perseid.io.snapshot.SnapshotInfo;
import org.perseid.renderer.frame.Layer;
import org.perseid.renderer.frame.ValueMap;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.ColorMap;
import org.perseid.renderer.model.FloatImage;
import org.perseid.renderer.model.Measure;
import org.perseid.renderer.model.Picture;
import org.perseid.renderer.model.ScalarMapping;
import org.perseid.renderer.model.Workers;

/** What is drawn over the pictures of a frame. */
final class Overlay {
    /** Part of the width that a scale bar takes at most. */
    private static final double SCALE_PART = 0.25;

    private final RenderJob job;
    private final SnapshotInfo info;
    private final List<Layer> layers;

    Overlay(RenderJob job, SnapshotInfo info, List<Layer> layers) {
        this.job = job;
        this.info = info;
        this.layers = layers;
    }

    /** The picture of light with what the job asks for. */
    Picture draw(Picture picture, Camera camera) {
        return draw(picture, camera, null);
    }

    /** The picture of the values of a layer, with what the job asks for. */
    Picture draw(FloatImage values, Camera camera, Workers workers) {
        ValueMap map = Objects.requireNonNull(valueMap(job));
        ScalarMapping range = map.range(values.values());
        Picture plain = map.apply(values.values(), values.width(), values.height(), range, workers);
        return draw(plain, camera, range);
    }

    /** How the values of a layer become the picture; null where it is of light. */
    static @Nullable ValueMap valueMap(RenderJob job) {
        Numbers.Pictured of = job.numbers().pictured();
        return of == null
                ? null
                : new ValueMap(of.map(), of.transform(), of.min(), of.max(), job.tone().flipY());
    }

    /**
     * A picture with what the job asks for.
     *
     * @param range of the colours of a layer's values; null for light
     */
    Picture draw(Picture picture, Camera camera, @Nullable ScalarMapping range) {
        Annotations wanted = job.annotations();
        if (wanted.isEmpty()) {
            return picture;
        }
        double pixelsPerUnit = pixelsPerUnit(camera);
        double length =
                wanted.scaleBar() && pixelsPerUnit > 0
                        ? Annotator.roundStep(SCALE_PART * job.width() / pixelsPerUnit, 1) / 2
                        : 0;
        return Annotator.draw(
                picture,
                new Annotator.Content(
                        wanted.legend() ? bars(range) : List.of(),
                        length > 0 ? trimmed(length) + " " + info.units().length().name() : "",
                        length * pixelsPerUnit,
                        wanted.text(),
                        stamp(wanted.stamp()),
                        wanted.logo(),
                        wanted.sizePx()));
    }

    private static String trimmed(double v) {
        String text = String.format(Locale.ROOT, "%.4g", v);
        return text.indexOf('.') < 0 ? text : text.replaceAll("\\.?0+(e|$)", "$1");
    }

    /** Pixels a length unit at the target; 0 where there is no such scale. */
    private double pixelsPerUnit(Camera camera) {
        return camera.projection().isFlat() ? job.width() / camera.widthAtTarget() : 0;
    }

    private List<Annotator.Bar> bars(@Nullable ScalarMapping values) {
        Numbers.Pictured pictured = job.numbers().pictured();
        if (pictured != null && values != null) {
            Measure measure = pictured.measure();
            String unit = LayerGrid.unit(job, measure, info);
            String title = measure.name().replace('_', ' ');
            return List.of(bar(pictured.map(), values, title, unit));
        }
        List<Annotator.Bar> out = new ArrayList<>();
        for (int n = 0; n < layers.size(); n++) {
            ColorMap map = layers.get(n).style().colorMap();
            if (map != null) {
                ScalarMapping range = layers.get(n).style().colorMapping(layers.get(n).particles());
                out.add(bar(map, range, title(n), unit(n)));
            }
        }
        return out;
    }

    private static Annotator.Bar bar(ColorMap map, ScalarMapping range, String title, String unit) {
        String prefix =
                switch (range.transform()) {
                    case LINEAR -> "";
                    case LOG10 -> "log10";
                    case ASINH -> "asinh";
                };
        return new Annotator.Bar(map, range.min(), range.max(), title, unit, prefix);
    }

    private String title(int n) {
        String given = job.annotations().titles().get(n);
        TypeParameters type = job.types().get(n);
        String field = type.request().colorField();
        String what = type.colorBySize() ? "smoothing length" : field == null ? "constant" : field;
        return !given.isEmpty() ? given : info.typeName(type.request().fileType()) + " " + what;
    }

    private String unit(int n) {
        String given = job.annotations().units().get(n);
        TypeParameters type = job.types().get(n);
        String field = type.request().colorField();
        if (!given.isEmpty()) {
            return given;
        }
        if (type.colorBySize()) {
            return info.units().length().name();
        }
        FieldInfo known = field == null ? null : info.field(field, type.request().fileType());
        return known == null ? "" : known.unit();
    }

    private String stamp(Annotations.Stamp stamp) {
        return switch (stamp) {
            case NONE -> "";
            case TIME -> "t = " + trimmed(info.time());
            case REDSHIFT -> String.format(Locale.ROOT, "z = %.2f", info.redshift());
            case SCALE_FACTOR -> String.format(Locale.ROOT, "a = %.4f", info.scaleFactor());
        };
    }
}
