package org.perseid.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.perseid.io.AtomicFile;
import org.perseid.io.InputException;

/**
 * What a live session goes on with when it is started again after a failure: what is seen, as a
 * parameter file, and by which address it was reached. In a folder of the start script, which
 * starts it again ({@code serve --restart}).
 *
 * @param folder that the start script made and removes
 */
record LiveState(Path folder) {
    private static final String FOLDER = "PERSEID_STATE";

    /**
     * How a server was reached.
     *
     * @param token of those who may steer
     * @param watchToken of those who may watch
     */
    record Address(int port, String token, String watchToken) {}

    /** The state of this run; null where nobody would start it again. */
    static @Nullable LiveState ofThisRun() {
        String given = System.getenv(FOLDER);
        return given == null || given.isBlank() ? null : new LiveState(Path.of(given));
    }

    /** The parameters of what was seen; there once something was. */
    Path parameters() {
        return folder.resolve("seen.par");
    }

    /** Whether the session goes on with what was before. */
    boolean isGoingOn() {
        return Files.exists(parameters());
    }

    /** Whether the one who started it has asked for its end. */
    boolean isEnding() {
        return Files.exists(folder.resolve("ending"));
    }

    /** Keeps what is seen. */
    void keep(String parameters) {
        AtomicFile.write(
                parameters(), out -> out.write(parameters.getBytes(StandardCharsets.UTF_8)));
    }

    /** Keeps how the server is reached. */
    void keep(Address address) {
        String text = address.port + "\n" + address.token + "\n" + address.watchToken + "\n";
        AtomicFile.write(
                folder.resolve("address"), out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * How the server was reached before.
     *
     * @throws InputException when that is not there
     */
    Address address() {
        Path file = folder.resolve("address");
        try {
            List<String> lines = Files.readAllLines(file);
            return new Address(Integer.parseInt(lines.get(0)), lines.get(1), lines.get(2));
        } catch (IOException | RuntimeException e) {
            throw new InputException(file, "cannot be read (" + e.getMessage() + ")", e);
        }
    }
}
