package org.perseid.io.snapshot;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.perseid.renderer.model.Reporter;

/** One file of a snapshot. */
public interface SnapshotPart {
    Path path();

    /** Rows of a particle type in this file. */
    long rows(int type);

    /**
     * A field of a type; null when the file has it not.
     *
     * @param present for fields whose types the file does not tell: bit t is set when type t is in
     *     it
     */
    @Nullable FieldData field(String name, int type, Map<String, Integer> present);

    /** Names of the fields that the type has. */
    Set<String> fieldNames(int type);

    /** Why a field cannot be read although it is there; empty when there is nothing to say. */
    default String trouble(String field) {
        return "";
    }

    /**
     * The rows of a type that can lie in a region, in ascending order; all rows where the format
     * does not tell.
     */
    default List<RowRange> rowsIn(Region region, int type) {
        return List.of(new RowRange(0, rows(type)));
    }

    /**
     * What the file says of the picture that it was made for: keys and values of a parameter file.
     */
    default Map<String, String> parameters() {
        return Map.of();
    }

    /** What is damaged in the file, where it has sums to tell; reads all of it. */
    default List<String> damages() {
        return List.of();
    }

    /**
     * Whether what is asked for is in the file as it is drawn.
     *
     * @param roles which fields are the positions
     */
    default boolean isReady(LoadRequest request, boolean colorBySize, Roles roles) {
        return false;
    }

    /**
     * The particles of a request straight from the file; only where {@link #isReady}.
     *
     * @param reporter told later of damaged blocks that are left out
     */
    default Loaded ready(LoadRequest request, boolean colorBySize, Reporter reporter) {
        throw new UnsupportedOperationException();
    }

    /** Rows first to end-1. */
    record RowRange(long first, long end) {}
}
