package org.perseid.io.palette;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.StringTokenizer;
import java.util.TreeSet;
import org.perseid.io.InputException;
import org.perseid.io.Nearest;
import org.perseid.renderer.model.ColorMap;

/** Colour maps: Splotch's palette files, and matplotlib's by their names. */
public final class Palettes {
    /** The names that need no file; each also with {@code _r} for the opposite order. */
    public static final List<String> NAMES =
            List.of("viridis", "magma", "inferno", "plasma", "cividis", "turbo");

    private static final long MAX_FILE_BYTES = 4L << 20;
    private static final int MAX_COLORS = 65_536;
    private static final String REVERSED = "_r";

    private Palettes() {}

    /**
     * The palette file of that name, else the colour map of that name.
     *
     * @param folder that a relative file starts from
     * @throws InputException when there is neither, or the file is no palette
     */
    public static ColorMap find(String name, Path folder) {
        try {
            Path file = folder.resolve(name);
            if (Files.isRegularFile(file)) {
                return read(file);
            }
        } catch (InvalidPathException e) {
            throw new InputException(
                    "no palette of the name " + name + ", which is no file name either");
        }
        String base =
                name.endsWith(REVERSED)
                        ? name.substring(0, name.length() - REVERSED.length())
                        : name;
        if (!NAMES.contains(base)) {
            throw new InputException(
                    "no palette file "
                            + folder.resolve(name)
                            + ", and no colour map of that name"
                            + Nearest.to(name, allNames())
                                    .map(n -> "; did you mean " + n + "?")
                                    .orElse("")
                            + "; there are "
                            + String.join(", ", NAMES)
                            + ", each with _r");
        }
        ColorMap map = builtIn(base);
        return base.equals(name) ? map : map.reversed();
    }

    private static Collection<String> allNames() {
        Collection<String> names = new TreeSet<>(NAMES);
        NAMES.forEach(n -> names.add(n + REVERSED));
        return names;
    }

    private static ColorMap builtIn(String name) {
        try (InputStream in = Palettes.class.getResourceAsStream(name + ".pal")) {
            if (in == null) {
                throw new IllegalStateException("resource " + name + ".pal");
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.US_ASCII), name);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ColorMap read(Path file) {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new InputException(
                        file, "has " + Files.size(file) + " bytes, too many for a palette");
            }
            return parse(Files.readString(file, StandardCharsets.ISO_8859_1), file.toString());
        } catch (IOException e) {
            throw new InputException(file, "cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /**
     * Parses a palette: a line with a name, the word 0100, the count, then red, green and blue of
     * each colour in 0..255.
     *
     * @param name for messages
     */
    static ColorMap parse(String text, String name) {
        int firstLineEnd = text.indexOf('\n');
        StringTokenizer words =
                new StringTokenizer(firstLineEnd < 0 ? "" : text.substring(firstLineEnd));
        if (!words.hasMoreTokens() || !words.nextToken().equals("0100")) {
            throw new InputException(
                    name
                            + ": is no palette: expected a name, then the word 0100, the number of colours, and the colours");
        }
        int n = (int) number(words, name, "the number of colours", 1, MAX_COLORS);
        float[][] rgb = new float[3][n];
        for (int i = 0; i < n; i++) {
            for (int c = 0; c < 3; c++) {
                rgb[c][i] =
                        (float)
                                (number(words, name, "colour " + (i + 1) + " of " + n, 0, 255)
                                        / 255.0);
            }
        }
        return new ColorMap(name, rgb[0], rgb[1], rgb[2]);
    }

    private static double number(
            StringTokenizer words, String name, String what, double min, double max) {
        String word = words.hasMoreTokens() ? words.nextToken() : "the end of the file";
        try {
            double v = Double.parseDouble(word);
            if (v >= min && v <= max) {
                return v;
            }
        } catch (NumberFormatException e) {
            throw badNumber(name, what, word, min, max);
        }
        throw badNumber(name, what, word, min, max);
    }

    private static InputException badNumber(
            String name, String what, String word, double min, double max) {
        return new InputException(
                name
                        + ": "
                        + what
                        + ": expected a number in "
                        + (int) min
                        + ".."
                        + (int) max
                        + ", found "
                        + word);
    }
}
