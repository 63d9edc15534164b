package org.perseid.streaming;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All that a program offers: groups of elements. Immutable but for the values behind them. */
public final class Panel {
    private final List<Group> groups;
    private final Map<String, Element> byId = new LinkedHashMap<>();

    /**
     * @throws IllegalArgumentException when two elements have one id
     */
    public Panel(List<Group> groups) {
        this.groups = List.copyOf(groups);
        for (Group group : groups) {
            for (Element element : group.elements()) {
                if (byId.put(element.id(), element) != null) {
                    throw new IllegalArgumentException("two elements are '" + element.id() + "'");
                }
            }
        }
    }

    /**
     * The element with an id.
     *
     * @throws CallException when there is none
     */
    public Element find(String id) {
        Element element = byId.get(id);
        if (element == null) {
            throw CallException.params("there is no '" + id + "' in the panel");
        }
        return element;
    }

    /** The groups, in the order of the page. */
    public List<Group> groups() {
        return groups;
    }

    /** All values now, by id. */
    public Map<String, JsonNode> values() {
        Map<String, JsonNode> out = new LinkedHashMap<>();
        byId.forEach((id, element) -> out.put(id, element.current()));
        return out;
    }

    /** What the page needs to show it. */
    ObjectNode describe() {
        ObjectNode out = Rpc.object();
        ArrayNode array = out.putArray("groups");
        groups.forEach(g -> array.add(g.describe()));
        return out;
    }
}
