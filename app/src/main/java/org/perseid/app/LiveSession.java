package org.perseid.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.perseid.io.InputException;
import org.perseid.io.image.Pictures;
import org.perseid.io.palette.Palettes;
import org.perseid.io.par.ParameterTable;
import org.perseid.io.par.RenderJob;
import org.perseid.renderer.frame.FrameRenderer;
import org.perseid.renderer.frame.Layer;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.ColorMap;
import org.perseid.renderer.model.FieldRange;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Percentiles;
import org.perseid.renderer.model.Picture;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.RenderException;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.ScalarMapping;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Transform;
import org.perseid.renderer.model.TypeStyle;
import org.perseid.renderer.model.Vec3;
import org.perseid.renderer.model.Workers;
import org.perseid.streaming.CallException;
import org.perseid.streaming.Event;
import org.perseid.streaming.FrameStream;
import org.perseid.streaming.Hub;
import org.perseid.streaming.Panel;
import org.perseid.streaming.Program;
import org.perseid.streaming.Rpc;
import org.perseid.streaming.Viewer;

/**
 * A parameter file on the web. One thread draws: it takes turns among the views that somebody
 * watches, one step at a time, and waits while there is nothing to do. Another reads data. Events
 * change cameras at once, by the thread that brings them.
 */
final class LiveSession implements Program, LiveLoader.Receiver, AutoCloseable {
    private static final int FIRST_WIDTH = 1280;
    private static final int FIRST_HEIGHT = 720;
    private static final int MAX_OWN_VIEWS = 64;
    private static final int MAX_PICTURE = 16_384;

    private final String title;
    private final LiveScene scene;
    private final LivePainters painters;
    private final int threads;
    private final Workers workers;
    private final CompletableFuture<Boolean> firstData = new CompletableFuture<>();
    private final Map<String, LiveView> ownViews = new LinkedHashMap<>();
    private final Map<Viewer, LiveInput> inputs = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

    /** Counts whatever may have given the drawing thread something to do. */
    private long wakes;

    private final Thread drawing = Thread.ofPlatform().name("perseid-live").unstarted(this::draw);

    // Set once by start().
    private @Nullable Hub hub;
    private @Nullable LiveLoader loader;
    private @Nullable LiveView shared;
    private Reporter reporter = Reporter.SILENT;

    // Of the drawing thread; volatile where the panel looks at it.
    private volatile @Nullable FrameData data;
    private volatile Panel panel;
    private List<ParticleSet> moved = List.of();
    private @Nullable Object movedTo;

    /** The newest state that the data is right for. */
    private LiveScene.@Nullable State served;

    private int turn;
    private volatile boolean closed;
    private volatile int rangeWanted = -1;

    /**
     * @param painters closed with the session
     */
    LiveSession(String title, ParameterTable table, LivePainters painters, int threads) {
        this.title = title;
        this.scene = new LiveScene(table);
        this.painters = painters;
        this.threads = threads;
        this.workers = painters.workers();
        this.panel = new Panel(List.of());
    }

    /** Begins to read and to draw. */
    void start(Hub of, Reporter console) {
        hub = of;
        reporter = new LiveReporter(of, console);
        shared = new LiveView(of.stream(), scene.camera(), FIRST_WIDTH, FIRST_HEIGHT);
        loader = new LiveLoader(threads, reporter, this);
        panel = LivePanel.of(this, null);
        of.method("colormaps", (_, _) -> colorMaps());
        of.method("parameters", (viewer, _) -> saveParameters(viewer));
        of.method("picture", this::savePicture);
        of.method("camera", this::setCamera);
        of.method("histogram", (_, request) -> histogram(request));
        of.method("cmd_replace_colourmap", this::replaceColourMap);
        of.method("cmd_reload_field", this::reloadField);
        drawing.start();
    }

