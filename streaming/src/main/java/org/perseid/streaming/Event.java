package org.perseid.streaming;

import java.util.Locale;

/**
 * What a viewer did. Places are parts of the picture: x from 0 at the left to 1 at the right, y
 * from 0 at the top to 1 at the bottom.
 */
public sealed interface Event {
    /** Bit of {@code mods}: the Shift key. */
    int SHIFT = 1;

    /** Bit of {@code mods}: the Control key. */
    int CONTROL = 2;

    /** Bit of {@code mods}: the Alt key. */
    int ALT = 4;

    /** What a pointer did. */
    enum Action {
        DOWN,
        MOVE,
        UP,
        DOUBLE
    }

    /**
     * A mouse, a pen or one finger.
     *
     * @param buttons bits: 1 left, 2 right, 4 middle
     */
    record Pointer(Action action, double x, double y, int buttons, int mods) implements Event {}

    /**
     * A wheel.
     *
     * @param steps positive away from the picture; one is a notch
     */
    record Wheel(double x, double y, double steps, int mods) implements Event {}

    /**
     * Two fingers, since the event before.
     *
     * @param scale how much farther they are apart
     * @param dx parts of the picture's width that their middle moved
     * @param dy parts of its height
     * @param turn radians, clockwise
     */
    record Pinch(double x, double y, double scale, double dx, double dy, double turn)
            implements Event {}

    /**
     * A key, by its name in the DOM ({@code KeyboardEvent.key}).
     *
     * @param down whether it went down
     */
    record Key(String key, boolean down, int mods) implements Event {}

    /** The place for the picture, in device pixels. */
    record Resize(int width, int height) implements Event {}

    /**
     * The event of an {@code input} call.
     *
     * @throws CallException when it is none
     */
    static Event of(Rpc.Request call) {
        return switch (call.text("type")) {
            case "pointer" ->
                    new Pointer(
                            action(call.text("action")),
                            place(call, "x"),
                            place(call, "y"),
                            bits(call, "buttons"),
                            bits(call, "mods"));
            case "wheel" ->
                    new Wheel(
                            place(call, "x"),
                            place(call, "y"),
                            Math.clamp(call.number("steps"), -50, 50),
                            bits(call, "mods"));
            case "pinch" ->
                    new Pinch(
                            place(call, "x"),
                            place(call, "y"),
                            Math.clamp(call.number("scale"), 0.1, 10),
                            place(call, "dx"),
                            place(call, "dy"),
                            Math.clamp(call.number("turn"), -Math.PI, Math.PI));
            case "key" -> new Key(key(call), call.flag("down"), bits(call, "mods"));
            case "resize" -> new Resize(side(call, "width"), side(call, "height"));
            default ->
                    throw CallException.params(
                            "input: type is '"
                                    + Rpc.found(call.params().path("type"))
                                    + "'; must be pointer, wheel, pinch, key or resize");
        };
    }

    private static Action action(String name) {
        for (Action action : Action.values()) {
            if (action.name().toLowerCase(Locale.ROOT).equals(name)) {
                return action;
            }
        }
        throw CallException.params("input: action must be down, move, up or double");
    }

    private static double place(Rpc.Request call, String name) {
        return Math.clamp(call.number(name), -10, 10);
    }

    private static int bits(Rpc.Request call, String name) {
        return (int) Math.clamp(call.number(name), 0, 255);
    }

    private static int side(Rpc.Request call, String name) {
        return (int) Math.clamp(call.number(name), 1, 8192);
    }

    private static String key(Rpc.Request call) {
        String key = call.text("key");
        if (key.length() > 32) {
            throw CallException.params("input: key must be a key's name");
        }
        return key;
    }
}
