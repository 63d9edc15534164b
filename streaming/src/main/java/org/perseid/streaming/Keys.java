package org.perseid.streaming;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What makes a viewer the same again after a lost connection: a key that nobody can guess. The
 * names of those who have gone are kept for a while, the newest of them.
 */
final class Keys {
    private static final int MAX_GONE = 256;

    private final Map<Viewer, String> here = new HashMap<>();
    private final Map<String, String> namesOfGone = new LinkedHashMap<>();

    /**
     * Gives a viewer its key and, where it has been here before, its name.
     *
     * @param given key that it says it has
     * @return whether it has been here before
     */
    synchronized boolean resume(Viewer viewer, String given) {
        String name = namesOfGone.remove(given);
        if (name != null) {
            viewer.rename(name);
            here.put(viewer, given);
            return true;
        }
        here.put(viewer, Tokens.create());
        return false;
    }

    synchronized String of(Viewer viewer) {
        return here.getOrDefault(viewer, "");
    }

    /** The viewer with a key; null for none. */
    synchronized @Nullable Viewer find(String key) {
        for (Map.Entry<Viewer, String> entry : here.entrySet()) {
            if (entry.getValue().equals(key)) {
                return entry.getKey();
            }
        }
        return null;
    }

    synchronized void left(Viewer viewer) {
        String key = here.remove(viewer);
        if (key != null) {
            namesOfGone.put(key, viewer.name());
            if (namesOfGone.size() > MAX_GONE) {
                namesOfGone.remove(namesOfGone.keySet().iterator().next());
            }
        }
    }
}
