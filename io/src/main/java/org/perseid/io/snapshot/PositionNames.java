package org.perseid.io.snapshot;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds positions, velocities, masses and ids in tables by the names that people give them. */
public final class PositionNames {
    private static final List<String> VECTORS =
            List.of(
                    "Coordinates",
                    "coordinates",
                    "Position",
                    "position",
                    "Positions",
                    "positions",
                    "pos",
                    "POS",
                    "xyz",
                    "coords");

    private static final List<String> TRIPLES =
            List.of(
                    "x,y,z",
                    "X,Y,Z",
                    "position/x,position/y,position/z",
                    "position_x,position_y,position_z",
                    "pos_x,pos_y,pos_z",
                    "POS_X,POS_Y,POS_Z",
                    "posx,posy,posz",
                    "x_gal,y_gal,z_gal",
                    "x0,y0,z0",
                    "CoordinateX,CoordinateY,CoordinateZ");

    private PositionNames() {}

    /** The field, or three with commas, that are positions; null when there are none. */
    public static @Nullable String position(Map<String, FieldData> fields) {
        for (String name : VECTORS) {
            FieldData field = fields.get(name);
            if (field != null && field.components() == 3) {
                return name;
            }
        }
        for (String names : TRIPLES) {
            if (has(fields, names)) {
                return names;
            }
        }
        for (Map.Entry<String, FieldData> entry : fields.entrySet()) {
            String last = entry.getKey().substring(entry.getKey().lastIndexOf('/') + 1);
            if (VECTORS.contains(last) && entry.getValue().components() == 3) {
                return entry.getKey();
            }
        }
        return triplesBelow(fields);
    }

    /** {@code A/x,A/y,A/z} for a group A. */
    private static @Nullable String triplesBelow(Map<String, FieldData> fields) {
        for (String name : fields.keySet()) {
            if (name.endsWith("/x") || name.endsWith("/X")) {
                String group = name.substring(0, name.length() - 1);
                String names =
                        name.endsWith("x")
                                ? group + "x," + group + "y," + group + "z"
                                : group + "X," + group + "Y," + group + "Z";
                if (has(fields, names)) {
                    return names;
                }
            }
        }
        return null;
    }

    /** Whether all fields of a list with commas are there. */
    public static boolean has(Map<String, FieldData> fields, String names) {
        return List.of(names.split(",", -1)).stream().allMatch(fields::containsKey);
    }

    /** Units of a table of positions whose columns tell theirs. */
    public static Units units(String position, Map<String, FieldInfo> described) {
        FieldInfo first = described.get(position.split(",", 2)[0]);
        Units.Unit length =
                Units.parse(
                        position.equals(SkyPositions.PARSEC)
                                ? "pc"
                                : first == null ? "" : first.unit(),
                        1,
                        1);
        return length.isKnown()
                ? new Units(length, Units.UNKNOWN.mass(), Units.UNKNOWN.velocity())
                : Units.UNKNOWN;
    }

    /** The name of velocities; null when there is none. */
    public static @Nullable String velocity(Collection<String> names) {
        return first(
                names,
                "Velocities",
                "velocity",
                "velocities",
                "vxyz",
                "vel",
                "vx,vy,vz",
                "VX,VY,VZ",
                "velocity/x,velocity/y,velocity/z",
                "velocity_x,velocity_y,velocity_z",
                "vel_x,vel_y,vel_z",
                "momentum/x,momentum/y,momentum/z");
    }

    /** The name of masses; null when there is none. */
    public static @Nullable String mass(Collection<String> names) {
        return first(names, "Masses", "mass", "Mass", "masses", "MASS", "m");
    }

    /** The name of ids; null when there is none. */
    public static @Nullable String id(Collection<String> names) {
        return first(
                names,
                "ParticleIDs",
                "id",
                "ID",
                "ids",
                "iord",
                "source_id",
                "hip",
                "HIP",
                "identity");
    }

    private static @Nullable String first(Collection<String> names, String... candidates) {
        for (String candidate : candidates) {
            if (names.containsAll(List.of(candidate.split(",", -1)))) {
                return candidate;
            }
        }
        return null;
    }
}
