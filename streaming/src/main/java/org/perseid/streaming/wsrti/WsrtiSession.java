package org.perseid.streaming.wsrti;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.perseid.streaming.CallException;
import org.perseid.streaming.Connection;
import org.perseid.streaming.Downloads;
import org.perseid.streaming.Element;
import org.perseid.streaming.Event;
import org.perseid.streaming.FrameHeader;
import org.perseid.streaming.Group;
import org.perseid.streaming.Hub;
import org.perseid.streaming.Rpc;
import org.perseid.streaming.Viewer;

/**
 * One socket of a WSRTI or Splotch client: the image socket gets pictures without a header, the
 * control socket calls and texts. Both take binary events. Messages of one socket come by one
 * thread.
 */
public final class WsrtiSession implements Connection {
    private static final String INTERFACE = "cmd_interface_desc";
    private static final String PRESS = "cmd_press ";

    private static final String HELP =
            "set NAME VALUE, get NAME, state, save; drag orbits, with Shift it looks round, w s a d q e fly";

    /** Whoever lets this much wait gets no more replies. */
    private static final long MAX_WAITING_BYTES = 16 << 20;

    private final Hub hub;
    private final Socket socket;
    private final boolean image;
    private final boolean binaryControl;
    private @Nullable Viewer viewer;
    private double aspect = 0.75;
    private volatile byte @Nullable [] lastPicture;
    private volatile long lastSequence;
    private int pictureNumber;

    /** The socket itself, given by the transport. */
    public interface Socket {
        void text(String message);

        /**
         * Sends a binary message.
         *
         * @param sent runs when it has left
         */
        void binary(ByteBuffer message, Runnable sent);

        long waitingBytes();

        void close(int code, String reason);
    }

    /**
     * @param image whether it is the image socket
     * @param binaryControl whether the client is WSRTI's own, whose control socket takes no text
     */
    public WsrtiSession(Hub hub, Socket socket, boolean image, boolean binaryControl) {
        this.hub = hub;
        this.socket = socket;
        this.image = image;
        this.binaryControl = binaryControl;
    }

    /** Begins. */
    public void open(String from) {
        Viewer joined = hub.join(this, false, from);
        viewer = joined;
        JsonNode _ =
                hub.call(
                        joined,
                        "hello",
                        Rpc.object().put("protocol", Hub.PROTOCOL).put("name", "WSRTI client"));
        if (!image && !binaryControl) {
            socket.text(Rpc.notification(INTERFACE, description()));
        }
    }

    /** The client has gone. */
    public void closed() {
        if (viewer != null) {
            hub.leave(viewer);
        }
    }

    private Viewer viewer() {
        if (viewer == null) {
            throw new IllegalStateException("open() comes first");
        }
        return viewer;
    }

    // To the client

    /** What the page is told; Splotch's clients hear of changes of the interface only. */
    @Override
    public void send(String text) {
        if (!image && !binaryControl && text.contains("\"method\":\"panel\"")) {
            socket.text(Rpc.notification(INTERFACE, description()));
        }
    }

    /** A frame: header and picture. It counts as seen when it has left, for nobody says so. */
    @Override
    public void send(ByteBuffer... parts) {
        ByteBuffer header = parts[0].duplicate().order(ByteOrder.LITTLE_ENDIAN);
        long sequence = Integer.toUnsignedLong(header.getInt(4));
        int width = header.getInt(32);
        int height = header.getInt(36);
        lastSequence = sequence;
        if (header.remaining() != FrameHeader.BYTES || width < 1) {
            return;
        }
        double shape = (double) height / width;
        boolean other = shape != aspect;
        aspect = shape;
        if (image) {
            socket.binary(parts[1].duplicate(), () -> hub.arrived(viewer(), sequence));
            return;
        }
        byte[] picture = new byte[parts[1].remaining()];
        parts[1].duplicate().get(picture);
        lastPicture = picture;
        if (binaryControl && other) {
            socket.binary(WsrtiEvents.viewport(width, height), () -> {});
        }
        hub.arrived(viewer(), sequence);
    }

