package org.perseid.io.store;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.perseid.io.snapshot.ElementType;
import org.perseid.io.snapshot.Roles;
import org.perseid.io.snapshot.SnapshotInfo;
import org.perseid.io.snapshot.Units;
import org.perseid.renderer.model.FieldRange;

/**
 * What a store says of itself: which types, fields and nodes there are, and where.
 *
 * @param madeBy program and version
 * @param source what it was made from
 * @param parameters of the picture that it was made for, key and value
 * @param types in ascending order of their numbers
 */
public record Directory(
        String madeBy,
        String source,
        Map<String, String> parameters,
        SnapshotInfo.Header header,
        Units units,
        Roles roles,
        List<Type> types) {

    /**
     * A range of bytes with a sum; how long it is follows from the counts.
     *
     * @param offset in the file
     * @param sum CRC-32C of its bytes
     */
    public record Section(long offset, int sum) {}

    /**
     * One value a particle, packed.
     *
     * @param offset of the first value in the file, a multiple of 4096
     * @param sums CRC-32C of each 1024 values, four bytes each
     */
    public record Column(long offset, Section sums) {}

    /**
     * A field of a type.
     *
     * @param element F4 or U8
     * @param unit empty when unknown
     * @param formula that it was made by; empty for what the source has
     * @param range of its values that are finite, over all components
     * @param finite whether all are
     * @param columns one a component
     */
    public record Field(
            String name,
            ElementType element,
            String unit,
            String description,
            String formula,
            FieldRange range,
            boolean finite,
            List<Column> columns) {}

    /**
     * Nodes that stand for particles.
     *
     * @param light what their light is of
     * @param levels the finest first
     */
    public record Nodes(Light light, List<Level> levels) {}

    /**
     * What light is of.
     *
     * @param size field with the smoothing lengths
     * @param intensity field; null where all are 1
     * @param color field with the colours
     * @param mapping how values become light, as the renderer says it
     */
    public record Light(String size, @Nullable String intensity, String color, String mapping) {}

    /**
     * A level of nodes.
     *
     * @param sides a float for each block of the level below: the longest side of a node made of it
     * @param blocks eight floats of each 1024 nodes
     * @param columns x, y, z, smoothing length, spread, red, green, blue
     */
    public record Level(long count, Section sides, Section blocks, List<Column> columns) {}

    /**
     * A particle type.
     *
     * @param index its number
     * @param mass of each particle; 0 when a field holds it
     * @param originX added to the positions; likewise originY, originZ
     * @param blocks eight floats of each 1024 particles: least and largest x, y, z relative to the
     *     origin, largest and mean of what {@code size} names
     * @param size field with the smoothing lengths that the blocks tell of
     */
    public record Type(
            int index,
            String name,
            long count,
            double mass,
            double originX,
            double originY,
            double originZ,
            Section blocks,
            String size,
            List<Field> fields,
            List<Nodes> nodes) {

        /** The field of that name; null when there is none. */
        public @Nullable Field field(String wanted) {
            return fields.stream().filter(f -> f.name().equals(wanted)).findFirst().orElse(null);
        }
    }
}
