package org.perseid.renderer.frame;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.perseid.renderer.backend.Reach;
import org.perseid.renderer.backend.SplatBackend;
import org.perseid.renderer.backend.SplatSource;
import org.perseid.renderer.backend.Splats;
import org.perseid.renderer.model.Ending;
import org.perseid.renderer.model.Joining;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.OffHeap;
import org.perseid.renderer.model.Peers;
import org.perseid.renderer.model.Peers.Fold;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Workers;
import org.perseid.renderer.spatial.RadixSort;

/**
 * Absorption whose splats are shared among peers. All splats have one order; peer r gets the r-th
 * of nearly equal parts of it, whatever particles it has, and draws it over black. It also adds up
 * the optical depths E, so that its picture hides the part 1 - exp(-E) of what lies under it, and
 * the pictures laid over each other are the picture of one process: a splat is drawn at one peer
 * only, so nothing is needed beyond the parts' borders. Needs 44 bytes a visible splat of the part,
 * 8 for each band of the picture that it reaches into, and 28 of the own ones.
 */
final class PeerAbsorption {
    /** Bytes of a splat that travels: key, x, y, R, red, green, blue. */
    private static final int ROW = 28;

    private static final int CHUNK = 1 << 12;

    /** Rows of a band are a multiple of this. */
    private static final int BAND = 64;

    private static final long INDEX_MASK = 0xffff_ffffL;
    private static final ValueLayout.OfLong KEY = ValueLayout.JAVA_LONG;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

    private final Peers peers;
    private final Workers workers;

    PeerAbsorption(Peers peers, Workers workers) {
        this.peers = peers;
        this.workers = workers;
    }

    /** Projects a particle of a sequence. */
    interface Drawer {
        void project(long index, Splats out, int slot, Projector.Place place);
    }

    /**
     * Draws the splats of all peers.
     *
     * @param sequence own visible particles in ascending order: in the high 32 bits, read as an
     *     unsigned number, what they are ordered by, in the low ones their index
     * @param image black; receives what the ending says
     * @return the rows whose result is here
     */
    List<Joining.Rows> draw(
            MemorySegment sequence,
            Drawer drawer,
            double gray,
            LinearImage image,
            Ending ending,
            SplatBackend backend,
            StageTimes times) {
        try (Arena arena = Arena.ofShared()) {
            Rows rows = exchanged(sequence, drawer, arena, times);
            LinearImage opacity = new LinearImage(image.width(), image.height());
            Joining joining = peers.over(image.planes(), opacity.planes(), image.width(), ending);
            boolean _ =
                    peers.joined(
                            joining,
                            times,
                            () -> {
                                absorb(rows, gray, image, opacity, backend, joining, arena, times);
                                return true;
                            });
            return joining.rows();
        }
    }

    /** Draws this peer's part band by band, so that each can travel while the next is drawn. */
    private void absorb(
            Rows rows,
            double gray,
            LinearImage image,
            LinearImage opacity,
            SplatBackend backend,
            Joining joining,
            Arena arena,
            StageTimes times) {
        boolean whole = joining.bands() == 1;
        int height =
                whole
                        ? image.height()
                        : Math.ceilDiv(Math.ceilDiv(image.height(), joining.bands()), BAND) * BAND;
        List<Rows> parts =
                whole
                        ? List.of(rows)
                        : times.time("bin", () -> divided(rows, image.height(), height, arena));
        Splats batch = new Splats((int) Math.min(rows.count(), 1 << 18));
        LinearImage light = whole ? image : new LinearImage(image.width(), height);
        LinearImage depth = whole ? opacity : new LinearImage(image.width(), height);
        for (int band = 0; band < parts.size(); band++) {
            Rows part = parts.get(band);
            for (long first = 0; first < part.count(); first += batch.capacity()) {
                int n = (int) Math.min(batch.capacity(), part.count() - first);
                long from = first;
                workers.runSlices(
                        n, CHUNK, (a, b) -> part.read(from + a, from + b, batch, (int) a));
                batch.setCount(n);
                backend.absorb(batch, gray, light, times);
            }
            backend.add(part, depth, times);
            int row = band * height;
            int kept = Math.min(height, image.height() - row);
            for (int k = 0; k < 3; k++) {
                float[] from = light.planes().get(k);
                float[] deep = depth.planes().get(k);
                float[] to = image.planes().get(k);
                float[] veil = opacity.planes().get(k);
                int shift = row * image.width();
                workers.runSlices(
                        (long) kept * image.width(),
                        CHUNK,
                        (a, b) -> {
                            for (int p = (int) a; p < b; p++) {
                                to[shift + p] = from[p];
                                veil[shift + p] = (float) -Math.expm1(-deep[p]);
                            }
                        });
            }
            joining.drawn(row + kept);
            if (!whole) {
                light.clear();
                depth.clear();
            }
        }
    }

