package org.perseid.io.par;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.perseid.io.InputException;
import org.perseid.io.palette.Palettes;
import org.perseid.io.snapshot.LoadRequest;
import org.perseid.io.snapshot.Region;
import org.perseid.renderer.model.ColorMap;
import org.perseid.renderer.model.Transform;
import org.perseid.renderer.model.TypeStyle;

/** Reads what is shown of each displayed type, and how. */
final class TypeReader {
    private static final String NO_FIELD = "XXXX";

    /** Stands for the smoothing length as colour, whether the file has it or it is computed. */
    private static final String SMOOTHING_LENGTH = "smoothing_length";

    private static final int LAST_FILE_TYPE = 7;

    private final ParameterTable table;
    private final Map<String, ColorMap> palettes;

    /**
     * @param palettes colour maps by their value in the file, as far as they were read already
     */
    TypeReader(ParameterTable table, Map<String, ColorMap> palettes) {
        this.table = table;
        this.palettes = palettes;
    }

    /** Displayed type n. */
    TypeParameters read(int n, List<String> extras) {
        int fileType = table.integer("ptype" + n, 0, LAST_FILE_TYPE);
        TypeFields own = TypeFields.of(table, n);
        boolean vector =
                table.bool("color_is_vector" + n)
                        || (own != null
                                && own.color() != null
                                && (own.color().indexOf(',') >= 0 || own.color().equals("VEL")));
        Map<String, Integer> present = new HashMap<>();
        String sizeField = field("size", n, present);
        String colorField = field("color", n, present);
        String intensityField = field("intensity", n, present);
        double sizeFactor = table.real("size_fac" + n, 1e-30, 1e30);
        double fixedSize;
        if (own == null || Double.isNaN(own.fixedSize())) {
            sizeField = own != null && own.size() != null ? own.size() : sizeField;
            fixedSize = fixedSize(n, sizeField);
        } else {
            sizeField = own.size();
            fixedSize = own.fixedSize();
        }
        if (own != null) {
            sizeFactor *= own.sizeFactor();
            colorField = own.color() != null ? own.color() : colorField;
            intensityField = own.intensity() != null ? own.intensity() : intensityField;
        }
        boolean colorBySize = SMOOTHING_LENGTH.equals(colorField);
        if (vector && (colorField == null || colorBySize)) {
            table.error(
                    "color_is_vector" + n,
                    "needs color_label" + n + ", a field with three components");
        }
        int mode = table.integer("interpolation_mode", 0, 3);
        LoadRequest request =
                new LoadRequest(
                        fileType,
                        fixedSize,
                        sizeField,
                        sizeFactor,
                        colorBySize ? null : colorField,
                        vector,
                        table.real("color_fac" + n, -1e30, 1e30),
                        intensityField,
                        mode > 0,
                        Map.copyOf(present),
                        new LoadRequest.More(
                                mode > 1,
                                extras,
                                table.formulas(),
                                table.text("select" + n),
                                region()));
        return new TypeParameters(request, style(n, fileType, vector), colorBySize);
    }

    /** A box as two corners, or a sphere. */
    private @Nullable Region region() {
        String text = table.text("region").strip();
        if (text.isEmpty()) {
            return null;
        }
        List<String> words = List.of(text.split("[\\s,]+", -1));
        double[] v = new double[words.size()];
        boolean sphere = words.getFirst().equals("sphere");
        boolean good =
                sphere ? words.size() == 5 : words.getFirst().equals("box") && words.size() == 7;
        for (int k = 1; k < v.length; k++) {
            good &= words.get(k).matches("[-+]?[0-9.]+([eE][-+]?\\d+)?");
            v[k] = good ? Double.parseDouble(words.get(k)) : 0;
        }
        good &= sphere ? v[4] > 0 : good && v[2] > v[1] && v[4] > v[3] && v[6] > v[5];
        if (!good) {
            table.error(
                    "region",
                    "is '"
                            + text
                            + "'; must be 'box X0 X1 Y0 Y1 Z0 Z1' with rising pairs, or 'sphere X Y Z R'");
            return null;
        }
        return sphere
                ? new Region(v[1], v[2], v[3], v[4], v[4], v[4], true)
                : new Region(
                        (v[1] + v[2]) / 2,
                        (v[3] + v[4]) / 2,
                        (v[5] + v[6]) / 2,
                        (v[2] - v[1]) / 2,
                        (v[4] - v[3]) / 2,
                        (v[6] - v[5]) / 2,
                        false);
    }

    /** Splotch ignores a size label unless size_fix is 0; here a label alone is enough. */
    private double fixedSize(int n, @Nullable String sizeField) {
        String key = "size_fix" + n;
        if (table.has(key)) {
            double fixed = table.real(key, 0, 1e30);
            if (fixed > 0 && sizeField != null) {
                table.warning(
                        "size_label" + n,
                        "not read, because "
                                + key
                                + "="
                                + fixed
                                + " gives all particles one size; set it to 0 to read");
            }
            return fixed;
        }
        if (sizeField != null) {
            return 0;
        }
        table.problems()
                .warning(
                        table.where("ptype" + n),
                        key
                                + ": not given, so every particle of type "
                                + n
                                + " has the smoothing length 1 (Splotch's default); "
                                + key
                                + "=0 reads or computes them");
        return 1;
    }

    private @Nullable String field(String what, int n, Map<String, Integer> present) {
        String label = table.text(what + "_label" + n);
        String presentKey = what + "_present" + n;
        if (label.equals(NO_FIELD) || label.isEmpty()) {
            return null;
        }
        if (table.has(presentKey)) {
            present.put(label, table.integer(presentKey, 0, 63));
        }
        return label;
    }

    private TypeStyle style(int n, int fileType, boolean vector) {
        Transform color =
                table.bool("color_log" + n)
                        ? Transform.LOG10
                        : table.bool("color_asinh" + n) ? Transform.ASINH : Transform.LINEAR;
        double colorMin = table.realOr("color_min" + n, Double.NaN);
        double colorMax = table.realOr("color_max" + n, Double.NaN);
        double intensityMin = table.realOr("intensity_min" + n, Double.NaN);
        double intensityMax = table.realOr("intensity_max" + n, Double.NaN);
        requireAscending("color", n, colorMin, colorMax);
        requireAscending("intensity", n, intensityMin, intensityMax);
        return new TypeStyle(
                "type " + fileType,
                vector ? null : palette(n),
                color,
                colorMin,
                colorMax,
                table.bool("intensity_log" + n) ? Transform.LOG10 : Transform.LINEAR,
                intensityMin,
                intensityMax,
                table.real("brightness" + n, 0, 1e30),
                table.real("smooth_factor" + n, 1e-30, 1e30));
    }

    private void requireAscending(String what, int n, double min, double max) {
        if (min > max) {
            table.error(
                    what + "_max" + n, "is " + max + ", below " + what + "_min" + n + " = " + min);
        }
    }

    private @Nullable ColorMap palette(int n) {
        String key = "palette" + n;
        return palette(key, table.requiredText(key), table, palettes);
    }

    /**
     * The colour map that a key names; null when there is none, which is a problem of the table's.
     *
     * @param value of the key; empty for none
     * @param palettes those that were read already
     */
    static @Nullable ColorMap palette(
            String key, String value, ParameterTable table, Map<String, ColorMap> palettes) {
        if (value.isEmpty()) {
            return null;
        }
        try {
            return palettes.computeIfAbsent(value, v -> Palettes.find(v, table.folder()));
        } catch (InputException e) {
            table.error(key, String.valueOf(e.getMessage()));
            return null;
        }
    }
}
