package org.perseid.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.perseid.io.InputException;
import org.perseid.io.par.ParameterTable;
import org.perseid.io.par.Problems;
import org.perseid.io.snapshot.ReadOptions;
import org.perseid.io.snapshot.Snapshot;
import org.perseid.io.snapshot.Snapshots;
import org.perseid.io.store.StoreFormat;
import org.perseid.renderer.model.Reporter;

/** The parameters of what was given: a parameter file, a store, or a snapshot. */
final class Given {
    private static final int HEAD_BYTES = 1 << 16;

    private Given() {}

    /**
     * Those of the file; those that a store was made for; or those that init would write for a
     * snapshot.
     */
    static ParameterTable table(
            Path file,
            List<String> overrides,
            CommonOptions options,
            CommonOptions.Reading reading,
            Reporter reporter) {
        if (isParameterFile(file)) {
            return ParameterTable.read(file, overrides, new Problems());
        }
        return isStore(file)
                ? ofStore(file, overrides)
                : InitCommand.parametersFor(file, overrides, options, reading, reporter);
    }

    /** Whether a file is a particle store. */
    static boolean isStore(Path file) {
        return Files.isRegularFile(file) && StoreFormat.begins(head(file));
    }

    /** The parameters that a store was made for. */
    static ParameterTable ofStore(Path file, List<String> overrides) {
        Map<String, String> parameters;
        try (Snapshot store = Snapshots.open(file, ReadOptions.NONE)) {
            parameters = store.parameters();
        }
        StringBuilder text = new StringBuilder();
        text.append("infile=").append(file.toAbsolutePath().normalize()).append('\n');
        text.append("outfile=")
                .append(String.valueOf(file.getFileName()).replaceAll("\\.pstore$", ""))
                .append('\n');
        parameters.forEach((key, value) -> text.append(key + "=" + value + "\n"));
        return ParameterTable.parse(
                text.toString(), file.toString(), Path.of(""), overrides, new Problems());
    }

    /** Parameter files are small text with key=value. */
    private static boolean isParameterFile(Path file) {
        if (!Files.isRegularFile(file)) {
            return String.valueOf(file.getFileName()).endsWith(".par");
        }
        String head = new String(head(file), StandardCharsets.ISO_8859_1);
        return head.indexOf('\0') < 0
                && head.lines().anyMatch(line -> line.strip().matches("infile\\s*=.*"));
    }

    private static byte[] head(Path file) {
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(HEAD_BYTES);
        } catch (IOException e) {
            throw new InputException(file, "cannot be read (" + e.getMessage() + ")", e);
        }
    }
}
