package org.perseid.examples.nbody;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.perseid.renderer.backend.Backends;
import org.perseid.renderer.frame.FrameRenderer;
import org.perseid.renderer.frame.Layer;
import org.perseid.renderer.frame.ToneMap;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.ColorMap;
import org.perseid.renderer.model.FrameSettings;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Shading;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.TypeStyle;
import org.perseid.renderer.model.Vec3;
import org.perseid.renderer.model.Workers;
import org.perseid.streaming.CameraInput;
import org.perseid.streaming.Event;
import org.perseid.streaming.FrameHeader.Stage;
import org.perseid.streaming.FrameStream;
import org.perseid.streaming.Group;
import org.perseid.streaming.Hub;
import org.perseid.streaming.Panel;
import org.perseid.streaming.Program;
import org.perseid.streaming.Viewer;
import org.perseid.streaming.jpeg.JpegEncoder;
import org.perseid.web.WebOptions;
import org.perseid.web.WebServer;

/** A gravity simulation that is watched and steered while it runs. */
public final class NBody implements Program, AutoCloseable {
    private static final Camera HOME =
            Camera.perspective(new Vec3(0, -4, 2), new Vec3(0, 0, 0), new Vec3(0, 0, 1), 45);
    private static final float[] RED = {0.1f, 0.6f, 1f, 1f};
    private static final float[] GREEN = {0.15f, 0.2f, 0.6f, 1f};
    private static final float[] BLUE = {0.6f, 0.5f, 0.2f, 0.9f};

    private final Workers workers = new Workers(Runtime.getRuntime().availableProcessors());
    private final FrameRenderer renderer =
            new FrameRenderer(Backends.choose("scalar"), Quality.HIGH, workers, Reporter.SILENT);
    private final CameraInput input = new CameraInput();
    private final Hub hub = new Hub(this, JpegEncoder.best(System.out::println), (_, _) -> {});
    private final FrameStream stream = hub.stream();
    private final WebServer server;
    private volatile Camera camera = HOME;
    private volatile int width = 960;
    private volatile int height = 540;

    // What viewers change; the simulation looks at it before each step.
    private volatile boolean paused;
    private volatile double timeStep = 0.004;
    private volatile double gravity = 1;
    private volatile double softening = 0.05;
    private volatile double brightness = 0.4;
    private volatile int wanted = 4000;
    private volatile boolean restart = true;

    private final Panel panel =
            new Panel(
                    List.of(
                            new Group("Simulation", true)
                                    .check("paused", "Paused", () -> paused, v -> paused = v)
                                    .slider(
                                            "dt",
                                            "Time step",
                                            0,
                                            0.02,
                                            () -> timeStep,
                                            v -> timeStep = v)
                                    .slider(
                                            "gravity",
                                            "Gravity",
                                            -1,
                                            4,
                                            () -> gravity,
                                            v -> gravity = v)
                                    .help("Below zero the bodies repel each other.")
                                    .slider(
                                            "softening",
                                            "Softening",
                                            0.005,
                                            0.3,
                                            () -> softening,
                                            v -> softening = v)
                                    .slider(
                                            "bodies",
                                            "Bodies",
                                            100,
                                            20_000,
                                            () -> wanted,
                                            v -> wanted = (int) v)
                                    .button("restart", "Restart", () -> restart = true)
                                    .plot("kinetic", "Kinetic energy"),
                            new Group("Picture", true)
                                    .slider(
                                            "brightness",
                                            "Brightness",
                                            0,
                                            2,
                                            () -> brightness,
                                            v -> brightness = v)));

    private NBody(int port) throws IOException {
        server = new WebServer(hub, WebOptions.local(port));
    }

    /**
     * Simulates until it is stopped.
     *
     * @param args port; 8080 when there is none
     */
    public static void main(String[] args) throws IOException {
        try (NBody program = new NBody(args.length > 0 ? Integer.parseInt(args[0]) : 8080)) {
            System.out.println("open " + program.address());
            program.run(Long.MAX_VALUE);
        }
    }

    static NBody open(int port) throws IOException {
        return new NBody(port);
    }

    String address() {
        return server.address("localhost", false);
    }

    /** The simulation's own loop: a step, then a picture where somebody watches. */
    void run(long steps) {
        Bodies bodies = new Bodies(wanted, 1);
        double time = 0;
        for (long step = 0; step < steps; step++) {
            if (restart) {
                bodies.close();
                bodies = new Bodies(wanted, 1);
                time = 0;
                restart = false;
            }
            if (!paused) {
                bodies.step(timeStep, softening, gravity, workers);
                time += timeStep;
            }
            if (stream.isWatched()) {
                draw(bodies);
                if (step % 10 == 0) {
                    hub.plot("kinetic", time, bodies.kineticEnergy());
                }
            }
        }
        bodies.close();
    }

    private void draw(Bodies bodies) {
        long start = System.nanoTime();
        Map<Viewer, Long> events = stream.events();
        Camera from = camera;
        TypeStyle style =
                TypeStyle.plain("bodies", new ColorMap("speed", RED, GREEN, BLUE), brightness);
        FrameSettings frame = new FrameSettings(width, height, 1, 0, new Shading.Emission(), 64);
        LinearImage light =
                renderer.render(
                        List.of(new Layer(bodies.set, style)),
                        from,
                        frame,
                        new StageTimes(System::nanoTime));
        ToneMap tone = new ToneMap(true, 1, 1, 0, true, List.of());
        stream.publish(
                new FrameStream.Frame(
                        tone.apply(light, workers),
                        Stage.MOVING,
                        (System.nanoTime() - start) * 1e-6,
                        new double[10],
                        events),
                workers);
    }

    @Override
    public String title() {
        return "n-body";
    }

    @Override
    public Panel panel() {
        return panel;
    }

    @Override
    public FrameStream streamFor(Viewer viewer, boolean own) {
        return stream; // one simulation, one view
    }

    @Override
    public synchronized void event(Viewer viewer, Event event) {
        if (event instanceof Event.Resize(int newWidth, int newHeight)) {
            width = Math.clamp(newWidth, 64, 1920);
            height = Math.clamp(newHeight, 64, 1080);
        } else {
            camera = input.apply(event, camera, (double) height / width, 1, HOME);
        }
    }

    @Override
    public void close() {
        server.close();
        hub.close();
        workers.close();
    }
}
