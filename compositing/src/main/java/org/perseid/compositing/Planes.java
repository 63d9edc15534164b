package org.perseid.compositing;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;

/**
 * Consecutive rows of planes of equal sizes, read as one row of elements, as the ranges of a {@link
 * Plan} count them: of each row that of the first plane, then that of the next.
 */
final class Planes {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

    private final List<float[]> planes;
    private final int width;
    private final int first;
    private final int rows;

    /**
     * @param planes of equal lengths
     * @param width elements of a row of each
     */
    Planes(List<float[]> planes, int width) {
        this(planes, width, 0, planes.getFirst().length / width);
        for (float[] plane : planes) {
            if (plane.length != rows * width) {
                throw new IllegalArgumentException(
                        plane.length + " elements, not " + rows + " rows of " + width);
            }
        }
    }

    private Planes(List<float[]> planes, int width, int first, int rows) {
        this.planes = planes;
        this.width = width;
        this.first = first;
        this.rows = rows;
    }

    /** The rows from..end-1, numbered from 0. */
    Planes rows(int from, int end) {
        return new Planes(planes, width, first + from, end - from);
    }

    int rows() {
        return rows;
    }

    /** A whole plane. */
    float[] plane(int number) {
        return planes.get(number);
    }

    /** Elements of a row of all planes. */
    int rowLength() {
        return planes.size() * width;
    }

    long length() {
        return (long) rows * rowLength();
    }

    /** Calls the visitor for each part of a range that lies in a row of one plane. */
    void visit(long from, long end, Visitor visitor) {
        int row = (int) (from / rowLength());
        int inRow = (int) (from % rowLength());
        int plane = inRow / width;
        int x = inRow % width;
        for (long at = from; at < end; ) {
            int n = (int) Math.min(width - x, end - at);
            visitor.visit(plane, planes.get(plane), (first + row) * width + x, n, at - from);
            at += n;
            x = 0;
            if (++plane == planes.size()) {
                plane = 0;
                row++;
            }
        }
    }

    /** Work on a part of a plane. */
    interface Visitor {
        /**
         * Works on n elements of a plane.
         *
         * @param number of the plane
         * @param from the first of them
         * @param done elements of the range before these
         */
        void visit(int number, float[] plane, int from, int n, long done);
    }

    /** Whether a range is zero throughout. */
    boolean isZero(long from, long end) {
        boolean[] zero = {true};
        visit(
                from,
                end,
                (number, plane, at, n, done) -> {
                    for (int i = at; zero[0] && i < at + n; i++) {
                        zero[0] = plane[i] == 0f;
                    }
                });
        return zero[0];
    }

    void fill(long from, long end, float value) {
        visit(from, end, (number, plane, at, n, done) -> Arrays.fill(plane, at, at + n, value));
    }

    /** Copies a range to a place in a segment. */
    void copyTo(long from, long end, MemorySegment to, long offset) {
        visit(
                from,
                end,
                (number, plane, at, n, done) ->
                        MemorySegment.copy(plane, at, to, FLOAT, offset + 4 * done, n));
    }

    /** Fills a range from a place in a segment. */
    void copyFrom(long from, long end, MemorySegment source, long offset) {
        visit(
                from,
                end,
                (number, plane, at, n, done) ->
                        MemorySegment.copy(source, FLOAT, offset + 4 * done, plane, at, n));
    }

    /** The largest absolute value in a range. */
    float largest(long from, long end) {
        float[] most = {0};
        visit(
                from,
                end,
                (number, plane, at, n, done) -> {
                    float m = most[0];
                    for (int i = at; i < at + n; i++) {
                        m = Math.max(m, Math.abs(plane[i]));
                    }
                    most[0] = m;
                });
        return most[0];
    }
}
