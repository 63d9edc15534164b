package org.perseid.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.perseid.io.InputException;
import org.perseid.io.movie.Film;
import org.perseid.io.par.FrameJob;
import org.perseid.io.par.JobReader;
import org.perseid.io.par.RenderJob;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Vec3;
import org.perseid.streaming.Element;
import org.perseid.streaming.Group;

/**
 * A flight through places that viewers have marked with the shared camera: looked at, saved as a
 * file for {@code camera_path}, or made a film. The way between them is the one that {@code movie}
 * takes.
 */
final class LiveFlight {
    private static final int FPS = 25;
    private static final int MAX_KEYS = 1000;
    private static final int MAX_FRAMES = 5_000;

    private final LiveSession session;
    private final LiveScene scene;
    private final List<Camera> keys = new ArrayList<>();
    private int frames = 150;

    /** What plays or films; null for nothing. */
    private @Nullable Thread busy;

    LiveFlight(LiveSession session) {
        this.session = session;
        this.scene = session.scene();
    }

    Group group() {
        return new Group("Flight", false)
                .display("keys", "Key frames", this::describe)
                .button("key-add", "Add key", this::add)
                .help("Marks where the shared camera is.")
                .button("key-remove", "Remove last", this::removeLast)
                .button("key-clear", "Clear", this::clear)
                .number(
                        Element.Kind.NUMBER,
                        "key-frames",
                        "Frames",
                        2,
                        MAX_FRAMES,
                        "",
                        () -> frames,
                        v -> frames = (int) v)
                .button("key-play", "Play / stop", this::playOrStop)
                .button("key-save", "Save path", this::save)
                .help("A file for camera_path= of a parameter file.")
                .button("key-film", "Make film", this::film)
                .help("Draws all frames exactly and gives the film to save.");
    }

    private synchronized String describe() {
        return keys.size() + (busy == null ? "" : ", busy");
    }

    private synchronized void add() {
        if (keys.size() < MAX_KEYS) {
            keys.add(session.shared().camera());
        }
    }

    private synchronized void removeLast() {
        if (!keys.isEmpty()) {
            keys.removeLast();
        }
    }

    private synchronized void clear() {
        keys.clear();
    }

    /** The key frames as a file. */
    private synchronized String text() {
        if (keys.size() < 2) {
            throw new InputException("mark at least two places with Add key first");
        }
        StringBuilder out = new StringBuilder("# key frames of a live session, for camera_path=\n");
        out.append("frames=").append(frames).append("\nease=true\n");
        out.append("camera_x camera_y camera_z lookat_x lookat_y lookat_z sky_x sky_y sky_z fov\n");
        for (Camera key : keys) {
            for (Vec3 v : List.of(key.eye(), key.lookAt(), key.sky())) {
                out.append(v.x()).append(' ').append(v.y()).append(' ').append(v.z()).append("  ");
            }
            out.append(key.fovDeg()).append('\n');
        }
        return out.toString();
    }

    /** The frames of the flight, each with its camera; the scene as it is now. */
    private List<FrameJob> jobs(int width, int height) {
        try {
            Path file = Files.createTempFile("perseid", ".path");
            try {
                Files.writeString(file, text());
                RenderJob job =
                        scene.seenFrom(
                                session.shared().camera(), width, height, session.shared().range());
                Map<String, String> values =
                        Map.of(
                                "camera_path",
                                file.toAbsolutePath().toString(),
                                "last_scene",
                                String.valueOf(MAX_FRAMES));
                return JobReader.readFrames(job.table().edited(values, "flight"), Reporter.SILENT);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new InputException("no temporary file can be written (" + e.getMessage() + ")");
        }
    }

    private void playOrStop() {
        session.change(() -> {
            if (!stop()) {
                LiveView view = session.shared();
                List<FrameJob> jobs = jobs(view.width(), view.height());
                start("perseid-flight", () -> play(jobs));
            }
        });
    }

    /** Stops what is going on; false when nothing is. */
    private synchronized boolean stop() {
        if (busy == null) {
            return false;
        }
        busy.interrupt();
        busy = null;
        return true;
    }

    private synchronized void start(String name, Runnable body) {
        if (busy != null) {
            throw new InputException("a flight is going on; stop it first");
        }
        busy =
                Thread.ofVirtual()
                        .name(name)
                        .start(() -> {
                            try {
                                body.run();
                            } finally {
                                ended(Thread.currentThread());
                            }
                        });
    }

    private void ended(Thread thread) {
        synchronized (this) {
            if (thread.equals(busy)) {
                busy = null;
            }
        }
        session.hub().refresh();
    }

    private void play(List<FrameJob> jobs) {
        long start = System.nanoTime();
        try {
            for (int k = 0; k < jobs.size(); k++) {
                session.shared().setCamera(cameraOf(jobs.get(k)));
                session.wake();
                long due = start + (k + 1) * 1_000_000_000L / FPS;
                Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // somebody stopped it
        }
    }

    private static Camera cameraOf(FrameJob frame) {
        return frame.job().views().getFirst().camera();
    }

    private void save() {
        session.change(() ->
                session.giveToDriver(
                        "perseid.path",
                        "text/plain; charset=utf-8",
                        text().getBytes(StandardCharsets.UTF_8)));
    }

    private void film() {
        session.change(() -> {
            LiveView view = session.shared();
            // video has even sides
            List<FrameJob> jobs = jobs(view.width() / 2 * 2, view.height() / 2 * 2);
            start("perseid-film", () -> film(jobs));
        });
    }

    private void film(List<FrameJob> jobs) {
        RenderJob first = jobs.getFirst().job();
        try {
            Path folder = Files.createTempDirectory("perseid");
            Path file = folder.resolve("perseid.mp4");
            try (Film film = new Film(file, first.width(), first.height(), FPS, Version.text())) {
                for (int k = 0; k < jobs.size(); k++) {
                    if (Thread.currentThread().isInterrupted()) {
                        return;
                    }
                    RenderJob job = jobs.get(k).job();
                    film.add(session.onDrawingThread(() -> session.draw(job)));
                    session.reporter().progress("film", k + 1L, jobs.size());
                }
                film.finish();
                session.giveToDriver("perseid.mp4", "video/mp4", Files.readAllBytes(file));
            } finally {
                Files.deleteIfExists(file);
                Files.delete(folder);
            }
        } catch (IOException | RuntimeException e) {
            session.problem("no film: " + e.getMessage());
        }
    }
}