    /**
     * The splats that reach into each band of the picture, in their order.
     *
     * @param bandHeight rows of a band
     */
    private List<Rows> divided(Rows rows, int height, int bandHeight, Arena arena) {
        int bands = Math.ceilDiv(height, bandHeight);
        int slices = Math.toIntExact(Math.ceilDiv(rows.count(), (long) CHUNK));
        long[][] places = new long[slices][bands];
        workers.run(
                slices,
                s -> rows.visit((int) s, bandHeight, bands, (b, key) -> places[(int) s][b]++));
        List<MemorySegment> orders = new ArrayList<>();
        for (int b = 0; b < bands; b++) {
            long sum = 0;
            for (long[] slice : places) {
                long n = slice[b];
                slice[b] = sum;
                sum += n;
            }
            orders.add(OffHeap.allocate(arena, 8 * sum, "the splats of a band"));
        }
        workers.run(
                slices,
                s ->
                        rows.visit(
                                (int) s,
                                bandHeight,
                                bands,
                                (b, key) ->
                                        orders.get(b).setAtIndex(KEY, places[(int) s][b]++, key)));
        List<Rows> out = new ArrayList<>();
        for (MemorySegment order : orders) {
            out.add(new Rows(rows.rows, order, order.byteSize() / 8, out.size() * bandHeight));
        }
        return out;
    }

    /** Takes a splat that reaches into a band. */
    private interface BandVisitor {
        void visit(int band, long key);
    }

    /** The splats of this peer's part, in order. */
    private Rows exchanged(MemorySegment sequence, Drawer drawer, Arena arena, StageTimes times) {
        long own = sequence.byteSize() / 8;
        MemorySegment out =
                peers.together(times, () -> written(sequence, drawer, own, arena, times));
        long[] bounds = times.time("exchange", () -> bounds(sequence, own));
        long[] leaving = new long[peers.count()];
        for (int peer = 0; peer < leaving.length; peer++) {
            leaving[peer] = bounds[peer + 1] - bounds[peer];
        }
        long[] coming = peers.swap(leaving);
        long count = Arrays.stream(coming).sum();
        MemorySegment in =
                peers.together(
                        times, () -> OffHeap.allocate(arena, ROW * count, count + " splats"));
        times.time(
                "exchange",
                () ->
                        peers.exchange(
                                Peers.slices(out, leaving, ROW), Peers.slices(in, coming, ROW)));
        OffHeap.discard(out);
        return peers.together(times, () -> ordered(in, count, arena, times));
    }

    /** The own splats, by the order of the sequence. */
    private MemorySegment written(
            MemorySegment sequence, Drawer drawer, long own, Arena arena, StageTimes times) {
        MemorySegment out = OffHeap.allocate(arena, ROW * own, own + " splats that others draw");
        times.time(
                "project",
                () -> workers.runSlices(own, CHUNK, (a, b) -> write(sequence, drawer, a, b, out)));
        return out;
    }

    private Rows ordered(MemorySegment rows, long count, Arena arena, StageTimes times) {
        MemorySegment keys = OffHeap.allocate(arena, 8 * count, "the order of splats");
        workers.runSlices(
                count,
                CHUNK,
                (a, b) -> {
                    for (long i = a; i < b; i++) {
                        keys.setAtIndex(KEY, i, (long) rows.get(INT, ROW * i) << 32 | i);
                    }
                });
        return new Rows(
                rows,
                times.time("sort", () -> RadixSort.sort(keys, 32, 32, arena, workers)),
                count,
                0);
    }

    private static void write(
            MemorySegment sequence, Drawer drawer, long first, long end, MemorySegment out) {
        Splats one = new Splats(1);
        Projector.Place place = new Projector.Place();
        for (long i = first; i < end; i++) {
            long key = sequence.getAtIndex(KEY, i);
            drawer.project(key & INDEX_MASK, one, 0, place);
            long at = ROW * i;
            out.set(INT, at, (int) (key >>> 32));
            out.set(FLOAT, at + 4, one.x[0]);
            out.set(FLOAT, at + 8, one.y[0]);
            out.set(FLOAT, at + 12, one.radius[0]);
            out.set(FLOAT, at + 16, one.light[0]);
            out.set(FLOAT, at + 20, one.light[1]);
            out.set(FLOAT, at + 24, one.light[2]);
        }
    }

    /**
     * Where the parts of the peers begin in the own sequence. Splats with equal keys are divided
     * too: those of lower peers come first.
     */
    private long[] bounds(MemorySegment sequence, long own) {
        int parts = peers.count();
        long total = peers.total(own);
        long[] low = new long[parts];
        long[] high = new long[parts];
        Arrays.fill(high, INDEX_MASK);
        double[] counts = new double[parts];
        for (int bit = 0; bit < 32; bit++) { // the largest key with at most so many before it
            for (int part = 0; part < parts; part++) {
                counts[part] = before(sequence, own, middle(low[part], high[part]));
            }
            peers.fold(Fold.SUM, counts);
            for (int part = 0; part < parts; part++) {
                long middle = middle(low[part], high[part]);
                boolean fits = counts[part] <= target(total, part, parts);
                low[part] = fits ? middle : low[part];
                high[part] = fits ? high[part] : middle - 1;
            }
        }
        for (int part = 0; part < parts; part++) {
            counts[part] = before(sequence, own, low[part]);
        }
        long[] equal = new long[parts];
        for (int part = 0; part < parts; part++) {
            equal[part] = (long) (before(sequence, own, low[part] + 1) - counts[part]);
        }
        double[] all = counts.clone();
        peers.fold(Fold.SUM, all);
        long[] ofEqual =
                shares(equal, target(total, peers.self(), parts) - (long) all[peers.self()]);
        long[] out = new long[parts + 1];
        for (int part = 0; part < parts; part++) {
            out[part] = (long) counts[part] + ofEqual[part];
        }
        out[0] = 0;
        out[parts] = own;
        return out;
    }

