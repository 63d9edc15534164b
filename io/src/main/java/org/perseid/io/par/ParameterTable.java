package org.perseid.io.par;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.perseid.io.InputException;
import org.perseid.io.Nearest;

/**
 * The keys and values of a parameter file with the overrides of the command line, each with the
 * place it came from. Values are checked when they are asked for; problems are collected, and a
 * value that has one is replaced by its default so that the rest can be looked at.
 */
public final class ParameterTable {
    private static final long MAX_FILE_BYTES = 4L << 20;
    private static final Set<String> TRUE = Set.of("t", "y", "true", ".true.", "yes", "on", "1");
    private static final Set<String> FALSE = Set.of("f", "n", "false", ".false.", "no", "off", "0");

    private static final String COMMAND_LINE = "command line";

    private final String name;
    private final Path folder;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Problems problems;

    private record Entry(String value, String where) {}

    private ParameterTable(String name, Path folder, Problems problems) {
        this.name = name;
        this.folder = folder;
        this.problems = problems;
    }

    /**
     * Parses a file.
     *
     * @param overrides {@code key=value} each; they beat the file, the last one wins
     * @throws InputException when the file cannot be read; everything else goes to the problems
     */
    public static ParameterTable read(Path file, List<String> overrides, Problems problems) {
        String text;
        try {
            if (Files.isDirectory(file)) {
                throw new InputException(file, "is a folder; give a parameter file");
            }
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new InputException(
                        file,
                        "has "
                                + Files.size(file)
                                + " bytes, too many for a parameter file; for a snapshot, make one with"
                                + " ./perseid init "
                                + file);
            }
            text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (java.nio.file.NoSuchFileException e) {
            throw new InputException(
                    file, "no such parameter file; make one with ./perseid init SNAPSHOT", e);
        } catch (IOException e) {
            throw new InputException(file, "cannot be read (" + e.getMessage() + ")", e);
        }
        return parse(text, file, overrides, problems);
    }

    /**
     * Parses text that a file holds; relative inputs start from the file's folder.
     *
     * @throws InputException when it is no text
     */
    public static ParameterTable parse(
            String text, Path file, List<String> overrides, Problems problems) {
        Path folder = file.toAbsolutePath().getParent();
        return parse(
                text, file.toString(), folder == null ? Path.of("") : folder, overrides, problems);
    }

