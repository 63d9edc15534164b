package org.perseid.renderer.model;

import java.util.List;

/**
 * Pictures of all peers that become one, strip by strip from the top: a strip that all have drawn
 * travels while the next ones are drawn. All peers call {@link #finish}, also when they fail to
 * draw, and nothing else of {@link Peers} before it has returned.
 */
public interface Joining {
    /**
     * In how many bands, one after the other from the top, the picture had best be drawn: 1 where
     * early rows are of no use, or cost more than they save.
     */
    int bands();

    /**
     * Says that rows are drawn; they are not to be touched any more. Any thread.
     *
     * @param rows the first so many of the picture
     */
    void drawn(int rows);

    /**
     * Waits until the pictures are one; all rows count as drawn.
     *
     * @return seconds of it in which this peer waited for others to draw
     */
    double finish();

    /** The rows whose result is here, from the top, after {@link #finish}. */
    List<Rows> rows();

    /** Rows first to end-1 of a picture. */
    record Rows(int first, int end) {
        /** All rows of a picture. */
        public static List<Rows> all(int height) {
            return List.of(new Rows(0, height));
        }
    }
}
