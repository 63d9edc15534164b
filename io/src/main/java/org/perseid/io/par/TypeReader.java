package org.perseid.io.par;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.perseid.io.InputException;
import org.perseid.io.palette.Palettes;
import org.perseid.io.snapshot.LoadRequest;
import org.perseid.renderer.model.ColorMap;
import org.perseid.renderer.model.Transform;
import org.perseid.renderer.model.TypeStyle;

/** Reads what is shown of each displayed type, and how. */
final class TypeReader {
    private static final String NO_FIELD = "XXXX";

    /** Stands for the smoothing length as colour, whether the file has it or it is computed. */
    private static final String SMOOTHING_LENGTH = "smoothing_length";

    private static final int LAST_FILE_TYPE = 5;

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
    TypeParameters read(int n) {
        int fileType = table.integer("ptype" + n, 0, LAST_FILE_TYPE);
        boolean vector = table.bool("color_is_vector" + n);
        Map<String, Integer> present = new HashMap<>();
        String sizeField = field("size", n, present);
        String colorField = field("color", n, present);
        String intensityField = field("intensity", n, present);
        boolean colorBySize = SMOOTHING_LENGTH.equals(colorField);
        if (vector && (colorField == null || colorBySize)) {
            table.error(
                    "color_is_vector" + n,
                    "needs color_label" + n + ", a field with three components");
        }
        boolean interpolates = table.integer("interpolation_mode", 0, 3) > 0;
        LoadRequest request =
                new LoadRequest(
                        fileType,
                        fixedSize(n, sizeField),
                        sizeField,
                        table.real("size_fac" + n, 1e-30, 1e30),
                        colorBySize ? null : colorField,
                        vector,
                        table.real("color_fac" + n, -1e30, 1e30),
                        intensityField,
                        interpolates,
                        Map.copyOf(present));
        return new TypeParameters(request, style(n, fileType, vector), colorBySize);
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
        String value = table.requiredText(key);
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
