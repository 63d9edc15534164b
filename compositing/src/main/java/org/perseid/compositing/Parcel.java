package org.perseid.compositing;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.perseid.compositing.Plan.Range;
import org.perseid.renderer.model.Levels;

/**
 * A range of one or more {@link Planes} as bytes: all of it, or only the runs of blocks that are
 * not zero throughout, whichever is shorter; as floats, as half floats with a factor, or as levels.
 *
 * <pre>
 * int   runs, -1 for all elements
 * float factor of the values, 0 for floats as they are
 * int   first block, int blocks     for each run
 * values of the runs, for each run those of the first planes, then those of the next
 * </pre>
 */
final class Parcel {
    /** Elements of a block. */
    static final int BLOCK = 64;

    /** Most of a half float, with room for sums of rounded values. */
    private static final float LARGEST_HALF = 32768f;

    private static final int HEADER = 8;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfFloat ANY_FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

    private final List<Planes> planes;
    private final boolean half;
    private final @Nullable Levels levels;
    private final float[] scratch = new float[1 << 12];
    private final short[] halves = new short[scratch.length];
    private final byte[] bytes = new byte[scratch.length];

    /**
     * @param planes that are sent together
     * @param half whether values become half floats, with an error of at most 2^-11 of each, or
     *     2^-40 of the largest of the parcel
     */
    Parcel(List<Planes> planes, boolean half) {
        this(planes, half, null);
    }

    /**
     * @param levels what values become, which is read as whole numbers; null for floats as they are
     */
    Parcel(Planes planes, @Nullable Levels levels) {
        this(List.of(planes), false, levels);
    }

    private Parcel(List<Planes> planes, boolean half, @Nullable Levels levels) {
        this.planes = planes;
        this.half = half;
        this.levels = levels;
    }

    private int valueBytes() {
        return levels != null ? 1 : half ? 2 : 4;
    }

    /** Bytes that a range takes at most. */
    long capacity(Range range) {
        return HEADER + range.length() * planes.size() * valueBytes();
    }

    /**
     * Writes a range.
     *
     * @param to with room for {@link #capacity}
     * @return bytes that were written
     */
    long pack(Range range, MemorySegment to) {
        long dense = capacity(range);
        int runs = 0;
        long values = 0;
        long blocks = Math.ceilDiv(range.length(), (long) BLOCK);
        boolean sparse = true;
        for (long b = 0; sparse && b < blocks; ) {
            long first = b;
            while (b < blocks && isActive(range, b)) {
                b++;
            }
            if (b > first) {
                values += end(range, b) - start(range, first);
                sparse = HEADER + 8L * (runs + 1) + values * planes.size() * valueBytes() < dense;
                if (sparse) {
                    to.set(INT, HEADER + 8L * runs, (int) first);
                    to.set(INT, HEADER + 8L * runs + 4, (int) (b - first));
                }
                runs++;
            }
            b++;
        }
        float factor = half ? factor(range) : 0;
        to.set(INT, 0, sparse ? runs : -1);
        to.set(FLOAT, 4, factor);
        long at = HEADER;
        if (!sparse) {
            return packRun(range.first(), range.end(), factor, to, at);
        }
        at += 8L * runs;
        for (int r = 0; r < runs; r++) {
            long first = to.get(INT, HEADER + 8L * r);
            long end = first + to.get(INT, HEADER + 8L * r + 4);
            at = packRun(start(range, first), end(range, end), factor, to, at);
        }
        return at;
    }

    private static long start(Range range, long block) {
        return range.first() + block * BLOCK;
    }

    private static long end(Range range, long block) {
        return Math.min(range.end(), range.first() + block * BLOCK);
    }

    private boolean isActive(Range range, long block) {
        for (Planes of : planes) {
            if (!of.isZero(start(range, block), end(range, block + 1))) {
                return true;
            }
        }
        return false;
    }

    private float factor(Range range) {
        float largest = 0;
        for (Planes of : planes) {
            largest = Math.max(largest, of.largest(range.first(), range.end()));
        }
        return largest > 0 ? LARGEST_HALF / largest : 1;
    }

