package org.perseid.renderer.spatial;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongToDoubleFunction;
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
    private static final int CHUNK = 1 << 12;
    private static final ValueLayout.OfShort OWNER = ValueLayout.JAVA_SHORT;
    private static final ValueLayout.OfInt WORD = ValueLayout.JAVA_INT_UNALIGNED;

    private Division() {}

    /**
     * Gives every peer the particles of one box of a {@link BoxTree}, with nearly equal sums of
     * weights.
     *
     * @param weight of a particle of the set by its index, at least 1 and at most 2, so that no
     *     peer gets more than twice as many as others; asked by one thread
     * @param set closed here; every peer's has the same columns
     * @return the particles of this peer, relative to the same origin on all
     */
    public static ParticleSet byPlace(
            ParticleSet set, LongToDoubleFunction weight, Peers peers, Workers workers) {
        shareOrigin(set, peers, workers);
        BoxTree tree = BoxTree.of(set, weight, peers);
        return divide(
                set,
                (first, n, owners) -> {
                    float[] x = new float[n];
                    float[] y = new float[n];
                    float[] z = new float[n];
                    MemorySegment.copy(set.x(), ParticleSet.FLOAT, 4 * first, x, 0, n);
                    MemorySegment.copy(set.y(), ParticleSet.FLOAT, 4 * first, y, 0, n);
                    MemorySegment.copy(set.z(), ParticleSet.FLOAT, 4 * first, z, 0, n);
                    for (int i = 0; i < n; i++) {
                        owners[i] = (short) tree.owner(x[i], y[i], z[i]);
                    }
                },
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
        return divide(
                set,
                (first, n, owners) -> {
                    long[] ids = new long[n];
                    MemorySegment.copy(set.ids(), ParticleSet.ID, 8 * first, ids, 0, n);
                    for (int i = 0; i < n; i++) {
                        long mixed = ids[i] * 0x9e3779b97f4a7c15L;
                        owners[i] = (short) ((mixed >>> 33) % peers.count());
                    }
                },
                peers,
                workers);
    }

    /** Finds whose the particles first..first+n-1 are. */
    private interface OwnerFinder {
        void find(long first, int n, short[] owners);
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
            ParticleSet set, OwnerFinder finder, Peers peers, Workers workers) {
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
                        short[] some = new short[CHUNK];
                        for (long i = a; i < b; i += CHUNK) {
                            int rows = (int) Math.min(CHUNK, b - i);
                            finder.find(i, rows, some);
                            MemorySegment.copy(some, 0, owners, OWNER, 2 * i, rows);
                            for (int k = 0; k < rows; k++) {
                                counts[some[k]]++;
                            }
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
                    Sorter sorter = new Sorter(place.length);
                    for (long i = a; i < b; i += CHUNK) {
                        int rows = (int) Math.min(CHUNK, b - i);
                        sorter.pack(column, bytes, owners, i, rows, packed, place);
                    }
                });
    }

    /** Puts the rows of a chunk together by owner, in arrays: quick long before other loops. */
    private static final class Sorter {
        private final short[] owners = new short[CHUNK];
        private final int[] from = new int[CHUNK];
        private final int[] ends;
        private final int[] values = new int[2 * CHUNK];
        private final int[] sorted = new int[2 * CHUNK];

        Sorter(int peers) {
            ends = new int[peers + 1];
        }

        void pack(
                MemorySegment column,
                int bytes,
                MemorySegment ownerColumn,
                long first,
                int rows,
                MemorySegment packed,
                long[] place) {
            MemorySegment.copy(ownerColumn, OWNER, 2 * first, owners, 0, rows);
            order(rows);
            int words = bytes / 4;
            MemorySegment.copy(column, WORD, bytes * first, values, 0, words * rows);
            for (int k = 0; k < rows; k++) {
                for (int w = 0; w < words; w++) {
                    sorted[words * k + w] = values[words * from[k] + w];
                }
            }
            for (int owner = 0; owner < place.length; owner++) {
                int begin = owner == 0 ? 0 : ends[owner - 1];
                int n = ends[owner] - begin;
                MemorySegment.copy(
                        sorted, words * begin, packed, WORD, bytes * place[owner], words * n);
                place[owner] += n;
            }
        }

        /** Where each row in the order of the owners comes from. */
        private void order(int rows) {
            Arrays.fill(ends, 0);
            for (int k = 0; k < rows; k++) {
                ends[owners[k] + 1]++;
            }
            for (int owner = 1; owner < ends.length; owner++) {
                ends[owner] += ends[owner - 1];
            }
            for (int k = 0; k < rows; k++) {
                from[ends[owners[k]]++] = k; // leaves the ends where the beginnings were
            }
        }
    }
}
