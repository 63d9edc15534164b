package org.perseid.renderer.backend.opencl;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.perseid.renderer.backend.Reach;
import org.perseid.renderer.backend.SplatBackend;
import org.perseid.renderer.backend.SplatSource;
import org.perseid.renderer.backend.Splats;
import org.perseid.renderer.backend.TileBins;
import org.perseid.renderer.backend.Tiles;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Workers;

/**
 * Particles stay on the device and are projected and drawn there; only the list of visible blocks
 * goes there for each frame, and the light comes back. Light is summed as whole numbers, with a
 * unit so small that the sum of all light of a frame just fits 63 bits: no sum overflows, and its
 * order does not matter, so that a frame has the same bits every time.
 */
final class OpenClBackend implements SplatBackend {
    /** Splats that are projected here at a time. */
    private static final int BATCH = 1 << 18;

    /** Entries of the lists of tiles of large splats: 64 MiB. */
    private static final int TILE_ENTRIES = 1 << 24;

    /** Exponent of what the sum of all light becomes, with room for what rounding adds. */
    private static final int SUM_BITS = 61;

    private static final int SLICE = 256;

    private final Shared shared;
    private final DeviceQueue queue;
    private final Workers workers;
    private final int tilePx;
    private final Quality quality;
    private @Nullable LightGrids grids;
    private @Nullable TileBins bins;

    /** What all frames of a device share; also what they are drawn one after the other by. */
    static final class Shared {
        private final DeviceQueue queue;
        private final ResidentColumns columns;
        private final LargeSplats large;

        Shared(DeviceQueue queue) {
            this(queue, TILE_ENTRIES);
        }

        /**
         * @param entries of the lists of tiles at most
         */
        Shared(DeviceQueue queue, int entries) {
            this.queue = queue;
            this.columns = new ResidentColumns(queue);
            this.large = new LargeSplats(queue, entries);
        }
    }

    OpenClBackend(Shared shared, Workers workers, int tilePx, Quality quality) {
        this.shared = shared;
        this.queue = shared.queue;
        this.workers = workers;
        this.tilePx = tilePx;
        this.quality = quality;
    }

    /** What compiling the kernels took. */
    double buildSeconds() {
        return queue.buildSeconds();
    }

    /** Particles that have gone to the device so far. */
    OpenClProvider.Sent sent() {
        synchronized (shared) {
            return shared.columns.sent();
        }
    }

    /** Bytes a second of a kernel that reads and writes two arrays, the best of some. */
    double bandwidth() {
        int n = 1 << 24;
        double best = 0;
        synchronized (shared) {
            try (DeviceQueue.Buffer sums = queue.allocate(8L * n);
                    DeviceQueue.Buffer light = queue.allocate(4L * n)) {
                queue.run("clear", n, sums, light, n);
                for (int k = 0; k < 5; k++) {
                    queue.finish();
                    long start = System.nanoTime();
                    queue.run("drain", n, sums, light, n, 1.0);
                    queue.finish();
                    best = Math.max(best, 24.0 * n / (1e-9 * (System.nanoTime() - start)));
                }
            }
        }
        return best;
    }

    @Override
    public void add(SplatSource source, LinearImage image, StageTimes times) {
        synchronized (shared) {
            LightGrids into = gridsFor(image);
            into.clear();
            List<Integer> others = new ArrayList<>();
            List<Launch> launches = times.time("cull", () -> launches(source, others));
            boolean finer = quality == Quality.HIGH && source.isWhole();
            into.setFiner(finer ? splats(source, launches, others) : Long.MAX_VALUE);
            try (Arena arena = Arena.ofShared()) {
                times.time("splat", () -> draw(launches, into, arena));
                if (!others.isEmpty()) {
                    drawProjected(source, others, into, times);
                }
                times.time("combine", () -> into.finish(image, workers, arena));
            }
            source.progress(1, 1);
        }
    }

    private LightGrids gridsFor(LinearImage image) {
        LightGrids there = grids;
        if (there == null || !there.fits(image)) {
            if (there != null) {
                there.close();
            }
            there = new LightGrids(queue, image.width(), image.height(), quality != Quality.EXACT);
            grids = there;
        }
        return there;
    }

    // Particles that are on the device

