package org.perseid.io.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.perseid.io.InputException;
import org.perseid.io.movie.GifComment;

/**
 * Reads back how a file was made: the texts that pictures (PNG), float layers (FITS, EXR, raw) and
 * films hold, by keyword.
 */
public final class MadeBy {
    private static final int CARD = 80;
    private static final int FITS_HEAD = 16 << 20;
    private static final int EXR_MAGIC = 20000630;
    private static final int MAX_TEXT = 8 << 20;

    private MadeBy() {}

    /** Whether the file is of a kind that can hold texts. */
    public static boolean canHold(Path file) {
        byte[] head = head(file, 16);
        return Png.isPng(file)
                || starts(head, "P6\n")
                || isTga(file)
                || starts(head, "SIMPLE  =")
                || starts(head, Raw.BEGINS)
                || isExr(head)
                || isFilm(head);
    }

    /**
     * The texts of a file; none when it holds none.
     *
     * @throws InputException when it is of no kind that can hold them, or damaged
     */
    public static Map<String, String> read(Path file) {
        byte[] head = head(file, 16);
        if (Png.isPng(file)) {
            return Png.readText(file);
        }
        if (starts(head, "SIMPLE  =")) {
            return fits(head(file, FITS_HEAD));
        }
        if (starts(head, Raw.BEGINS)) {
            return raw(file);
        }
        if (starts(head, "P6\n")) {
            String text = new String(head(file, MAX_TEXT), StandardCharsets.ISO_8859_1);
            return keyed(
                    new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)
                            .lines()
                            .skip(1)
                            .takeWhile(line -> line.startsWith("# "))
                            .map(line -> line.substring(2))
                            .toList());
        }
        if (isTga(file)) {
            return keyed(tga(file).lines().toList());
        }
        if (isExr(head)) {
            return exr(file, head(file, MAX_TEXT));
        }
        if (starts(head, "GIF8")) {
            try {
                return fromComment(GifComment.read(file));
            } catch (IOException e) {
                throw new InputException(file, "cannot be read (" + e.getMessage() + ")", e);
            }
        }
        if (isFilm(head)) {
            return film(file);
        }
        throw new InputException(
                file,
                "is no picture, float layer or film; expected PNG, PPM, TGA, FITS, EXR, f32, mp4, mkv, webm or gif");
    }

    private static byte[] head(Path file, int bytes) {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(bytes);
        } catch (IOException e) {
            throw new InputException(file, "cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static boolean starts(byte[] head, String text) {
        return new String(head, StandardCharsets.ISO_8859_1).startsWith(text);
    }

    private static boolean isExr(byte[] head) {
        return head.length >= 8
                && ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt() == EXR_MAGIC;
    }

    private static boolean isFilm(byte[] head) {
        String text = new String(head, StandardCharsets.ISO_8859_1);
        return text.startsWith("ftyp", 4)
                || text.startsWith("GIF8")
                || text.startsWith("\u001aE\u00df\u00a3");
    }

    private static boolean isTga(Path file) {
        byte[] end = tail(file, Tga.FOOTER_BYTES);
        return new String(end, StandardCharsets.ISO_8859_1).endsWith(Tga.SIGNATURE);
    }

    private static byte[] tail(Path file, long bytes) {
        try (java.nio.channels.FileChannel in = java.nio.channels.FileChannel.open(file)) {
            long n = Math.min(bytes, in.size());
            ByteBuffer out = ByteBuffer.allocate((int) n);
            while (out.hasRemaining() && in.read(out, in.size() - n + out.position()) > 0) {}
            return out.array();
        } catch (IOException e) {
            throw new InputException(file, "cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /** The developer area that the footer points to; it ends where its directory begins. */
    private static String tga(Path file) {
        byte[] end = tail(file, MAX_TEXT);
        ByteBuffer in = ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN);
        int directory = end.length - Tga.FOOTER_BYTES - 12;
        int length = directory < 0 ? -1 : in.getInt(directory + 8);
        if (length < 0 || length > directory) {
            throw new InputException(file, "damaged: its developer area is cut off");
        }
        return new String(end, directory - length, length, StandardCharsets.UTF_8);
    }

    /** Lines that begin with their keyword. */
    private static Map<String, String> keyed(List<String> lines) {
        Map<String, String> out = new LinkedHashMap<>();
        for (String line : lines) {
            int blank = line.indexOf(' ');
            String key = blank < 0 ? line : line.substring(0, blank);
            out.merge(key, blank < 0 ? "" : line.substring(blank + 1), (a, b) -> a + "\n" + b);
        }
        return withLineEnds(out);
    }

    private static Map<String, String> fits(byte[] head) {
        Map<String, StringBuilder> found = new LinkedHashMap<>();
        String text = new String(head, StandardCharsets.ISO_8859_1);
        for (int at = 0; at + CARD <= text.length(); at += CARD) {
            String card = text.substring(at, at + CARD);
            if (card.startsWith("END     ")) {
                break;
            }
            String history = card.startsWith("HISTORY ") ? card.substring(8).strip() : "";
            int blank = history.indexOf(' ');
            String key = blank < 0 ? history : history.substring(0, blank);
            if (key.startsWith("perseid.") || key.equals("Software")) {
                String line = blank < 0 ? "" : history.substring(blank + 1);
                StringBuilder of = found.computeIfAbsent(key, k -> new StringBuilder());
                of.append(line.endsWith("\\") ? line.substring(0, line.length() - 1) : line + "\n");
            }
        }
        Map<String, String> out = new LinkedHashMap<>();
        found.forEach((key, value) -> out.put(key, unescaped(value.toString().stripTrailing())));
        return withLineEnds(out);
    }

    private static String unescaped(String text) {
        return java.util.regex.Pattern.compile("\\\\u([0-9a-f]{4})")
                .matcher(text)
                .replaceAll(m ->
                        java.util.regex.Matcher.quoteReplacement(
                                String.valueOf((char) Integer.parseInt(m.group(1), 16))));
    }

    /** Texts of several lines end with one. */
    private static Map<String, String> withLineEnds(Map<String, String> texts) {
        texts.replaceAll((key, value) -> value.indexOf('\n') >= 0 ? value + "\n" : value);
        return texts;
    }

    private static Map<String, String> raw(Path file) {
        String text = new String(head(file, MAX_TEXT), StandardCharsets.UTF_8);
        String[] words = text.lines().findFirst().orElse("").split(" ", -1);
        int start;
        try {
            start = Integer.parseInt(words[words.length - 1]);
        } catch (NumberFormatException e) {
            throw new InputException(file, "damaged: its first line has no number of bytes", e);
        }
        byte[] head = head(file, Math.clamp(start, 0, MAX_TEXT));
        Map<String, String> out = new LinkedHashMap<>();
        String key = "";
        for (String line : new String(head, StandardCharsets.UTF_8).lines().toList()) {
            if (line.startsWith("[") && line.endsWith("]")) {
                key = line.substring(1, line.length() - 1);
            } else if (!key.isEmpty() && !line.isEmpty()) {
                out.merge(key, line, (a, b) -> a + "\n" + b);
            }
        }
        return withLineEnds(out);
    }

    private static Map<String, String> exr(Path file, byte[] bytes) {
        Map<String, String> out = new LinkedHashMap<>();
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(8);
        while (in.hasRemaining()) {
            String name = zeroEnded(in);
            if (name.isEmpty()) {
                return out;
            }
            String type = zeroEnded(in);
            int length = in.remaining() >= 4 ? in.getInt() : -1;
            if (length < 0 || length > in.remaining()) {
                throw new InputException(file, "damaged: attribute " + name + " is cut off");
            }
            byte[] value = new byte[length];
            in.get(value);
            if (type.equals("string")) {
                out.put(name, new String(value, StandardCharsets.UTF_8));
            }
        }
        return out;
    }

    private static String zeroEnded(ByteBuffer in) {
        StringBuilder out = new StringBuilder();
        while (in.hasRemaining()) {
            byte b = in.get();
            if (b == 0) {
                break;
            }
            out.append((char) (b & 255));
        }
        return out.toString();
    }

    /** ffprobe's tag comment: version, parameters and, behind a line of its own, the data. */
    private static Map<String, String> film(Path file) {
        String said;
        try {
            Process process =
                    new ProcessBuilder(
                                    "ffprobe",
                                    "-v",
                                    "error",
                                    "-show_entries",
                                    "format_tags=comment",
                                    "-of",
                                    "default=noprint_wrappers=1:nokey=1",
                                    file.toString())
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            try (InputStream in = process.getInputStream()) {
                said = new String(in.readNBytes(MAX_TEXT), StandardCharsets.UTF_8);
            }
            process.waitFor();
        } catch (IOException e) {
            throw new InputException(
                    file,
                    "ffprobe cannot be started ("
                            + e.getMessage()
                            + "); install it: sudo apt-get install ffmpeg",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InputException(file, "interrupted", e);
        }
        return fromComment(said);
    }

    /** A film has one text: the first line is the version, the last the data. */
    static Map<String, String> fromComment(String comment) {
        Map<String, String> out = new LinkedHashMap<>();
        StringBuilder parameters = new StringBuilder();
        for (String line : comment.strip().lines().toList()) {
            if (line.startsWith("Perseid ")) {
                out.put("Software", line);
            } else if (line.startsWith("# data ")) {
                out.put("perseid.data", line.substring(7));
            } else {
                parameters.append(line).append('\n');
            }
        }
        if (out.containsKey("Software")) {
            out.put("perseid.parameters", parameters.toString());
        }
        return out;
    }
}
