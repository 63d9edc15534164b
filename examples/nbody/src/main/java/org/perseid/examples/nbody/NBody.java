package org.perseid.examples.nbody;

import java.io.IOException;
import java.util.List;
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
import org.perseid.streaming.Group;
import org.perseid.streaming.OneView;
import org.perseid.streaming.Panel;
import org.perseid.web.WebOptions;
import org.perseid.web.WebServer;

/** A gravity simulation that is watched and steered while it runs. */
public final class NBody implements AutoCloseable {
    private static final Camera HOME =
            Camera.perspective(new Vec3(0, -4, 2), new Vec3(0, 0, 0), new Vec3(0, 0, 1), 45);
    private static final ColorMap SPEED =
            new ColorMap(
                    "speed",
                    new float[] {0.1f, 0.6f, 1f, 1f},
                    new float[] {0.15f, 0.2f, 0.6f, 1f},
                    new float[] {0.6f, 0.5f, 0.2f, 0.9f});

    private final Workers workers = new Workers(Runtime.getRuntime().availableProcessors());
    private final FrameRenderer renderer =
            new FrameRenderer(Backends.choose("scalar"), Quality.HIGH, workers, Reporter.SILENT);

    // What viewers change; the simulation looks at it before each step.
    private volatile boolean paused;
    private volatile double dt = 0.004;
    private volatile double gravity = 1;
    private volatile double softening = 0.05;
    private volatile double brightness = 0.4;
    private volatile int wanted = 4000;
    private volatile boolean restart = true;

    private final Group simulation =
            new Group("Simulation", true)
                    .check("paused", "Paused", () -> paused, v -> paused = v)
                    .slider("dt", "Time step", 0, 0.02, () -> dt, v -> dt = v)
                    .slider("gravity", "Gravity", -1, 4, () -> gravity, v -> gravity = v)
                    .help("Below zero the bodies repel each other.")
                    .slider("soft", "Softening", 0.005, 0.3, () -> softening, v -> softening = v)
                    .slider("bodies", "Bodies", 100, 20_000, () -> wanted, v -> wanted = (int) v)
                    .button("restart", "Restart", () -> restart = true)
                    .plot("kinetic", "Kinetic energy");
    private final Group picture =
            new Group("Picture", true)
                    .slider("light", "Brightness", 0, 2, () -> brightness, v -> brightness = v);

    private final OneView view =
            new OneView(
                    "n-body",
                    new Panel(List.of(simulation, picture)),
                    HOME,
                    1920,
                    1080,
                    System.out::println);
    private final WebServer server;

    NBody(int port) throws IOException {
        server = new WebServer(view.hub(), WebOptions.local(port));
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
                bodies.step(dt, softening, gravity, workers);
                time += dt;
            }
            if (view.isWatched()) {
                draw(bodies);
                if (step % 10 == 0) {
                    view.hub().plot("kinetic", time, bodies.kineticEnergy());
                }
            }
        }
        bodies.close();
    }

    private void draw(Bodies bodies) {
        OneView.Look look = view.look();
        TypeStyle style = TypeStyle.plain("bodies", SPEED, brightness);
        FrameSettings frame =
                new FrameSettings(look.width(), look.height(), 1, 0, new Shading.Emission(), 64);
        LinearImage light =
                renderer.render(
                        List.of(new Layer(bodies.set, style)),
                        look.camera(),
                        frame,
                        new StageTimes(System::nanoTime));
        ToneMap tone = new ToneMap(true, 1, 1, 0, true, List.of());
        view.show(look, tone.apply(light, workers), workers);
    }

    @Override
    public void close() {
        server.close();
        view.close();
        workers.close();
    }
}
