package org.perseid.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.perseid.io.InputException;
import org.perseid.io.par.RenderJob;
import org.perseid.io.par.TypeParameters;
import org.perseid.io.snapshot.LoadRequest;
import org.perseid.io.snapshot.Loaded;
import org.perseid.io.snapshot.ReadOptions;
import org.perseid.io.snapshot.Share;
import org.perseid.io.snapshot.Snapshot;
import org.perseid.io.snapshot.SnapshotInfo;
import org.perseid.io.snapshot.Snapshots;
import org.perseid.io.store.Buckets;
import org.perseid.io.store.Directory;
import org.perseid.io.store.StoreFormat;
import org.perseid.io.store.StoreWriter;
import org.perseid.io.store.StoreWriter.Found;
import org.perseid.io.store.StoreWriter.TypeSpec;
import org.perseid.renderer.model.Detail;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Workers;
import org.perseid.renderer.neighbours.SmoothingLengths;
import org.perseid.renderer.spatial.BoxTree;
import org.perseid.renderer.spatial.DetailBuilder;
import org.perseid.renderer.spatial.SpatialOrder;

/**
 * Makes a store of a snapshot, whatever its size, in so much memory: rows are read in pieces and
 * written to {@link Buckets} by place; each bucket is put into spatial order and written; nodes are
 * made from what is written. Each step is noted, so that it need not be done again after a stop.
 */
final class Conversion {
    /** Rows of a piece of the sample. */
    private static final long SAMPLE_ROWS = 1 << 12;

    /** Bytes a particle while it is put into spatial order, beside its columns. */
    private static final int ORDER_BYTES = 28;

    /**
     * Rows of a piece that is read, at most: some of what is known of a row is in the Java heap.
     */
    private static final int MOST_ROWS = 1 << 25;

    private final RenderJob job;
    private final Path output;
    private final StoreType.Wanted wanted;
    private final long wantedMemory;
    private final Workers workers;
    private final Reporter reporter;
    private final StageTimes times = new StageTimes(System::nanoTime);

    /**
     * @param output the store that is to be
     * @param memory bytes for particles; a conversion that goes on keeps what it had
     */
    Conversion(
            RenderJob job,
            Path output,
            StoreType.Wanted wanted,
            long memory,
            Workers workers,
            Reporter reporter) {
        this.job = job;
        this.output = output;
        this.wanted = wanted;
        this.wantedMemory = memory;
        this.workers = workers;
        this.reporter = reporter;
    }

    /** What was made. */
    record Result(long particles, Map<String, Double> seconds) {}

    /** Makes the store, or goes on making it. */
    Result run() {
        try (Snapshot snapshot = Snapshots.open(job.source().path(), job.source().options())) {
            SnapshotInfo info = snapshot.info();
            List<StoreType> types = StoreType.of(job, snapshot, wanted);
            Path folder = output.resolveSibling(output.getFileName() + ".converting");
            ConversionState state =
                    ConversionState.open(
                            folder, plan(snapshot, types), StoreWriter.part(output), reporter);
            requireSpace(info, types, state);
            List<Buckets> spread = new ArrayList<>();
            try {
                for (int t = 0; t < types.size(); t++) {
                    int number = t;
                    spread.add(
                            times.time(
                                    "read",
                                    () -> spread(number, types.get(number), snapshot, state)));
                }
                long particles = write(info, types, spread, state);
                state.delete();
                return new Result(particles, times.seconds());
            } finally {
                spread.forEach(Buckets::close);
            }
        }
    }

    /** What has to be the same for work to go on where it stopped. */
    private String plan(Snapshot snapshot, List<StoreType> types) {
        return "snapshot "
                + snapshot.identity()
                + " types "
                + types.toString().replaceAll("\\s+", " ");
    }

