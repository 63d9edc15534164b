package org.perseid.io.hdf5;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.perseid.io.snapshot.FieldData;
import org.perseid.io.snapshot.FieldTable;
import org.perseid.io.snapshot.Region;
import org.perseid.io.snapshot.SnapshotPart;

/**
 * A file whose particles may be sorted by cells, so that only some rows have to be read for a
 * region.
 *
 * @param cells where they are; null when the file has none
 */
record SwiftPart(FieldTable table, @Nullable SwiftCells cells) implements SnapshotPart {
    @Override
    public Path path() {
        return table.path();
    }

    @Override
    public long rows(int type) {
        return table.rows(type);
    }

    @Override
    public @Nullable FieldData field(String name, int type, Map<String, Integer> present) {
        return table.field(name, type, present);
    }

    @Override
    public Set<String> fieldNames(int type) {
        return table.fieldNames(type);
    }

    @Override
    public String trouble(String field) {
        return table.trouble(field);
    }

    @Override
    public List<RowRange> rowsIn(Region region, int type) {
        return cells == null
                ? List.of(new RowRange(0, rows(type)))
                : cells.rowsIn(region, type, rows(type));
    }
}
