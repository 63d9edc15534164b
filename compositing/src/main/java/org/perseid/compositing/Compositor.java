package org.perseid.compositing;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.perseid.compositing.Group.Pending;
import org.perseid.compositing.Plan.Range;
import org.perseid.compositing.Plan.Step;
import org.perseid.compositing.Plan.Transfer;
import org.perseid.renderer.model.Ending;
import org.perseid.renderer.model.Joining.Rows;
import org.perseid.renderer.model.Levels;
import org.perseid.renderer.model.OffHeap;

/**
 * Brings the pictures of all ranks together at rank 0. Keeps its off-heap buffers, as large as what
 * a step sends and receives, between pictures. Used by one thread; whoever makes it closes it.
 */
public final class Compositor implements AutoCloseable {
    /** Elements that are worked on at a time: bounds messages and buffers. */
    private static final long WINDOW = 1L << 25;

    /** Place of the light among what travels together with opacity. */
    private static final int LIGHT = 1;

    private final Group group;
    private final int straight;
    private boolean half;
    private Arena arena = Arena.ofShared();
    private MemorySegment buffer = MemorySegment.NULL;
    private long sentBytes;

    /**
     * @param group not closed here
     */
    public Compositor(Group group) {
        this(group, Collector.STRAIGHT);
    }

    /**
     * @param straight ranks up to which each sends its finished part straight to rank 0
     */
    Compositor(Group group, int straight) {
        this.group = group;
        this.straight = straight;
    }

    /**
     * Called by all: whether parts travel as half floats, half the bytes. Each step rounds a value
     * by at most 2^-11 of it, or 2^-40 of the largest of the part. {@link Schedule#REDUCE} and the
     * finished parts keep floats.
     */
    public void useHalfFloats(boolean use) {
        half = use;
    }

    /** Bytes that this rank has sent so far, those of {@link Schedule#REDUCE} not counted. */
    public long sentBytes() {
        return sentBytes;
    }

    /**
     * Collective: adds the planes of all ranks. What is not a result in them afterwards is not
     * defined. The sum is made in an order that the schedule and the number of ranks alone decide.
     *
     * @param planes of equal lengths
     * @param width elements of a row of each
     * @param ending where the sums are in the end
     * @return the rows whose sum is here, from the top
     */
    public List<Rows> add(Schedule schedule, List<float[]> planes, int width, Ending ending) {
        List<Rows> out = new ArrayList<>();
        int first = 0;
        for (Planes window : windows(new Planes(planes, width))) {
            noteRows(first, add(schedule, window, ending), out);
            first += window.rows();
        }
        return out;
    }

    /** Adds rows of a part of a picture that begins at row {@code first}, if there are any. */
    static void noteRows(int first, Range rows, List<Rows> to) {
        if (rows.length() > 0) {
            to.add(new Rows(first + (int) rows.first(), first + (int) rows.end()));
        }
    }

    /**
     * Collective: adds rows, of all ranks the same, as many as {@link #windowRows} at most.
     *
     * @return the rows of these whose sum is here
     */
    Range add(Schedule schedule, Planes window, Ending ending) {
        if (schedule == Schedule.REDUCE) {
            reduce(window);
            if (group.rank() != 0) {
                return Range.NONE;
            }
            finish(window, new Range(0, window.length()), ending);
            return new Range(0, window.rows());
        }
        Combining sum =
                lower ->
                        (which, plane, from, values, n) ->
                                add(window.plane(plane), from, values, n);
        return run(schedule, List.of(window), sum, ending);
    }

