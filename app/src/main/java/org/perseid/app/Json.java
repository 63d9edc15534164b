package org.perseid.app;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON to a writer in memory. Numbers that JSON has not (NaN, infinity) become null. */
final class Json implements AutoCloseable {
    private final JsonGenerator generator;

    Json(Writer out, boolean pretty) {
        try {
            generator = new JsonFactory().createGenerator(out);
            if (pretty) {
                generator.useDefaultPrettyPrinter();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Write {
        void run() throws IOException;
    }

    private static void write(Write action) {
        try {
            action.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void beginObject() {
        write(generator::writeStartObject);
    }

    void beginObject(String name) {
        write(() -> generator.writeObjectFieldStart(name));
    }

    void endObject() {
        write(generator::writeEndObject);
    }

    void beginArray(String name) {
        write(() -> generator.writeArrayFieldStart(name));
    }

    void endArray() {
        write(generator::writeEndArray);
    }

    void text(String name, @Nullable String value) {
        write(() -> generator.writeStringField(name, value));
    }

    void number(String name, long value) {
        write(() -> generator.writeNumberField(name, value));
    }

    void number(String name, double value) {
        write(() -> {
            if (Double.isFinite(value)) {
                generator.writeNumberField(name, value);
            } else {
                generator.writeNullField(name);
            }
        });
    }

    void array(String name, List<?> values) {
        beginArray(name);
        for (Object value : values) {
            write(() -> {
                if (value instanceof Number n) {
                    generator.writeNumber(n.longValue());
                } else {
                    generator.writeString(String.valueOf(value));
                }
            });
        }
        endArray();
    }

    void object(String name, Map<String, Double> values) {
        beginObject(name);
        values.forEach(this::number);
        endObject();
    }

    @Override
    public void close() {
        write(generator::close);
    }
}
