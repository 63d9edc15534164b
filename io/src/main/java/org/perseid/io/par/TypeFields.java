package org.perseid.io.par;

import org.jspecify.annotations.Nullable;

/**
 * The fields of a displayed type by the keys of Splotch's readers that do not use labels: column
 * numbers of bare tables and Tipsy structs, dataset names, and simtype 4's own numbers.
 *
 * @param size null for none
 * @param fixedSize constant smoothing length; NaN where the general keys decide
 * @param sizeFactor on the field
 * @param color null for none
 * @param intensity null for none
 */
record TypeFields(
        @Nullable String size,
        double fixedSize,
        double sizeFactor,
        @Nullable String color,
        @Nullable String intensity) {

    /** What the reader's own keys say of a type; null when they say nothing. */
    static @Nullable TypeFields of(ParameterTable table, int n) {
        int simtype = table.has("simtype") ? table.integer("simtype", 0, 16) : -1;
        return switch (simtype) {
            case 0, 1, 5 -> table(table);
            case 4 -> millennium(table, n);
            case 6 -> constantSize(table, "col", table.has("r") ? "r" : "");
            case 7 -> datasets(table);
            case 11 -> tipsy(table, n);
            case 15 -> constantSize(table, "col", table.has("r") ? "r" : "");
            case 16 -> constantSize(table, "", "r");
            default -> null;
        };
    }

    private static TypeFields table(ParameterTable table) {
        double factor = table.real("smooth_factor", 1e-30, 1e30);
        String size = column(table, "r");
        return new TypeFields(
                size, size == null ? factor : 0, factor, color(table), column(table, "I"));
    }

    private static TypeFields constantSize(ParameterTable table, String columns, String key) {
        double size = key.isEmpty() || !table.has(key) ? 1 : number(table, key);
        boolean numbered = !columns.isEmpty();
        return new TypeFields(
                null,
                size,
                1,
                numbered ? color(table) : null,
                numbered ? column(table, "I") : null);
    }

    private static double number(ParameterTable table, String key) {
        try {
            double v = Double.parseDouble(table.text(key));
            if (v > 0 && v < 1e30) {
                return v;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        table.error(key, "is '" + table.text(key) + "'; must be a number above 0");
        return 1;
    }

    /** A column by its number in the key; null when it is not given or -1. */
    private static @Nullable String column(ParameterTable table, String key) {
        String text = table.text(key);
        if (text.isEmpty() || text.equals("-1")) {
            return null;
        }
        if (!text.matches("[1-9]\\d{0,5}")) {
            table.error(key, "is '" + text + "'; must be the number of a column, from 1");
            return null;
        }
        return "col" + text;
    }

    private static @Nullable String color(ParameterTable table) {
        String c1 = column(table, "C1");
        String c2 = column(table, "C2");
        String c3 = column(table, "C3");
        return c1 == null || c2 == null || c3 == null ? c1 : c1 + "," + c2 + "," + c3;
    }

    private static @Nullable TypeFields datasets(ParameterTable table) {
        if (!table.has("C1") && !table.has("r") && !table.has("I") && !table.has("smooth_param")) {
            return null;
        }
        String size = dataset(table, "r");
        double fixed = table.has("smooth_param") ? table.real("smooth_param", 1e-30, 1e30) : 0;
        String c1 = dataset(table, "C1");
        String c2 = dataset(table, "C2");
        String c3 = dataset(table, "C3");
        boolean vector = c1 != null && c2 != null && c3 != null;
        return new TypeFields(
                size,
                size == null ? fixed : 0,
                1,
                vector ? c1 + "," + c2 + "," + c3 : c1,
                dataset(table, "I"));
    }

    private static @Nullable String dataset(ParameterTable table, String key) {
        String text = table.text(key);
        return text.isEmpty() || text.equals("-1") ? null : ReaderKeys.plain(text);
    }

    private static @Nullable TypeFields tipsy(ParameterTable table, int n) {
        String size = numbered(table, "r_" + n);
        String c1 = numbered(table, "C1_" + n);
        String c2 = numbered(table, "C2_" + n);
        String c3 = numbered(table, "C3_" + n);
        String intensity = numbered(table, "I_" + n);
        if (size == null && c1 == null && intensity == null) {
            return null;
        }
        double factor = table.real("smooth_factor", 1e-30, 1e30);
        boolean vector = c1 != null && c2 != null && c3 != null;
        return new TypeFields(
                size,
                size == null ? Double.NaN : 0,
                factor,
                vector ? c1 + "," + c2 + "," + c3 : c1,
                intensity);
    }

    private static @Nullable String numbered(ParameterTable table, String key) {
        return table.has(key) && table.integer(key, -1, 12) > 0
                ? "col" + table.integer(key, 1, 12)
                : null;
    }

    private static @Nullable TypeFields millennium(ParameterTable table, int n) {
        if (table.has("color_label" + n)) {
            return null;
        }
        String[] colors = {"VEL", "RHO", "VDIS"};
        String[] intensities = {"", "RHO", "VDIS"};
        String color =
                colors[table.has("color_field" + n) ? table.integer("color_field" + n, 0, 2) : 0];
        String intensity =
                intensities[
                        table.has("intensity_field" + n)
                                ? table.integer("intensity_field" + n, 0, 2)
                                : 0];
        return new TypeFields("HSML", Double.NaN, 1, color, intensity.isEmpty() ? null : intensity);
    }
}
