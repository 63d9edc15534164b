package org.perseid.io;

import java.nio.file.Path;

/**
 * Input that cannot be used, or output that cannot be written. The message says where, what was
 * found, what was expected and what to do; it is meant for the user as it is.
 */
public final class InputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InputException(String message) {
        super(message);
    }

    public InputException(Path file, String problem) {
        super(file + ": " + problem);
    }

    public InputException(Path file, String problem, Throwable cause) {
        super(file + ": " + problem, cause);
    }
}
