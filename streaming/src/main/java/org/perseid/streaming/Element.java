package org.perseid.streaming;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One thing in a panel, bound to a value or an action of the program. Made by {@link Group}.
 *
 * @param id unique in the panel
 * @param kind what the page shows
 * @param label for people
 * @param help one sentence; empty for none
 * @param min of numbers
 * @param max of numbers
 * @param unit of numbers; empty for none
 * @param options of choices, asked for whenever the panel is sent
 * @param value asked for whenever something may have changed; text, number or truth value
 * @param action gets the new value, or null for a button; null for what is only shown
 */
public record Element(
        String id,
        Kind kind,
        String label,
        String help,
        double min,
        double max,
        String unit,
        Supplier<List<String>> options,
        Supplier<Object> value,
        @Nullable Consumer<Object> action) {
    private static final int MAX_TEXT = 10_000;

    /** What the page shows. */
    public enum Kind {
        BUTTON,
        /** A number between two ends. */
        SLIDER,
        /** A positive number over orders of magnitude. */
        LOG_SLIDER,
        NUMBER,
        TEXT,
        CHOICE,
        /** A choice among colour maps. */
        COLORMAP,
        CHECK,
        /** Text or a number that only the program changes. */
        DISPLAY,
        /** A curve over time, fed by {@link Hub#plot}. */
        PLOT,
        /** A file that the viewer gives; the action gets an {@link Upload}. */
        UPLOAD
    }

    /** A file that a viewer gave. */
    @SuppressWarnings("ArrayRecordComponent") // handed over once
    public record Upload(String name, byte[] content) {}

    /** The same with a sentence of help. */
    public Element withHelp(String newHelp) {
        return new Element(id, kind, label, newHelp, min, max, unit, options, value, action);
    }

    /**
     * Does what a viewer wants.
     *
     * @param wanted the new value; missing for a button
     * @throws CallException when it is none that this element takes
     */
    public void set(JsonNode wanted) {
        Consumer<Object> target = action;
        if (target == null || kind == Kind.UPLOAD) {
            throw CallException.params("'" + id + "' cannot be set");
        }
        target.accept(checked(wanted));
    }

    private Object checked(JsonNode wanted) {
        return switch (kind) {
            case BUTTON -> "";
            case SLIDER, LOG_SLIDER, NUMBER -> number(wanted);
            case CHECK -> {
                require(wanted.isBoolean(), "true or false", wanted);
                yield wanted.booleanValue();
            }
            case TEXT -> {
                boolean fits = wanted.isTextual() && wanted.textValue().length() <= MAX_TEXT;
                require(fits, "text of at most " + MAX_TEXT + " characters", wanted);
                yield Objects.requireNonNull(wanted.textValue());
            }
            case CHOICE, COLORMAP -> {
                List<String> among = options.get();
                boolean known = wanted.isTextual() && among.contains(wanted.textValue());
                require(known, "one of " + shortened(among), wanted);
                yield Objects.requireNonNull(wanted.textValue());
            }
            case DISPLAY, PLOT, UPLOAD -> throw CallException.params("'" + id + "' cannot be set");
        };
    }

    private double number(JsonNode wanted) {
        double v = wanted.isNumber() ? wanted.doubleValue() : Double.NaN;
        require(v >= min && v <= max, "a number in " + min + " .. " + max, wanted);
        return v;
    }

    private void require(boolean good, String expected, JsonNode found) {
        if (!good) {
            throw CallException.params(
                    "'" + id + "' must be " + expected + ", found " + Rpc.found(found));
        }
    }

    private static String shortened(List<String> names) {
        return names.size() <= 8
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, 8)) + ", ... (" + names.size() + ")";
    }

    /** The value as JSON. */
    public JsonNode current() {
        return Rpc.json(value.get());
    }

    /** What the page needs to show it. */
    ObjectNode describe() {
        ObjectNode out = Rpc.object();
        out.put("id", id).put("kind", kind.name().toLowerCase(Locale.ROOT)).put("label", label);
        if (!help.isEmpty()) {
            out.put("help", help);
        }
        if (!unit.isEmpty()) {
            out.put("unit", unit);
        }
        if (kind == Kind.SLIDER || kind == Kind.LOG_SLIDER || kind == Kind.NUMBER) {
            out.put("min", min).put("max", max);
        }
        List<String> among = options.get();
        if (!among.isEmpty()) {
            ArrayNode array = out.putArray("options");
            among.forEach(array::add);
        }
        out.set("value", current());
        return out;
    }
}
