package org.perseid.streaming;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Files that viewers fetch once, by a name that nobody can guess. The oldest go first. */
public final class Downloads {
    private static final int MAX_FILES = 32;
    private static final long MAX_BYTES = 512L << 20;

    private final Map<String, Download> files = new LinkedHashMap<>();

    /**
     * A file.
     *
     * @param name without folders
     * @param mediaType as {@code image/png}
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once
    public record Download(String name, String mediaType, byte[] content) {}

    synchronized String add(Download file) {
        String token = Tokens.create();
        files.put(token, file);
        while (files.size() > 1 && (files.size() > MAX_FILES || bytes() > MAX_BYTES)) {
            files.remove(files.keySet().iterator().next());
        }
        return token;
    }

    private long bytes() {
        return files.values().stream().mapToLong(f -> f.content().length).sum();
    }

    /** The file, which is no longer there afterwards; null when there is none. */
    public synchronized @Nullable Download take(String token) {
        return files.remove(token);
    }
}
