package org.perseid.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
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
    private static final String ADDRESS = "address";

    /** Begins a comment in the parameters: number and brightness of a type that is not shown. */
    private static final String HIDDEN = "# hidden ";

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

    /**
     * Keeps what is seen.
     *
     * @param hidden brightness of the types that are not shown, by number
     */
    void keep(String parameters, Map<Integer, String> hidden) {
        String comments =
                hidden.entrySet().stream()
                        .map(e -> HIDDEN + e.getKey() + " " + e.getValue() + "\n")
                        .collect(Collectors.joining());
        write(parameters(), parameters + comments);
    }

    /**
     * Brightness of the types that were not shown, by number.
     *
     * @throws InputException when what was seen cannot be read
     */
    Map<Integer, String> hidden() {
        return isGoingOn() ? read(parameters(), LiveState::hidden) : Map.of();
    }

    private static Map<Integer, String> hidden(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith(HIDDEN))
                .map(line -> line.substring(HIDDEN.length()).split(" ", 2))
                .collect(Collectors.toMap(words -> Integer.valueOf(words[0]), words -> words[1]));
    }

    /** Keeps how the server is reached. */
    void keep(Address address) {
        write(
                folder.resolve(ADDRESS),
                address.port + "\n" + address.token + "\n" + address.watchToken + "\n");
    }

    /**
     * How the server was reached before.
     *
     * @throws InputException when that is not there
     */
    Address address() {
        return read(
                folder.resolve(ADDRESS),
                lines -> new Address(Integer.parseInt(lines.get(0)), lines.get(1), lines.get(2)));
    }

    private static void write(Path file, String text) {
        AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static <T> T read(Path file, Function<List<String>, T> meaning) {
        try {
            return meaning.apply(Files.readAllLines(file));
        } catch (IOException | RuntimeException e) {
            throw new InputException(file, "cannot be read (" + e.getMessage() + ")", e);
        }
    }
}
