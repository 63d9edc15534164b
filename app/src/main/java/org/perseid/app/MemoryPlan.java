package org.perseid.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.perseid.io.InputException;
import org.perseid.io.par.Between;
import org.perseid.io.par.RenderJob;
import org.perseid.io.par.SnapshotSource;
import org.perseid.io.par.TypeParameters;
import org.perseid.io.snapshot.LoadRequest;
import org.perseid.io.snapshot.Snapshot;
import org.perseid.io.snapshot.SnapshotInfo;
import org.perseid.io.snapshot.Snapshots;
import org.perseid.renderer.model.Measure;
import org.perseid.renderer.model.Projection;
import org.perseid.renderer.model.Shading;

/**
 * Memory that a frame needs, from the headers of its snapshots alone. A selection or region is not
 * known before it is read, so it does not lower the figures.
 *
 * @param particles of all shown types, in all snapshots that the frame needs
 * @param bytesToRead of the files
 * @param columns bytes of the particles' columns, of those between two snapshots too
 * @param neighbours bytes while smoothing lengths are computed or the particles of a type are put
 *     into spatial order
 * @param order bytes of ids' tables, pairing and depth order
 * @param traded bytes of splats that many ranks exchange for absorption
 * @param image bytes of pictures and layers; every rank has them
 */
