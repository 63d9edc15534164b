package org.perseid.streaming;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.perseid.renderer.model.Workers;
import org.perseid.streaming.jpeg.JpegEncoder;

/**
 * Brings a program and its viewers together: answers calls, hands on events, tells changes, sends
 * frames. A viewer's messages come in order and by one thread; those of different viewers come at
 * the same time. Events are handled at once, calls one after the other for each viewer.
 */
public final class Hub implements AutoCloseable {
    /** Name and version of the protocol. */
    public static final String PROTOCOL = "perseid.v1";

    private static final int MAX_NAME = 40;

    private final Program program;
    private final JpegEncoder encoder;
    private final Log log;
    private final LongSupplier nanoClock;
    private final Metrics metrics = new Metrics();
    private final Steering steering;
    private final Downloads downloads = new Downloads();
    private final List<Viewer> viewers = new CopyOnWriteArrayList<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<String, BiFunction<Viewer, Rpc.Request, JsonNode>> methods =
            new ConcurrentHashMap<>();
    private final Keys keys = new Keys();
    private final Board board = new Board();
    private final Workers one = new Workers(1);
    private final ScheduledThreadPoolExecutor sender =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().name("perseid-sender").daemon().factory());
    private Map<String, JsonNode> told = Map.of();
    private volatile BooleanSupplier startsAgain = () -> false;

    /** Where the hub says what viewers did. */
    @FunctionalInterface
    public interface Log {
        /**
         * Something happened.
         *
         * @param event as {@code join} or {@code set}
         * @param fields names and values
         */
        void line(String event, Map<String, Object> fields);
    }

    /**
     * @param encoder closed with the hub
     */
    public Hub(Program program, JpegEncoder encoder, Log log) {
        this(program, encoder, log, System::nanoTime);
    }

    Hub(Program program, JpegEncoder encoder, Log log, LongSupplier nanoClock) {
        this.program = program;
        this.encoder = encoder;
        this.log = log;
        this.nanoClock = nanoClock;
        this.steering = new Steering(nanoClock);
        sender.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        methods.put("hello", this::hello);
        methods.put("set", this::set);
        methods.put("press", this::press);
        methods.put("panel", (_, _) -> describePanel());
        methods.put("steer", this::steer);
        methods.put("view", this::view);
        methods.put("rename", this::rename);
        methods.put("lossless", this::lossless);
        methods.put("link", (viewer, _) -> viewer.describeLink());
    }

    /** A new stream of pictures. */
    public FrameStream stream() {
        return new FrameStream(this);
    }

    /**
     * Adds a method that viewers can call. It runs on a thread of the viewer's own and may take
     * long.
     *
     * @param body gets the caller and the call, returns the result; a {@link CallException} becomes
     *     the error reply
     */
    public Hub method(String name, BiFunction<Viewer, Rpc.Request, JsonNode> body) {
        methods.put(name, body);
        return this;
    }

    public Metrics metrics() {
        return metrics;
    }

    /** Files that viewers may fetch. */
    public Downloads downloads() {
        return downloads;
    }

    /** Name of the program. */
    public String title() {
        return program.title();
    }

    JpegEncoder encoder() {
        return encoder;
    }

    double nowMillis() {
        return nanoClock.getAsLong() * 1e-6;
    }

    // Viewers

    /**
     * A viewer has come.
     *
     * @param watchOnly whether it may do no more than watch
     * @param from where it comes from, for the log
     */
    public Viewer join(Connection connection, boolean watchOnly, String from) {
        Viewer viewer = new Viewer(this, connection, watchOnly, ids.incrementAndGet());
        viewers.add(viewer);
        metrics.viewers(viewers.size());
        log.line("join", Map.of("viewer", viewer.id(), "from", from, "watchOnly", watchOnly));
        return viewer;
    }

    /** A viewer has gone. */
    public void leave(Viewer viewer) {
        if (!viewers.remove(viewer)) {
            return;
        }
        metrics.viewers(viewers.size());
        viewer.watch(null, viewer.hasOwnView());
        program.left(viewer);
        boolean _ = steering.release(viewer);
        keys.left(viewer);
        log.line("leave", Map.of("viewer", viewer.id(), "name", viewer.name()));
        tellPresence();
    }

    /** Everybody who has said hello. */
    public List<Viewer> viewers() {
        return viewers.stream().filter(Viewer::isGreeted).toList();
    }

    /**
     * What names a viewer over lost connections: the same again when it comes back with its resume
     * token.
     */
    public String keyOf(Viewer viewer) {
        return keys.of(viewer);
    }

    /** A text message of a viewer. */
    public void receive(Viewer viewer, String message) {
        JsonNode id = null;
        try {
            JsonNode json = Rpc.parse(message);
            id = Rpc.idOf(json);
            Rpc.Request request = Rpc.request(json);
            switch (request.method()) {
                case "input" -> input(viewer, request);
                case "ack" -> acknowledge(viewer, request);
                case "point" -> point(viewer, request);
                case "pong" -> viewer.ponged(request.number("t"));
                default -> call(viewer, request);
            }
        } catch (CallException e) {
            metrics.call(false);
            viewer.send(Rpc.error(id, e));
        }
    }

    /**
     * Answers one call of somebody who is not connected and sees no pictures, as a script; waits
     * for the result.
     *
     * @param message a JSON-RPC request with an id
     * @param watchOnly whether it may do no more than watch
     * @param from where it comes from, for the log
     * @return the reply
     */
    public String answer(String message, boolean watchOnly, String from) {
        Viewer caller = join(Connection.NONE, watchOnly, from);
        caller.rename("a script");
        JsonNode id = null;
        try {
            JsonNode json = Rpc.parse(message);
            id = Rpc.idOf(json);
            if (id == null) {
                throw new CallException(CallException.INVALID_REQUEST, "a call needs an id");
            }
            Rpc.Request request = Rpc.request(json);
            String reply = reply(caller, request, find(request.method()));
            refresh();
            return reply;
        } catch (CallException e) {
            metrics.call(false);
            return Rpc.error(id, e);
        } finally {
            leave(caller);
        }
    }

    /**
     * Calls a method for a viewer, and waits for its result.
     *
     * @throws CallException when there is no such method, or it fails
     */
    public JsonNode call(Viewer viewer, String method, JsonNode params) {
        JsonNode result = find(method).apply(viewer, new Rpc.Request(null, method, params));
        refresh();
        return result;
    }

    /** What the program offers. */
    public Panel panel() {
        return program.panel();
    }

    private void call(Viewer viewer, Rpc.Request request) {
        BiFunction<Viewer, Rpc.Request, JsonNode> body = find(request.method());
        if (!viewer.isGreeted() && !request.method().equals("hello")) {
            throw new CallException(CallException.INVALID_REQUEST, "say hello first");
        }
        if (!viewer.enqueue(() -> answer(viewer, request, body))) {
            throw new CallException(CallException.BUSY, "too many calls wait; slow down");
        }
    }

    private BiFunction<Viewer, Rpc.Request, JsonNode> find(String method) {
        BiFunction<Viewer, Rpc.Request, JsonNode> body = methods.get(method);
        if (body == null) {
            throw new CallException(CallException.NO_METHOD, "there is no method '" + method + "'");
        }
        return body;
    }

    private void answer(
            Viewer viewer, Rpc.Request request, BiFunction<Viewer, Rpc.Request, JsonNode> body) {
        String reply = reply(viewer, request, body);
        if (!reply.isEmpty()) {
            viewer.send(reply);
        }
        if (request.method().equals("hello")) {
            tellPresence();
        }
        refresh();
    }

    /** The reply to a call; empty where there is no id to reply to. */
    private String reply(
            Viewer viewer, Rpc.Request request, BiFunction<Viewer, Rpc.Request, JsonNode> body) {
        String reply;
        boolean good = false;
        try {
            JsonNode result = body.apply(viewer, request);
            JsonNode id = request.id();
            reply = id == null ? "" : Rpc.result(id, result);
            good = true;
        } catch (CallException e) {
            reply = Rpc.error(request.id(), e);
        } catch (RuntimeException e) {
            log.line(
                    "fault",
                    Map.of(
                            "viewer",
                            viewer.id(),
                            "method",
                            request.method(),
                            "error",
                            e.toString()));
            String message = e.getMessage() == null ? e.toString() : e.getMessage();
            reply = Rpc.error(request.id(), new CallException(CallException.FAILED, message));
        }
        metrics.call(good);
        return reply;
    }

    private JsonNode hello(Viewer viewer, Rpc.Request request) {
        String protocol = request.text("protocol");
        if (!protocol.equals(PROTOCOL)) {
            throw CallException.params(
                    "hello: protocol is '" + protocol + "'; this server speaks " + PROTOCOL);
        }
        boolean resumed = keys.resume(viewer, request.params().path("resume").asText(""));
        String given = request.params().path("name").asText("");
        if (!given.isBlank()) {
            viewer.rename(shortName(given));
        }
        boolean own = request.flag("own") && !viewer.isWatchOnly();
        synchronized (this) {
            if (told.isEmpty()) {
                told = program.panel().values(); // the first one is told them here
            }
        }
        viewer.setTakesTiles(request.flag("tiles"));
        viewer.greet();
        watch(viewer, own);
        ObjectNode out = Rpc.object();
        out.put("protocol", PROTOCOL).put("title", program.title());
        out.put("viewer", viewer.id()).put("name", viewer.name());
        out.put("resume", keyOf(viewer)).put("watchOnly", viewer.isWatchOnly()).put("own", own);
        out.put("resumed", resumed);
        out.set("methods", Rpc.json(new TreeSet<>(methods.keySet())));
        out.set("panel", describePanel());
        out.set("presence", presence());
        board.describe(out);
        return out;
    }

    private static String shortName(String given) {
        String clean = given.strip().replaceAll("\\p{Cntrl}", "");
        return clean.length() <= MAX_NAME ? clean : clean.substring(0, MAX_NAME);
    }

    private void watch(Viewer viewer, boolean own) {
        FrameStream stream = program.streamFor(viewer, own);
        viewer.watch(stream, own);
        program.watches(viewer);
        send(viewer);
    }

    private void send(Viewer viewer) {
        FrameStream stream = viewer.stream();
        if (stream == null) {
            return;
        }
        later(0, () -> viewer.offer(stream, one));
    }

    private void later(long millis, Runnable task) {
        try {
            var _ = sender.schedule(() -> runLogged(task), millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            return; // the hub is closing
        }
    }

    private void runLogged(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            log.line("fault", Map.of("method", "send", "error", e.toString()));
        }
    }

    // What viewers do

    private void input(Viewer viewer, Rpc.Request request) {
        Event event = Event.of(request);
        if (!viewer.isGreeted()) {
            throw new CallException(CallException.INVALID_REQUEST, "say hello first");
        }
        happened(viewer, event);
        double number = request.params().path("seq").asDouble(0);
        viewer.noteEvent((long) Math.clamp(number, 0, 0xffffffffL));
    }

    /**
     * A viewer did something.
     *
     * @throws CallException when it may not
     */
    public void happened(Viewer viewer, Event event) {
        metrics.event();
        if (!(event instanceof Event.Resize) && !viewer.hasOwnView()) {
            requireSteering(viewer);
        }
        program.event(viewer, event);
    }

    private void acknowledge(Viewer viewer, Rpc.Request request) {
        arrived(viewer, (long) request.number("frame"));
    }

    /** A frame has reached a viewer. */
    public void arrived(Viewer viewer, long sequence) {
        viewer.acknowledged(sequence);
        send(viewer);
        double rest = viewer.restMillis();
        if (rest >= 0) {
            later((long) rest, () -> viewer.refine(one));
        }
    }

    private void point(Viewer viewer, Rpc.Request request) {
        ObjectNode params =
                Rpc.object()
                        .put("viewer", viewer.id())
                        .put("name", viewer.name())
                        .put("x", Math.clamp(request.number("x"), 0, 1))
                        .put("y", Math.clamp(request.number("y"), 0, 1));
        for (Viewer other : viewers()) {
            if (other != viewer
                    && other.stream() == viewer.stream()
                    && other.connection().waitingBytes() == 0) {
                other.tell("point", params);
            }
        }
    }

    private JsonNode set(Viewer viewer, Rpc.Request request) {
        JsonNode values = request.params().path("values");
        if (!values.isObject()) {
            throw CallException.params("set: values must be an object of ids and values");
        }
        requireSteering(viewer);
        for (Map.Entry<String, JsonNode> entry : values.properties()) {
            program.panel().find(entry.getKey()).set(entry.getValue());
            log.line(
                    "set",
                    Map.of(
                            "viewer",
                            viewer.id(),
                            "id",
                            entry.getKey(),
                            "value",
                            Rpc.found(entry.getValue())));
        }
        return Rpc.object();
    }

    private JsonNode press(Viewer viewer, Rpc.Request request) {
        requireSteering(viewer);
        String id = request.text("id");
        program.panel().find(id).set(request.params().path("value"));
        log.line("press", Map.of("viewer", viewer.id(), "id", id));
        return Rpc.object();
    }

    /**
     * A viewer gives a file for an element.
     *
     * @param key of the viewer
     * @throws CallException when it may not, or there is no such element
     */
    public void upload(String key, String id, Element.Upload file) {
        Viewer viewer = keys.find(key);
        if (viewer == null) {
            throw CallException.params("upload: no such viewer");
        }
        requireSteering(viewer);
        Element element = program.panel().find(id);
        var action = element.action();
        if (element.kind() != Element.Kind.UPLOAD || action == null) {
            throw CallException.params("'" + id + "' takes no files");
        }
        action.accept(file);
        log.line("upload", Map.of("viewer", viewer.id(), "id", id, "bytes", file.content().length));
        refresh();
    }

    /**
     * Lets a viewer change what all share.
     *
     * @throws CallException when somebody else steers, or the viewer may only watch
     */
    public void requireSteering(Viewer viewer) {
        if (steering.act(viewer)) {
            log.line("steer", Map.of("viewer", viewer.id(), "name", viewer.name()));
            tellPresence();
        }
    }

    /**
     * Whether a viewer's window decides the size of what all share: the driver's, or the only one.
     */
    public boolean maySize(Viewer viewer) {
        Viewer driver = steering.driver();
        FrameStream stream = viewer.stream();
        return driver == null
                ? stream != null && stream.watchers().getFirst() == viewer
                : driver == viewer;
    }

    private JsonNode steer(Viewer viewer, Rpc.Request request) {
        String action = request.text("action");
        switch (action) {
            case "ask" -> {
                Viewer driver = steering.ask(viewer);
                if (driver != null) {
                    driver.tell(
                            "asked",
                            Rpc.object().put("viewer", viewer.id()).put("name", viewer.name()));
                }
            }
            case "give", "refuse" -> {
                Viewer asked = steering.answer(viewer, action.equals("give"));
                if (asked != null && action.equals("refuse")) {
                    asked.tell("refused", Rpc.object().put("name", viewer.name()));
                }
            }
            case "release" -> {
                boolean _ = steering.release(viewer);
            }
            default ->
                    throw CallException.params(
                            "steer: action must be ask, give, refuse or release");
        }
        tellPresence();
        return Rpc.object().put("driver", driverId());
    }

    private JsonNode view(Viewer viewer, Rpc.Request request) {
        boolean own = request.flag("own");
        if (own && viewer.isWatchOnly()) {
            throw new CallException(CallException.NOT_ALLOWED, "this link is for watching only");
        }
        watch(viewer, own);
        tellPresence();
        return Rpc.object().put("own", own);
    }

    private JsonNode lossless(Viewer viewer, Rpc.Request request) {
        viewer.setLossless(request.flag("on"));
        send(viewer);
        return Rpc.object();
    }

    private JsonNode rename(Viewer viewer, Rpc.Request request) {
        String name = shortName(request.text("name"));
        if (name.isEmpty()) {
            throw CallException.params("rename: the name is empty");
        }
        viewer.rename(name);
        tellPresence();
        return Rpc.object().put("name", name);
    }

    // What viewers are told

    /** Who steers what all share; null for nobody. */
    public @Nullable Viewer driver() {
        return steering.driver();
    }

    private int driverId() {
        Viewer driver = steering.driver();
        return driver == null ? 0 : driver.id();
    }

    private ObjectNode presence() {
        ObjectNode out = Rpc.object().put("driver", driverId());
        ArrayNode list = out.putArray("viewers");
        for (Viewer viewer : viewers()) {
            list.addObject()
                    .put("id", viewer.id())
                    .put("name", viewer.name())
                    .put("own", viewer.hasOwnView())
                    .put("watchOnly", viewer.isWatchOnly());
        }
        return out;
    }

    private void tellPresence() {
        tell("presence", presence());
    }

    private JsonNode describePanel() {
        return program.panel().describe();
    }

    /** Tells everybody something. */
    public void tell(String method, JsonNode params) {
        for (Viewer viewer : viewers()) {
            viewer.tell(method, params);
        }
    }

    /** Tells everybody that the panel is another one. */
    public void panelChanged() {
        tell("panel", describePanel());
    }

    /** Tells everybody the values that are not what they were when this was called last. */
    public synchronized void refresh() {
        Map<String, JsonNode> now = program.panel().values();
        Map<String, JsonNode> changed = new LinkedHashMap<>();
        now.forEach((id, value) -> {
            if (!value.equals(told.get(id))) {
                changed.put(id, value);
            }
        });
        told = now;
        if (!changed.isEmpty()) {
            viewers().forEach(v -> v.changed(changed)); // in the order of the changes
        }
    }

    /** Shows everybody a line of text, also those who come later. */
    public void log(String line) {
        board.addLine(line);
        tell("log", Rpc.object().put("line", line));
    }

    /** Adds a point to the curve of a plot. */
    public void plot(String id, double x, double y) {
        board.addPoint(id, x, y);
        tell("plot", Rpc.object().put("id", id).put("x", x).put("y", y));
    }

    /**
     * Gives a viewer a file, which its browser saves.
     *
     * @return what names it among the {@link #downloads}
     */
    public String download(Viewer viewer, String name, String mediaType, byte[] content) {
        String token = downloads.add(new Downloads.Download(name, mediaType, content));
        viewer.tell("download", Rpc.object().put("name", name).put("token", token));
        log.line("download", Map.of("viewer", viewer.id(), "name", name, "bytes", content.length));
        return token;
    }

    /** Says whether the program is started again once it has ended. */
    public void startsAgain(BooleanSupplier again) {
        startsAgain = again;
    }

    /** Tells everybody that the program ends. */
    public void tellClosing() {
        tell("closing", Rpc.object().put("startsAgain", startsAgain.getAsBoolean()));
    }

    /** Tells everybody that the program ends, and ends the connections. */
    @Override
    public void close() {
        if (sender.isShutdown()) {
            return;
        }
        tellClosing();
        for (Viewer viewer : viewers) {
            viewer.connection().close(1001, "the server stops");
        }
        sender.close();
        one.close();
        encoder.close();
    }
}
