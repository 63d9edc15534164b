package org.perseid.renderer.spatial;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongToIntFunction;
import org.perseid.renderer.model.OffHeap;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Peers;
import org.perseid.renderer.model.Peers.Fold;
import org.perseid.renderer.model.Workers;

/**
 * Divides the particles of a type among peers, each of which has read some of them: by place, or by
 * id. Every peer calls the same method. Needs the memory of the particles that come, and of one
 * column of those that go, beside the set.
 */
public final class Division {
    private static final int SLICE = 1 << 14;
    private static final ValueLayout.OfShort OWNER = ValueLayout.JAVA_SHORT;

    private Division() {}

    /**
     * Gives every peer the particles of one box of a {@link BoxTree}, nearly equal numbers of them.
     *
     * @param set closed here; every peer's has the same columns
     * @return the particles of this peer, relative to the same origin on all
     */
    public static ParticleSet byPlace(ParticleSet set, Peers peers, Workers workers) {
        shareOrigin(set, peers, workers);
        BoxTree tree = BoxTree.of(set, peers);
        MemorySegment x = set.x();
        MemorySegment y = set.y();
        MemorySegment z = set.z();
        return divide(
                set,
                i ->
                        tree.owner(
                                x.getAtIndex(ParticleSet.FLOAT, i),
                                y.getAtIndex(ParticleSet.FLOAT, i),
                                z.getAtIndex(ParticleSet.FLOAT, i)),
                peers,
                workers);
    }

    /**
     * Gives every particle to the peer that its id decides, so that particles of the same id of
     * several snapshots come to the same one.
     *
     * @param set with ids; closed here
     * @return the particles of this peer, relative to the same origin on all
     */
    public static ParticleSet byId(ParticleSet set, Peers peers, Workers workers) {
        shareOrigin(set, peers, workers);
        MemorySegment ids = set.ids();
        return divide(
                set,
                i -> {
                    long mixed = ids.getAtIndex(ParticleSet.ID, i) * 0x9e3779b97f4a7c15L;
                    return (int) ((mixed >>> 33) % peers.count());
                },
                peers,
                workers);
    }

    /** Makes positions relative to the origin of the first peer that has particles. */
    public static void shareOrigin(ParticleSet set, Peers peers, Workers workers) {
        double[] first = {set.count() > 0 ? peers.self() : peers.count()};
        peers.fold(Fold.LEAST, first);
        boolean mine = first[0] == peers.self();
        double[] origin = {
            mine ? set.originX() : 0, mine ? set.originY() : 0, mine ? set.originZ() : 0
        };
        peers.fold(Fold.SUM, origin);
        set.rebase(origin[0], origin[1], origin[2], workers);
    }

    private static ParticleSet divide(
            ParticleSet set, LongToIntFunction ownerOf, Peers peers, Workers workers) {
        try (Arena arena = Arena.ofShared()) {
            long n = set.count();
            MemorySegment owners = OffHeap.allocate(arena, 2 * n, "owners of " + n + " particles");
            long slice = Math.max(SLICE, Math.ceilDiv(n, 4L * workers.threads()));
            int slices = (int) Math.ceilDiv(n, slice);
            long[][] places = new long[slices][peers.count()];
            workers.runSlices(
                    n,
                    slice,
                    (a, b) -> {
                        long[] counts = places[(int) (a / slice)];
                        for (long i = a; i < b; i++) {
                            int owner = ownerOf.applyAsInt(i);
                            owners.setAtIndex(OWNER, i, (short) owner);
                            counts[owner]++;
                        }
                    });
            long[] leaving = countsThenPlaces(places, peers.count());
            long[] coming = peers.swap(leaving);
            ParticleSet out = new ParticleSet(Arrays.stream(coming).sum(), set.columns());
            try {
                MemorySegment packed =
                        OffHeap.allocate(arena, 8 * n, "a column of " + n + " particles");
                List<MemorySegment> from = columns(set);
                List<MemorySegment> to = columns(out);
                for (int c = 0; c < from.size(); c++) {
                    int bytes = c < set.floatColumns().size() ? 4 : 8;
                    pack(from.get(c), bytes, owners, places, slice, n, packed, workers);
                    OffHeap.discard(from.get(c));
                    peers.exchange(
                            Peers.slices(packed, leaving, bytes),
                            Peers.slices(to.get(c), coming, bytes));
                }
            } catch (RuntimeException | Error e) {
                out.close();
                throw e;
            }
            out.setOrigin(set.originX(), set.originY(), set.originZ());
            out.setRanges(set.colorRange(), set.intensityRange());
            set.close();
            return out;
        }
    }

    private static List<MemorySegment> columns(ParticleSet set) {
        List<MemorySegment> out = new ArrayList<>(set.floatColumns());
        if (set.columns().ids()) {
            out.add(set.ids());
        }
        return out;
    }

    /** Turns counts by slice and owner into places; returns the sums by owner. */
    private static long[] countsThenPlaces(long[][] counts, int owners) {
        long[] sums = new long[owners];
        long at = 0;
        for (int owner = 0; owner < owners; owner++) {
            for (long[] slice : counts) {
                long count = slice[owner];
                slice[owner] = at;
                at += count;
                sums[owner] += count;
            }
        }
        return sums;
    }

    private static void pack(
            MemorySegment column,
            int bytes,
            MemorySegment owners,
            long[][] places,
            long slice,
            long n,
            MemorySegment packed,
            Workers workers) {
        workers.runSlices(
                n,
                slice,
                (a, b) -> {
                    long[] place = places[(int) (a / slice)].clone();
                    for (long i = a; i < b; i++) {
                        long to = place[owners.getAtIndex(OWNER, i)]++;
                        if (bytes == 4) {
                            packed.setAtIndex(
                                    ParticleSet.FLOAT, to, column.getAtIndex(ParticleSet.FLOAT, i));
                        } else {
                            packed.setAtIndex(
                                    ParticleSet.ID, to, column.getAtIndex(ParticleSet.ID, i));
                        }
                    }
                });
    }
}
