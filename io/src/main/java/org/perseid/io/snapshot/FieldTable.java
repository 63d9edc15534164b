package org.perseid.io.snapshot;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A file whose fields were all found when it was opened. Filled by its format, then only read. */
public final class FieldTable implements SnapshotPart {
    private final Path path;
    private final Map<Integer, Long> rows = new TreeMap<>();
    private final Map<Integer, Map<String, FieldData>> fields = new TreeMap<>();
    private final Map<Integer, Map<String, FieldData>> aliases = new TreeMap<>();
    private final Map<String, String> troubles = new LinkedHashMap<>();

    public FieldTable(Path path) {
        this.path = path;
    }

    /** Says how many particles of a type there are. */
    public FieldTable withRows(int type, long count) {
        rows.put(type, count);
        return this;
    }

    /** Adds a field of a type; the first of a name stays. */
    public FieldTable with(int type, String name, FieldData data) {
        fields.computeIfAbsent(type, t -> new LinkedHashMap<>()).putIfAbsent(name, data);
        return this;
    }

    /** Adds another name of a field, which is found but not listed. */
    public FieldTable withAlias(int type, String name, FieldData data) {
        aliases.computeIfAbsent(type, t -> new LinkedHashMap<>()).putIfAbsent(name, data);
        return this;
    }

    /** Notes why a field cannot be read. */
    public FieldTable withTrouble(String field, String why) {
        troubles.put(field, why);
        return this;
    }

    /** Types that have a number of rows. */
    public Set<Integer> types() {
        return rows.keySet();
    }

    /** The fields of a type. */
    public Map<String, FieldData> fields(int type) {
        return fields.getOrDefault(type, Map.of());
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public long rows(int type) {
        return rows.getOrDefault(type, 0L);
    }

    @Override
    public @Nullable FieldData field(String name, int type, Map<String, Integer> present) {
        FieldData field = fields(type).get(name);
        return field != null ? field : aliases.getOrDefault(type, Map.of()).get(name);
    }

    @Override
    public Set<String> fieldNames(int type) {
        return fields(type).keySet();
    }

    @Override
    public String trouble(String field) {
        return troubles.getOrDefault(field, "");
    }
}
