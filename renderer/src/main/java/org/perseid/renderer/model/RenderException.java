package org.perseid.renderer.model;

/**
 * Something the renderer was asked for cannot be done with these values, and the user can change
 * that: the message says what was found, what is allowed and what to do.
 */
public class RenderException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RenderException(String message) {
        super(message);
    }

    public RenderException(String message, Throwable cause) {
        super(message, cause);
    }
}