    private void requireSpace(SnapshotInfo info, List<StoreType> types, ConversionState state) {
        long needed = 0;
        for (StoreType type : types) {
            long n = info.count(type.request().fileType());
            needed += n * (type.bytes() + 4L * Detail.COLUMNS.floats() / (Detail.RATIO - 1));
            needed += n * type.setColumns().bytes();
        }
        state.requireSpace(needed, output);
    }

    /** Reads a type and writes its particles to buckets. */
    private Buckets spread(int number, StoreType type, Snapshot snapshot, ConversionState state) {
        long rows = snapshot.info().count(type.request().fileType());
        int bytes = type.setColumns().bytes();
        long memory = state.memory(wantedMemory);
        long pieceRows = Math.clamp(memory / (2L * bytes + ORDER_BYTES), 1, MOST_ROWS);
        int pieces = type.sizeMissing() ? 1 : Math.toIntExact(Math.ceilDiv(rows, pieceRows));
        long bucketRows = Math.max(1, memory / (bytes + ORDER_BYTES));
        int count = Math.max(1, Math.toIntExact(Math.ceilDiv(rows, bucketRows)));
        BoxTree places = count == 1 ? null : BoxTree.of(sample(type, rows, snapshot), count);
        Buckets buckets =
                new Buckets(
                        state.folder(),
                        "rows." + type.request().fileType(),
                        type.setColumns(),
                        state.rows(number, count));
        for (int k = state.pieces(number); k < pieces; k++) {
            try (ParticleSet set = read(type, new Share(k, pieces), snapshot)) {
                double[] origin = state.origin(number, set.originX(), set.originY(), set.originZ());
                set.rebase(origin[0], origin[1], origin[2], workers);
                buckets.add(set, places == null ? (_, _, _) -> 0 : places::owner, workers);
            }
            buckets.force();
            state.read(number, k + 1, buckets.rows());
            reporter.progress("read", k + 1L, pieces);
        }
        return buckets;
    }

    private ParticleSet read(StoreType type, Share share, Snapshot snapshot) {
        Loaded loaded = snapshot.load(List.of(type.request()), share, workers, reporter).getFirst();
        ParticleSet set = loaded.particles();
        if (loaded.sizeMissing()) {
            try {
                SmoothingLengths.compute(
                        set,
                        job.neighbours(),
                        1,
                        LoadedData.usableBox(
                                set, job.periodic() ? snapshot.info().boxSize() : 0, Ranks.alone()),
                        workers,
                        reporter);
            } catch (RuntimeException | Error e) {
                set.close();
                throw e;
            }
        }
        return set;
    }

    /** Some places of particles, from all over the file. */
    private float[] sample(StoreType type, long rows, Snapshot snapshot) {
        int of = Math.clamp(rows / SAMPLE_ROWS, 1, Integer.MAX_VALUE);
        LoadRequest request = LoadRequest.positions(type.request().fileType());
        try (ParticleSet set = LoadedData.pieces(snapshot, request, of, workers)) {
            return BoxTree.samples(set);
        }
    }

    private long write(
            SnapshotInfo info, List<StoreType> types, List<Buckets> spread, ConversionState state) {
        List<TypeSpec> specs = new ArrayList<>();
        for (int t = 0; t < types.size(); t++) {
            specs.add(types.get(t).spec(info, spread.get(t).total(), state.origin(t, 0, 0, 0)));
        }
        StoreWriter.About about =
                new StoreWriter.About(
                        Version.text(),
                        String.valueOf(job.source().path().getFileName()),
                        job.storedParameters(),
                        new SnapshotInfo.Header(
                                info.time(),
                                info.redshift(),
                                info.boxSize(),
                                info.hubble(),
                                info.omega0(),
                                info.omegaLambda()),
                        info.units(),
                        info.roles());
        try (StoreWriter writer = new StoreWriter(output, specs)) {
            List<List<Found>> found = new ArrayList<>();
            for (int t = 0; t < types.size(); t++) {
                int number = t;
                found.add(
                        times.time(
                                "order",
                                () ->
                                        order(
                                                number,
                                                types.get(number),
                                                spread.get(number),
                                                writer,
                                                state)));
            }
            writer.describe(about, found);
            times.time("nodes", () -> nodes(types, writer));
            writer.describe(about, found);
            writer.finish();
        }
        return specs.stream().mapToLong(TypeSpec::count).sum();
    }