    /**
     * Waits until there is something to see.
     *
     * @throws InputException when the data cannot be read
     */
    void awaitData() {
        try {
            boolean _ = firstData.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private Hub hub() {
        return started(hub);
    }

    LiveView shared() {
        return started(shared);
    }

    private static <T> T started(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("start() comes first");
        }
        return part;
    }

    LiveScene scene() {
        return scene;
    }

    // What viewers see and do

    @Override
    public String title() {
        return title;
    }

    @Override
    public Panel panel() {
        return panel;
    }

    @Override
    public FrameStream streamFor(Viewer viewer, boolean own) {
        LiveView view = shared();
        if (own) {
            synchronized (ownViews) {
                LiveView mine =
                        ownViews.computeIfAbsent(
                                hub().keyOf(viewer),
                                _ ->
                                        new LiveView(
                                                hub().stream(),
                                                shared().camera(),
                                                shared().width(),
                                                shared().height()));
                if (ownViews.size() > MAX_OWN_VIEWS) {
                    ownViews.values().removeIf(v -> v != mine && !v.stream().isWatched());
                }
                view = mine;
            }
        }
        wake();
        return view.stream();
    }

    private LiveView viewOf(Viewer viewer) {
        FrameStream watched = viewer.stream();
        synchronized (ownViews) {
            for (LiveView own : ownViews.values()) {
                if (own.stream() == watched) {
                    return own;
                }
            }
        }
        return shared();
    }

    @Override
    public void event(Viewer viewer, Event event) {
        LiveView view = viewOf(viewer);
        if (event instanceof Event.Resize(int width, int height)) {
            if (viewer.hasOwnView() || hub().maySize(viewer)) {
                view.resize(width, height);
            }
        } else {
            LiveInput input = inputs.computeIfAbsent(viewer, _ -> new LiveInput());
            double aspect = (double) view.height() / view.width();
            int upSign = scene.state().job().tone().flipY() ? 1 : -1;
            synchronized (view) {
                view.setCamera(input.apply(event, view.camera(), aspect, upSign, scene.camera()));
            }
        }
        wake();
    }

    @Override
    public void left(Viewer viewer) {
        inputs.remove(viewer);
    }

    /**
     * Changes the scene.
     *
     * @throws CallException when the values are no good
     */
    void change(Runnable change) {
        try {
            change.run();
        } catch (InputException | RenderException e) {
            throw CallException.params(String.valueOf(e.getMessage()));
        }
        wake();
    }

    /** Colours a type by another field, with a range that suits it once it is read. */
    void colorBy(int type, String field) {
        rangeWanted = type;
        change(() ->
                scene.set(
                        Map.of(
                                "color_label" + type,
                                field,
                                "color_min" + type,
                                "",
                                "color_max" + type,
                                "")));
    }

    /** Chooses a range that suits the colours of a type. */
    void chooseRange(int type) {
        rangeWanted = type;
        wake();
    }

    void setFieldOfView(double degrees) {
        LiveView view = shared();
        synchronized (view) {
            Camera old = view.camera();
            view.setCamera(
                    new Camera(
                            old.eye(),
                            old.lookAt(),
                            old.sky(),
                            old.center(),
                            degrees,
                            old.projection(),
                            old.zMin(),
                            old.zMax(),
                            old.omniStereoOffset()));
        }
        wake();
    }

    String lastQuality() {
        return painters.last().name().toLowerCase(Locale.ROOT);
    }

    void setLastQuality(String name) {
        painters.setLast(name.equals("high") ? Quality.HIGH : Quality.EXACT);
        wake();
    }

    String particlesText() {
        FrameData now = data;
        return now == null ? "" : String.format(Locale.ROOT, "%,d", now.particles());
    }

    String backendText() {
        return painters.describe();
    }

    /** The range of a type's colours, after its transform. */
    ScalarMapping colorRange(int type) {
        TypeStyle style = scene.state().job().types().get(type).style();
        FrameData now = data;
        List<Layer> layers = now == null ? List.of() : now.layers(scene.state().job(), List.of());
        return layers.isEmpty()
                ? ScalarMapping.of(
                        style.colorTransform(),
                        style.colorMin(),
                        style.colorMax(),
                        new FieldRange(0, 1, 1e-3))
                : style.colorMapping(layers.get(type).particles());
    }

    // Calls

    private static JsonNode colorMaps() {
        ObjectNode out = Rpc.object();
        for (String name : Palettes.NAMES) {
            ColorMap map = Palettes.find(name, java.nio.file.Path.of(""));
            ArrayNode colors = out.putArray(name);
            for (int k = 0; k <= 16; k++) {
                for (int c = 0; c < 3; c++) {
                    colors.add(Math.round(255 * map.at(c, k / 16f)));
                }
            }
        }
        return out;
    }

    private JsonNode saveParameters(Viewer viewer) {
        RenderJob job = seenBy(viewer);
        FrameData now = loadedData();
        String text =
                "# Saved from a live session. Draw it with: ./perseid render FILE.par\n"
                        + job.selfContainedText(now.info().parts().getFirst());
        String token =
                hub().download(
                                viewer,
                                "perseid.par",
                                "text/plain; charset=utf-8",
                                text.getBytes(StandardCharsets.UTF_8));
        return Rpc.object().put("token", token);
    }

    private RenderJob seenBy(Viewer viewer) {
        LiveView view = viewOf(viewer);
        return scene.seenFrom(view.camera(), view.width(), view.height());
    }

    private FrameData loadedData() {
        FrameData now = data;
        if (now == null) {
            throw new CallException(CallException.FAILED, "the data is still being read");
        }
        return now;
    }

    private JsonNode savePicture(Viewer viewer, Rpc.Request request) {
        LiveView view = viewOf(viewer);
        int width = Math.clamp(request.params().path("width").asInt(view.width()), 1, MAX_PICTURE);
        int height = (int) ((long) width * view.height() / view.width());
        RenderJob job = scene.seenFrom(view.camera(), width, Math.max(1, height));
        byte[] png = onDrawingThread(() -> png(job));
        String token = hub().download(viewer, "perseid.png", "image/png", png);
        return Rpc.object().put("width", width).put("height", height).put("token", token);
    }

    private byte[] png(RenderJob job) {
        FrameData now = loadedData();
        List<Layer> layers = visible(now.layers(job, moved));
        StageTimes times = new StageTimes(System::nanoTime);
        FrameRenderer renderer = painters.now().exact();
        Camera camera = job.views().getFirst().camera();
        Picture picture =
                BatchRun.toneMap(job)
                        .apply(
                                renderer.render(
                                        layers, camera, job.frame(now.info().boxSize()), times),
                                workers);
        return Pictures.png(
                new Overlay(job, now.info(), now.layers(job, moved)).draw(picture, camera),
                FrameFiles.text(job, Quality.EXACT, now.info().parts().getFirst(), now.identity()));
    }

    private JsonNode setCamera(Viewer viewer, Rpc.Request request) {
        LiveView view = viewOf(viewer);
        if (!viewer.hasOwnView()) {
            hub().requireSteering(viewer);
        }
        try {
            synchronized (view) {
                Camera old = view.camera();
                Vec3 eye = vector(request, "eye", old.eye());
                view.setCamera(
                        new Camera(
                                eye,
                                vector(request, "target", old.lookAt()),
                                vector(request, "up", old.sky()),
                                eye,
                                request.params().path("fov").asDouble(old.fovDeg()),
                                old.projection(),
                                old.zMin(),
                                old.zMax(),
                                old.omniStereoOffset()));
            }
        } catch (RenderException e) {
            throw CallException.params(String.valueOf(e.getMessage()));
        }
        wake();
        return Rpc.object();
    }

    private static Vec3 vector(Rpc.Request request, String name, Vec3 otherwise) {
        JsonNode v = request.params().path(name);
        if (v.isMissingNode()) {
            return otherwise;
        }
        boolean good = v.isArray() && v.size() == 3;
        for (JsonNode part : v) {
            good &= part.isNumber() && Double.isFinite(part.doubleValue());
        }
        if (!good) {
            throw CallException.params("camera: '" + name + "' must be three numbers");
        }
        return new Vec3(v.get(0).doubleValue(), v.get(1).doubleValue(), v.get(2).doubleValue());
    }

    private JsonNode histogram(Rpc.Request request) {
        int type = (int) request.number("type");
        FrameData now = loadedData();
        RenderJob job = scene.state().job();
        if (type < 0 || type >= job.types().size()) {
            throw CallException.params("histogram: there is no type " + type);
        }
        float[] sample =
                onDrawingThread(() -> {
                    ParticleSet set = now.layers(job, List.of()).get(type).particles();
                    Transform transform = job.types().get(type).style().colorTransform();
                    return Percentiles.sample(set.color(0), set.count(), transform);
                });
        ObjectNode out = Rpc.object();
        ArrayNode counts = out.putArray("counts");
        if (sample.length > 0) {
            out.put("min", sample[0]).put("max", sample[sample.length - 1]);
            for (int count : Percentiles.histogram(sample, 64)) {
                counts.add(count);
            }
        }
        return out;
    }

    /** As Splotch's client asks for it: a type's number and a palette file. */
    private JsonNode replaceColourMap(Viewer viewer, Rpc.Request request) {
        String palette = request.text("Colourmap").replaceFirst("^.*/", "");
        String name = palette.replaceFirst("\\.pal$", "");
        boolean builtIn = Palettes.NAMES.contains(name.replaceFirst("_r$", ""));
        return setOne(
                viewer,
                "palette" + request.text("Type"),
                builtIn ? name : request.text("Colourmap"));
    }

    /** As Splotch's client asks for it: what a field is for, and the field. */
    private JsonNode reloadField(Viewer viewer, Rpc.Request request) {
        String what = request.text("ID");
        if (!what.equals("CR")) {
            throw CallException.params(
                    "only the colour's field (ID CR) can be chosen while it runs, not " + what);
        }
        return setOne(viewer, "color_label0", request.text("Field"));
    }

    private JsonNode setOne(Viewer viewer, String id, String value) {
        ObjectNode params = Rpc.object();
        params.putObject("values").put(id, value);
        return hub().call(viewer, "set", params);
    }

    /** Runs something that needs the data, while nothing else uses or frees it. */
    private <T> T onDrawingThread(Supplier<T> body) {
        CompletableFuture<T> result = new CompletableFuture<>();
        lock.lock();
        try {
            if (closed) {
                throw new CallException(CallException.FAILED, "the server stops");
            }
            tasks.add(() -> {
                try {
                    result.complete(body.get());
                } catch (RuntimeException | Error e) {
                    result.completeExceptionally(e);
                }
            });
            wakes++;
            work.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            return result.join();
        } catch (CancellationException | CompletionException e) {
            Throwable cause = e.getCause();
            throw cause instanceof CallException call
                    ? call
                    : new CallException(
                            CallException.FAILED, String.valueOf(cause == null ? e : cause));
        }
    }

    // The drawing thread

    /** There may be something to do. */
    private void wake() {
        lock.lock();
        try {
            wakes++;
            work.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void loaded(FrameData next, boolean whole) {
        lock.lock();
        try {
            tasks.add(() -> take(next, whole));
            wakes++;
            work.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void draw() {
        try {
            while (!closed) {
                Runnable next = await();
                try {
                    next.run();
                } catch (InputException | RenderException | CallException e) {
                    problem(String.valueOf(e.getMessage()));
                }
            }
        } catch (RuntimeException | Error e) {
            problem("drawing stopped: " + e);
            throw e;
        } finally {
            closeMoved();
            FrameData now = data;
            if (now != null) {
                now.close();
            }
        }
    }

    private Runnable await() {
        while (true) {
            long seen;
            lock.lock();
            try {
                Runnable task = closed ? () -> {} : tasks.poll();
                if (task != null) {
                    return task;
                }
                seen = wakes;
            } finally {
                lock.unlock();
            }
            Runnable step = nextStep();
            if (step != null) {
                return step;
            }
            lock.lock();
            try {
                if (seen == wakes) {
                    work.awaitUninterruptibly();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** The next step of reading or drawing; null for none. */
    private @Nullable Runnable nextStep() {
        RenderJob job = scene.state().job();
        FrameData now = data;
        if (now == null || !now.serves(job)) {
            started(loader).want(job, now == null);
        }
        if (now == null) {
            return null;
        }
        if (rangeWanted >= 0 && now.serves(job)) {
            return this::chooseWantedRange;
        }
        List<LiveView> views = watchedViews();
        LiveView.Content content = content(now);
        LiveView.Painters with = painters.now();
        turn++;
        LiveView better = null;
        for (int k = 0; k < views.size(); k++) {
            LiveView view = views.get((turn + k) % views.size());
            if (view.isStale(content, with)) {
                return () -> view.step(content, with);
            }
            if (better == null && view.wantsStep(content, with)) {
                better = view;
            }
        }
        LiveView chosen = better;
        return chosen == null ? null : () -> chosen.step(content, with);
    }

    private List<LiveView> watchedViews() {
        List<LiveView> out = new ArrayList<>();
        if (shared().stream().isWatched()) {
            out.add(shared());
        }
        synchronized (ownViews) {
            ownViews.values().stream().filter(v -> v.stream().isWatched()).forEach(out::add);
        }
        return out;
    }

    private LiveView.Content content(FrameData now) {
        LiveScene.State newest = scene.state();
        LiveScene.State state = served == null || now.serves(newest.job()) ? newest : served;
        if (now.serves(newest.job())) {
            served = newest;
        }
        List<Layer> layers = now.layers(state.job(), moved(now, state.job()));
        return new LiveView.Content(
                visible(layers),
                state,
                moved.isEmpty() ? now : moved,
                now.info().boxSize(),
                new Overlay(state.job(), now.info(), layers));
    }

    /** A type without brightness adds nothing. */
    private static List<Layer> visible(List<Layer> layers) {
        return layers.stream().filter(l -> l.style().brightness() > 0).toList();
    }

    /** The particles at the time between two snapshots; kept until another time is wanted. */
    private List<ParticleSet> moved(FrameData now, RenderJob job) {
        Object to = job.between() == null ? null : List.of(now, job.between());
        if (to != null && !to.equals(movedTo) && now.serves(job)) {
            closeMoved();
            moved = now.between(job, workers, new StageTimes(System::nanoTime));
            movedTo = to;
        }
        return moved;
    }

    private void closeMoved() {
        moved.forEach(ParticleSet::close);
        moved = List.of();
        movedTo = null;
    }

    private void take(FrameData next, boolean whole) {
        FrameData old = data;
        closeMoved();
        data = next;
        if (old != null) {
            old.close();
        }
        if (whole) {
            painters.warmUp(() -> warmUpStep(next));
        }
        panel = LivePanel.of(this, next.info());
        hub().panelChanged();
        firstData.complete(true);
    }

    /** A part of a frame for the code that is compiled aside; none after the data has changed. */
    private LivePainters.@Nullable Sample warmUpStep(FrameData of) {
        RenderJob job = scene.state().job();
        return data == of
                ? new LivePainters.Sample(
                        of.layers(job, List.of()),
                        shared().camera(),
                        job.frame(of.info().boxSize()))
                : null;
    }

    private void chooseWantedRange() {
        int type = rangeWanted;
        rangeWanted = -1;
        RenderJob job = scene.state().job();
        ParticleSet set = loadedData().layers(job, List.of()).get(type).particles();
        Transform transform = job.types().get(type).style().colorTransform();
        float[] sample = Percentiles.sample(set.color(0), set.count(), transform);
        if (sample.length == 0) {
            return;
        }
        float low = Percentiles.at(sample, 0.01);
        float high = Percentiles.at(sample, 0.99);
        if (low < high) {
            change(() ->
                    scene.set(
                            Map.of(
                                    "color_min" + type,
                                    String.valueOf(low),
                                    "color_max" + type,
                                    String.valueOf(high))));
        }
        hub().refresh();
    }

    /** Data that could not be read: back to what can be. */
    @Override
    public void failed(RuntimeException e) {
        if (firstData.isDone()) {
            boolean _ = scene.undo();
            rangeWanted = -1;
            problem(String.valueOf(e.getMessage()));
            hub().refresh();
            wake();
        } else {
            firstData.completeExceptionally(e);
        }
    }

    private void problem(String message) {
        reporter.warn(message);
        hub().tell("problem", Rpc.object().put("message", message));
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            wakes++;
            work.signalAll();
        } finally {
            lock.unlock();
        }
        if (loader != null) {
            loader.close();
        }
        try {
            drawing.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        painters.close();
    }
}
