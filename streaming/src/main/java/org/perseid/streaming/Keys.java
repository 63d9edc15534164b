package org.perseid.streaming;

import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What makes a viewer the same again after a lost connection: a key that nobody can guess. The
 * names of those who have gone are kept for a while, the newest of them.
 */
final class Keys {
    private static final int MAX_GONE = 256;
    private static final int KEY_BYTES = 16;

    private final SecureRandom random = new SecureRandom();
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
        here.put(viewer, newKey());
        return false;
    }

    private String newKey() {
        byte[] bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
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
