package org.perseid.io.snapshot;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Cartesian positions of a catalogue with right ascension and declination in degrees: x towards the
 * equinox, z towards the pole; the distance is a column in its own unit, or 1000/parallax (mas) in
 * parsec, or 1 where there is neither.
 */
public final class SkyPositions {
    /** Name of the field that is made. */
    public static final String NAME = "sky_position";

    private SkyPositions() {}

    /** Adds positions to a table of type 0 whose names tell them; whether it could. */
    public static boolean addTo(FieldTable table) {
        FieldData ra = find(table, "ra", "raj2000", "ra_icrs", "_ra");
        FieldData dec = find(table, "dec", "de", "dej2000", "de_icrs", "_de");
        if (ra == null || dec == null) {
            return false;
        }
        FieldData distance = find(table, "distance", "dist", "distance_pc", "r_est", "rest");
        FieldData parallax = distance == null ? find(table, "parallax", "plx") : null;
        table.with(
                0,
                NAME,
                new ComputedData(
                        3, (row, rows, out) -> fill(ra, dec, distance, parallax, row, rows, out)));
        return true;
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
