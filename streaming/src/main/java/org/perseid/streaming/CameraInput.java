package org.perseid.streaming;

import java.util.Locale;
import org.perseid.renderer.model.Camera;

/**
 * Turns the events of one viewer into moves of a camera: drag orbits, with Shift or another button
 * it pans, with Control it looks round; the wheel zooms to the place under it; keys fly and turn.
 * Used by one thread.
 */
public final class CameraInput {
    private static final int LEFT = 1;

    /** Angle of a drag over the whole width. */
    private static final double ORBIT = Math.PI;

    /** Distance is divided by this for a notch of the wheel. */
    private static final double ZOOM = 1.15;

    /** Part of the distance to the target that a key moves. */
    private static final double FLY = 0.05;

    private static final double TURN = Math.toRadians(3);

    private double lastX;
    private double lastY;
    private boolean dragging;

    /**
     * The camera after an event.
     *
     * @param aspect height of the picture in units of its width
     * @param upSign 1 where the sky direction is up in the picture, -1 where it is down
     * @param home the first camera
     */
    public Camera apply(Event event, Camera camera, double aspect, int upSign, Camera home) {
        return switch (event) {
            case Event.Pointer pointer -> pointer(pointer, camera, aspect, upSign);
            case Event.Wheel wheel ->
                    zoomed(
                            camera,
                            Math.pow(ZOOM, -wheel.steps()),
                            wheel.x(),
                            wheel.y(),
                            aspect,
                            upSign);
            case Event.Pinch pinch ->
                    panned(
                                    zoomed(
                                            camera,
                                            1 / pinch.scale(),
                                            pinch.x(),
                                            pinch.y(),
                                            aspect,
                                            upSign),
                                    pinch.dx(),
                                    pinch.dy() * aspect * upSign)
                            .rolled(upSign * pinch.turn());
            case Event.Key key -> key.down() ? key(key, camera, upSign, home) : camera;
            case Event.Resize _ -> camera;
        };
    }

    private Camera pointer(Event.Pointer at, Camera camera, double aspect, int upSign) {
        Camera out = camera;
        if (at.action() == Event.Action.MOVE && dragging && at.buttons() != 0) {
            double dx = at.x() - lastX;
            double dy = (at.y() - lastY) * aspect * upSign;
            if (at.buttons() != LEFT || (at.mods() & Event.SHIFT) != 0) {
                out = panned(camera, dx, dy);
            } else if ((at.mods() & Event.CONTROL) != 0) {
                double perWidth = Math.toRadians(Math.min(camera.fovDeg(), 180));
                out = camera.turned(-dx * perWidth, dy * perWidth);
            } else {
                out = camera.orbited(-dx * ORBIT, dy * ORBIT);
            }
        }
        dragging = at.action() == Event.Action.DOWN || (dragging && at.buttons() != 0);
        lastX = at.x();
        lastY = at.y();
        return out;
    }

    /** What is at the target's distance follows the pointer. */
    private static Camera panned(Camera camera, double dx, double dy) {
        double width = camera.widthAtTarget();
        return camera.shifted(-dx * width, dy * width, 0);
    }

    private static Camera zoomed(
            Camera camera, double factor, double x, double y, double aspect, int upSign) {
        double width = camera.widthAtTarget();
        return camera.zoomed(factor, (x - 0.5) * width, (0.5 - y) * aspect * upSign * width);
    }

    private static Camera key(Event.Key key, Camera camera, int upSign, Camera home) {
        double step = FLY * camera.distance() * ((key.mods() & Event.SHIFT) != 0 ? 4 : 1);
        double turn = TURN * ((key.mods() & Event.SHIFT) != 0 ? 4 : 1);
        return switch (key.key().toLowerCase(Locale.ROOT)) {
            case "w" -> camera.shifted(0, 0, step);
            case "s" -> camera.shifted(0, 0, -step);
            case "a" -> camera.shifted(-step, 0, 0);
            case "d" -> camera.shifted(step, 0, 0);
            case "e" -> camera.shifted(0, upSign * step, 0);
            case "q" -> camera.shifted(0, -upSign * step, 0);
            case "arrowleft" -> camera.orbited(-turn, 0);
            case "arrowright" -> camera.orbited(turn, 0);
            case "arrowup" -> camera.orbited(0, upSign * turn);
            case "arrowdown" -> camera.orbited(0, -upSign * turn);
            case "+", "=" -> camera.zoomed(1 / ZOOM, 0, 0);
            case "-" -> camera.zoomed(ZOOM, 0, 0);
            case "[" -> camera.rolled(-turn);
            case "]" -> camera.rolled(turn);
            case "home" -> home;
            default -> camera;
        };
    }
}