    @Override
    public long waitingBytes() {
        return socket.waitingBytes();
    }

    @Override
    public void close(int code, String reason) {
        socket.close(code, reason);
    }

    private void print(String line) {
        if (binaryControl) {
            socket.binary(WsrtiEvents.print(line + "\n"), () -> {});
        }
    }

    // From the client

    /** A binary message: an event, or a command of WSRTI's client. */
    public void received(ByteBuffer message) {
        try {
            Optional<Event> event = WsrtiEvents.event(message, aspect);
            if (event.isPresent()) {
                hub.happened(viewer(), event.get());
                return;
            }
            Optional<String> typed = WsrtiEvents.typed(message);
            Optional<Integer> command = WsrtiEvents.command(message);
            if (typed.isPresent()) {
                print(typed(typed.get()));
            } else if (command.isPresent()) {
                command(command.get());
            }
        } catch (CallException e) {
            print(e.getMessage());
        }
    }

    private void command(int number) {
        switch (number) {
            case 5 -> socket.binary(WsrtiEvents.file(parameters()), () -> {});
            case 6 -> print("files are not taken here");
            default -> print(HELP);
        }
    }

    private byte[] parameters() {
        JsonNode reply = hub.call(viewer(), "parameters", Rpc.object());
        Downloads.Download file = hub.downloads().take(reply.path("token").asText());
        return file == null ? new byte[0] : file.content();
    }

    private String typed(String line) {
        String[] words = line.split("\\s+", 3);
        return switch (words[0]) {
            case "set" -> {
                if (words.length < 3) {
                    throw CallException.params("set NAME VALUE");
                }
                set(Map.of(words[1], words[2]));
                yield words[1] + " = " + get(words[1]);
            }
            case "get" -> get(words.length > 1 ? words[1] : "");
            case "state" -> state().toString();
            default -> HELP;
        };
    }

    /** A text message: a call of Splotch's dialect. */
    public void received(String message) {
        if (socket.waitingBytes() > MAX_WAITING_BYTES) {
            socket.close(1013, "too slow: replies wait");
            return;
        }
        JsonNode id = null;
        try {
            JsonNode json = Rpc.parse(message);
            id = Rpc.idOf(json);
            JsonNode result = answer(Rpc.request(json));
            if (id != null) {
                socket.text(Rpc.result(id, result));
            }
        } catch (CallException e) {
            socket.text(Rpc.error(id, e));
        } catch (RuntimeException e) {
            String reason = e.getMessage() == null ? e.toString() : e.getMessage();
            socket.text(Rpc.error(id, new CallException(CallException.FAILED, reason)));
        }
    }

    private JsonNode answer(Rpc.Request call) {
        String method = call.method();
        if (method.startsWith(PRESS)) {
            return pressed(method.substring(PRESS.length()));
        }
        return switch (method) {
            case INTERFACE -> description();
            case "cmd_set" -> {
                set(arguments(call.params()));
                yield Rpc.json(0);
            }
            case "cmd_get" -> Rpc.json(get(call.params().path(0).asText("")));
            case "cmd_state" -> state();
            case "cmd_get_image" -> picture();
            default -> {
                if (method.startsWith("cmd_")) {
                    JsonNode _ = hub.call(viewer(), method, named(call.params()));
                    yield Rpc.json(0);
                }
                throw new CallException(
                        CallException.NO_METHOD, "there is no method '" + method + "'");
            }
        };
    }

    private JsonNode pressed(String id) {
        JsonNode _ = hub.call(viewer(), "press", Rpc.object().put("id", id));
        return Rpc.json(0);
    }