    /**
     * Collective: lays the pictures of all ranks over each other, that of a higher rank over that
     * of a lower one.
     *
     * @param schedule {@link Schedule#REDUCE} stands for {@link Schedule#DIRECT}
     * @param light planes of equal lengths
     * @param opacity as many; 0 where there is no light. Afterwards not defined
     * @param width elements of a row of each
     * @param ending as for {@link #add}
     * @return the rows whose result is here, from the top
     */
    public List<Rows> over(
            Schedule schedule,
            List<float[]> light,
            List<float[]> opacity,
            int width,
            Ending ending) {
        List<Planes> lights = windows(new Planes(light, width));
        List<Planes> opacities = windows(new Planes(opacity, width));
        List<Rows> out = new ArrayList<>();
        int first = 0;
        for (int k = 0; k < lights.size(); k++) {
            noteRows(first, over(schedule, lights.get(k), opacities.get(k), ending), out);
            first += lights.get(k).rows();
        }
        return out;
    }

    /**
     * Collective: lays rows over each other, of all ranks the same.
     *
     * @return the rows of these whose result is here
     */
    Range over(Schedule schedule, Planes light, Planes opacity, Ending ending) {
        Combining layers =
                lower ->
                        (which, plane, from, values, n) -> {
                            float[] own = light.plane(plane);
                            float[] veil = opacity.plane(plane);
                            if (lower) {
                                under(which, own, veil, from, values, n);
                            } else {
                                over(which, own, veil, from, values, n);
                            }
                        };
        return run(
                schedule == Schedule.REDUCE ? Schedule.DIRECT : schedule,
                List.of(opacity, light),
                layers,
                ending);
    }

    /** Rows of so many elements that are worked on at a time. */
    static int windowRows(int rowLength) {
        return (int) Math.max(1, WINDOW / rowLength);
    }

    private static List<Planes> windows(Planes all) {
        int rows = windowRows(all.rowLength());
        List<Planes> out = new ArrayList<>();
        for (int first = 0; first < all.rows(); first += rows) {
            out.add(all.rows(first, Math.min(all.rows(), first + rows)));
        }
        return out;
    }

    /** What is done with the parcels of lower or of higher ranks. */
    private interface Combining {
        Parcel.Reader reader(boolean lower);
    }

    private static void add(float[] plane, int from, float[] values, int n) {
        for (int i = 0; i < n; i++) {
            plane[from + i] += values[i];
        }
    }

    /** Lays a parcel over a picture: of each run first its opacity, then its light. */
    private static void over(
            int which, float[] light, float[] opacity, int from, float[] values, int n) {
        if (which == LIGHT) {
            add(light, from, values, n);
            return;
        }
        for (int i = 0; i < n; i++) {
            light[from + i] *= 1 - values[i];
            opacity[from + i] = values[i] + (1 - values[i]) * opacity[from + i];
        }
    }

    /** Puts a parcel under a picture: of each run first its light, then its opacity. */
    private static void under(
            int which, float[] light, float[] opacity, int from, float[] values, int n) {
        float[] sums = which == LIGHT ? light : opacity;
        for (int i = 0; i < n; i++) {
            sums[from + i] += (1 - opacity[from + i]) * values[i];
        }
    }

    private void reduce(Planes planes) {
        long bytes = 4 * planes.length();
        MemorySegment all = buffer(bytes).asSlice(0, bytes);
        planes.copyTo(0, planes.length(), all, 0);
        group.sum(all, 0);
        if (group.rank() == 0) {
            planes.copyFrom(0, planes.length(), all, 0);
        }
    }

    /**
     * Follows a plan, and collects what it makes of the last planes, or leaves it, in whole rows.
     *
     * @param window what is worked on
     * @return the rows whose result is here
     */
    private Range run(Schedule schedule, List<Planes> window, Combining combining, Ending ending) {
        Parcel parcel = new Parcel(window, half);
        Planes results = window.getLast();
        boolean apart = ending instanceof Ending.Apart;
        int unit = apart ? results.rowLength() : 1;
        long length = results.length() / unit;
        Plan plan = Plan.of(schedule, group.rank(), group.size(), length).times(unit);
        for (Step step : plan.steps()) {
            exchange(step, parcel, combining);
        }
        if (apart) {
            Range kept = plan.result();
            return new Range(kept.first() / unit, kept.end() / unit);
        }
        Collector collector =
                new Collector(
                        group,
                        new Parcel(results, levels(ending)),
                        rank -> Plan.resultOf(schedule, rank, group.size(), length),
                        this::buffer,
                        straight);
        collector.collect((which, plane, from, values, n) ->
                System.arraycopy(values, 0, results.plane(plane), from, n));
        sentBytes += collector.sentBytes();
        if (group.rank() != 0) {
            return Range.NONE;
        }
        finish(results, plan.result(), ending);
        return new Range(0, results.rows());
    }

