package org.perseid.streaming.wsrti;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.perseid.streaming.Event;
import org.perseid.streaming.Event.Action;

/**
 * Binary messages of clients: little-endian words, the first one the kind. What is none of them is
 * nothing, whatever it is.
 */
final class WsrtiEvents {
    /** Width of the client's picture in its own pixels, which it never tells. */
    static final int CLIENT_WIDTH = 800;

    private static final int MOUSE_DOWN = 1;
    private static final int MOUSE_UP = 2;
    private static final int MOUSE_DRAG = 3;
    private static final int KEY_DOWN = 4;
    private static final int KEY_UP = 5;
    private static final int COMMAND_TEXT = 8;
    private static final int COMMAND = 9;

    private static final int EVENT_BYTES = 16;
    private static final int TEXT_BYTES = 256;

    /** Bit of a key's modifiers: it is no character. */
    private static final int NO_CHARACTER = 0x20;

    private WsrtiEvents() {}

    /**
     * The event in a message.
     *
     * @param aspect height of the picture in units of its width
     */
    static Optional<Event> event(ByteBuffer message, double aspect) {
        ByteBuffer in = message.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        if (in.remaining() != EVENT_BYTES) {
            return Optional.empty();
        }
        int kind = in.getInt();
        int first = in.getInt();
        int second = in.getInt();
        int third = in.getInt();
        return switch (kind) {
            case MOUSE_DOWN, MOUSE_UP, MOUSE_DRAG ->
                    Optional.of(pointer(kind, first, second, third, aspect));
            case KEY_DOWN, KEY_UP -> key(first, second, kind == KEY_DOWN);
            default -> Optional.empty();
        };
    }

    /** Dragging with Shift looks round, as in Splotch; the release comes as a press of nothing. */
    private static Event pointer(int kind, int x, int y, int buttonsAndMods, double aspect) {
        int buttons = buttonsAndMods & 0xff;
        int mods = buttonsAndMods >> 8 & 0xff;
        boolean up = kind == MOUSE_UP || (kind == MOUSE_DOWN && buttons == 0);
        Action action = up ? Action.UP : kind == MOUSE_DOWN ? Action.DOWN : Action.MOVE;
        boolean look = (mods & 8) != 0 || (mods & 2) != 0;
        return new Event.Pointer(
                action,
                Math.clamp((double) x / CLIENT_WIDTH, -10, 10),
                Math.clamp(y / (CLIENT_WIDTH * aspect), -10, 10),
                buttons,
                look ? Event.CONTROL : 0);
    }

    private static Optional<Event> key(int code, int mods, boolean down) {
        String name =
                switch ((mods & NO_CHARACTER) != 0 ? code : -1) {
                    case 36 -> "Home";
                    case 37 -> "ArrowLeft";
                    case 38 -> "ArrowUp";
                    case 39 -> "ArrowRight";
                    case 40 -> "ArrowDown";
                    default -> code >= ' ' && code < 0x250 ? Character.toString(code) : "";
                };
        int bits = (mods & 8) != 0 ? Event.SHIFT : 0;
        return name.isEmpty() ? Optional.empty() : Optional.of(new Event.Key(name, down, bits));
    }

    /** The text that was typed, in a message that brings one. Its length is not to be trusted. */
    static Optional<String> typed(ByteBuffer message) {
        ByteBuffer in = message.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        if (in.remaining() < 8 || in.getInt() != COMMAND_TEXT) {
            return Optional.empty();
        }
        int length = Math.clamp(in.getInt(), 0, Math.min(TEXT_BYTES, in.remaining()));
        byte[] text = new byte[length];
        in.get(text);
        String all = new String(text, StandardCharsets.ISO_8859_1);
        int end = all.indexOf('\0');
        return Optional.of((end < 0 ? all : all.substring(0, end)).strip());
    }

    /** The number of the command in a message that brings one: 5 save, 6 upload. */
    static Optional<Integer> command(ByteBuffer message) {
        ByteBuffer in = message.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        return in.remaining() >= 8 && in.getInt() == COMMAND
                ? Optional.of(in.getInt())
                : Optional.empty();
    }

    /** A line for the client's log. */
    static ByteBuffer print(String line) {
        return message(1, line.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The size of the pictures. */
    static ByteBuffer viewport(int width, int height) {
        ByteBuffer out = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        return out.putInt(2).putInt(width).putInt(height).flip();
    }

    /** A file that the client saves. */
    static ByteBuffer file(byte[] content) {
        return message(3, content);
    }

    private static ByteBuffer message(int kind, byte[] content) {
        ByteBuffer out = ByteBuffer.allocate(8 + content.length).order(ByteOrder.LITTLE_ENDIAN);
        return out.putInt(kind).putInt(content.length).put(content).flip();
    }
}
