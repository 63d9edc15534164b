package org.perseid.app;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.perseid.io.InputException;
import org.perseid.io.par.ParameterTable;
import org.perseid.io.par.RenderJob;
import org.perseid.renderer.frame.Layer;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.FieldRange;
import org.perseid.renderer.model.FloatImage;
import org.perseid.renderer.model.FrameSettings;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Percentiles;
import org.perseid.renderer.model.Picture;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.RenderException;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.ScalarMapping;
import org.perseid.renderer.model.Shading;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Transform;
import org.perseid.renderer.model.TypeStyle;
import org.perseid.renderer.model.Workers;
import org.perseid.streaming.CallException;
import org.perseid.streaming.CameraInput;
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
    /** While something moves, what is seen is kept this often. */
    private static final long KEEP_NANOS = 1_000_000_000L;

    private final String title;
    private final LiveScene scene;
    private final LivePainters painters;
    private final int threads;
    private final Workers workers;
    private final @Nullable LiveState kept;
    private final CompletableFuture<Boolean> firstData = new CompletableFuture<>();
    private final Map<Viewer, CameraInput> inputs = new ConcurrentHashMap<>();
    private final LiveFlight flight;
    private final IdleLoop loop = new IdleLoop("perseid-live", this::nextStep);
    private final LiveNodes nodes = new LiveNodes(loop::later, this::wake);

    // Set once by start().
    private @Nullable Hub hub;
    private @Nullable LiveLoader loader;
    private @Nullable LiveCalls calls;
    private @Nullable LiveViews views;
    private Reporter reporter = Reporter.SILENT;

    // Of the drawing thread; volatile where the panel looks at it.
    private volatile @Nullable FrameData data;
    private volatile Panel panel;
    private List<ParticleSet> moved = List.of();
    private @Nullable Object movedTo;

    /** The newest state that the data is right for. */
    private LiveScene.@Nullable State served;

    /** What was kept last, and when. */
    private @Nullable Object keptSeen;

    private long keptNanos;

    /** Whether the data that there is has been drawn. */
    private boolean shown;

    private int turn;
    private volatile @Nullable RangeWanted rangeWanted;

    /**
     * @param painters closed with the session
     * @param kept gets what is seen, and has what was hidden before; null where nobody wants to go
     *     on with it
     */
    LiveSession(
            String title,
            ParameterTable table,
            LivePainters painters,
            int threads,
            @Nullable LiveState kept) {
        this.title = title;
        this.scene = new LiveScene(table, kept == null ? Map.of() : kept.hidden());
        this.painters = painters;
        this.threads = threads;
        this.kept = kept;
        this.workers = painters.workers();
        this.panel = new Panel(List.of());
        this.flight = new LiveFlight(this);
    }

    /** Begins to read and to draw. */
    void start(Hub of, Reporter console) {
        hub = of;
        reporter = new LiveReporter(of, console);
        views = new LiveViews(of::stream, scene.camera());
        loader = new LiveLoader(painters.ranks(), loop::later, threads, reporter, this);
        panel = LivePanel.of(this, null);
        LiveCalls made = new LiveCalls(this, of);
        made.register();
        calls = made;
        loop.start();
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

    Hub hub() {
        return started(hub);
    }

    private LiveViews views() {
        return started(views);
    }

    LiveView shared() {
        return views().shared();
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
        return (own ? views().ownOf(hub().keyOf(viewer)) : shared()).stream();
    }

    @Override
    public void watches(Viewer viewer) {
        loop.later(() -> views().restUnwatched());
        wake();
    }

    LiveView viewOf(Viewer viewer) {
        return views().of(viewer.stream());
    }

    @Override
    public void event(Viewer viewer, Event event) {
        LiveView view = viewOf(viewer);
        if (event instanceof Event.Resize(int width, int height)) {
            if (viewer.hasOwnView() || hub().maySize(viewer)) {
                view.resize(width, height);
            }
        } else if (event instanceof Event.Pointer pointer
                && pointer.action() == Event.Action.DOUBLE) {
            loop.later(() -> guarded(() -> recentre(view, pointer)));
        } else {
            CameraInput input = inputs.computeIfAbsent(viewer, _ -> new CameraInput());
            double aspect = (double) view.height() / view.width();
            int upSign = scene.state().job().tone().flipY() ? 1 : -1;
            synchronized (view) {
                view.setCamera(input.apply(event, view.camera(), aspect, upSign, scene.camera()));
            }
        }
        wake();
    }

    private void recentre(LiveView view, Event.Pointer pointer) {
        if (data != null) {
            started(calls).recentre(view, pointer.x(), pointer.y());
        }
    }

    @Override
    public void left(Viewer viewer) {
        inputs.remove(viewer);
        loop.later(() -> views().restUnwatched());
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

    /** A range that suits the colours of a type, as a step of its own or with the last one. */
    private record RangeWanted(int type, boolean isStep) {}

    /** Takes a step back, or forth again. */
    void step(BooleanSupplier undoOrRedo) {
        rangeWanted = null;
        change(() -> {
            boolean _ = undoOrRedo.getAsBoolean();
        });
    }

    /** Colours a type by another field, with a range that suits it once it is read. */
    void colorBy(int type, String field) {
        rangeWanted = new RangeWanted(type, false);
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
        rangeWanted = new RangeWanted(type, true);
        wake();
    }

    /** Chooses the range of a layer's colours by what all see now. */
    void fitColors() {
        ParameterTable table = scene.state().table();
        if (table.has("picture_min") || table.has("picture_max")) {
            change(() -> scene.set(Map.of("picture_min", "", "picture_max", "")));
        }
        shared().fitColors();
        wake();
    }

    void setFieldOfView(double degrees) {
        LiveView view = shared();
        synchronized (view) {
            view.setCamera(view.camera().withFov(degrees));
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

    // For calls

    /** The data; of the drawing thread alone. */
    FrameData loadedData() {
        FrameData now = data;
        if (now == null) {
            throw new CallException(CallException.FAILED, "the data is still being read");
        }
        return now;
    }

    /** The particles that are shown with the styles of a job; of the drawing thread alone. */
    List<Layer> layers(RenderJob job) {
        return loadedData().layers(job, moved);
    }

    /** The picture that render would draw; of the drawing thread alone. */
    Picture draw(RenderJob job) {
        Camera camera = job.views().getFirst().camera();
        Overlay overlay = new Overlay(job, loadedData().info(), layers(job));
        FloatImage values = values(job);
        return values == null
                ? overlay.draw(BatchRun.toneMap(job).apply(light(job), workers), camera)
                : overlay.draw(values, camera, workers);
    }

    /** The values that render's picture would be of; null where it is of light. */
    @Nullable FloatImage values(RenderJob job) {
        FrameData now = loadedData();
        if (now.pictured(job).measures().isEmpty()) {
            return null;
        }
        LiveView.Painters with = painters.now();
        FrameSettings frame = job.frame(now.info().boxSize());
        painters.ranks().render(job.table(), frame, 1, Quality.EXACT, with.backend());
        Camera camera = job.views().getFirst().camera();
        StageTimes times = new StageTimes(System::nanoTime);
        return BatchRun.values(with.exact(), now, layers(job), job, camera, times);
    }

    /** Who draw; of the drawing thread alone. */
    Workers workers() {
        return workers;
    }

    /** The light of the picture that render would draw; of the drawing thread alone. */
    LinearImage light(RenderJob job) {
        FrameSettings frame = job.frame(loadedData().info().boxSize());
        LiveView.Painters with = painters.now();
        painters.ranks().render(job.table(), frame, 1, Quality.EXACT, with.backend());
        return with.exact()
                .render(
                        LoadedData.visible(layers(job)),
                        job.views().getFirst().camera(),
                        frame,
                        new StageTimes(System::nanoTime));
    }

    /** Gives a file to the one who steers. */
    void giveToDriver(String name, String mediaType, byte[] content) {
        Viewer driver = hub().driver();
        if (driver != null) {
            String _ = hub().download(driver, name, mediaType, content);
        }
    }

    Reporter reporter() {
        return reporter;
    }

    LiveFlight flight() {
        return flight;
    }

    LivePainters painters() {
        return painters;
    }

    /** Runs something that needs the data, while nothing else uses or frees it. */
    <T> T onDrawingThread(Supplier<T> body) {
        return loop.call(body);
    }

    // The drawing thread

    /** There may be something to do. */
    void wake() {
        loop.wake();
    }

    /** Completed when drawing has ended, exceptionally when it failed. */
    CompletableFuture<Boolean> end() {
        return loop.end();
    }

    @Override
    public void loaded(FrameData next, boolean whole) {
        loop.later(() -> take(next, whole));
    }

    /** Does something that may not be possible; then viewers are told why. */
    private void guarded(Runnable body) {
        try {
            body.run();
        } catch (InputException | RenderException | CallException e) {
            problem(String.valueOf(e.getMessage()));
        }
    }

    private void step(LiveView view, LiveView.Content content, LiveView.Painters with) {
        ScalarMapping range = view.range();
        try {
            view.step(content, with);
            if (!Objects.equals(view.range(), range)) {
                hub().refresh(); // controls show it
            }
        } catch (RenderException e) {
            view.giveUp(content, with); // until something changes
            problem(String.valueOf(e.getMessage()));
        }
    }

    /** The next step of reading or drawing; null for none. */
    private @Nullable Runnable nextStep() {
        try {
            Runnable next = findStep();
            keep(next == null);
            return next;
        } catch (RenderException e) {
            problem(String.valueOf(e.getMessage())); // as no memory for moved particles
            return null;
        }
    }

    /**
     * Keeps what is seen when it has changed, not too often.
     *
     * @param resting whether nothing else is to be done
     */
    private void keep(boolean resting) {
        LiveScene.State state = served;
        if (kept == null || state == null) {
            return;
        }
        LiveView view = shared();
        Object seen = List.of(state, view.camera(), view.width(), view.height());
        long now = System.nanoTime();
        if (!seen.equals(keptSeen) && (resting || now - keptNanos > KEEP_NANOS)) {
            keptSeen = seen;
            keptNanos = now;
            guarded(() -> kept.keep(started(calls).parameters(view), state.hidden()));
        }
    }

    private @Nullable Runnable findStep() {
        LiveScene.State newest = scene.state();
        FrameData now = data;
        if (!newest.equals(served) && now != null && now.serves(newest.job())) {
            served = newest; // looks for files, so once for each state
        }
        boolean more = !newest.equals(served);
        boolean aside = painters.ranks().isAlone() || now == null; // does not keep from drawing
        if (more && aside) {
            started(loader).want(newest.job(), now == null);
        }
        if (now == null) {
            return null;
        }
        if (rangeWanted != null && newest.equals(served)) {
            return () -> guarded(this::chooseWantedRange);
        }
        List<LiveView> watched = views().watched();
        LiveView.Content content = content(now, served == null ? newest : served);
        LiveView.Painters with = painters.now();
        if (painters.ranks().isAlone() && moved.isEmpty() && !watched.isEmpty()) {
            nodes.want(this::plainLayers);
        }
        if (more && !aside && (shown || watched.isEmpty())) {
            started(loader).want(newest.job(), false);
        }
        turn++;
        LiveView better = null;
        for (int k = 0; k < watched.size(); k++) {
            LiveView view = watched.get((turn + k) % watched.size());
            if (view.isStale(content, with)) {
                shown = true;
                return () -> step(view, content, with);
            }
            if (better == null && view.wantsStep(content, with)) {
                better = view;
            }
        }
        LiveView chosen = better;
        return chosen == null ? null : () -> step(chosen, content, with);
    }

    private LiveView.Content content(FrameData now, LiveScene.State state) {
        List<Layer> layers = now.layers(state.job(), moved(now, state.job()));
        return new LiveView.Content(
                LoadedData.visible(layers),
                state,
                moved.isEmpty() ? now : moved,
                now.info().boxSize(),
                new Overlay(state.job(), now.info(), layers),
                now.pictured(state.job()));
    }

    /** What is shown of the data where it is light that adds up; of the drawing thread alone. */
    private List<Layer> plainLayers() {
        FrameData now = data;
        LiveScene.State state = served;
        return now == null
                        || state == null
                        || state.job().numbers().pictured() != null
                        || !(state.job().shading() instanceof Shading.Emission)
                ? List.of()
                : LoadedData.visible(now.layers(state.job(), List.of()));
    }

    /** The particles at the time between two snapshots; kept until another time is wanted. */
    private List<ParticleSet> moved(FrameData now, RenderJob job) {
        Object to = job.between() == null ? null : List.of(now, job.between());
        if (to != null && !to.equals(movedTo) && served != null) {
            closeMoved();
            painters.ranks().move(job);
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
        shown = false;
        served = null;
        if (old != null) {
            nodes.stop();
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
        RangeWanted wanted = rangeWanted;
        rangeWanted = null;
        if (wanted == null) {
            return; // a step was taken back meanwhile
        }
        int type = wanted.type;
        LiveScene.State of = scene.state();
        RenderJob job = of.job();
        ParticleSet set = loadedData().layers(job, List.of()).get(type).particles();
        Transform transform = job.types().get(type).style().colorTransform();
        painters.ranks().sample(job, type);
        float[] sample = painters.ranks().sampled(set, transform);
        if (sample.length == 0) {
            return;
        }
        float low = Percentiles.at(sample, 0.01);
        float high = Percentiles.at(sample, 0.99);
        if (low < high) {
            Map<String, String> range =
                    Map.of(
                            "color_min" + type,
                            String.valueOf(low),
                            "color_max" + type,
                            String.valueOf(high));
            change(() -> {
                if (wanted.isStep) {
                    scene.set(range);
                } else {
                    scene.amend(of, range);
                }
            });
        }
        hub().refresh();
    }

    /** Data that could not be read: back to what can be. */
    @Override
    public void failed(RuntimeException e) {
        if (firstData.isDone()) {
            step(scene::undo);
            problem(String.valueOf(e.getMessage()));
            hub().refresh();
        } else {
            firstData.completeExceptionally(e);
        }
    }

    /** Says everywhere that something could not be done. */
    void problem(String message) {
        reporter.warn(message);
        hub().tell("problem", Rpc.object().put("message", message));
    }

    @Override
    public void close() {
        if (loader != null) {
            loader.close();
        }
        loop.close();
        nodes.stop();
        closeMoved();
        FrameData now = data;
        if (now != null) {
            now.close();
        }
        painters.close();
    }
}