    private static @Nullable Levels levels(Ending ending) {
        return ending instanceof Ending.OfLevels(Levels levels) ? levels : null;
    }

    /** Makes levels of what rank 0 has finished itself. */
    private static void finish(Planes planes, Range range, Ending ending) {
        Levels levels = levels(ending);
        if (levels != null) {
            planes.visit(
                    range.first(),
                    range.end(),
                    (number, plane, from, n, done) -> levels.inPlaceOf(plane, from, n));
        }
    }

    private void exchange(Step step, Parcel parcel, Combining combining) {
        long room = 0;
        for (Transfer transfer : step.receives()) {
            room += aligned(parcel.capacity(transfer.range()));
        }
        for (Transfer transfer : step.sends()) {
            room += aligned(parcel.capacity(transfer.range()));
        }
        MemorySegment memory = buffer(room);
        long at = 0;
        List<MemorySegment> parcels = new ArrayList<>();
        List<Pending> arriving = new ArrayList<>();
        for (Transfer transfer : step.receives()) {
            MemorySegment into = memory.asSlice(at, parcel.capacity(transfer.range()));
            at += aligned(into.byteSize());
            parcels.add(into);
            arriving.add(group.receive(into, transfer.rank()));
        }
        List<Pending> leaving = new ArrayList<>();
        for (Transfer transfer : fromNextOn(step.sends())) {
            MemorySegment space = memory.asSlice(at, parcel.capacity(transfer.range()));
            at += aligned(space.byteSize());
            long bytes = parcel.pack(transfer.range(), space);
            sentBytes += bytes;
            leaving.add(group.send(space.asSlice(0, bytes), transfer.rank()));
        }
        combine(step, parcel, combining, parcels, arriving);
        leaving.forEach(Pending::await);
    }

    /** So that not all ranks send to the same one first. */
    private List<Transfer> fromNextOn(List<Transfer> sends) {
        List<Transfer> out = new ArrayList<>();
        sends.stream().filter(t -> t.rank() > group.rank()).forEach(out::add);
        sends.stream().filter(t -> t.rank() < group.rank()).forEach(out::add);
        return out;
    }

    /** Lower ranks from the nearest down, then higher ones from the nearest up. */
    private void combine(
            Step step,
            Parcel parcel,
            Combining combining,
            List<MemorySegment> parcels,
            List<Pending> arriving) {
        List<Transfer> receives = step.receives();
        int firstHigher = 0;
        while (firstHigher < receives.size() && receives.get(firstHigher).rank() < group.rank()) {
            firstHigher++;
        }
        for (int k = firstHigher - 1; k >= 0; k--) {
            long bytes = arriving.get(k).await();
            parcel.unpack(
                    receives.get(k).range(),
                    parcels.get(k).asSlice(0, bytes),
                    true,
                    combining.reader(true));
        }
        for (int k = firstHigher; k < receives.size(); k++) {
            long bytes = arriving.get(k).await();
            parcel.unpack(
                    receives.get(k).range(),
                    parcels.get(k).asSlice(0, bytes),
                    false,
                    combining.reader(false));
        }
    }

    private static long aligned(long bytes) {
        return (bytes + 63) & -64L;
    }

    private MemorySegment buffer(long bytes) {
        if (buffer.byteSize() < bytes) {
            arena.close();
            arena = Arena.ofShared();
            buffer = OffHeap.allocate(arena, bytes, "the exchange of pictures");
        }
        return buffer;
    }

    @Override
    public void close() {
        arena.close();
    }
}
