package org.perseid.io.par;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.perseid.io.snapshot.ReadOptions;
import org.perseid.io.store.StoreFormat;

/** The keys that say how a snapshot is read, and Splotch's readers by their number. */
final class ReaderKeys {
    private static final List<String> PASSED_ON =
            List.of(
                    "num_blocks",
                    "x",
                    "y",
                    "z",
                    "order",
                    "swap_endian",
                    "snapshotID",
                    "cube_begin",
                    "cube_end",
                    "position_label",
                    "velocity_label",
                    "mass_label",
                    "id_label",
                    "unit_length",
                    "unit_mass",
                    "unit_velocity",
                    StoreFormat.SKIP);

    /** Readers that there are not, each with what to do. */
    private static final Map<Integer, String> NOT_SUPPORTED =
            Map.of(
                    3,
                    "Enzo hierarchies are not supported; write the cells as columns with yt (all_data(), then"
                            + " x, y, z, dx and the fields as HDF5 datasets) and use size_label0=dx",
                    10,
                    "VisIVO tables are not supported; a .bin table is read with simtype=1 and num_blocks= the number"
                            + " of columns in its .head file, write others as CSV",
                    14,
                    "Bonsai files are not supported; write the particles as Tipsy or as columns of HDF5 or CSV",
                    9,
                    "there is no reader 9 in Splotch");

    private static final List<String> MILLENNIUM =
            List.of("POS", "VEL", "ID", "HSML", "RHO", "VDIS");

    private ReaderKeys() {}

    /** How the snapshot of a table is read. */
    static ReadOptions options(ParameterTable table) {
        int simtype = table.has("simtype") ? table.integer("simtype", 0, 16) : -1;
        String why = NOT_SUPPORTED.get(simtype);
        if (why != null) {
            table.error("simtype", "is " + simtype + ": " + why);
        }
        String order = table.text("block_order");
        List<String> blocks =
                !order.isEmpty()
                        ? List.of(order.split("[ ,]+", -1))
                        : simtype == 4 ? MILLENNIUM : List.of();
        Map<String, String> keys = new LinkedHashMap<>();
        for (String key : PASSED_ON) {
            if (table.has(key)) {
                keys.put(key, table.text(key));
            }
        }
        if (simtype == 7 && table.has("x") && table.has("y") && table.has("z")) {
            keys.putIfAbsent(
                    "position_label",
                    plain(table.text("x"))
                            + ","
                            + plain(table.text("y"))
                            + ","
                            + plain(table.text("z")));
        }
        return new ReadOptions(blocks, simtype, Map.copyOf(keys));
    }

    /** A dataset's path without the slash that it may begin with. */
    static String plain(String path) {
        return path.startsWith("/") ? path.substring(1) : path;
    }
}