    /** The visible chunks by columns and piece; the numbers of those without columns apart. */
    private List<Launch> launches(SplatSource source, List<Integer> others) {
        int n = source.chunks();
        boolean[] visible = new boolean[n];
        SplatSource.@Nullable Rows[] rows = new SplatSource.Rows[n];
        workers.runSlices(
                n,
                SLICE,
                (first, end) -> {
                    Reach reach = new Reach();
                    for (int chunk = (int) first; chunk < end; chunk++) {
                        visible[chunk] = source.reach(chunk, reach);
                        rows[chunk] = visible[chunk] ? source.rows(chunk) : null;
                    }
                });
        List<Launch> out = new ArrayList<>();
        for (int chunk = 0; chunk < n; chunk++) {
            SplatSource.Rows of = rows[chunk];
            if (of == null && visible[chunk]) {
                others.add(chunk);
            } else if (of != null && of.end() > of.first()) {
                launchFor(of, out).add(of);
            }
        }
        return out;
    }

    private static long splats(SplatSource source, List<Launch> launches, List<Integer> others) {
        long onDevice = launches.stream().mapToLong(Launch::splats).sum();
        return onDevice + others.stream().mapToLong(source::size).sum();
    }

    private static Launch launchFor(SplatSource.Rows rows, List<Launch> launches) {
        for (int k = launches.size() - 1; k >= 0; k--) {
            if (launches.get(k).takes(rows)) {
                return launches.get(k);
            }
        }
        Launch made = new Launch(rows);
        launches.add(made);
        return made;
    }

    private void draw(List<Launch> launches, LightGrids into, Arena arena) {
        if (launches.isEmpty()) {
            return;
        }
        try (SentLaunches sent = new SentLaunches(queue, shared.columns, launches, arena)) {
            double unit = unit(totalLight(launches, sent, arena));
            for (int k = 0; k < launches.size(); k++) {
                Launch launch = launches.get(k);
                queue.run(
                        "drawRows", launch.items(), sent.arguments(k, launch, output(into, unit)));
                shared.large.draw(into, unit);
            }
            into.drain(unit);
            queue.finish();
        }
    }

    private double totalLight(List<Launch> launches, SentLaunches sent, Arena arena) {
        long groups = launches.stream().mapToLong(Launch::items).sum() / DeviceQueue.GROUP;
        double total = 0;
        try (DeviceQueue.Buffer sums = queue.allocate(8 * groups)) {
            for (int k = 0; k < launches.size(); k++) {
                int first = sent.chunksBefore(k) * (Launch.CHUNK / DeviceQueue.GROUP);
                Launch launch = launches.get(k);
                queue.run("lightOfRows", launch.items(), sent.arguments(k, launch, sums, first));
            }
            MemorySegment read = arena.allocate(8 * groups);
            sums.read(0, read);
            for (long g = 0; g < groups; g++) {
                total += read.getAtIndex(JAVA_DOUBLE, g);
            }
        }
        return total;
    }

    /** So many of it are one unit of light. */
    private static double unit(double total) {
        return total > 0 ? Math.scalb(1.0, SUM_BITS - 1 - Math.getExponent(total)) : 1;
    }

    private Object[] output(LightGrids into, double unit) {
        return new Object[] {
            into.table(),
            into.levels(),
            into.finer(),
            into.sums(),
            unit,
            shared.large.list(),
            shared.large.count()
        };
    }

    // Particles that are projected here

    private void drawProjected(
            SplatSource source, List<Integer> chunks, LightGrids into, StageTimes times) {
        Splats splats = new Splats(Math.max(BATCH, source.capacity()));
        Reach all = new Reach();
        all.all(into.width(), into.height());
        for (int first = 0; first < chunks.size(); ) {
            int[] places = new int[chunks.size() - first + 1];
            int n = 0;
            while (first + n < chunks.size()
                    && places[n] + source.size(chunks.get(first + n)) <= splats.capacity()) {
                places[n + 1] = places[n] + source.size(chunks.get(first + n));
                n++;
            }
            int from = first;
            int count = n;
            times.time(
                    "project",
                    () ->
                            workers.run(
                                    count,
                                    k ->
                                            source.project(
                                                    chunks.get(from + (int) k),
                                                    all,
                                                    splats,
                                                    places[(int) k])));
            splats.setCount(places[n]);
            if (splats.count() > 0) {
                times.time("splat", () -> draw(splats, into));
            }
            first += n;
        }
    }

