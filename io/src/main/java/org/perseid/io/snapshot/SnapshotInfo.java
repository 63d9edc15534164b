package org.perseid.io.snapshot;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a snapshot says of itself.
 *
 * @param format name of the format, with its variant and byte order
 * @param parts its files, in order
 * @param fileBytes their sizes together
 * @param types particle types, also those without particles
 * @param fields in the order of the file
 * @param time scale factor in cosmological runs, else the code's time
 * @param redshift as written
 * @param boxSize period in the length unit of the file; 0 for none
 * @param hubble h; 0 when not cosmological
 * @param omega0 matter density; 0 when not cosmological
 * @param omegaLambda vacuum density; 0 when not cosmological
 * @param roles which fields are position, velocity, mass, id and size
 * @param units of lengths, masses and velocities
 */
public record SnapshotInfo(
        String format,
        List<Path> parts,
        long fileBytes,
        List<TypeInfo> types,
        List<FieldInfo> fields,
        double time,
        double redshift,
        double boxSize,
        double hubble,
        double omega0,
        double omegaLambda,
        Roles roles,
        Units units) {

    /**
     * A particle type.
     *
     * @param index number in the file
     * @param name usual name
     * @param count particles in all parts
     * @param mass mass of each particle in the unit of the file; 0 when a field holds it
     */
    public record TypeInfo(int index, String name, long count, double mass) {}

    /**
     * What a snapshot says of itself that has no header of a simulation.
     *
     * @param typeNames by type
     * @param described descriptions and units of fields, by name
     */
    public static SnapshotInfo of(
            String format,
            List<FieldTable> tables,
            List<Path> parts,
            long fileBytes,
            List<String> typeNames,
            Map<String, FieldInfo> described,
            Roles roles) {
        return of(
                format,
                tables,
                parts,
                fileBytes,
                typeNames,
                new double[0],
                described,
                Header.NONE,
                roles,
                PositionNames.units(roles.position(), described));
    }

    /**
     * What a snapshot says of itself.
     *
     * @param typeNames by type
     * @param masses by type; as many as are known
     * @param described descriptions and units of fields, by name
     */
    public static SnapshotInfo of(
            String format,
            List<FieldTable> tables,
            List<Path> parts,
            long fileBytes,
            List<String> typeNames,
            double[] masses,
            Map<String, FieldInfo> described,
            Header header,
            Roles roles,
            Units units) {
        List<TypeInfo> types = new ArrayList<>();
        for (int t = 0; t < typeNames.size(); t++) {
            int type = t;
            types.add(
                    new TypeInfo(
                            t,
                            typeNames.get(t),
                            tables.stream().mapToLong(table -> table.rows(type)).sum(),
                            t < masses.length ? masses[t] : 0));
        }
        return new SnapshotInfo(
                format,
                parts,
                fileBytes,
                List.copyOf(types),
                FieldInfos.of(tables, described),
                header.time,
                header.redshift,
                header.boxSize,
                header.hubble,
                header.omega0,
                header.omegaLambda,
                roles,
                units);
    }

    /**
     * Numbers of a simulation's header, as in {@link SnapshotInfo}.
     *
     * @param time scale factor or time
     * @param redshift as written
     * @param boxSize period; 0 for none
     * @param hubble h; 0 when not cosmological
     * @param omega0 matter density
     * @param omegaLambda vacuum density
     */
    public record Header(
            double time,
            double redshift,
            double boxSize,
            double hubble,
            double omega0,
            double omegaLambda) {
        /** There is none. */
        public static final Header NONE = new Header(0, 0, 0, 0, 0, 0);
    }

    /** Particles of a type. */
    public long count(int type) {
        return types.stream().filter(t -> t.index() == type).mapToLong(TypeInfo::count).sum();
    }

    /** Particles of all types. */
    public long totalCount() {
        return types.stream().mapToLong(TypeInfo::count).sum();
    }

    /** The field of that name that the type has, or null. */
    public @org.jspecify.annotations.Nullable FieldInfo field(String name, int type) {
        return fields.stream()
                .filter(f -> f.name().equals(name) && f.types().contains(type))
                .findFirst()
                .orElse(null);
    }

    /** Mass of each particle of a type by the header; 0 when a field holds it. */
    public double typeMass(int type) {
        return types.stream()
                .filter(t -> t.index() == type)
                .mapToDouble(TypeInfo::mass)
                .findFirst()
                .orElse(0);
    }

    /** Usual name of a type. */
    public String typeName(int type) {
        return types.stream()
                .filter(t -> t.index() == type)
                .map(TypeInfo::name)
                .findFirst()
                .orElse("unknown");
    }

    /** Scale factor: 1/(1+z) in cosmological runs, else 1. */
    public double scaleFactor() {
        return omega0 > 0 && redshift > -1 ? 1 / (1 + redshift) : 1;
    }

    /** The same with other units. */
    public SnapshotInfo withUnits(Units newUnits) {
        return new SnapshotInfo(
                format,
                parts,
                fileBytes,
                types,
                fields,
                time,
                redshift,
                boxSize,
                hubble,
                omega0,
                omegaLambda,
                roles,
                newUnits);
    }

    /** The same with another vector as position. */
    public SnapshotInfo withRoles(Roles newRoles) {
        return new SnapshotInfo(
                format,
                parts,
                fileBytes,
                types,
                fields,
                time,
                redshift,
                boxSize,
                hubble,
                omega0,
                omegaLambda,
                newRoles,
                units);
    }
}
