package org.perseid.app;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.perseid.renderer.model.Camera;
import org.perseid.streaming.FrameStream;

/** The views of a live session: one that all share, and one for each who wants it. Thread-safe. */
final class LiveViews {
    private static final int FIRST_WIDTH = 1280;
    private static final int FIRST_HEIGHT = 720;
    private static final int MAX_OWN = 64;

    private final LiveView shared;
    private final Supplier<FrameStream> streams;
    private final Map<String, LiveView> own = new LinkedHashMap<>();

    /**
     * @param streams makes the stream of a view
     * @param camera of the shared view
     */
    LiveViews(Supplier<FrameStream> streams, Camera camera) {
        this.streams = streams;
        this.shared = new LiveView(streams.get(), camera, FIRST_WIDTH, FIRST_HEIGHT);
    }

    LiveView shared() {
        return shared;
    }

    /** A viewer's own view; at first it looks as the shared one. */
    synchronized LiveView ownOf(String viewerKey) {
        LiveView mine =
                own.computeIfAbsent(
                        viewerKey,
                        _ ->
                                new LiveView(
                                        streams.get(),
                                        shared.camera(),
                                        shared.width(),
                                        shared.height()));
        if (own.size() > MAX_OWN) {
            own.values().removeIf(view -> view != mine && !view.stream().isWatched());
        }
        return mine;
    }

    /** The view whose pictures a stream has; the shared one for any other stream. */
    synchronized LiveView of(@Nullable FrameStream stream) {
        for (LiveView view : own.values()) {
            if (view.stream() == stream) {
                return view;
            }
        }
        return shared;
    }

    /** Those that somebody watches, the shared one first. */
    synchronized List<LiveView> watched() {
        List<LiveView> out = new ArrayList<>();
        out.add(shared);
        out.addAll(own.values());
        out.removeIf(view -> !view.stream().isWatched());
        return out;
    }

    /** Own views that nobody watches let go of their pictures; by the thread that draws. */
    synchronized void restUnwatched() {
        own.values().stream().filter(view -> !view.stream().isWatched()).forEach(LiveView::rest);
    }
}
