package org.perseid.renderer.model;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The particles of one displayed type, in off-heap columns of {@code count} floats each: position,
 * smoothing length, intensity and colour (one scalar, or three components). Whoever loads the set
 * writes it once; it is read-only from then on. The creator closes it, which frees the columns.
 *
 * <p>Positions are relative to {@link #originX() the origin}, a point in double precision near the
 * data, so that a small object far from zero keeps its digits.
 */
public final class ParticleSet implements AutoCloseable {
    /** Layout of one value of a column. */
    public static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

    /** Layout of an id. */
    public static final ValueLayout.OfLong ID = ValueLayout.JAVA_LONG;

    private static final int SLICE = 1 << 14;

    /**
     * Particles up to which columns are gathered from the heap: loops over arrays are quick first.
     */
    private static final long GATHERED_ON_HEAP = 1L << 22;

    private final Arena arena = Arena.ofShared();
    private final long capacity;
    private MemorySegment x;
    private MemorySegment y;
    private MemorySegment z;
    private MemorySegment smoothingLength;
    private @Nullable MemorySegment intensity;
    private final MemorySegment[] color;
    private final MemorySegment[] velocity;
    private final MemorySegment[] extra;
    private @Nullable MemorySegment ids;
    private final double[] origin = new double[3];
    private long count;
    private @Nullable Blocks blocks;
    private volatile List<Detail> details = List.of();
    private int version;
    private double sizeScale = 1;
    private double colorScale = 1;
    private Gate gate = _ -> true;
    private boolean common;
    private FieldRange colorRange = FieldRange.EMPTY;
    private FieldRange intensityRange = FieldRange.EMPTY;

    /**
     * Which columns a set has beside position and smoothing length.
     *
     * @param vectorColor three of colour instead of one
     * @param intensity one of intensity; without it every particle has 1
     * @param ids one of ids
     * @param velocities three of velocity
     * @param extras columns for float layers, at least 0
     */
    public record Columns(
            boolean vectorColor, boolean intensity, boolean ids, boolean velocities, int extras) {
        /** Without velocities and extras. */
        public Columns(boolean vectorColor, boolean intensity, boolean ids) {
            this(vectorColor, intensity, ids, false, 0);
        }

        /** Columns of floats, those of position and smoothing length included. */
        public int floats() {
            return 4 + (intensity ? 1 : 0) + (vectorColor ? 3 : 1) + (velocities ? 3 : 0) + extras;
        }

        /** Bytes of a particle. */
        public int bytes() {
            return 4 * floats() + (ids ? 8 : 0);
        }
    }

    /**
     * Allocates the columns.
     *
     * @param count particles, at least 0
     * @param columns which columns there are
     * @throws RenderException when the memory is not there; nothing stays allocated
     */
    public ParticleSet(long count, Columns columns) {
        this.count = count;
        this.capacity = count;
        try {
            x = column();
            y = column();
            z = column();
            smoothingLength = column();
            intensity = columns.intensity() ? column() : null;
            color = columns(columns.vectorColor() ? 3 : 1);
            velocity = columns(columns.velocities() ? 3 : 0);
            extra = columns(columns.extras());
            ids =
                    columns.ids()
                            ? OffHeap.allocate(
                                    arena,
                                    Math.multiplyExact(capacity, 8L),
                                    "ids of " + capacity + " particles")
                            : null;
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    private ParticleSet(
            long count, Columns columns, List<MemorySegment> floats, @Nullable MemorySegment ids) {
        this.count = count;
        this.capacity = count;
        Iterator<MemorySegment> next = floats.iterator();
        x = next.next();
        y = next.next();
        z = next.next();
        smoothingLength = next.next();
        intensity = columns.intensity() ? next.next() : null;
        color = taken(next, columns.vectorColor() ? 3 : 1);
        velocity = taken(next, columns.velocities() ? 3 : 0);
        extra = taken(next, columns.extras());
        this.ids = ids;
    }

    /**
     * A set over columns that somebody else holds, as those of a mapped file, for as long as they
     * are there; to be drawn, not to be changed.
     *
     * @param floats as {@link #floatColumns} lists them, of {@code count} floats or more each; an
     *     extra column may be one float, the value of all
     * @param ids likewise, of longs; null for none
     */
    public static ParticleSet over(
            long count, Columns columns, List<MemorySegment> floats, @Nullable MemorySegment ids) {
        return new ParticleSet(count, columns, floats, ids);
    }

    /**
     * A set of the particles of others, one after the other; these get the origin of the first.
     *
     * @param sets at least one, of the same columns without ids
     */
    public static ParticleSet joined(List<ParticleSet> sets, Workers workers) {
        ParticleSet first = sets.getFirst();
        long total = sets.stream().mapToLong(ParticleSet::count).sum();
        ParticleSet out = new ParticleSet(total, first.columns());
        out.setOrigin(first.originX(), first.originY(), first.originZ());
        FieldRange ofColor = FieldRange.EMPTY;
        FieldRange ofIntensity = FieldRange.EMPTY;
        long at = 0;
        for (ParticleSet set : sets) {
            set.rebase(first.originX(), first.originY(), first.originZ(), workers);
            for (int c = 0; c < out.floatColumns().size(); c++) {
                MemorySegment.copy(
                        set.floatColumns().get(c),
                        0,
                        out.floatColumns().get(c),
                        4 * at,
                        4 * set.count);
            }
            at += set.count;
            ofColor = ofColor.merge(set.colorRange);
            ofIntensity = ofIntensity.merge(set.intensityRange);
        }
        out.setRanges(ofColor, ofIntensity);
        return out;
    }

    private static MemorySegment[] taken(Iterator<MemorySegment> from, int n) {
        MemorySegment[] out = new MemorySegment[n];
        for (int k = 0; k < n; k++) {
            out[k] = from.next();
        }
        return out;
    }

    private MemorySegment[] columns(int n) {
        MemorySegment[] out = new MemorySegment[n];
        for (int k = 0; k < n; k++) {
            out[k] = column();
        }
        return out;
    }

    private MemorySegment column() {
        return OffHeap.allocate(
                arena, Math.multiplyExact(capacity, 4L), "a column of " + capacity + " particles");
    }

    /** Bytes a particle takes in the columns. */
    public int bytesPerParticle() {
        return columns().bytes();
    }

    /** Which columns there are. */
    public Columns columns() {
        return new Columns(
                vectorColor(), hasIntensity(), ids != null, velocity.length > 0, extra.length);
    }

    public long count() {
        return count;
    }

    /** x relative to the origin, in the file's length unit. */
    public MemorySegment x() {
        return x;
    }

    /** y relative to the origin, in the file's length unit. */
    public MemorySegment y() {
        return y;
    }

    /** z relative to the origin, in the file's length unit. */
    public MemorySegment z() {
        return z;
    }

    /** Radius of the kernel's support, in the file's length unit; finite and above zero. */
    public MemorySegment smoothingLength() {
        return smoothingLength;
    }

    /**
     * Ids as read.
     *
     * @throws IllegalStateException when there is no such column
     */
    public MemorySegment ids() {
        if (ids == null) {
            throw new IllegalStateException("no column of ids");
        }
        return ids;
    }

    public boolean hasIntensity() {
        return intensity != null;
    }

    /**
     * Intensity as read; finite.
     *
     * @throws IllegalStateException when there is no such column
     */
    public MemorySegment intensity() {
        if (intensity == null) {
            throw new IllegalStateException("no intensity column");
        }
        return intensity;
    }

    /** Colour component k as read; finite. */
    public MemorySegment color(int k) {
        return color[k];
    }

    /** Velocity component k as read; there are none when they were not asked for. */
    public MemorySegment velocity(int k) {
        return velocity[k];
    }

    /** Extra column k as read, also values that are not finite. */
    public MemorySegment extra(int k) {
        return extra[k];
    }

    /** The value of a particle in extra column k, which may have one value for all. */
    public float extra(int k, long i) {
        return extra[k].getAtIndex(FLOAT, extra[k].byteSize() > 4 ? i : 0);
    }

    public boolean vectorColor() {
        return color.length == 3;
    }

    public double originX() {
        return origin[0];
    }

    public double originY() {
        return origin[1];
    }

    public double originZ() {
        return origin[2];
    }

    /** Range of the raw colour values, of all components together. */
    public FieldRange colorRange() {
        return colorRange;
    }

    /** Range of the raw intensities. */
    public FieldRange intensityRange() {
        return intensityRange;
    }

    /** For the loader: the point that the position columns are relative to. */
    public void setOrigin(double ox, double oy, double oz) {
        origin[0] = ox;
        origin[1] = oy;
        origin[2] = oz;
    }

    /**
     * For the loader: moves the point that the positions are relative to; they stay where they are.
     */
    public void rebase(double ox, double oy, double oz, Workers workers) {
        double[] to = {ox, oy, oz};
        MemorySegment[] columns = {x, y, z};
        for (int axis = 0; axis < 3; axis++) {
            double shift = origin[axis] - to[axis];
            MemorySegment column = columns[axis];
            if (shift != 0) {
                workers.runSlices(
                        count,
                        SLICE,
                        (a, b) -> {
                            for (long i = a; i < b; i++) {
                                column.setAtIndex(
                                        FLOAT, i, (float) (column.getAtIndex(FLOAT, i) + shift));
                            }
                        });
            }
        }
        setOrigin(ox, oy, oz);
    }

    /** All columns of floats, in the same order for all sets with the same {@link #columns}. */
    public List<MemorySegment> floatColumns() {
        List<MemorySegment> out = new ArrayList<>(List.of(x, y, z, smoothingLength));
        if (intensity != null) {
            out.add(intensity);
        }
        for (MemorySegment[] columns : new MemorySegment[][] {color, velocity, extra}) {
            out.addAll(List.of(columns));
        }
        return out;
    }

    /** For the loader: the ranges of what it wrote. */
    public void setRanges(FieldRange newColorRange, FieldRange newIntensityRange) {
        colorRange = newColorRange;
        intensityRange = newIntensityRange;
    }

    /** For the loader: colours the particles by their smoothing length, which must be there. */
    public void colorBySmoothingLength() {
        MemorySegment.copy(smoothingLength, 0, color[0], 0, 4 * count);
        colorRange = rangeOf(smoothingLength, 0);
    }

    /** Range of the positions along an axis (0 x, 1 y, 2 z), in the file's coordinates. */
    public synchronized FieldRange extent(int axis) {
        if (blocks != null) {
            return extent(blocks, axis);
        }
        return rangeOf(axis == 0 ? x : axis == 1 ? y : z, origin[axis]);
    }

    private FieldRange extent(Blocks of, int axis) {
        FieldRange range = FieldRange.EMPTY;
        for (int block = 0; block < of.count(); block++) {
            range =
                    range.with(of.min(block, axis) + origin[axis])
                            .with(of.max(block, axis) + origin[axis]);
        }
        return range;
    }

    private FieldRange rangeOf(MemorySegment column, double offset) {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        double minPositive = Double.POSITIVE_INFINITY;
        for (long i = 0; i < count; i++) {
            double v = column.getAtIndex(FLOAT, i) + offset;
            min = Math.min(min, v);
            max = Math.max(max, v);
            minPositive = v > 0 && v < minPositive ? v : minPositive;
        }
        return new FieldRange(min, max, minPositive);
    }

    /**
     * For the loader: keeps the particles for which {@code keep} holds, in their order.
     *
     * @return how many were dropped
     */
    public long retain(java.util.function.LongPredicate keep) {
        List<MemorySegment> columns = floatColumns();
        long kept = 0;
        for (long i = 0; i < count; i++) {
            if (keep.test(i)) {
                if (kept != i) {
                    move(columns, i, kept);
                }
                kept++;
            }
        }
        long dropped = count - kept;
        count = kept;
        return dropped;
    }

    private void move(List<MemorySegment> columns, long from, long to) {
        for (MemorySegment column : columns) {
            moveValue(column, from, to);
        }
        if (ids != null) {
            ids.setAtIndex(ID, to, ids.getAtIndex(ID, from));
        }
    }

    private static void moveValue(MemorySegment column, long from, long to) {
        column.setAtIndex(FLOAT, to, column.getAtIndex(FLOAT, from));
    }

    /**
     * For the loader: puts the particles into another order. Takes memory of one more column.
     *
     * @param rows for each new index the one at which its particle is now, a long each
     */
    public void reorder(MemorySegment rows, Workers workers) {
        MemorySegment[] first =
                intensity == null
                        ? new MemorySegment[] {x, y, z, smoothingLength}
                        : new MemorySegment[] {x, y, z, smoothingLength, intensity};
        MemorySegment spare = column();
        float[] onHeap = new float[count <= GATHERED_ON_HEAP ? (int) count : 0];
        for (MemorySegment[] columns : new MemorySegment[][] {first, color, velocity, extra}) {
            for (int k = 0; k < columns.length; k++) {
                MemorySegment from = columns[k];
                columns[k] = gathered(from, spare, rows, onHeap, workers);
                spare = from;
            }
        }
        OffHeap.discard(spare);
        x = first[0];
        y = first[1];
        z = first[2];
        smoothingLength = first[3];
        intensity = intensity == null ? null : first[4];
        if (ids != null) {
            MemorySegment from = ids;
            MemorySegment to =
                    OffHeap.allocate(arena, 8 * capacity, "ids of " + capacity + " particles");
            workers.runSlices(
                    count,
                    SLICE,
                    (a, b) -> {
                        for (long i = a; i < b; i++) {
                            to.setAtIndex(ID, i, from.getAtIndex(ID, rows.getAtIndex(ID, i)));
                        }
                    });
            ids = to;
            OffHeap.discard(from);
        }
        blocks = null;
    }

    private MemorySegment gathered(
            MemorySegment from,
            MemorySegment to,
            MemorySegment rows,
            float[] onHeap,
            Workers workers) {
        MemorySegment.copy(from, FLOAT, 0, onHeap, 0, onHeap.length);
        workers.runSlices(
                count,
                SLICE,
                (a, b) -> {
                    int n = (int) (b - a);
                    long[] places = new long[n];
                    float[] out = new float[n];
                    MemorySegment.copy(rows, ID, ID.byteSize() * a, places, 0, n);
                    if (onHeap.length > 0) {
                        for (int k = 0; k < n; k++) {
                            out[k] = onHeap[(int) places[k]];
                        }
                    } else {
                        for (int k = 0; k < n; k++) {
                            out[k] = from.getAtIndex(FLOAT, places[k]);
                        }
                    }
                    MemorySegment.copy(out, 0, to, FLOAT, FLOAT.byteSize() * a, n);
                });
        return to;
    }

    /** Where the particles are; found when it is first asked for. */
    public synchronized Blocks blocks(Workers workers) {
        if (blocks == null) {
            blocks = Blocks.of(this, workers);
        }
        return blocks;
    }

    /** For who knows where the particles are, as from a file. */
    public synchronized void setBlocks(Blocks known) {
        blocks = known;
    }

    /** For the loader: whether every {@link Peers peer} has all of these particles, not its own. */
    public void setCommon(boolean common) {
        this.common = common;
    }

    /** Whether every peer has all of these particles, so that each draws a part of the blocks. */
    public boolean isCommon() {
        return common;
    }

    /** What stands between the columns and who reads them, as a check of a file's sums. */
    @FunctionalInterface
    public interface Gate {
        /**
         * Called before the particles of a block are read, by any thread, as often as one likes.
         *
         * @return false when they are to be left out
         * @throws RenderException when they must not be read
         */
        boolean admit(int block);
    }

    /** Sets who is asked before a block is read; nobody when it is never called. */
    public void setGate(Gate newGate) {
        gate = newGate;
    }

    /**
     * To be called before the particles of a {@link Blocks block} are read to draw them.
     *
     * @return false when they are to be left out
     */
    public boolean admit(int block) {
        return gate.admit(block);
    }

    /** Nodes that may stand for particles that are small in a picture, for any number of lights. */
    public List<Detail> details() {
        return details;
    }

    /** Sets the nodes, which are closed with the set; others that it had are closed here. */
    public void setDetails(List<Detail> next) {
        List<Detail> before = details;
        details = List.copyOf(next);
        before.stream().filter(detail -> !next.contains(detail)).forEach(Detail::close);
    }

    /**
     * For the loader: what the columns of smoothing lengths and of colours have to be multiplied by
     * where they are shown as they are in a file.
     */
    public void setScales(double ofSize, double ofColor) {
        sizeScale = ofSize;
        colorScale = ofColor;
    }

    /** Factor on {@link #smoothingLength the smoothing lengths}, and on those of the blocks. */
    public double sizeScale() {
        return sizeScale;
    }

    /** Factor on {@link #color the colours}; the range of colours has it already. */
    public double colorScale() {
        return colorScale;
    }

    /**
     * Says that positions or smoothing lengths were written anew, as by a simulation that draws its
     * own arrays; nobody may be drawing them.
     */
    public synchronized void moved() {
        version++;
        blocks = null;
        setDetails(List.of());
    }

    /** Counts how often the columns were {@link #moved written anew}. */
    public synchronized int version() {
        return version;
    }

    @Override
    public void close() {
        setDetails(List.of());
        arena.close();
    }
}
