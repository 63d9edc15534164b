package org.perseid.app;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.perseid.io.AtomicFile;
import org.perseid.streaming.Hub;

/** What viewers do, as lines of JSON in a file; nowhere when there is none. */
final class ActivityLog implements Hub.Log, AutoCloseable {
    private final @Nullable BufferedWriter out;

    /** Whether the file could not be written any more; viewers are served all the same. */
    private boolean failed;

    /**
     * @param file to append to; null for none
     */
    ActivityLog(@Nullable Path file) {
        try {
            out =
                    file == null
                            ? null
                            : Files.newBufferedWriter(
                                    file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw AtomicFile.cannotWrite(Objects.requireNonNull(file), e);
        }
    }

    @Override
    public synchronized void line(String event, Map<String, Object> fields) {
        if (out == null || failed) {
            return;
        }
        StringWriter text = new StringWriter();
        try (Json json = new Json(text, false)) {
            json.beginObject();
            json.text("time", Instant.now().toString());
            json.text("event", event);
            fields.forEach((name, value) -> json.text(name, String.valueOf(value)));
            json.endObject();
        }
        try {
            out.write(text.append("\n").toString());
            out.flush();
        } catch (IOException e) {
            failed = true;
        }
    }

    @Override
    public void close() throws IOException {
        if (out != null) {
            out.close();
        }
    }
}
