package org.perseid.renderer.backend;

import org.jspecify.annotations.Nullable;

/**
 * The splats of a frame in chunks, each projected when it is drawn by the thread that draws it. Any
 * thread may call; the chunks' order is the order of the splats.
 */
public interface SplatSource {
    int chunks();

    /** Splats of a chunk, those that are not visible included. */
    int size(int chunk);

    /** The largest size of a chunk. */
    int capacity();

    /**
     * Finds out where a chunk may be seen.
     *
     * @param out all of the chunk's splats within the picture are within it
     * @return false when none can be seen
     */
    boolean reach(int chunk, Reach out);

    /**
     * Projects a chunk into the slots from {@code slot} on, {@link #size} of them; the radius of
     * those that are not visible is 0.
     *
     * @param within the part of the picture that is drawn; of splats that do not reach into it the
     *     radius may be 0 too
     */
    void project(int chunk, Reach within, Splats out, int slot);

    /**
     * The particles of a chunk as they are in columns, for whom projects them itself.
     *
     * @param columns the same object for all chunks of a part of the frame, likewise the plane
     * @param dx added to x to be relative to the eye, in the columns' unit; likewise dy, dz
     * @param first row
     * @param end one beyond the last row
     */
    record Rows(
            PlaneProjection.Columns columns,
            PlaneProjection.Plane plane,
            double dx,
            double dy,
            double dz,
            long first,
            long end) {}

    /** A chunk's particles in columns; null where it has to be {@link #project projected} here. */
    default @Nullable Rows rows(int chunk) {
        return null;
    }

    /**
     * Whether these are all splats of a picture that stays: then few of them are drawn more
     * accurately, which takes up to the time of many.
     */
    default boolean isWhole() {
        return false;
    }

    /**
     * In how many bands, one after the other from the top, the frame had best be drawn: more than 1
     * where somebody can use rows before all are drawn.
     */
    default int bands() {
        return 1;
    }

    /**
     * Says that the first so many rows of the image are finished; one call may say as much as many.
     */
    default void drawn(int rows) {}

    /** Called now and then while the frame is drawn. */
    default void progress(long done, long total) {}
}
