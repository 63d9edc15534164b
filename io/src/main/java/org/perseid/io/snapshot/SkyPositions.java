package org.perseid.io.snapshot;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Cartesian positions of a catalogue with right ascension and declination in degrees: x towards the
 * equinox, z towards the pole; the distance is a column in its own unit, or 1000/parallax (mas) in
 * parsec, or 1 where there is neither or most rows have none.
 */
public final class SkyPositions {
    /** Name of the field that is made from parallaxes, in parsec. */
    static final String PARSEC = "sky_position_pc";

    private SkyPositions() {}

    /** Adds positions to a table of type 0 whose names tell them; their name, or null. */
    public static @Nullable String addTo(FieldTable table) {
        FieldData ra = find(table, "ra", "raj2000", "ra_icrs", "_ra");
        FieldData dec = find(table, "dec", "de", "dej2000", "de_icrs", "_de");
        if (ra == null || dec == null) {
            return null;
        }
        FieldData distance = find(table, "distance", "dist", "distance_pc", "r_est", "rest");
        FieldData found = distance == null ? find(table, "parallax", "plx") : null;
        FieldData parallax = found != null && isUsual(found, table.rows(0)) ? found : null;
        String name =
                distance != null ? "sky_position" : parallax != null ? PARSEC : "sky_direction";
        table.with(
                0,
                name,
                new ComputedData(
                        3, (row, rows, out) -> fill(ra, dec, distance, parallax, row, rows, out)));
        return name;
    }

    /** Whether most of the first rows have one; else only the direction is shown. */
    private static boolean isUsual(FieldData parallax, long rows) {
        double[] first = new double[(int) Math.min(rows, 10_000)];
        parallax.doubles(0, first.length, first);
        int positive = 0;
        for (double v : first) {
            positive += v > 0 ? 1 : 0;
        }
        return 2 * positive > first.length;
    }

    private static @Nullable FieldData find(FieldTable table, String... names) {
        for (Map.Entry<String, FieldData> entry : table.fields(0).entrySet()) {
            if (entry.getValue().components() == 1
                    && List.of(names).contains(entry.getKey().toLowerCase(Locale.ROOT))) {
                return entry.getValue();
            }
        }
        return null;
    }

    private static void fill(
            FieldData ra,
            FieldData dec,
            @Nullable FieldData distance,
            @Nullable FieldData parallax,
            long row,
            int rows,
            double[] out) {
        double[] lon = new double[rows];
        double[] lat = new double[rows];
        double[] d = new double[rows];
        ra.doubles(row, rows, lon);
        dec.doubles(row, rows, lat);
        if (distance != null) {
            distance.doubles(row, rows, d);
        } else if (parallax != null) {
            parallax.doubles(row, rows, d);
        }
        for (int i = 0; i < rows; i++) {
            double r =
                    distance != null
                            ? d[i]
                            : parallax == null ? 1 : d[i] > 0 ? 1000 / d[i] : Double.NaN;
            double cosLat = Math.cos(Math.toRadians(lat[i]));
            out[3 * i] = r * cosLat * Math.cos(Math.toRadians(lon[i]));
            out[3 * i + 1] = r * cosLat * Math.sin(Math.toRadians(lon[i]));
            out[3 * i + 2] = r * Math.sin(Math.toRadians(lat[i]));
        }
    }
}
