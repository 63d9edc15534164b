package org.perseid.io.ramses;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.perseid.io.InputException;

/**
 * The text file info_NNNNN.txt of an output.
 *
 * @param folder of the output
 * @param number of the output, five digits
 * @param values by name
 */
record RamsesInfo(Path folder, String number, Map<String, Double> values) {
    private static final Pattern LINE =
            Pattern.compile("(?m)^\\s*(\\w+)\\s*=\\s*([-+]?[0-9.]+(?:[eE][-+]?\\d+)?)\\s*$");
    private static final int MAX_CPUS = 1 << 20;
    private static final int MAX_BYTES = 64 << 20;

    static RamsesInfo read(Path file) {
        String name = String.valueOf(file.getFileName());
        String number = name.replaceAll("\\D", "");
        Path folder = file.toAbsolutePath().getParent();
        Map<String, Double> values = new HashMap<>();
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new InputException(file, "is too large for an info file");
            }
            String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            Matcher m = LINE.matcher(text);
            while (m.find()) {
                values.put(m.group(1), Double.parseDouble(m.group(2)));
            }
        } catch (IOException e) {
            throw new InputException(file, "cannot be read (" + e.getMessage() + ")", e);
        }
        RamsesInfo info = new RamsesInfo(folder == null ? Path.of("") : folder, number, values);
        int cpus = info.cpus();
        if (cpus < 1 || cpus > MAX_CPUS || info.value("ndim", 3) != 3) {
            throw new InputException(
                    file,
                    "says ncpu="
                            + cpus
                            + " and ndim="
                            + (int) info.value("ndim", 3)
                            + "; expected 1 to "
                            + MAX_CPUS
                            + " and 3");
        }
        return info;
    }

    double value(String name, double otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    int cpus() {
        return (int) value("ncpu", 0);
    }

    double boxLength() {
        double length = value("boxlen", 1);
        return length > 0 ? length : 1;
    }

    /** A file of a task: {@code part_00002.out00001}. */
    Path file(String kind, int cpu) {
        return folder.resolve(String.format(Locale.ROOT, "%s_%s.out%05d", kind, number, cpu));
    }

    Path descriptor(String name) {
        return folder.resolve(name);
    }
}
