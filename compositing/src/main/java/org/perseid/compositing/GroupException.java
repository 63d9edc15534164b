package org.perseid.compositing;

/** Ranks cannot work together; the message names rank and host where they are known. */
public final class GroupException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public GroupException(String message) {
        super(message);
    }

    public GroupException(String message, Throwable cause) {
        super(message, cause);
    }
}