    /** Puts each bucket of a type into order and writes it; returns what was found by field. */
    private List<Found> order(
            int number,
            StoreType type,
            Buckets buckets,
            StoreWriter writer,
            ConversionState state) {
        int count = buckets.rows().length;
        for (int b = state.ordered(number); b < count; b++) {
            try (ParticleSet set = buckets.read(b, workers)) {
                SpatialOrder.sort(set, workers);
                List<Found> found =
                        writer.write(
                                number,
                                type.ordered(set),
                                set.blocks(workers),
                                buckets.first(b),
                                set.count(),
                                workers);
                writer.force();
                state.ordered(number, b + 1, found);
            }
            reporter.progress("order", b + 1L, count);
        }
        return state.found(number, type.fields().size());
    }

    /** Makes nodes for each type that is shown, in its colours. */
    private void nodes(List<StoreType> types, StoreWriter writer) {
        try (Snapshot store = Snapshots.open(StoreWriter.part(output), ReadOptions.NONE)) {
            Map<String, Boolean> made = new TreeMap<>();
            for (TypeParameters type : job.types()) {
                LoadRequest request = type.request();
                if (!LoadedData.isReady(store, type)) {
                    reporter.warn(
                            type.style().name()
                                    + ": some values are not finite, or it is a selection; it will be read into"
                                    + " memory to be drawn, and has no nodes");
                    continue;
                }
                try (ParticleSet set =
                        store.ready(request, type.colorBySize(), reporter).particles()) {
                    Directory.Light light = light(request, type, set, types);
                    if (made.put(request.fileType() + light.toString(), true) == null) {
                        Detail detail =
                                DetailBuilder.build(
                                        set, type.style(), writer::level, workers, reporter);
                        writer.add(number(request, types), light, detail, workers);
                    }
                }
            }
        }
    }

    private static int number(LoadRequest request, List<StoreType> types) {
        for (int t = 0; t < types.size(); t++) {
            if (types.get(t).request().fileType() == request.fileType()) {
                return t;
            }
        }
        throw new IllegalStateException();
    }

    private static Directory.Light light(
            LoadRequest request, TypeParameters type, ParticleSet set, List<StoreType> types) {
        String size = types.get(number(request, types)).sizeField();
        String color = request.colorField();
        return new Directory.Light(
                size,
                request.intensityField(),
                type.colorBySize() ? size : color == null ? StoreFormat.ONE : color,
                type.style().light(set));
    }

    /** Seconds by stage, for people. */
    static String text(Map<String, Double> seconds) {
        List<String> out = new ArrayList<>();
        seconds.forEach((stage, s) -> out.add(String.format(Locale.ROOT, "%s %.1f s", stage, s)));
        return String.join(", ", out);
    }

    /**
     * Memory that was asked for, as {@code 2G} or {@code 500M}.
     *
     * @throws InputException when it is none, or too little
     */
    static long memory(String text) {
        String number = text.replaceAll("[kKmMgG]i?[bB]?$", "");
        String unit = text.substring(number.length()).toUpperCase(Locale.ROOT);
        long factor =
                unit.startsWith("G")
                        ? 1L << 30
                        : unit.startsWith("M") ? 1L << 20 : unit.startsWith("K") ? 1L << 10 : 1;
        try {
            double bytes = Double.parseDouble(number) * factor;
            if (bytes >= 1 << 20 && bytes < 1L << 50) {
                return (long) bytes;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new InputException("--memory is '" + text + "'; expected as 2G or 500M, 1M at least");
    }
}
