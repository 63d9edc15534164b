package org.perseid.streaming;

import java.util.Map;
import java.util.function.Consumer;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.Picture;
import org.perseid.renderer.model.Workers;
import org.perseid.streaming.FrameHeader.Stage;
import org.perseid.streaming.jpeg.JpegEncoder;

/**
 * A program with one view, which all viewers share: pointer, wheel and keys move its camera, the
 * driver's window gives its size. The program asks for a {@link #look} before it draws, and shows
 * the picture. Any thread may call.
 */
public final class OneView implements Program, AutoCloseable {
    private static final int MIN_SIDE = 64;

    private final String title;
    private final Panel panel;
    private final Camera home;
    private final int maxWidth;
    private final int maxHeight;
    private final CameraInput input = new CameraInput();
    private final Hub hub;
    private final FrameStream stream;
    private Camera camera;
    private int width = 960;
    private int height = 540;

    /**
     * @param title of the page
     * @param panel of what viewers can change
     * @param home the first camera
     * @param maxWidth of pictures, in pixels
     * @param maxHeight of pictures, in pixels
     * @param log gets a line when a library is missing
     */
    public OneView(
            String title,
            Panel panel,
            Camera home,
            int maxWidth,
            int maxHeight,
            Consumer<String> log) {
        this.title = title;
        this.panel = panel;
        this.home = home;
        this.camera = home;
        this.maxWidth = maxWidth;
        this.maxHeight = maxHeight;
        this.hub = new Hub(this, JpegEncoder.best(log), (_, _) -> {});
        this.stream = hub.stream();
    }

    /**
     * What is to be drawn.
     *
     * @param camera to draw from
     * @param width pixels
     * @param height pixels
     * @param events by viewer the last event that the camera shows
     * @param nanos when it was asked for
     */
    public record Look(
            Camera camera, int width, int height, Map<Viewer, Long> events, long nanos) {}

    /** For the server, and for what viewers are told. */
    public Hub hub() {
        return hub;
    }

    /** Whether anybody would see a picture. */
    public boolean isWatched() {
        return stream.isWatched();
    }

    /** What is to be drawn now. */
    public Look look() {
        long start = System.nanoTime();
        Map<Viewer, Long> events = stream.events();
        synchronized (this) {
            return new Look(camera, width, height, events, start);
        }
    }

    /** Shows the picture of a look. */
    public void show(Look look, Picture picture, Workers workers) {
        double millis = (System.nanoTime() - look.nanos) * 1e-6;
        double[] from = FrameHeader.numbersOf(look.camera);
        stream.publish(
                new FrameStream.Frame(picture, Stage.MOVING, millis, from, look.events), workers);
    }

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
        return stream;
    }

    @Override
    public synchronized void event(Viewer viewer, Event event) {
        if (event instanceof Event.Resize(int newWidth, int newHeight)) {
            if (hub.maySize(viewer)) {
                width = Math.clamp(newWidth, MIN_SIDE, maxWidth);
                height = Math.clamp(newHeight, MIN_SIDE, maxHeight);
            }
        } else {
            camera = input.apply(event, camera, (double) height / width, 1, home);
        }
    }

    @Override
    public void close() {
        hub.close();
    }
}
