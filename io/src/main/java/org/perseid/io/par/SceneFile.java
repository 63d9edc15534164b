package org.perseid.io.par;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;
import org.perseid.io.InputException;

/**
 * A scene file: names of parameters in the first line, then a line of values for each frame. A
 * first line of ten numbers is the old format: camera, target, sky and fidx. Blank lines do not
 * count. Reference: Splotch, section "Scene file".
 */
final class SceneFile {
    private static final long MAX_FILE_BYTES = 256L << 20;
    private static final List<String> OLD_FORMAT =
            List.of(
                    "camera_x",
                    "camera_y",
                    "camera_z",
                    "lookat_x",
                    "lookat_y",
                    "lookat_z",
                    "sky_x",
                    "sky_y",
                    "sky_z",
                    "fidx");

    private SceneFile() {}

    /**
     * A frame.
     *
     * @param number line of the frame, from 0
     * @param values parameters that it sets
     * @param where file and line, for messages
     */
    record Scene(int number, Map<String, String> values, String where) {}

    /**
     * The frames of a file.
     *
     * @param problems get lines with a wrong number of values
     * @throws InputException when the file cannot be read
     */
    static List<Scene> read(Path file, Problems problems) {
        List<Scene> scenes = new ArrayList<>();
        List<String> names = List.of();
        List<String> lines = lines(file);
        for (int i = 0; i < lines.size(); i++) {
            List<String> words = words(lines.get(i));
            String where = file + ":" + (i + 1);
            if (words.isEmpty()) {
                continue;
            }
            if (names.isEmpty()) {
                names = areNumbers(words) ? OLD_FORMAT : words;
                if (!areNumbers(words)) {
                    continue;
                }
            }
            if (words.size() != names.size()) {
                problems.error(
                        where,
                        "has "
                                + words.size()
                                + " values; expected "
                                + names.size()
                                + ": "
                                + String.join(" ", names));
                continue;
            }
            Map<String, String> values = new LinkedHashMap<>();
            for (int k = 0; k < names.size(); k++) {
                values.put(names.get(k), words.get(k));
            }
            scenes.add(new Scene(scenes.size(), values, where));
        }
        if (scenes.isEmpty() && !problems.hasErrors()) {
            problems.error(
                    file.toString(),
                    "has no frames; expected a line of names, then a line of values a frame");
        }
        return scenes;
    }

    private static List<String> lines(Path file) {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new InputException(
                        file, "has " + Files.size(file) + " bytes, too many for a scene file");
            }
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new InputException(
                    file, "no such scene file, or it cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static List<String> words(String line) {
        int comment = line.indexOf('#');
        StringTokenizer words =
                new StringTokenizer(comment < 0 ? line : line.substring(0, comment));
        List<String> out = new ArrayList<>();
        while (words.hasMoreTokens()) {
            out.add(words.nextToken());
        }
        return out;
    }

    private static boolean areNumbers(List<String> words) {
        if (words.size() != OLD_FORMAT.size()) {
            return false;
        }
        try {
            words.forEach(Double::parseDouble);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
