package org.perseid.io.snapshot;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.perseid.io.InputException;

/**
 * What a parameter file says of the reading of a snapshot, for formats that do not tell it all.
 *
 * @param blockOrder names of the blocks of a Gadget format 1 file; empty for the usual order
 * @param simtype Splotch's number of the reader; -1 when not given
 * @param keys other keys of the reader that were given, as they stand
 */
public record ReadOptions(List<String> blockOrder, int simtype, Map<String, String> keys) {
    /** Nothing is said. */
    public static final ReadOptions NONE = new ReadOptions(List.of(), -1, Map.of());

    /** The value of a key, or what stands for it when it is not given. */
    public String text(String key, String otherwise) {
        return keys.getOrDefault(key, otherwise);
    }

    /** Like {@link #text}, where there may be nothing. */
    @Nullable String orNull(String key, @Nullable String otherwise) {
        String text = keys.get(key);
        return text == null ? otherwise : text;
    }

    /**
     * A whole number of a key.
     *
     * @throws InputException when it is none or out of range
     */
    public int integer(String key, int otherwise, int min, int max) {
        String text = keys.get(key);
        if (text == null) {
            return otherwise;
        }
        try {
            double v = Double.parseDouble(text);
            if (v == Math.rint(v) && v >= min && v <= max) {
                return (int) v;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new InputException(
                key + ": is '" + text + "'; must be a whole number in " + min + " .. " + max);
    }

    /**
     * Truth of a key, in Splotch's words.
     *
     * @throws InputException when it is none
     */
    public boolean bool(String key, boolean otherwise) {
        String text = keys.getOrDefault(key, Boolean.toString(otherwise)).toLowerCase(Locale.ROOT);
        if (Set.of("t", "y", "true", ".true.", "yes", "on", "1").contains(text)) {
            return true;
        }
        if (Set.of("f", "n", "false", ".false.", "no", "off", "0").contains(text)) {
            return false;
        }
        throw new InputException(key + ": is '" + text + "'; must be true or false");
    }
}