record MemoryPlan(
        long particles,
        long bytesToRead,
        long columns,
        long neighbours,
        long order,
        long traded,
        long image) {
    /** The Java machine and its code, and batches of splats. */
    static final long BASE = 250L << 20;

    private static final int NEIGHBOUR_BYTES = 24;
    private static final int SPATIAL_BYTES = 20;
    private static final int ID_TABLE_BYTES = 28;
    private static final int ORDER_BYTES = 16;
    private static final int TRADED_BYTES = 72;
    private static final int DIVISION_BYTES = 10;
    private static final int PIXEL_BYTES = 15;
    private static final int SUM_BYTES = 15;
    private static final int EXTREME_BYTES = 12;
    private static final int COVERED_BYTES = 4;

    /** Whether the particles stay in their file. */
    boolean isInPlace() {
        return columns == 0;
    }

    /** The plan of a frame; opens its snapshots, reads no particle. */
    static MemoryPlan of(RenderJob job) {
        MemoryPlan plan = ofSnapshot(job, job.source());
        Between between = job.between();
        if (between != null) {
            MemoryPlan second = ofSnapshot(job, between.next());
            plan =
                    new MemoryPlan(
                            plan.particles + second.particles,
                            plan.bytesToRead + second.bytesToRead,
                            2 * plan.columns + second.columns,
                            Math.max(plan.neighbours, second.neighbours),
                            plan.order + second.order,
                            Math.max(plan.traded, second.traded),
                            plan.image);
        }
        return plan;
    }

    private static MemoryPlan ofSnapshot(RenderJob job, SnapshotSource source) {
        try (Snapshot snapshot = Snapshots.open(source.path(), source.options())) {
            SnapshotInfo info = snapshot.info();
            boolean absorbs = job.shading() instanceof Shading.Absorption;
            if (job.between() == null && LoadedData.isReady(snapshot, job.types())) {
                long inPlace =
                        job.types().stream()
                                .mapToLong(type -> info.count(type.request().fileType()))
                                .sum();
                return new MemoryPlan(
                        inPlace,
                        0,
                        0,
                        0,
                        absorbs ? inPlace * ORDER_BYTES : 0,
                        absorbs ? inPlace * TRADED_BYTES : 0,
                        image(job));
            }
            long particles = 0;
            long bytes = 0;
            long columns = 0;
            long neighbours = 0;
            long perParticle = 0;
            perParticle += job.between() == null ? 0 : ID_TABLE_BYTES;
            perParticle += absorbs ? ORDER_BYTES : 0;
            for (TypeParameters type : job.types()) {
                LoadRequest request = type.request();
                long n = info.count(request.fileType());
                particles += n;
                columns += n * bytesPerParticle(request);
                bytes += bytesToRead(snapshot, request);
                int each = snapshot.sizeMissing(request) ? NEIGHBOUR_BYTES : SPATIAL_BYTES;
                neighbours = Math.max(neighbours, n * each);
            }
            return new MemoryPlan(
                    particles,
                    bytes,
                    columns,
                    neighbours,
                    particles * perParticle,
                    absorbs ? particles * TRADED_BYTES : 0,
                    image(job));
        }
    }

    private static long bytesPerParticle(LoadRequest r) {
        return 4L
                        * (4
                                + (r.intensityField() == null ? 0 : 1)
                                + (r.vectorColor() ? 3 : 1)
                                + (r.more().velocities() ? 3 : 0)
                                + r.more().extras().size())
                + (r.ids() ? 8 : 0);
    }

    private static long bytesToRead(Snapshot snapshot, LoadRequest r) {
        long bytes = fieldBytes(snapshot, "position", r);
        bytes += r.fixedSize() > 0 ? 0 : fieldBytes(snapshot, r.sizeField(), r);
        bytes += fieldBytes(snapshot, r.colorField(), r);
        bytes += fieldBytes(snapshot, r.intensityField(), r);
        bytes += r.ids() ? fieldBytes(snapshot, "id", r) : 0;
        bytes += r.more().velocities() ? fieldBytes(snapshot, "velocity", r) : 0;
        for (String extra : r.more().extras()) {
            bytes += fieldBytes(snapshot, extra, r);
        }
        return bytes;
    }

    private static long fieldBytes(
            Snapshot snapshot, @org.jspecify.annotations.Nullable String field, LoadRequest r) {
        return field == null || r.more().derived().containsKey(field)
                ? 0
                : snapshot.fieldBytes(field, r.fileType()).orElse(0);
    }

    private static long image(RenderJob job) {
        long pixels = (long) job.width() * job.height();
        long perPixel = PIXEL_BYTES * (long) job.views().size() + layerBytes(job);
        boolean sky = job.views().getFirst().camera().projection() == Projection.EQUIRECTANGULAR;
        return pixels * (sky ? perPixel + 14 : perPixel);
    }

    /** Bytes a pixel while float layers are measured, with coarser grids for large kernels. */
    static int layerBytes(RenderJob job) {
        List<Measure> measures = new ArrayList<>(job.numbers().measures());
        if (job.numbers().pictured() != null) {
            measures.add(job.numbers().pictured().measure());
        }
        int bytes = measures.isEmpty() ? 0 : COVERED_BYTES;
        for (Measure measure : measures) {
            bytes +=
                    switch (measure.kind()) {
                        case MASS, COLUMN_DENSITY -> SUM_BYTES;
                        case MEAN -> 2 * SUM_BYTES;
                        case MAXIMUM, HITS, DEPTH -> EXTREME_BYTES;
                    };
        }
        return bytes;
    }

    /**
     * Largest memory of a process when particles are shared by {@code ranks}; pictures are not, and
     * are sent and received in buffers as large. While particles are divided there are those that
     * go beside those that come.
     */
    long perRank(int ranks) {
        if (ranks == 1) {
            return BASE + image + columns + neighbours + order;
        }
        return BASE + 3 * image + shared() / ranks;
    }

    /** What ranks share, in all. */
    private long shared() {
        long dividing = isInPlace() ? 0 : 2 * columns + particles * DIVISION_BYTES;
        return Math.max(dividing, columns + neighbours + order + traded);
    }

    /**
     * The plan of a frame; refuses one for which there is not enough memory.
     *
     * @param ranks that share the particles
     * @param available bytes for each of them
     * @throws InputException with what to change
     */
    static MemoryPlan requireFits(RenderJob job, int ranks, long available) {
        MemoryPlan plan = of(job);
        if (plan.perRank(ranks) > available) {
            throw new InputException(
                    "this needs "
                            + gib(plan.perRank(ranks))
                            + " of memory"
                            + (ranks > 1 ? " for each of " + ranks + " processes, " : ", ")
                            + gib(available)
                            + " are available; "
                            + plan.advice(available, job)
                            + "; --force tries all the same");
        }
        return plan;
    }

    /** What to change so that it fits into that much memory a process. */
    String advice(long available, RenderJob job) {
        if (BASE + image > available) {
            return "the picture alone is too large: make xres and yres smaller or measure fewer layers";
        }
        long rest = available - BASE - 3 * image;
        long ranks = Math.max(2, Math.ceilDiv(shared(), Math.max(1, rest)));
        StringBuilder out = new StringBuilder();
        out.append(
                "show fewer types, read a part of space (region=) or of the particles (selectN=)");
        if (neighbours > 0) {
            out.append(", give sizes (size_fixN=) instead of computing them");
        }
        if (job.types().stream().anyMatch(t -> t.request().intensityField() != null)) {
            out.append(", leave out intensity_labelN");
        }
        return out.append(", or share the particles among ")
                .append(ranks)
                .append(" processes")
                .toString();
    }

    /** Bytes in the largest binary unit, for people. */
    static String gib(long bytes) {
        return bytes >= 1L << 30
                ? String.format(Locale.ROOT, "%.1f GiB", bytes / 0x1p30)
                : String.format(Locale.ROOT, "%.0f MiB", bytes / 0x1p20);
    }
}
