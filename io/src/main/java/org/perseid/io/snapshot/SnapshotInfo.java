package org.perseid.io.snapshot;

import java.nio.file.Path;
import java.util.List;

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
        double omegaLambda) {

    /**
     * A particle type.
     *
     * @param index number in the file
     * @param name usual name
     * @param count particles in all parts
     * @param mass mass of each particle in the unit of the file; 0 when a field holds it
     */
    public record TypeInfo(int index, String name, long count, double mass) {}

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
}