    private static long middle(long low, long high) {
        return (low + high + 1) >>> 1;
    }

    private static long target(long total, int part, int parts) {
        return total / parts * part + total % parts * part / parts;
    }

    /**
     * How many of the own splats at each border's key belong to the parts before it. Peer r divides
     * those of border r.
     *
     * @param equal own splats at each border's key
     * @param wanted how many, of all peers, belong to the parts before the border of this peer
     */
    private long[] shares(long[] equal, long wanted) {
        long[] ofEach = peers.swap(equal);
        long left = wanted;
        for (int peer = 0; peer < ofEach.length; peer++) {
            ofEach[peer] = Math.clamp(left, 0, ofEach[peer]);
            left -= ofEach[peer];
        }
        return peers.swap(ofEach);
    }

    /** Own splats with a smaller key. */
    private static long before(MemorySegment sequence, long own, long key) {
        long low = 0;
        long high = own;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (sequence.getAtIndex(KEY, middle) >>> 32 < key) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /**
     * Splats in order.
     *
     * @param rows as they came
     * @param order in the low 32 bits the row of each
     * @param firstRow of the picture, from which rows are counted
     */
    private record Rows(MemorySegment rows, MemorySegment order, long count, int firstRow)
            implements SplatSource {
        /** Goes through the bands that the splats of a chunk reach into. */
        void visit(int chunk, int bandHeight, int bands, BandVisitor visitor) {
            long first = (long) chunk * CHUNK;
            for (long i = first; i < first + size(chunk); i++) {
                long key = order.getAtIndex(KEY, i);
                long at = ROW * (key & INDEX_MASK);
                float y = rows.get(FLOAT, at + 8);
                float reach = Splats.SUPPORT * rows.get(FLOAT, at + 12) + 1;
                int from = Math.clamp((long) Math.floor((y - reach) / bandHeight), 0, bands);
                int to = Math.clamp((long) Math.floor((y + reach) / bandHeight), -1, bands - 1);
                for (int band = from; band <= to; band++) {
                    visitor.visit(band, key);
                }
            }
        }

        /** Copies the splats first..end-1. */
        void read(long first, long end, Splats out, int slot) {
            for (long i = first; i < end; i++) {
                long at = ROW * (order.getAtIndex(KEY, i) & INDEX_MASK);
                int to = slot + (int) (i - first);
                out.x[to] = rows.get(FLOAT, at + 4);
                out.y[to] = rows.get(FLOAT, at + 8) - firstRow;
                out.radius[to] = rows.get(FLOAT, at + 12);
                out.light[4 * to] = rows.get(FLOAT, at + 16);
                out.light[4 * to + 1] = rows.get(FLOAT, at + 20);
                out.light[4 * to + 2] = rows.get(FLOAT, at + 24);
                out.light[4 * to + 3] = 0;
            }
        }

        @Override
        public int chunks() {
            return Math.toIntExact(Math.ceilDiv(count, (long) CHUNK));
        }

        @Override
        public int size(int chunk) {
            return (int) Math.min(CHUNK, count - (long) chunk * CHUNK);
        }

        @Override
        public int capacity() {
            return CHUNK;
        }

        @Override
        public boolean reach(int chunk, Reach out) {
            long first = (long) chunk * CHUNK;
            float left = Float.POSITIVE_INFINITY;
            float top = Float.POSITIVE_INFINITY;
            float right = Float.NEGATIVE_INFINITY;
            float bottom = Float.NEGATIVE_INFINITY;
            double sum = 0;
            float largest = 0;
            for (long i = first; i < first + size(chunk); i++) {
                long at = ROW * (order.getAtIndex(KEY, i) & INDEX_MASK);
                float x = rows.get(FLOAT, at + 4);
                float y = rows.get(FLOAT, at + 8) - firstRow;
                float radius = rows.get(FLOAT, at + 12);
                left = Math.min(left, x - radius);
                top = Math.min(top, y - radius);
                right = Math.max(right, x + radius);
                bottom = Math.max(bottom, y + radius);
                sum += radius;
                largest = Math.max(largest, radius);
            }
            out.x0 = (int) Math.floor(left);
            out.y0 = (int) Math.floor(top);
            out.x1 = (int) Math.ceil(right) + 1;
            out.y1 = (int) Math.ceil(bottom) + 1;
            out.radius = sum / size(chunk);
            out.largest = largest;
            return true;
        }

        @Override
        public void project(int chunk, Reach within, Splats out, int slot) {
            long first = (long) chunk * CHUNK;
            read(first, first + size(chunk), out, slot);
        }
    }
}