    private long packRun(long first, long end, float factor, MemorySegment to, long offset) {
        long at = offset;
        for (Planes of : planes) {
            long place = at;
            if (levels != null) {
                of.visit(
                        first,
                        end,
                        (number, plane, from, n, done) ->
                                writeLevels(levels, plane, from, n, to, place + done));
            } else if (half) {
                of.visit(
                        first,
                        end,
                        (number, plane, from, n, done) ->
                                writeHalves(plane, from, n, factor, to, place + 2 * done));
            } else {
                of.copyTo(first, end, to, place);
            }
            at += (end - first) * valueBytes();
        }
        return at;
    }

    private void writeHalves(
            float[] plane, int from, int n, float factor, MemorySegment to, long offset) {
        for (int done = 0; done < n; done += halves.length) {
            int some = Math.min(halves.length, n - done);
            for (int i = 0; i < some; i++) {
                halves[i] = Float.floatToFloat16(plane[from + done + i] * factor);
            }
            MemorySegment.copy(halves, 0, to, SHORT, offset + 2L * done, some);
        }
    }

    private void writeLevels(
            Levels of, float[] plane, int from, int n, MemorySegment to, long offset) {
        for (int done = 0; done < n; done += bytes.length) {
            int some = Math.min(bytes.length, n - done);
            for (int i = 0; i < some; i++) {
                bytes[i] = of.of(plane[from + done + i]);
            }
            MemorySegment.copy(bytes, 0, to, BYTE, offset + done, some);
        }
    }

    /** What is done with the values of a parcel. */
    interface Reader {
        /**
         * Takes values of a run.
         *
         * @param which planes they are of
         * @param plane number of the plane among these
         * @param from where in it
         * @param values n of them
         */
        void read(int which, int plane, int from, float[] values, int n);
    }

    /** Sets a range to what {@link #pack} wrote of it. */
    void replace(Range range, MemorySegment parcel, Reader writer) {
        if (parcel.get(INT, 0) >= 0) {
            float black = levels == null ? 0 : levels.of(0) & 255;
            planes.forEach(of -> of.fill(range.first(), range.end(), black));
        }
        unpack(range, parcel, false, writer);
    }

    /**
     * Reads what {@link #pack} wrote of the same range.
     *
     * @param backwards whether of each run the values of the last planes come first
     */
    void unpack(Range range, MemorySegment parcel, boolean backwards, Reader reader) {
        int runs = parcel.get(INT, 0);
        float factor = parcel.get(FLOAT, 4);
        if (runs < 0) {
            long _ =
                    unpackRun(
                            range.first(), range.end(), factor, parcel, HEADER, backwards, reader);
            return;
        }
        long at = HEADER + 8L * runs;
        for (int r = 0; r < runs; r++) {
            long first = parcel.get(INT, HEADER + 8L * r);
            long end = first + parcel.get(INT, HEADER + 8L * r + 4);
            at =
                    unpackRun(
                            start(range, first),
                            end(range, end),
                            factor,
                            parcel,
                            at,
                            backwards,
                            reader);
        }
    }

    private long unpackRun(
            long first,
            long end,
            float factor,
            MemorySegment parcel,
            long offset,
            boolean backwards,
            Reader reader) {
        long length = end - first;
        for (int k = 0; k < planes.size(); k++) {
            int which = backwards ? planes.size() - 1 - k : k;
            long place = offset + length * which * valueBytes();
            planes.get(which)
                    .visit(
                            first,
                            end,
                            (number, plane, from, n, done) -> {
                                for (int i = 0; i < n; i += scratch.length) {
                                    int some = Math.min(scratch.length, n - i);
                                    readValues(
                                            parcel,
                                            place + (done + i) * valueBytes(),
                                            some,
                                            factor);
                                    reader.read(which, number, from + i, scratch, some);
                                }
                            });
        }
        return offset + length * planes.size() * valueBytes();
    }

    private void readValues(MemorySegment parcel, long offset, int n, float factor) {
        if (levels != null) {
            MemorySegment.copy(parcel, BYTE, offset, bytes, 0, n);
            for (int i = 0; i < n; i++) {
                scratch[i] = bytes[i] & 255;
            }
            return;
        }
        if (!half) {
            MemorySegment.copy(parcel, ANY_FLOAT, offset, scratch, 0, n);
            return;
        }
        MemorySegment.copy(parcel, SHORT, offset, halves, 0, n);
        float inverse = 1 / factor;
        for (int i = 0; i < n; i++) {
            scratch[i] = Float.float16ToFloat(halves[i]) * inverse;
        }
    }
}