    /** The newest picture goes before the reply, as a message without a header. */
    private JsonNode picture() {
        byte[] picture = lastPicture;
        if (picture == null) {
            throw new CallException(CallException.FAILED, "there is no picture yet");
        }
        socket.binary(ByteBuffer.wrap(picture), () -> {});
        pictureNumber++;
        return Rpc.object().put("id", pictureNumber).put("frame", lastSequence);
    }

    /** {@code ["k","v",...]}, {@code {"k":"v"}} or a list of such objects. */
    private static Map<String, String> arguments(JsonNode params) {
        Map<String, String> out = new LinkedHashMap<>();
        if (params.isArray() && params.path(0).isTextual()) {
            if (params.size() % 2 != 0) {
                throw CallException.params("names and values must come in pairs");
            }
            for (int k = 0; k < params.size(); k += 2) {
                out.put(params.get(k).asText(), params.get(k + 1).asText());
            }
            return out;
        }
        named(params).properties().forEach(e -> out.put(e.getKey(), e.getValue().asText()));
        return out;
    }

    /** All members of a list of objects as one object. */
    private static ObjectNode named(JsonNode params) {
        ObjectNode out = Rpc.object();
        for (JsonNode part : params.isArray() ? params : Rpc.json(new Object[] {params})) {
            part.properties().forEach(e -> out.set(e.getKey(), e.getValue()));
        }
        return out;
    }

    private void set(Map<String, String> values) {
        ObjectNode typed = Rpc.object();
        values.forEach((id, text) -> typed.set(id, typed(hub.panel().find(id), text)));
        JsonNode _ = hub.call(viewer(), "set", Rpc.object().set("values", typed));
    }

    /** Values come as text, whatever they are. */
    private static JsonNode typed(Element element, String text) {
        return switch (element.kind()) {
            case SLIDER, LOG_SLIDER, NUMBER -> {
                try {
                    yield Rpc.json(Double.parseDouble(text));
                } catch (NumberFormatException e) {
                    yield Rpc.json(text); // refused with what is expected
                }
            }
            case CHECK -> Rpc.json(text.equals("true") || text.equals("1"));
            default -> Rpc.json(text);
        };
    }

    private String get(String id) {
        return hub.panel().find(id).current().asText();
    }

    private ObjectNode state() {
        ObjectNode out = Rpc.object();
        hub.panel().values().forEach((id, value) -> out.put(id, value.asText()));
        return out;
    }

    // The interface

    private ObjectNode description() {
        ObjectNode out = Rpc.object();
        for (Group group : hub.panel().groups()) {
            ObjectNode contents =
                    out.putObject(group.title()).put("type", "Group").putObject("contents");
            for (Element element : group.elements()) {
                contents.set(element.id(), describe(element));
            }
        }
        return out;
    }

    private static ObjectNode describe(Element element) {
        ObjectNode out = Rpc.object();
        ObjectNode meta = Rpc.object();
        String value = element.current().asText();
        String kind =
                switch (element.kind()) {
                    case BUTTON -> "Button";
                    case SLIDER, LOG_SLIDER, NUMBER -> "NumberInput";
                    case TEXT -> "TextInput";
                    case CHOICE, COLORMAP -> "DropdownText";
                    case CHECK -> "Checkbox";
                    case DISPLAY, PLOT, UPLOAD -> "TextDisplay";
                };
        out.put("type", kind);
        switch (element.kind()) {
            case BUTTON -> {
                meta.put("rpc", PRESS + element.id());
                meta.putObject("args");
            }
            case DISPLAY, PLOT, UPLOAD -> meta.put("value", value);
            default -> meta.put("value", value).put("rpc", "cmd_set");
        }
        if (kind.equals("DropdownText")) {
            ArrayNode options = meta.putArray("options");
            element.options().get().forEach(options::add);
        }
        if (kind.equals("NumberInput")) {
            meta.put("step", 0.01);
        }
        out.set("meta", meta);
        return out;
    }
}