    /**
     * Parses text.
     *
     * @param name stands before the line number in messages
     * @param folder that relative inputs start from
     * @throws InputException when it is no text
     */
    public static ParameterTable parse(
            String text, String name, Path folder, List<String> overrides, Problems problems) {
        ParameterTable table = new ParameterTable(name, folder, problems);
        if (text.indexOf('\0') >= 0) {
            throw new InputException(
                    name
                            + ": is no parameter file: it holds zero bytes; expected lines of key=value. For a"
                            + " snapshot, make one with ./perseid init "
                            + name);
        }
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            table.addLine(lines[i], name + ":" + (i + 1));
        }
        for (String override : overrides) {
            if (override.indexOf('=') < 0) {
                problems.error(COMMAND_LINE, "'" + override + "' is no key=value");
            } else {
                table.add(override, COMMAND_LINE, false);
            }
        }
        return table;
    }

    private void addLine(String line, String where) {
        int comment = line.indexOf('#');
        String content =
                (comment < 0 ? line : line.substring(0, comment)).replace("\r", "").strip();
        if (content.isEmpty()) {
            return;
        }
        if (content.indexOf('=') < 0) {
            problems.warning(where, "'" + shortened(content) + "' has no '='; the line is ignored");
            return;
        }
        add(content, where, true);
    }

    private void add(String content, String where, boolean warnRepeated) {
        int equals = content.indexOf('=');
        String key = content.substring(0, equals).strip();
        String value = content.substring(equals + 1).strip();
        if (key.isEmpty()) {
            problems.warning(where, "no key before '='; the line is ignored");
            return;
        }
        if (!isKnown(key, where)) {
            return;
        }
        Entry before = entries.put(key, new Entry(value, where));
        if (before != null && warnRepeated) {
            problems.warning(
                    where,
                    key + ": given again (first at " + before.where + "); this value is used");
        }
    }

    private boolean isKnown(String key, String where) {
        if (Keys.find(key) != null) {
            return true;
        }
        if (!Keys.isNoted(key)) {
            String hint =
                    Nearest.to(key, Keys.names(key))
                            .map(n -> "; did you mean " + n + "?")
                            .orElse("");
            problems.warning(where, shortened(key) + ": unknown key, ignored" + hint);
        }
        return false;
    }

    private static String shortened(String s) {
        return s.length() <= 80 ? s : s.substring(0, 77) + "...";
    }

    /**
     * A copy with other values, but for keys that the command line gave.
     *
     * @param where the values come from, for messages
     */
    ParameterTable with(Map<String, String> values, String where) {
        ParameterTable copy = new ParameterTable(name, folder, problems);
        copy.entries.putAll(entries);
        values.forEach((key, value) -> {
            if (isKnown(key, where) && !COMMAND_LINE.equals(where(key))) {
                copy.entries.put(key, new Entry(value, where));
            }
        });
        return copy;
    }

    /**
     * A copy with other values, whoever gave the old ones, and no problems yet.
     *
     * @param values by key; an empty value stands for the key's default
     * @param where the values come from, for messages
     * @throws InputException when there is no such key
     */
    public ParameterTable edited(Map<String, String> values, String where) {
        ParameterTable copy = new ParameterTable(name, folder, new Problems());
        copy.entries.putAll(entries);
        values.forEach((key, value) -> {
            if (Keys.find(key) == null) {
                throw new InputException(where + ": there is no key " + shortened(key));
            }
            if (value.isEmpty()) {
                copy.entries.remove(key);
            } else {
                copy.entries.put(key, new Entry(value, where));
            }
        });
        return copy;
    }

    /** Folder that relative inputs start from. */
    public Path folder() {
        return folder;
    }

    Problems problems() {
        return problems;
    }

    /** The keys that were given. */
    public Set<String> keys() {
        return entries.keySet();
    }

    /** Whether a value was given, an empty one not counted. */
    public boolean has(String key) {
        Entry entry = entries.get(key);
        return entry != null && !entry.value.isEmpty();
    }

    /** Replaces a value or adds one. */
    public void put(String key, String value) {
        entries.put(key, new Entry(value, "set by the program"));
    }

    /** Where a key was given; the file's name when it was not. */
    String where(String key) {
        Entry entry = entries.get(key);
        return entry == null ? name : entry.where;
    }

    void error(String key, String what) {
        problems.error(where(key), key + ": " + what);
    }

    void warning(String key, String what) {
        problems.warning(where(key), key + ": " + what);
    }

    /** The formulas of derived fields, by name. */
    public Map<String, String> formulas() {
        Map<String, String> out = new LinkedHashMap<>();
        entries.forEach((key, entry) -> {
            if (key.startsWith("field.") && !entry.value.isEmpty()) {
                out.put(key.substring("field.".length()), entry.value);
            }
        });
        return out;
    }

    /** Text, or the key's default. */
    public String text(String key) {
        Entry entry = entries.get(key);
        return entry != null && !entry.value.isEmpty() ? entry.value : spec(key).defaultText();
    }

    /** Text that must be given. */
    String requiredText(String key) {
        require(key);
        return text(key);
    }

    /** Text that is a file's name, a folder's or the beginning of one. */
    String pathText(String key) {
        String text = text(key);
        try {
            Path _ = Path.of(text);
            return text;
        } catch (InvalidPathException e) {
            error(
                    key,
                    "is '"
                            + shortened(text)
                            + "', which is no file name here ("
                            + e.getReason()
                            + ")");
            return "";
        }
    }

    /** A file's name that must be given. */
    String requiredPathText(String key) {
        require(key);
        return pathText(key);
    }

    /** A number in [min, max]. */
    double real(String key, double min, double max) {
        return number(key, min, max, real(text(key)));
    }

    /** A number that may be left out. */
    double realOr(String key, double otherwise) {
        return has(key) ? real(key, -Double.MAX_VALUE, Double.MAX_VALUE) : otherwise;
    }

    /** A number that must be given. */
    double requiredReal(String key) {
        return require(key) ? real(key, -Double.MAX_VALUE, Double.MAX_VALUE) : 0;
    }

    /** A whole number in [min, max]. */
    int integer(String key, int min, int max) {
        Double v = real(text(key));
        return (int) number(key, min, max, v != null && v == Math.rint(v) ? v : null);
    }

    /** Whether a key whose value was checked before is true. */
    public boolean isTrue(String key) {
        return TRUE.contains(text(key).toLowerCase(Locale.ROOT));
    }

    /** A truth value. */
    boolean bool(String key) {
        String lower = text(key).toLowerCase(Locale.ROOT);
        if (!TRUE.contains(lower) && !FALSE.contains(lower)) {
            error(
                    key,
                    "is '" + shortened(text(key)) + "'; must be " + KeySpec.Kind.BOOLEAN.allowed);
        }
        return TRUE.contains(lower);
    }

    private boolean require(String key) {
        if (!has(key)) {
            problems.error(name, key + ": missing; it must be given (" + spec(key).doc() + ")");
        }
        return has(key);
    }

    private double number(String key, double min, double max, @Nullable Double value) {
        KeySpec spec = spec(key);
        if (value == null) {
            error(key, "is '" + shortened(text(key)) + "'; must be " + spec.kind().allowed);
        } else if (!(value >= min && value <= max)) {
            error(
                    key,
                    "is "
                            + shortened(text(key))
                            + "; must be in "
                            + plain(min)
                            + " .. "
                            + plain(max));
        } else {
            return value;
        }
        Double otherwise = real(spec.defaultText());
        return Math.clamp(otherwise == null ? 0 : otherwise, min, max);
    }

    private static String plain(double v) {
        return v == Math.rint(v) && Math.abs(v) < 1e15
                ? Long.toString((long) v)
                : Double.toString(v);
    }

    private static @Nullable Double real(String text) {
        if (text.isEmpty() || !"0123456789.".contains(text.substring(text.length() - 1))) {
            return null;
        }
        try {
            double v = Double.parseDouble(text);
            return Double.isFinite(v) ? v : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static KeySpec spec(String key) {
        KeySpec spec = Keys.find(key);
        if (spec == null) {
            throw new IllegalArgumentException(key);
        }
        return spec;
    }

    /** The file text that says the same: one {@code key=value} a line, in the order given. */
    public String toText() {
        StringBuilder out = new StringBuilder();
        entries.forEach(
                (key, entry) -> out.append(key).append('=').append(entry.value).append('\n'));
        return out.toString();
    }
}
