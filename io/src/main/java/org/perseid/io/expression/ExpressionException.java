package org.perseid.io.expression;

/** A formula that cannot be used; the message says which part and why. */
public final class ExpressionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ExpressionException(String message) {
        super(message);
    }
}
