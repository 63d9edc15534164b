package org.perseid.streaming.wsrti;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.perseid.renderer.model.Picture;
import org.perseid.renderer.model.Workers;
import org.perseid.streaming.Event;
import org.perseid.streaming.FrameHeader.Stage;
import org.perseid.streaming.FrameStream;
import org.perseid.streaming.Group;
import org.perseid.streaming.Hub;
import org.perseid.streaming.Panel;
import org.perseid.streaming.Program;
import org.perseid.streaming.Rpc;
import org.perseid.streaming.Viewer;
import org.perseid.streaming.jpeg.JpegEncoder;

class WsrtiSessionTest {
    private double speed = 1;
    private boolean on;
    private String color = "red";
    private int pressed;
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final Program program =
            new Program() {
                private final Panel panel =
                        new Panel(
                                List.of(
                                        new Group("Main", true)
                                                .slider(
                                                        "speed",
                                                        "Speed",
                                                        0,
                                                        10,
                                                        () -> speed,
                                                        v -> speed = v)
                                                .check("on", "On", () -> on, v -> on = v)
                                                .choice(
                                                        "color",
                                                        "Colour",
                                                        () -> List.of("red", "blue"),
                                                        () -> color,
                                                        v -> color = v)
                                                .display("state", "State", () -> "fine")
                                                .button("go", "Go", () -> pressed++)));

                @Override
                public String title() {
                    return "test";
                }

                @Override
                public Panel panel() {
                    return panel;
                }

                @Override
                public FrameStream streamFor(Viewer viewer, boolean own) {
                    return stream;
                }

                @Override
                public void event(Viewer viewer, Event event) {
                    events.add(event);
                }
            };
    private final Hub hub = new Hub(program, JpegEncoder.best(_ -> {}), (_, _) -> {});
    private final FrameStream stream = hub.stream();
    private final Workers workers = new Workers(1);

    /** Keeps what is sent. */
    private static final class TestSocket implements WsrtiSession.Socket {
        final List<JsonNode> texts = new CopyOnWriteArrayList<>();
        final List<ByteBuffer> binaries = new CopyOnWriteArrayList<>();
        long waiting;
        int closedWith;

        @Override
        public void text(String message) {
            texts.add(Rpc.parse(message));
        }

        @Override
        public void binary(ByteBuffer message, Runnable sent) {
            binaries.add(message.order(ByteOrder.LITTLE_ENDIAN));
            sent.run();
        }

        @Override
        public long waitingBytes() {
            return waiting;
        }

        @Override
        public void close(int code, String reason) {
            closedWith = code;
        }

        void awaitBinaries(int number) throws InterruptedException {
            for (int k = 0; k < 200 && binaries.size() < number; k++) {
                Thread.sleep(20);
            }
            assertThat(binaries).hasSizeGreaterThanOrEqualTo(number);
        }
    }

    private final TestSocket socket = new TestSocket();

    private WsrtiSession open(boolean image, boolean binaryControl) {
        WsrtiSession session = new WsrtiSession(hub, socket, image, binaryControl);
        session.open("test");
        return session;
    }

    private void publish(int width, int height) {
        stream.publish(
                new FrameStream.Frame(
                        new Picture(width, height, new byte[3 * width * height]),
                        Stage.FINAL,
                        1,
                        new double[10],
                        Map.of()),
                workers);
    }

