package org.perseid.renderer.model;

/** A failure of one peer or more that all of them know of, so that one tells it. */
public final class AgreedException extends RenderException {
    private static final long serialVersionUID = 1L;

    /** A failure with what each that failed says. */
    public AgreedException(String message) {
        super(message);
    }
}
