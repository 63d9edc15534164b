package org.perseid.streaming;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.perseid.renderer.model.Picture;
import org.perseid.renderer.model.Workers;
import org.perseid.streaming.FrameHeader.Encoding;
import org.perseid.streaming.FrameHeader.Stage;
import org.perseid.streaming.jpeg.Chroma;
import org.perseid.streaming.jpeg.JdkImages;

/**
 * Pictures of one view, one after the other, for all who watch it. Only the newest counts: a viewer
 * whose line is full gets the one that is newest when it has room again. Each is encoded once for
 * all viewers with equal lines. Made by {@link Hub#stream()}.
 */
public final class FrameStream {
    private final Hub hub;
    private final List<Viewer> watchers = new CopyOnWriteArrayList<>();
    private final Map<Tier, Integer> wholeBytes = new ConcurrentHashMap<>();
    private volatile @Nullable Published newest;
    private long sequence;

    FrameStream(Hub hub) {
        this.hub = hub;
    }

    /**
     * A picture with what viewers are told of it.
     *
     * @param picture to be sent; not changed afterwards
     * @param stage how complete it is
     * @param renderMillis time that drawing took
     * @param camera {@link FrameHeader#CAMERA} numbers
     * @param events by viewer the number of its last event that the picture shows
     */
    @SuppressWarnings("ArrayRecordComponent") // ten numbers, read only
    public record Frame(
            Picture picture,
            Stage stage,
            double renderMillis,
            double[] camera,
            Map<Viewer, Long> events) {}

    /** A frame with its number, and its encodings as they are asked for. */
    static final class Published {
        final long sequence;
        final Frame frame;
        private final @Nullable Picture before;
        private final Map<Tier, Encoded> encoded = new ConcurrentHashMap<>();
        private final Map<Tier, Optional<Encoded>> tiles = new ConcurrentHashMap<>();

        /**
         * @param before picture of the frame before; null for the first
         */
        Published(long sequence, Frame frame, @Nullable Picture before) {
            this.sequence = sequence;
            this.frame = frame;
            this.before = before;
        }

        /** Still pictures are sent finer than moving ones. */
        Tier tierFor(Tier tierOfLine, boolean lossless) {
            return switch (frame.stage()) {
                case MOVING -> tierOfLine == Tier.BEST ? Tier.GOOD : tierOfLine;
                case REFINED -> tierOfLine;
                case FINAL -> lossless ? Tier.LOSSLESS : tierOfLine.finer().finer();
            };
        }
    }

    /**
     * An encoded picture.
     *
     * @param width of the whole picture
     * @param height of the whole picture
     * @param tiles that it is of; none where it is whole
     */
    @SuppressWarnings("ArrayRecordComponent") // sent as it is
    record Encoded(
            int width, int height, Encoding encoding, byte[] bytes, int[] tiles, float millis) {
        private static final int[] WHOLE = {};
    }

    /**
     * Makes a picture the newest and sends it to all who have room.
     *
     * @param workers share the encoding
     */
    public void publish(Frame frame, Workers workers) {
        sequence++;
        Published last = newest;
        Published published =
                new Published(sequence, frame, last == null ? null : last.frame.picture());
        newest = published;
        hub.metrics().published(frame.renderMillis());
        for (Viewer viewer : watchers) {
            viewer.offer(this, workers);
        }
    }

    /** Whether anybody watches. */
    public boolean isWatched() {
        return !watchers.isEmpty();
    }

    /**
     * The last event of each who watches; to be asked for before the camera is looked at, so that
     * the picture shows no less.
     */
    public Map<Viewer, Long> events() {
        Map<Viewer, Long> out = new HashMap<>();
        watchers.forEach(viewer -> out.put(viewer, viewer.lastEvent()));
        return out;
    }

    /** Who watches. */
    public List<Viewer> watchers() {
        return List.copyOf(watchers);
    }

    @Nullable Published newest() {
        return newest;
    }

    /** The picture in a tier's encoding, made by the first who asks. */
    Encoded encode(Published published, Tier tier, Workers workers) {
        return published.encoded.computeIfAbsent(
                tier,
                t -> {
                    long start = System.nanoTime();
                    Picture picture = t.shrunk(published.frame.picture());
                    boolean png = t == Tier.LOSSLESS;
                    byte[] bytes =
                            png
                                    ? JdkImages.png(picture)
                                    : hub.encoder().encode(picture, t.quality, t.chroma, workers);
                    float millis = (System.nanoTime() - start) * 1e-6f;
                    hub.metrics().encoded(millis);
                    wholeBytes.put(t, bytes.length);
                    return new Encoded(
                            picture.width(),
                            picture.height(),
                            png ? Encoding.PNG : Encoding.JPEG,
                            bytes,
                            Encoded.WHOLE,
                            millis);
                });
    }

    /**
     * What of the picture differs from the frame before, in a tier's quality; null when that is not
     * smaller than the whole.
     */
    @Nullable Encoded encodeChanged(Published published, Tier tier, Workers workers) {
        return published
                .tiles
                .computeIfAbsent(tier, t -> Optional.ofNullable(changed(published, t, workers)))
                .orElse(null);
    }

    private @Nullable Encoded changed(Published published, Tier tier, Workers workers) {
        Picture before = published.before;
        Picture picture = published.frame.picture();
        long start = System.nanoTime();
        ChangedTiles tiles =
                before == null || tier == Tier.LOSSLESS || tier.shrink > 1
                        ? null
                        : ChangedTiles.between(before, picture);
        if (tiles == null) {
            return null;
        }
        byte[] bytes = hub.encoder().encode(tiles.mosaic(), tier.quality, Chroma.FULL, workers);
        float millis = (System.nanoTime() - start) * 1e-6f;
        hub.metrics().encoded(millis);
        int size = bytes.length + 2 * tiles.numbers().length;
        int[] numbers = tiles.numbers();
        // much smaller than the last whole picture is smaller than this one too
        return size < wholeBytes.getOrDefault(tier, 0) / 2
                        || size < encode(published, tier, workers).bytes.length
                ? new Encoded(
                        picture.width(),
                        picture.height(),
                        Encoding.JPEG_TILES,
                        bytes,
                        numbers,
                        millis)
                : null;
    }

    void add(Viewer viewer) {
        watchers.add(viewer);
    }

    void remove(Viewer viewer) {
        watchers.remove(viewer);
    }
}
