package org.perseid.io.par;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.perseid.io.Nearest;
import org.perseid.renderer.model.ColorMap;
import org.perseid.renderer.model.Measure;
import org.perseid.renderer.model.SphKernel;
import org.perseid.renderer.model.Transform;

/** Reads the keys of the float layers. */
final class NumbersReader {
    private static final List<String> KINDS =
            List.of("mass", "column_density", "mean:FIELD", "max:FIELD", "hits", "depth");

    private final ParameterTable table;
    private final List<String> fields = new ArrayList<>();

    private final Map<String, ColorMap> palettes;

    /**
     * @param palettes those that were read already
     */
    NumbersReader(ParameterTable table, Map<String, ColorMap> palettes) {
        this.table = table;
        this.palettes = palettes;
    }

    Numbers read() {
        List<Measure> measures = new ArrayList<>();
        for (String word : words("layers")) {
            measures.add(measure("layers", word));
        }
        return new Numbers(
                List.copyOf(measures),
                pictured(),
                List.copyOf(fields),
                formats(),
                kernel(),
                table.has("kernel_support") ? table.real("kernel_support", 1e-6, 1e6) : Double.NaN);
    }

    private List<String> words(String key) {
        String text = table.text(key).strip();
        return text.isEmpty() ? List.of() : List.of(text.split("[\\s,]+", -1));
    }

    private Numbers.@Nullable Pictured pictured() {
        String word = table.text("picture_of").strip();
        if (word.isEmpty() || word.equals("light")) {
            return null;
        }
        Measure measure = measure("picture_of", word);
        ColorMap map =
                TypeReader.palette(
                        "picture_palette", table.text("picture_palette"), table, palettes);
        if (map == null) {
            return null;
        }
        double min = table.realOr("picture_min", Double.NaN);
        double max = table.realOr("picture_max", Double.NaN);
        if (min > max) {
            table.error("picture_max", "is " + max + ", below picture_min = " + min);
        }
        Transform transform = table.bool("picture_log") ? Transform.LOG10 : Transform.LINEAR;
        return new Numbers.Pictured(measure, map, transform, min, max);
    }

    private Measure measure(String key, String word) {
        int colon = word.indexOf(':');
        String kind = colon < 0 ? word : word.substring(0, colon);
        String field = colon < 0 ? "" : word.substring(colon + 1);
        boolean needsField = kind.equals("mean") || kind.equals("max");
        if (needsField == field.isEmpty()) {
            table.error(
                    key,
                    needsField
                            ? kind + " needs a field, as " + kind + ":Temperature"
                            : kind + " takes no field");
        }
        return switch (kind) {
            case "mass" -> new Measure(Measure.Kind.MASS, -1, kind);
            case "column_density" -> new Measure(Measure.Kind.COLUMN_DENSITY, -1, kind);
            case "hits" -> new Measure(Measure.Kind.HITS, -1, kind);
            case "depth" -> new Measure(Measure.Kind.DEPTH, -1, kind);
            case "mean" -> new Measure(Measure.Kind.MEAN, index(field), name(kind, field));
            case "max" -> new Measure(Measure.Kind.MAXIMUM, index(field), name(kind, field));
            default -> {
                table.error(
                        key,
                        "'"
                                + word
                                + "' is no layer"
                                + Nearest.to(kind, KINDS)
                                        .map(k -> "; did you mean " + k + "?")
                                        .orElse("")
                                + "; layers: "
                                + String.join(", ", KINDS));
                yield new Measure(Measure.Kind.MASS, -1, kind);
            }
        };
    }

    private static String name(String kind, String field) {
        return kind + "_" + field.replaceAll("[^A-Za-z0-9.+-]", "_");
    }

    private int index(String field) {
        if (!fields.contains(field)) {
            fields.add(field);
        }
        return fields.indexOf(field);
    }

    private List<Numbers.LayerFormat> formats() {
        List<Numbers.LayerFormat> out = new ArrayList<>();
        for (String word : words("layer_formats")) {
            try {
                out.add(Numbers.LayerFormat.valueOf(word.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                table.error(
                        "layer_formats", "'" + word + "' is none; formats: fits, exr, png16, raw");
            }
        }
        return List.copyOf(out);
    }

    private SphKernel kernel() {
        String name = table.text("kernel");
        for (SphKernel kernel : SphKernel.values()) {
            if (kernel.name().equalsIgnoreCase(name)) {
                return kernel;
            }
        }
        table.error("kernel", "is '" + name + "'; kernels: cubic, wendland, gaussian");
        return SphKernel.CUBIC;
    }
}
