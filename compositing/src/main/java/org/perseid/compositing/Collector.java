package org.perseid.compositing;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.perseid.compositing.Group.Pending;
import org.perseid.compositing.Plan.Range;

/**
 * Brings finished parts to rank 0: straight, or with many ranks in two steps, by the first of each
 * group of about as many ranks as there are groups, so that rank 0 has 2 sqrt(N) messages and not
 * N. A bundle is the length of each of its parcels, then the parcels.
 */
final class Collector {
    /** Ranks up to which each sends its part straight to rank 0. */
    static final int STRAIGHT = 64;

    private static final ValueLayout.OfLong LENGTH = ValueLayout.JAVA_LONG;

    private final Group group;
    private final Parcel parcel;
    private final IntFunction<Range> ranges;
    private final LongFunction<MemorySegment> buffers;
    private final int groupSize;
    private long sentBytes;

    /**
     * @param parcel of what is collected
     * @param ranges of the finished parts, by rank; may be empty ones
     * @param buffers give memory of at least so many bytes, until they are asked again
     * @param straight ranks up to which there is one step
     */
    Collector(
            Group group,
            Parcel parcel,
            IntFunction<Range> ranges,
            LongFunction<MemorySegment> buffers,
            int straight) {
        this.group = group;
        this.parcel = parcel;
        this.ranges = ranges;
        this.buffers = buffers;
        this.groupSize =
                group.size() <= straight ? group.size() : (int) Math.ceil(Math.sqrt(group.size()));
    }

    /** Called by all; rank 0 takes the parts of the others. */
    void collect(Parcel.Reader into) {
        int rank = group.rank();
        int first = rank - rank % groupSize;
        if (rank == 0) {
            receiveAll(into);
        } else if (rank != first) {
            sendOwn(first);
        } else {
            sendBundle();
        }
    }

    /** Bytes that this rank has sent. */
    long sentBytes() {
        return sentBytes;
    }

    private int endOfGroup(int first) {
        return Math.min(group.size(), first + groupSize);
    }

    private long room(int rank) {
        Range range = ranges.apply(rank);
        return range.length() == 0 ? 0 : (parcel.capacity(range) + 63) & -64L;
    }

    /** Bytes that the bundle of the group from {@code first} on takes at most. */
    private long bundleRoom(int first) {
        long bytes = header(first);
        for (int r = first; r < endOfGroup(first); r++) {
            bytes += room(r);
        }
        return bytes;
    }

    private long header(int first) {
        return 8L * (endOfGroup(first) - first);
    }

    private void send(MemorySegment bytes, int to) {
        sentBytes += bytes.byteSize();
        long _ = group.send(bytes, to).await();
    }

    private void sendOwn(int to) {
        Range own = ranges.apply(group.rank());
        if (own.length() > 0) {
            MemorySegment space = buffers.apply(parcel.capacity(own));
            send(space.asSlice(0, parcel.pack(own, space)), to);
        }
    }

    private void sendBundle() {
        int first = group.rank();
        MemorySegment bundle = buffers.apply(bundleRoom(first));
        long at = header(first);
        List<@Nullable Pending> arriving = new ArrayList<>();
        List<MemorySegment> spaces = new ArrayList<>();
        for (int r = first; r < endOfGroup(first); r++) {
            MemorySegment space = bundle.asSlice(at, room(r));
            at += space.byteSize();
            spaces.add(space);
            boolean waits = r > first && space.byteSize() > 0;
            arriving.add(waits ? group.receive(space, r) : null);
        }
        Range own = ranges.apply(first);
        long end = header(first);
        for (int k = 0; k < spaces.size(); k++) {
            Pending pending = arriving.get(k);
            long bytes =
                    pending != null
                            ? pending.await()
                            : k == 0 && own.length() > 0 ? parcel.pack(own, spaces.get(0)) : 0;
            MemorySegment.copy(spaces.get(k), 0, bundle, end, bytes);
            bundle.setAtIndex(LENGTH, k, bytes);
            end += (bytes + 7) & -8L;
        }
        send(bundle.asSlice(0, end), 0);
    }

    private void receiveAll(Parcel.Reader into) {
        long room = 0;
        for (int r = 1; r < endOfGroup(0); r++) {
            room += room(r);
        }
        for (int first = groupSize; first < group.size(); first += groupSize) {
            room += bundleRoom(first);
        }
        MemorySegment memory = buffers.apply(room);
        long at = 0;
        List<Integer> from = new ArrayList<>();
        List<MemorySegment> spaces = new ArrayList<>();
        List<Pending> arriving = new ArrayList<>();
        for (int r = 1; r < group.size(); r = r < endOfGroup(0) - 1 ? r + 1 : nextFirst(r)) {
            long bytes = r < groupSize ? room(r) : bundleRoom(r);
            if (bytes > 0) {
                MemorySegment space = memory.asSlice(at, bytes);
                at += bytes;
                from.add(r);
                spaces.add(space);
                arriving.add(group.receive(space, r));
            }
        }
        for (int k = 0; k < from.size(); k++) {
            MemorySegment arrived = spaces.get(k).asSlice(0, arriving.get(k).await());
            if (from.get(k) < groupSize) {
                parcel.replace(ranges.apply(from.get(k)), arrived, into);
            } else {
                unpack(from.get(k), arrived, into);
            }
        }
    }

    /** The first rank of the next group. */
    private int nextFirst(int rank) {
        return (rank / groupSize + 1) * groupSize;
    }

    private void unpack(int first, MemorySegment bundle, Parcel.Reader into) {
        long at = header(first);
        for (int r = first; r < endOfGroup(first); r++) {
            long bytes = bundle.getAtIndex(LENGTH, r - first);
            if (bytes > 0) {
                parcel.replace(ranges.apply(r), bundle.asSlice(at, bytes), into);
            }
            at += (bytes + 7) & -8L;
        }
    }
}
