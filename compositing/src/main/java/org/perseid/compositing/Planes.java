package org.perseid.compositing;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;

/**
 * Planes of equal lengths, or a part of them, read as one row of elements, as the ranges of a
 * {@link Plan} count them.
 */
final class Planes {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

    private final List<float[]> planes;
    private final int each;
    private final long first;
    private final long length;

    Planes(List<float[]> planes) {
        this(planes, 0, (long) planes.getFirst().length * planes.size());
        for (float[] plane : planes) {
            if (plane.length != each) {
                throw new IllegalArgumentException(plane.length + " elements, not " + each);
            }
        }
    }

    private Planes(List<float[]> planes, long first, long length) {
        this.planes = planes;
        this.each = planes.getFirst().length;
        this.first = first;
        this.length = length;
    }

    /** The elements from..end-1, numbered from 0. */
    Planes part(long from, long end) {
        return new Planes(planes, first + from, end - from);
    }

    long length() {
        return length;
    }

    /** Calls the visitor for each part of a range that lies in one plane. */
    void visit(long from, long end, Visitor visitor) {
        for (long at = from; at < end; ) {
            int plane = (int) ((first + at) / each);
            int place = (int) ((first + at) % each);
            int n = (int) Math.min(each - place, end - at);
            visitor.visit(plane, planes.get(plane), place, n, at - from);
            at += n;
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