    private static ByteBuffer words(int... words) {
        ByteBuffer out = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int word : words) {
            out.putInt(word);
        }
        return out.flip();
    }

    @AfterEach
    void close() {
        hub.close();
        workers.close();
    }

    private JsonNode answer(WsrtiSession session, String method, String params) {
        session.received(
                "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\""
                        + method
                        + "\",\"params\":"
                        + params
                        + "}");
        return socket.texts.getLast();
    }

    @Test
    void theImageSocketGetsWholePicturesWithoutAHeader() throws InterruptedException {
        WsrtiSession _ = open(true, false);
        for (int k = 0; k < 5; k++) {
            publish(40, 30); // nobody acknowledges, and all arrive
        }
        socket.awaitBinaries(5);
        assertThat(socket.binaries.getFirst().getShort(0)).isEqualTo((short) 0xd8ff);
        assertThat(socket.texts).isEmpty();
    }

    /** The sequence that was seen of a real client: press at 200, 150, move, release. */
    @Test
    void aDragComesAsPointersWhoseReleaseIsAPressOfNothing() throws InterruptedException {
        WsrtiSession session = open(true, false);
        publish(80, 60);
        socket.awaitBinaries(1);
        session.received(words(1, 200, 150, 1));
        session.received(words(3, 230, 160, 1 | 8 << 8));
        session.received(words(1, 230, 160, 0));
        session.received(words(2, 230, 160, 0));
        assertThat(events)
                .containsExactly(
                        new Event.Pointer(Event.Action.DOWN, 0.25, 0.25, 1, 0),
                        new Event.Pointer(
                                Event.Action.MOVE, 230 / 800.0, 160 / 600.0, 1, Event.CONTROL),
                        new Event.Pointer(Event.Action.UP, 230 / 800.0, 160 / 600.0, 0, 0),
                        new Event.Pointer(Event.Action.UP, 230 / 800.0, 160 / 600.0, 0, 0));
    }

    @Test
    void keysComeByCodeOrCharacter() {
        WsrtiSession session = open(true, false);
        session.received(words(4, 'w', 0, 99));
        session.received(words(5, 'W', 8, 99));
        session.received(words(4, 39, 0x30, 99));
        session.received(words(4, 36, 0x20, 99));
        session.received(words(4, 39, 0, 99));
        session.received(words(4, 7, 0, 99));
        assertThat(events)
                .containsExactly(
                        new Event.Key("w", true, 0),
                        new Event.Key("W", false, Event.SHIFT),
                        new Event.Key("ArrowRight", true, 0),
                        new Event.Key("Home", true, 0),
                        new Event.Key("'", true, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 7, 8, 12, 15, 17, 264, 5000})
    void otherMessagesAreNothing(int bytes) {
        WsrtiSession session = open(true, false);
        ByteBuffer message = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        session.received(message);
        if (bytes >= 4) {
            session.received(message.duplicate().order(ByteOrder.LITTLE_ENDIAN).putInt(0, 99));
            session.received(message.duplicate().order(ByteOrder.LITTLE_ENDIAN).putInt(0, -1));
        }
        assertThat(events).isEmpty();
    }

    @Test
    void splotchsClientGetsTheInterfaceAtOnce() {
        WsrtiSession session = open(false, false);
        JsonNode told = socket.texts.getFirst();
        assertThat(told.path("method").asText()).isEqualTo("cmd_interface_desc");
        JsonNode contents = told.path("params").path("Main").path("contents");
        assertThat(contents.path("speed").toString())
                .isEqualTo(
                        "{\"type\":\"NumberInput\",\"meta\":{\"value\":\"1.0\",\"rpc\":\"cmd_set\",\"step\":0.01}}");
        assertThat(contents.path("color").path("meta").path("options").get(1).asText())
                .isEqualTo("blue");
        assertThat(contents.path("on").path("type").asText()).isEqualTo("Checkbox");
        assertThat(contents.path("state").path("type").asText()).isEqualTo("TextDisplay");
        String press = contents.path("go").path("meta").path("rpc").asText();
        assertThat(answer(session, press, "[]").path("result").asInt(-1)).isZero();
        assertThat(pressed).isEqualTo(1);
        assertThat(answer(session, "cmd_interface_desc", "[]").path("result").has("Main")).isTrue();
    }

    @Test
    void valuesComeAsTextInThreeForms() {
        WsrtiSession session = open(false, false);
        assertThat(answer(session, "cmd_set", "[\"speed\",\"2.5\",\"on\",\"true\"]").has("result"))
                .isTrue();
        assertThat(speed).isEqualTo(2.5);
        assertThat(on).isTrue();
        assertThat(answer(session, "cmd_set", "{\"color\":\"blue\"}").has("result")).isTrue();
        assertThat(color).isEqualTo("blue");
        assertThat(answer(session, "cmd_set", "[{\"speed\":\"3\"}]").has("result")).isTrue();
        assertThat(answer(session, "cmd_get", "[\"speed\"]").path("result").asText())
                .isEqualTo("3.0");
        assertThat(answer(session, "cmd_state", "[]").path("result").path("color").asText())
                .isEqualTo("blue");
    }

    /** Each of the first four, alone, ends Splotch's own server. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"cmd_set\",\"params\":[\"speed\",7]}",
                "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"cmd_set\",\"params\":[7]}",
                "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"cmd_get\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"cmd_set\",\"params\":[\"speed\"]}",
                "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"cmd_set\",\"params\":[\"speed\",\"quick\"]}",
                "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"cmd_set\",\"params\":[\"nothing\",\"1\"]}",
                "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"cmd_create_filter\",\"params\":[{\"Type\":\"CLIP\"}]}",
                "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"dance\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"cmd_get_image\"}",
                "nonsense"
            })
    void noMessageStopsAnything(String message) {
        WsrtiSession session = open(false, false);
        session.received(message);
        JsonNode reply = socket.texts.getLast();
        assertThat(reply.has("error") || reply.has("result")).isTrue();
        for (int k = 0; k < 20; k++) {
            session.received("{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"cmd_state\"}");
        }
        session.closed();
        session.closed();
        socket.texts.clear();
        assertThat(answer(open(false, false), "cmd_get", "[\"speed\"]").path("result").asText())
                .isNotEmpty();
    }

    @Test
    void whoReadsNoRepliesGetsNoMore() {
        WsrtiSession session = open(false, false);
        socket.texts.clear();
        socket.waiting = 64 << 20;
        session.received("{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"cmd_state\"}");
        assertThat(socket.texts).isEmpty();
        assertThat(socket.closedWith).isEqualTo(1013);
    }

    @Test
    void aPictureThatIsAskedForComesBeforeTheReply() throws InterruptedException {
        WsrtiSession session = open(false, false);
        publish(40, 30);
        for (int k = 0; k < 100; k++) {
            if (answer(session, "cmd_get_image", "[]").has("result")) {
                break;
            }
            Thread.sleep(20);
        }
        assertThat(socket.binaries.getFirst().getShort(0)).isEqualTo((short) 0xd8ff);
        assertThat(socket.texts.getLast().path("result").path("id").asInt()).isEqualTo(1);
    }

    private static ByteBuffer typed(String text, int length) {
        ByteBuffer out = ByteBuffer.allocate(264).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(8).putInt(length).put(text.getBytes(StandardCharsets.ISO_8859_1));
        return out.clear();
    }

    private String printed() {
        ByteBuffer last = socket.binaries.getLast();
        assertThat(last.getInt(0)).isEqualTo(1);
        assertThat(last.remaining()).isEqualTo(8 + last.getInt(4));
        return StandardCharsets.ISO_8859_1.decode(last.duplicate().position(8)).toString();
    }

    @Test
    void wsrtisClientTypesCommandsAndReadsAnswers() throws InterruptedException {
        hub.method(
                "parameters",
                (viewer, _) ->
                        Rpc.object()
                                .put(
                                        "token",
                                        hub.download(viewer, "a", "text/plain", new byte[] {65})));
        WsrtiSession session = open(false, true);
        assertThat(socket.texts).isEmpty();
        session.received(typed("set speed 4", 11));
        assertThat(printed()).isEqualTo("speed = 4.0\n");
        session.received(typed("get color", 100_000)); // the length is not to be trusted
        assertThat(printed()).isEqualTo("red\n");
        session.received(typed("set speed 99", 12));
        assertThat(printed()).contains("0.0 .. 10.0");
        session.received(typed("set speed", 9));
        assertThat(printed()).contains("set NAME VALUE");
        session.received(typed("state", 5));
        assertThat(printed()).contains("\"color\":\"red\"");
        session.received(typed("what", -4));
        assertThat(printed()).contains("drag orbits");
        session.received(words(9, 6, 1000));
        assertThat(printed()).contains("not taken");
        session.received(words(9, 1));
        assertThat(printed()).contains("drag orbits");
        session.received(words(9, 5));
        ByteBuffer file = socket.binaries.getLast();
        assertThat(file.getInt(0)).isEqualTo(3);
        assertThat(file.get(8)).isEqualTo((byte) 65);
        int before = socket.binaries.size();
        publish(80, 40);
        socket.awaitBinaries(before + 1);
        ByteBuffer viewport = socket.binaries.getLast();
        assertThat(viewport.getInt(0)).isEqualTo(2);
        assertThat(viewport.getInt(4)).isEqualTo(80);
        assertThat(viewport.getInt(8)).isEqualTo(40);
    }
}
