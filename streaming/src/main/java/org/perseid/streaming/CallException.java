package org.perseid.streaming;

/** A call that cannot be done; becomes an error reply to its caller. Codes are JSON-RPC 2.0's. */
public final class CallException extends RuntimeException {
    /** The message is no JSON. */
    public static final int PARSE = -32700;

    /** The message is no request. */
    public static final int INVALID_REQUEST = -32600;

    /** There is no such method. */
    public static final int NO_METHOD = -32601;

    /** The parameters are not what the method takes. */
    public static final int INVALID_PARAMS = -32602;

    /** The program could not do it. */
    public static final int FAILED = -32000;

    /** The caller does not steer, or may only watch. */
    public static final int NOT_ALLOWED = -32001;

    /** Too many calls wait. */
    public static final int BUSY = -32002;

    private final int code;

    public CallException(int code, String message) {
        super(message);
        this.code = code;
    }

    /** Parameters that are not what the method takes. */
    public static CallException params(String message) {
        return new CallException(INVALID_PARAMS, message);
    }

    public int code() {
        return code;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