    private void draw(Splats splats, LightGrids into) {
        double total = 0;
        for (int i = 0; i < splats.count(); i++) {
            if (splats.radius[i] > 0) {
                float red = Math.abs(splats.light[4 * i]);
                float green = Math.abs(splats.light[4 * i + 1]);
                float most = Math.max(red, Math.max(green, Math.abs(splats.light[4 * i + 2])));
                total += Float.isFinite(most) ? most : 0;
            }
        }
        double unit = unit(total);
        try (SentSplats sent = new SentSplats(splats)) {
            queue.run(
                    "drawSplats",
                    LightGrids.padded(splats.count()),
                    sent.with(splats.count(), output(into, unit)));
            shared.large.draw(into, unit);
            into.drain(unit);
        }
    }

    /** Splats on the device. */
    private final class SentSplats implements AutoCloseable {
        private final DeviceQueue.Buffer x;
        private final DeviceQueue.Buffer y;
        private final DeviceQueue.Buffer radius;
        private final DeviceQueue.Buffer light;

        SentSplats(Splats splats) {
            x = sent(splats.x, splats.count());
            y = sent(splats.y, splats.count());
            radius = sent(splats.radius, splats.count());
            light = sent(splats.light, 4 * splats.count());
        }

        Object[] with(Object number, Object... more) {
            List<Object> all = new ArrayList<>(List.of(x, y, radius, light, number));
            all.addAll(List.of(more));
            return all.toArray();
        }

        @Override
        public void close() {
            x.close();
            y.close();
            radius.close();
            light.close();
        }
    }

    private DeviceQueue.Buffer sent(float[] values, int n) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(JAVA_FLOAT, n);
            MemorySegment.copy(values, 0, copy, JAVA_FLOAT, 0, n);
            return queue.allocate(4L * n).write(copy);
        }
    }

    // Absorption

    @Override
    public void absorb(Splats splats, double gray, LinearImage image, StageTimes times) {
        synchronized (shared) {
            try (Arena arena = Arena.ofShared();
                    SentSplats sent = new SentSplats(splats);
                    DeviceQueue.Buffer red = sent(image.red(), image.red().length);
                    DeviceQueue.Buffer green = sent(image.green(), image.green().length);
                    DeviceQueue.Buffer blue = sent(image.blue(), image.blue().length)) {
                DeviceQueue.Buffer[] planes = {red, green, blue};
                absorb(splats, 0, splats.count(), sent, (float) gray, image, planes, times);
                MemorySegment read = arena.allocate(JAVA_FLOAT, image.red().length);
                for (int c = 0; c < planes.length; c++) {
                    float[] to = c == 0 ? image.red() : c == 1 ? image.green() : image.blue();
                    planes[c].read(0, read);
                    MemorySegment.copy(read, JAVA_FLOAT, 0, to, 0, to.length);
                }
            }
        }
    }

    private void absorb(
            Splats splats,
            int first,
            int end,
            SentSplats sent,
            float gray,
            LinearImage image,
            DeviceQueue.Buffer[] planes,
            StageTimes times) {
        TileBins tiles = binsFor(image);
        int limit = end - first <= 1 ? Integer.MAX_VALUE : Tiles.MAX_ENTRIES;
        if (!times.time("bin", () -> tiles.bin(splats, first, end, limit, workers))) {
            int middle = (first + end) >>> 1;
            absorb(splats, first, middle, sent, gray, image, planes, times);
            absorb(splats, middle, end, sent, gray, image, planes, times);
            return;
        }
        times.time(
                "splat",
                () -> {
                    try (Arena arena = Arena.ofConfined();
                            DeviceQueue.Buffer begins =
                                    sent(arena, tiles.tiles() + 1, tiles::begin);
                            DeviceQueue.Buffer entries =
                                    sent(arena, tiles.begin(tiles.tiles()), tiles::splat)) {
                        queue.run(
                                "absorb",
                                LightGrids.padded(image.width() * image.height()),
                                sent.with(
                                        begins,
                                        entries,
                                        tilePx,
                                        Math.ceilDiv(image.width(), tilePx),
                                        image.width(),
                                        image.height(),
                                        gray,
                                        planes[0],
                                        planes[1],
                                        planes[2]));
                        queue.finish();
                    }
                });
    }

    private DeviceQueue.Buffer sent(Arena arena, int n, java.util.function.IntUnaryOperator value) {
        MemorySegment copy = arena.allocate(JAVA_INT, Math.max(1, n));
        for (int k = 0; k < n; k++) {
            copy.setAtIndex(JAVA_INT, k, value.applyAsInt(k));
        }
        return queue.allocate(copy.byteSize()).write(copy);
    }

    private TileBins binsFor(LinearImage image) {
        if (bins == null || !bins.fits(image.width(), image.height())) {
            bins = new TileBins(image.width(), image.height(), tilePx);
        }
        return bins;
    }
}
