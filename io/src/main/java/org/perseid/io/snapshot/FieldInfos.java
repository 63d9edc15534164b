package org.perseid.io.snapshot;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Makes the list of a snapshot's fields from its files. */
final class FieldInfos {
    private FieldInfos() {}

    /**
     * One entry a name.
     *
     * @param described gives description and unit by name; its other parts do not count
     */
    static List<FieldInfo> of(List<FieldTable> tables, Map<String, FieldInfo> described) {
        Map<String, FieldData> firstOf = new LinkedHashMap<>();
        Map<String, Set<Integer>> types = new LinkedHashMap<>();
        for (FieldTable table : tables) {
            for (int type : table.types()) {
                table.fields(type)
                        .forEach((name, data) -> {
                            firstOf.putIfAbsent(name, data);
                            types.computeIfAbsent(name, n -> new TreeSet<>()).add(type);
                        });
            }
        }
        List<FieldInfo> out = new ArrayList<>();
        firstOf.forEach((name, data) -> {
            FieldInfo known = described.get(name);
            out.add(
                    new FieldInfo(
                            name,
                            known == null ? "" : known.description(),
                            known == null ? "" : known.unit(),
                            data.element().code(),
                            data.components(),
                            List.copyOf(types.getOrDefault(name, Set.of()))));
        });
        return out;
    }
}
