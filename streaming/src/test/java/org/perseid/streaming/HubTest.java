package org.perseid.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.Picture;
import org.perseid.renderer.model.Vec3;
import org.perseid.renderer.model.Workers;
import org.perseid.streaming.FrameHeader.Stage;
import org.perseid.streaming.jpeg.JpegEncoder;

class HubTest {
    private final TestProgram program = new TestProgram();
    private final AtomicLong clock = new AtomicLong(1_000_000_000L);
    private final List<String> logged = new CopyOnWriteArrayList<>();
    private final Hub hub =
            new Hub(
                    program,
                    JpegEncoder.best(_ -> {}),
                    (event, fields) -> logged.add(event + fields),
                    clock::get);
    private final FrameStream shared = hub.stream();
    private final Workers workers = new Workers(2);
    private int nextId = 100;

    /** A program with a value of each kind. */
    private final class TestProgram implements Program {
        double speed = 1;
        boolean on;
        String name = "a";
        String color = "red";
        int pressed;
        String received = "";
        final List<Event> events = new CopyOnWriteArrayList<>();
        final List<Viewer> gone = new ArrayList<>();
        final Panel panel =
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
                                        .help("How quick.")
                                        .check("on", "On", () -> on, v -> on = v)
                                        .text("name", "Name", () -> name, v -> name = v)
                                        .choice(
                                                "color",
                                                "Colour",
                                                () -> List.of("red", "blue"),
                                                () -> color,
                                                v -> color = v)
                                        .button("go", "Go", () -> pressed++),
                                new Group("More", false)
                                        .display("state", "State", () -> "fine")
                                        .plot("energy", "Energy")
                                        .upload(
                                                "file",
                                                "File",
                                                u -> received = u.name() + u.content().length)));

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
            return own ? hub.stream() : shared;
        }

        @Override
        public void event(Viewer viewer, Event event) {
            events.add(event);
        }

        @Override
        public void left(Viewer viewer) {
            gone.add(viewer);
        }
    }

    /** A viewer with its connection. */
    private record Guest(TestConnection connection, Viewer viewer) {}

    private Guest join(boolean watchOnly) {
        TestConnection connection = new TestConnection();
        return new Guest(connection, hub.join(connection, watchOnly, "test"));
    }

    private Guest guest() throws InterruptedException {
        Guest guest = join(false);
        JsonNode _ = call(guest, "hello", "{\"protocol\":\"perseid.v1\"}");
        return guest;
    }

    private JsonNode call(Guest guest, String method, String params) throws InterruptedException {
        nextId++;
        hub.receive(
                guest.viewer,
                "{\"jsonrpc\":\"2.0\",\"id\":"
                        + nextId
                        + ",\"method\":\""
                        + method
                        + "\",\"params\":"
                        + params
                        + "}");
        return guest.connection.reply(nextId);
    }

    private void publish(int width, Stage stage) {
        Picture picture = new Picture(width, 20, new byte[3 * width * 20]);
        shared.publish(new FrameStream.Frame(picture, stage, 5, new double[10], Map.of()), workers);
    }

    private static long sequenceOf(byte[] frame) {
        return ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN).getInt(4);
    }

    @AfterEach
    void close() {
        hub.close();
        workers.close();
    }

    @Test
    void helloTellsAllThatThereIs() throws InterruptedException {
        hub.log("a line");
        hub.plot("energy", 1, 2.5);
        Guest guest = join(false);
        JsonNode hello =
                call(guest, "hello", "{\"protocol\":\"perseid.v1\",\"name\":\" Ann \"}")
                        .path("result");
        assertThat(hello.path("protocol").asText()).isEqualTo("perseid.v1");
        assertThat(hello.path("title").asText()).isEqualTo("test");
        assertThat(hello.path("name").asText()).isEqualTo("Ann");
        assertThat(hello.path("log").get(0).asText()).isEqualTo("a line");
        assertThat(hello.path("plots").path("energy").get(0).get(1).asDouble()).isEqualTo(2.5);
        JsonNode slider = hello.path("panel").path("groups").get(0).path("elements").get(0);
        assertThat(slider.toString())
                .isEqualTo(
                        "{\"id\":\"speed\",\"kind\":\"slider\",\"label\":\"Speed\",\"help\":\"How quick.\",\"min\":0.0,\"max\":10.0,\"value\":1.0}");
        assertThat(hello.path("presence").path("viewers").get(0).path("name").asText())
                .isEqualTo("Ann");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "nonsense; -32700; no JSON",
                "''; -32700; empty",
                "[]; -32600; expected one JSON-RPC",
                "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[; -32700; no JSON",
                "5; -32600; expected one",
                "{}; -32600; expected one",
                "{\"jsonrpc\":\"1.0\",\"method\":\"hello\"}; -32600; expected one",
                "{\"jsonrpc\":\"2.0\",\"method\":7}; -32600; expected one",
                "{\"jsonrpc\":\"2.0\",\"method\":\"hello\",\"params\":7}; -32602; params must be",
                "{\"jsonrpc\":\"2.0\",\"method\":\"dance\"}; -32601; no method 'dance'",
                "{\"jsonrpc\":\"2.0\",\"method\":\"set\"}; -32600; say hello first",
                "{\"jsonrpc\":\"2.0\",\"method\":\"ack\",\"params\":{\"frame\":\"x\"}}; -32602; must be a number",
                "{\"jsonrpc\":\"2.0\",\"method\":\"input\",\"params\":{\"type\":\"key\",\"key\":\"w\",\"down\":true,\"mods\":0}}; -32600; say hello"
            })
    void badMessagesGetAnErrorAndHarmNobody(String message, int code, String reason)
            throws InterruptedException {
        Guest bad = join(false);
        hub.receive(bad.viewer, message);
        JsonNode error = bad.connection.texts().getLast().path("error");
        assertThat(error.path("code").asInt()).isEqualTo(code);
        assertThat(error.path("message").asText()).contains(reason);
        Guest good = guest();
        assertThat(call(good, "panel", "{}").has("result")).isTrue();
    }

    @Test
    void anotherProtocolIsRefused() throws InterruptedException {
        JsonNode reply = call(join(false), "hello", "{\"protocol\":\"perseid.v9\"}");
        assertThat(reply.path("error").path("message").asText()).contains("perseid.v1");
    }

    @Test
    void valuesAreSetAndEverybodyHearsOfIt() throws InterruptedException {
        Guest ann = guest();
        Guest bob = guest();
        JsonNode reply =
                call(
                        ann,
                        "set",
                        "{\"values\":{\"speed\":2.5,\"on\":true,\"name\":\"x\",\"color\":\"blue\"}}");
        assertThat(reply.has("result")).isTrue();
        assertThat(program.speed).isEqualTo(2.5);
        assertThat(program.on).isTrue();
        assertThat(program.name).isEqualTo("x");
        assertThat(program.color).isEqualTo("blue");
        // whoever looks for changes meanwhile, as after a hello, tells a part of them
        assertThat(
                        bob.connection.awaitTold(
                                "changed", change -> change.path("speed").asDouble() == 2.5))
                .isTrue();
        JsonNode _ = call(ann, "press", "{\"id\":\"go\"}");
        assertThat(program.pressed).isEqualTo(1);
        assertThat(logged).anyMatch(line -> line.startsWith("set{"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "speed; 11; a number in 0.0 .. 10.0",
                "speed; \"5\"; a number",
                "on; 1; true or false",
                "name; 5; text",
                "color; \"green\"; one of red, blue",
                "state; \"x\"; cannot be set",
                "file; \"x\"; cannot be set",
                "nothing; 1; no 'nothing'"
            })
    void wrongValuesAreRefusedWithWhatIsExpected(String id, String value, String reason)
            throws InterruptedException {
        JsonNode reply = call(guest(), "set", "{\"values\":{\"" + id + "\":" + value + "}}");
        assertThat(reply.path("error").path("message").asText()).contains(reason);
        assertThat(program.speed).isEqualTo(1);
    }

    @Test
    void aProgramThatFailsAnswersWithItsReason() throws InterruptedException {
        hub.method(
                "break",
                (_, _) -> {
                    throw new IllegalStateException("it broke");
                });
        JsonNode reply = call(guest(), "break", "{}");
        assertThat(reply.path("error").path("code").asInt()).isEqualTo(CallException.FAILED);
        assertThat(reply.path("error").path("message").asText()).isEqualTo("it broke");
    }

    @Test
    void tooManyWaitingCallsAreRefusedToTheirSenderOnly() throws InterruptedException {
        CountDownLatch hold = new CountDownLatch(1);
        hub.method(
                "wait",
                (_, _) -> {
                    try {
                        hold.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return Rpc.object();
                });
        Guest flood = guest();
        for (int k = 0; k < 70; k++) {
            hub.receive(flood.viewer, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"wait\"}");
        }
        assertThat(flood.connection.reply(1).path("error").path("code").asInt())
                .isEqualTo(CallException.BUSY);
        assertThat(call(guest(), "panel", "{}").has("result")).isTrue();
        hold.countDown();
    }

    @Test
    void onlyTheNewestFrameIsSentToWhoHasRoomAgain() throws InterruptedException {
        Guest guest = guest();
        for (int k = 0; k < 5; k++) {
            publish(40, Stage.MOVING);
        }
        assertThat(guest.connection.awaitFrames(2)).hasSize(2);
        acknowledge(guest, 1, 0);
        List<byte[]> frames = guest.connection.awaitFrames(3);
        assertThat(frames).hasSize(3);
        assertThat(sequenceOf(frames.get(2))).isEqualTo(5);
        assertThat(hub.metrics().text())
                .contains("perseid_frames_sent_total 3", "perseid_render_seconds_total 0.025");
    }

    /** Noise, and a square at a place in it. */
    private static Picture noiseWithSquare(int at) {
        byte[] rgb = new byte[3 * 640 * 360];
        new java.util.Random(1).nextBytes(rgb);
        for (int y = 100; y < 120; y++) {
            java.util.Arrays.fill(rgb, 3 * (y * 640 + at), 3 * (y * 640 + at + 20), (byte) 200);
        }
        return new Picture(640, 360, rgb);
    }

    private void publishSquare(int at) {
        shared.publish(
                new FrameStream.Frame(
                        noiseWithSquare(at), Stage.MOVING, 5, new double[10], Map.of()),
                workers);
    }

    @Test
    void whereLittleChangesOnlyTheTilesAreSentToWhoTakesThem() throws InterruptedException {
        Guest plain = guest();
        Guest tiled = join(false);
        JsonNode _ = call(tiled, "hello", "{\"protocol\":\"perseid.v1\",\"tiles\":true}");
        for (int k = 0; k < 3; k++) {
            publishSquare(100 + 8 * k);
            hub.arrived(plain.viewer, k + 1);
            hub.arrived(tiled.viewer, k + 1);
        }
        List<byte[]> whole = plain.connection.awaitFrames(3);
        List<byte[]> parts = tiled.connection.awaitFrames(3);
        assertThat(whole).allMatch(frame -> frame[12] == 1);
        assertThat(parts.stream().map(frame -> (int) frame[12])).containsExactly(1, 3, 3);
        assertThat(parts.get(1).length).isLessThan(whole.get(1).length / 10);
        // who has not got the frame before gets a whole one
        publishSquare(200);
        publishSquare(208);
        publishSquare(216); // the line is full
        publishSquare(224);
        hub.arrived(tiled.viewer, 5);
        byte[] last = tiled.connection.awaitFrames(6).getLast();
        assertThat(sequenceOf(last)).isEqualTo(7);
        assertThat(last[12]).isEqualTo((byte) 1);
    }

    @Test
    void aViewThatAllShareFollowsItsDriver() throws InterruptedException {
        Camera home =
                Camera.perspective(new Vec3(0, -4, 0), new Vec3(0, 0, 0), new Vec3(0, 0, 1), 45);
        try (OneView view = new OneView("one", program.panel, home, 800, 600, _ -> {})) {
            TestConnection connection = new TestConnection();
            Viewer viewer = view.hub().join(connection, false, "test");
            assertThat(view.isWatched()).isFalse();
            view.hub()
                    .receive(
                            viewer,
                            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hello\",\"params\":{\"protocol\":\"perseid.v1\",\"own\":true}}");
            assertThat(connection.reply(1).path("result").path("title").asText()).isEqualTo("one");
            assertThat(view.isWatched()).isTrue();
            view.hub()
                    .receive(
                            viewer,
                            "{\"jsonrpc\":\"2.0\",\"method\":\"input\",\"params\":{\"seq\":4,\"type\":\"resize\",\"width\":5000,\"height\":3}}");
            view.hub()
                    .receive(
                            viewer,
                            "{\"jsonrpc\":\"2.0\",\"method\":\"input\",\"params\":{\"seq\":5,\"type\":\"wheel\",\"x\":0.5,\"y\":0.5,\"steps\":2,\"mods\":0}}");
            OneView.Look look = view.look();
            assertThat(look.width()).isEqualTo(800);
            assertThat(look.height()).isEqualTo(64);
            assertThat(look.camera().eye().y()).isBetween(-3.9, -1.0);
            view.show(look, new Picture(8, 8, new byte[192]), workers);
            ByteBuffer frame =
                    ByteBuffer.wrap(connection.awaitFrames(1).getFirst())
                            .order(ByteOrder.LITTLE_ENDIAN);
            assertThat(frame.getInt(8)).isEqualTo(5);
            assertThat(frame.getDouble(48)).isEqualTo(look.camera().eye().y());
        }
    }

    @Test
    void whoComesLateGetsThePictureAtOnce() throws InterruptedException {
        publish(40, Stage.FINAL);
        Guest guest = guest();
        byte[] frame = guest.connection.awaitFrames(1).getFirst();
        assertThat(frame[0]).isEqualTo((byte) 1);
        assertThat(frame[13]).isEqualTo((byte) 2);
        assertThat(frame[FrameHeader.BYTES] & 0xff).isEqualTo(0xff); // a JPEG begins
    }

    @Test
    void whoAsksGetsTheFinalPictureWithoutLoss() throws Exception {
        Guest guest = guest();
        byte[] rgb = new byte[3 * 40 * 20];
        new java.util.Random(1).nextBytes(rgb);
        shared.publish(
                new FrameStream.Frame(
                        new Picture(40, 20, rgb), Stage.FINAL, 5, new double[10], Map.of()),
                workers);
        assertThat(guest.connection.awaitFrames(1).getFirst()[12]).isEqualTo((byte) 1);
        JsonNode _ = call(guest, "lossless", "{\"on\":true}");
        byte[] frame = guest.connection.awaitFrames(2).get(1);
        assertThat(frame[12]).isEqualTo((byte) 2);
        var read =
                javax.imageio.ImageIO.read(
                        new java.io.ByteArrayInputStream(
                                frame, FrameHeader.BYTES, frame.length - FrameHeader.BYTES));
        for (int p = 0; p < 40 * 20; p++) {
            int argb = read.getRGB(p % 40, p / 40);
            assertThat(argb >> 16 & 0xff).isEqualTo(rgb[3 * p] & 0xff);
            assertThat(argb & 0xff).isEqualTo(rgb[3 * p + 2] & 0xff);
        }
    }

    @Test
    void aPictureAtRestIsSentAgainUntilItIsAsFineAsAJpegGets() throws InterruptedException {
        Guest guest = guest();
        publish(40, Stage.MOVING);
        acknowledge(guest, 1, 100);
        for (int sequence = 2; sequence < 5; sequence++) { // every transfer makes frames coarser
            publish(40, Stage.MOVING);
            acknowledge(guest, sequence, 400);
        }
        publish(40, Stage.FINAL);
        assertThat(qualityOf(guest.connection.awaitFrames(5).getLast())).isEqualTo(65);
        acknowledge(guest, 5, 100);
        assertThat(qualityOf(guest.connection.awaitFrames(6).getLast())).isEqualTo(85);
        acknowledge(guest, 5, 100);
        byte[] last = guest.connection.awaitFrames(7).getLast();
        assertThat(qualityOf(last)).isEqualTo(92);
        assertThat(sequenceOf(last)).isEqualTo(5);
        acknowledge(guest, 5, 100);
        publish(40, Stage.MOVING);
        assertThat(sequenceOf(guest.connection.awaitFrames(8).getLast())).isEqualTo(6);
        assertThat(qualityOf(guest.connection.awaitFrames(8).getLast())).isEqualTo(50);
    }

    @Test
    void aPictureThatAnotherFollowsIsNotSentAgain() throws InterruptedException {
        Guest guest = guest();
        for (int sequence = 1; sequence < 5; sequence++) {
            publish(40, Stage.MOVING);
            acknowledge(guest, sequence, sequence == 1 ? 100 : 400);
        }
        publish(40, Stage.FINAL);
        acknowledge(guest, 5, 400); // would be sent again in twice that time
        publish(40, Stage.MOVING);
        Thread.sleep(1000);
        assertThat(guest.connection.awaitFrames(6))
                .extracting(HubTest::sequenceOf)
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    }

    private void acknowledge(Guest guest, long sequence, long tookMillis) {
        clock.addAndGet(tookMillis * 1_000_000);
        hub.receive(
                guest.viewer,
                "{\"jsonrpc\":\"2.0\",\"method\":\"ack\",\"params\":{\"frame\":" + sequence + "}}");
    }

    private static int qualityOf(byte[] frame) {
        return frame[14];
    }

    @Test
    void aSlowViewerCostsNothingAndGetsChangesLater() throws InterruptedException {
        Guest slow = guest();
        Guest other = guest();
        slow.connection.waiting = 1 << 20;
        JsonNode _ = call(other, "set", "{\"values\":{\"speed\":3}}");
        JsonNode _ = call(other, "set", "{\"values\":{\"speed\":4}}");
        JsonNode _ = call(other, "panel", "{}"); // changes are told after a reply, before the next
        assertThat(slow.connection.told("changed")).isEmpty();
        slow.connection.waiting = 0;
        acknowledge(slow, 1, 0);
        List<JsonNode> changes = slow.connection.awaitTold("changed", 1);
        assertThat(changes).hasSize(1);
        assertThat(changes.getFirst().path("speed").asDouble()).isEqualTo(4);
        slow.connection.waiting = 64 << 20;
        hub.log("more");
        assertThat(slow.connection.closedWith).isEqualTo(1013);
    }

    @Test
    void oneSteersAtATimeAndControlIsAskedForGivenAndRefused() throws InterruptedException {
        Guest ann = guest();
        Guest bob = guest();
        JsonNode _ = call(ann, "set", "{\"values\":{\"speed\":3}}");
        JsonNode refused = call(bob, "set", "{\"values\":{\"speed\":4}}");
        assertThat(refused.path("error").path("code").asInt()).isEqualTo(CallException.NOT_ALLOWED);
        JsonNode _ = call(bob, "steer", "{\"action\":\"ask\"}");
        assertThat(ann.connection.awaitTold("asked", 1)).hasSize(1);
        JsonNode _ = call(ann, "steer", "{\"action\":\"refuse\"}");
        assertThat(bob.connection.awaitTold("refused", 1)).hasSize(1);
        JsonNode _ = call(bob, "steer", "{\"action\":\"ask\"}");
        JsonNode given = call(ann, "steer", "{\"action\":\"give\"}");
        assertThat(given.path("result").path("driver").asInt()).isEqualTo(bob.viewer.id());
        assertThat(call(bob, "set", "{\"values\":{\"speed\":4}}").has("result")).isTrue();
        assertThat(call(ann, "steer", "{\"action\":\"give\"}").has("error")).isTrue();
        JsonNode _ = call(bob, "steer", "{\"action\":\"release\"}");
        assertThat(call(ann, "set", "{\"values\":{\"speed\":5}}").has("result")).isTrue();
        assertThat(call(ann, "steer", "{\"action\":\"fly\"}").has("error")).isTrue();
    }

    @Test
    void whoDoesNothingForAWhileNoLongerSteersAlone() throws InterruptedException {
        Guest ann = guest();
        Guest bob = guest();
        JsonNode _ = call(ann, "set", "{\"values\":{\"speed\":3}}");
        clock.addAndGet(6_000_000_000L);
        assertThat(call(bob, "set", "{\"values\":{\"speed\":4}}").has("result")).isTrue();
        assertThat(hub.maySize(bob.viewer)).isTrue();
        assertThat(hub.maySize(ann.viewer)).isFalse();
    }

    @Test
    void watchersChangeNothing() throws InterruptedException {
        Guest watcher = join(true);
        JsonNode _ = call(watcher, "hello", "{\"protocol\":\"perseid.v1\",\"own\":true}");
        assertThat(watcher.viewer.hasOwnView()).isFalse();
        for (String[] wanted :
                new String[][] {
                    {"set", "{\"values\":{\"speed\":4}}"},
                    {"press", "{\"id\":\"go\"}"},
                    {"view", "{\"own\":true}"},
                    {"steer", "{\"action\":\"ask\"}"}
                }) {
            assertThat(call(watcher, wanted[0], wanted[1]).path("error").path("code").asInt())
                    .isEqualTo(CallException.NOT_ALLOWED);
        }
        hub.receive(
                watcher.viewer,
                "{\"jsonrpc\":\"2.0\",\"method\":\"input\",\"params\":{\"type\":\"key\",\"key\":\"w\",\"down\":true,\"mods\":0}}");
        assertThat(program.events).isEmpty();
    }

    @Test
    void anOwnViewIsSteeredByItsViewerAlone() throws InterruptedException {
        Guest ann = guest();
        Guest bob = guest();
        JsonNode _ = call(ann, "set", "{\"values\":{\"speed\":3}}");
        assertThat(call(bob, "view", "{\"own\":true}").path("result").path("own").asBoolean())
                .isTrue();
        hub.receive(
                bob.viewer,
                "{\"jsonrpc\":\"2.0\",\"method\":\"input\",\"params\":{\"type\":\"key\",\"key\":\"w\",\"down\":true,\"mods\":0,\"seq\":17}}");
        assertThat(program.events).hasSize(1);
        assertThat(bob.viewer.lastEvent()).isEqualTo(17);
        assertThat(shared.watchers()).containsExactly(ann.viewer);
    }

    @Test
    void whoComesBackIsTheSameAgain() throws InterruptedException {
        Guest first = join(false);
        JsonNode hello =
                call(first, "hello", "{\"protocol\":\"perseid.v1\",\"name\":\"Ann\"}")
                        .path("result");
        String token = hello.path("resume").asText();
        hub.leave(first.viewer);
        hub.leave(first.viewer);
        assertThat(program.gone).hasSize(1);
        Guest again = join(false);
        JsonNode back =
                call(again, "hello", "{\"protocol\":\"perseid.v1\",\"resume\":\"" + token + "\"}")
                        .path("result");
        assertThat(back.path("name").asText()).isEqualTo("Ann");
        assertThat(back.path("resumed").asBoolean()).isTrue();
        assertThat(hub.keyOf(again.viewer)).isEqualTo(token);
        Guest stranger = join(false);
        JsonNode other =
                call(
                                stranger,
                                "hello",
                                "{\"protocol\":\"perseid.v1\",\"resume\":\"" + token + "\"}")
                        .path("result");
        assertThat(other.path("resumed").asBoolean()).isFalse();
        assertThat(other.path("resume").asText()).isNotEqualTo(token);
    }

    @Test
    void namesAndPointersAreShown() throws InterruptedException {
        Guest ann = guest();
        Guest bob = guest();
        JsonNode _ = call(ann, "rename", "{\"name\":\"Ann\"}");
        assertThat(call(ann, "rename", "{\"name\":\"  \"}").has("error")).isTrue();
        hub.receive(
                ann.viewer,
                "{\"jsonrpc\":\"2.0\",\"method\":\"point\",\"params\":{\"x\":0.5,\"y\":7}}");
        JsonNode point = bob.connection.awaitTold("point", 1).getFirst();
        assertThat(point.path("name").asText()).isEqualTo("Ann");
        assertThat(point.path("y").asDouble()).isEqualTo(1);
        assertThat(ann.connection.told("point")).isEmpty();
        assertThat(call(ann, "link", "{}").path("result").path("window").asInt()).isEqualTo(2);
    }

    @Test
    void filesGoBothWays() throws InterruptedException {
        Guest ann = guest();
        String _ = hub.download(ann.viewer, "a.txt", "text/plain", new byte[] {1, 2});
        String token = ann.connection.awaitTold("download", 1).getFirst().path("token").asText();
        Downloads.Download file = Objects.requireNonNull(hub.downloads().take(token));
        assertThat(file.name()).isEqualTo("a.txt");
        assertThat(hub.downloads().take(token)).isNull();
        Element.Upload upload = new Element.Upload("b.txt", new byte[5]);
        hub.upload(hub.keyOf(ann.viewer), "file", upload);
        assertThat(program.received).isEqualTo("b.txt5");
        assertThatThrownBy(() -> hub.upload("nobody", "file", upload))
                .isInstanceOf(CallException.class);
        assertThatThrownBy(() -> hub.upload(hub.keyOf(ann.viewer), "speed", upload))
                .hasMessageContaining("takes no files");
    }

    @Test
    void everybodyIsToldWhenItEnds() throws InterruptedException {
        Guest ann = guest();
        hub.panelChanged();
        assertThat(ann.connection.awaitTold("panel", 1)).hasSize(1);
        hub.close();
        assertThat(ann.connection.told("closing")).hasSize(1);
        assertThat(ann.connection.closedWith).isEqualTo(1001);
    }

    @Test
    void idsAreUniqueInAPanel() {
        Group one = new Group("a", true).display("x", "X", () -> "");
        Group two = new Group("b", true).display("x", "X", () -> "");
        assertThatThrownBy(() -> new Panel(List.of(one, two)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'x'");
    }
}
