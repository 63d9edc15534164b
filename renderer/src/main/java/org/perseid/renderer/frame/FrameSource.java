package org.perseid.renderer.frame;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.perseid.renderer.backend.PlaneProjection;
import org.perseid.renderer.backend.Reach;
import org.perseid.renderer.backend.SplatSource;
import org.perseid.renderer.backend.Splats;
import org.perseid.renderer.model.Blocks;
import org.perseid.renderer.model.Detail;
import org.perseid.renderer.model.Joining;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Vec3;
import org.perseid.renderer.model.Workers;

/**
 * The blocks of all layers of a frame as chunks of splats: blocks of particles, or of nodes that
 * stand for them where those are small enough in the picture.
 */
final class FrameSource implements SplatSource {
    private final List<Part> parts = new ArrayList<>();
    private final @Nullable PlaneProjection planes;
    private final Reporter reporter;
    private final Slice slice;
    private final Joining joining;

    /** Of each chunk its part, its first {@link Detail#GROUP group} there, and how many groups. */
    private final Ints chunkParts = new Ints();

    private final Ints chunkGroups = new Ints();
    private final Ints chunkLengths = new Ints();

    /**
     * A part of every block: of its n particles those from n index / of on. Where nodes are drawn,
     * a part of the blocks.
     *
     * @param index 0 to of-1
     * @param of parts that together are everything
     * @param alone whether the picture stays as it is with this alone
     */
    record Slice(int index, int of, boolean alone) {
        /** Everything. */
        static final Slice ALL = new Slice(0, 1, true);

        /** A part of a picture that others are added to, or that takes its place for a moment. */
        Slice(int index, int of) {
            this(index, of, false);
        }

        long bound(long first, long end, int part) {
            return first + (end - first) * part / of;
        }
    }

    /**
     * How a frame is shared among peers who all have its particles.
     *
     * @param self number of this peer
     * @param parts of the work for each, which add up to 1
     * @param costlyRadius from this radius in pixels on a splat is no more work
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Sharing(int self, double[] parts, double costlyRadius) {
        /** One process, or peers who all have other particles. */
        static final Sharing NONE = new Sharing(0, new double[] {1}, 0);
    }

    /** How far the light of a node may be from its particles' places, in its side. */
    private static final double SPREAD = 2.5;

    private static final int DEAL_SLICE = 256;

    /**
     * A projector with the blocks of its particles, and both as numbers where that goes.
     *
     * @param marginPx how far its light may be beyond its blocks
     * @param slice what is drawn of each block
     */
    private record Part(
            Projector projector,
            int marginPx,
            Slice slice,
            Blocks blocks,
            PlaneProjection.@Nullable Columns columns,
            PlaneProjection.@Nullable Plane plane) {}

    /** Whole numbers, as many as there come. */
    private static final class Ints {
        private int[] values = new int[1024];
        private int count;

        void add(int v) {
            if (count == values.length) {
                values = Arrays.copyOf(values, Math.addExact(count, count >> 1));
            }
            values[count++] = v;
        }
    }

    /**
     * @param slice the part of the particles that is drawn
     * @param sharing of particles that all peers have
     * @param planes the back end's own way to project; null for none
     * @param joining hears of bands that are drawn
     */
    FrameSource(
            List<View> views,
            Slice slice,
            Sharing sharing,
            @Nullable PlaneProjection planes,
            Workers workers,
            Reporter reporter,
            Joining joining) {
        this.joining = joining;
        this.slice = slice;
        this.planes = planes;
        this.reporter = reporter;
        for (View view : views) {
            int first = chunks();
            boolean nodes = !view.nodes().isEmpty();
            int number = add(view.particles(), 0, nodes ? Slice.ALL : slice, workers);
            List<View.Nodes> levels = view.nodes();
            for (View.Nodes level : levels) {
                int margin = (int) Math.ceil(SPREAD * view.detailPx());
                int _ = add(level.projector(), margin, Slice.ALL, workers);
            }
            Blocks top = parts.get(number + Math.max(0, levels.size() - 1)).blocks;
            Reach reach = new Reach();
            for (int block = 0; block < top.count(); block++) {
                if (nodes) {
                    descend(number, levels, levels.size(), block, view.detailPx(), reach);
                } else {
                    addChunk(number, block * Detail.RATIO, Detail.RATIO);
                }
            }
            if (view.particles().particles().isCommon() && sharing.parts.length > 1) {
                deal(first, sharing, workers);
            }
        }
    }

    /**
     * Keeps of the chunks from one on those that are this peer's to draw: some that can be seen and
     * follow each other, so that they are close together, and about its part of the work. All peers
     * find the same chunks and costs, to the last bit.
     */
    private void deal(int start, Sharing sharing, Workers workers) {
        int n = chunks() - start;
        double[] costs = new double[n];
        workers.runSlices(
                n,
                DEAL_SLICE,
                (first, end) -> {
                    Reach reach = new Reach();
                    for (int k = (int) first; k < end; k++) {
                        boolean seen = reach(start + k, reach);
                        costs[k] = seen ? reach.work(size(start + k), sharing.costlyRadius) : 0;
                    }
                });
        double all = 0;
        for (double cost : costs) {
            all += cost;
        }
        double before = 0;
        int kept = start;
        int peer = 0;
        double end = all * sharing.parts[0];
        for (int k = 0; k < n; k++) {
            while (before >= end && peer < sharing.parts.length - 1) {
                end += all * sharing.parts[++peer];
            }
            if (costs[k] > 0 && peer == sharing.self) {
                chunkParts.values[kept] = chunkParts.values[start + k];
                chunkGroups.values[kept] = chunkGroups.values[start + k];
                chunkLengths.values[kept++] = chunkLengths.values[start + k];
            }
            before += costs[k];
        }
        chunkParts.count = kept;
        chunkGroups.count = kept;
        chunkLengths.count = kept;
    }

    private int add(Projector projector, int marginPx, Slice of, Workers workers) {
        boolean plane = projector.isPlane();
        parts.add(
                new Part(
                        projector,
                        marginPx,
                        of,
                        projector.particles().blocks(workers),
                        plane ? projector.columns() : null,
                        plane ? projector.plane() : null));
        return parts.size() - 1;
    }

    /** Adds groups, to those just before them where they are of one block. */
    private void addChunk(int part, int group, int length) {
        int last = chunks() - 1;
        if (group % Detail.RATIO != 0
                && last >= 0
                && chunkParts.values[last] == part
                && chunkGroups.values[last] + chunkLengths.values[last] == group) {
            chunkLengths.values[last] += length;
            return;
        }
        chunkParts.add(part);
        chunkGroups.add(group);
        chunkLengths.add(length);
    }

    /**
     * Adds what is drawn for a block of particles or nodes: the nodes that are made of it when they
     * are small enough, else what is drawn for the blocks that it was made of.
     *
     * @param number of the particles' part; the levels are those after it, the finest first
     * @param level of the nodes that are made of the block, 1 for the finest
     * @param reach scratch
     */
    private void descend(
            int number,
            List<View.Nodes> levels,
            int level,
            int block,
            double detailPx,
            Reach reach) {
        Part below = parts.get(number + level - 1);
        if (!reach(below, block, reach)) {
            return;
        }
        Part part = parts.get(number + level);
        float side = levels.get(level - 1).sides()[block];
        if (below.projector.longestPx(below.blocks, block, side) <= detailPx
                && part.projector.particles().admit(block / Detail.RATIO)) {
            if (block % slice.of == slice.index) {
                addChunk(number + level, block, 1);
            }
        } else if (level == 1) {
            if (block % slice.of == slice.index) {
                addChunk(number, block * Detail.RATIO, Detail.RATIO);
            }
        } else {
            int end =
                    Math.min(
                            parts.get(number + level - 2).blocks.count(),
                            (block + 1) * Detail.RATIO);
            for (int child = block * Detail.RATIO; child < end; child++) {
                descend(number, levels, level - 1, child, detailPx, reach);
            }
        }
    }

    @Override
    public int chunks() {
        return chunkParts.count;
    }

    private Part partOf(int chunk) {
        return parts.get(chunkParts.values[chunk]);
    }

    private int blockOf(int chunk) {
        return chunkGroups.values[chunk] / Detail.RATIO;
    }

    /** First row of a chunk, or where the part-th part of it begins. */
    private long row(int chunk, int part) {
        Part of = partOf(chunk);
        long first = (long) Detail.GROUP * chunkGroups.values[chunk];
        long end =
                Math.min(
                        first + (long) Detail.GROUP * chunkLengths.values[chunk],
                        of.projector.particles().count());
        return of.slice.bound(first, end, part);
    }

    private long first(int chunk) {
        return row(chunk, partOf(chunk).slice.index);
    }

    private long end(int chunk) {
        return row(chunk, partOf(chunk).slice.index + 1);
    }

    @Override
    public int size(int chunk) {
        return (int) (end(chunk) - first(chunk));
    }

    @Override
    public int capacity() {
        return Blocks.SIZE;
    }

    @Override
    public boolean reach(int chunk, Reach out) {
        return reach(partOf(chunk), blockOf(chunk), out);
    }

    private static boolean reach(Part part, int block, Reach out) {
        boolean seen = part.projector.reach(part.blocks, block, out);
        out.widen(part.marginPx);
        return seen;
    }

    @Override
    public @Nullable Rows rows(int chunk) {
        Part part = partOf(chunk);
        int block = blockOf(chunk);
        Vec3 toEye = part.projector.toEye(part.blocks, block);
        if (part.columns == null || part.plane == null || toEye == null) {
            return null;
        }
        long first = first(chunk);
        boolean there = part.projector.particles().admit(block);
        return new Rows(
                part.columns,
                part.plane,
                toEye.x(),
                toEye.y(),
                toEye.z(),
                first,
                there ? end(chunk) : first);
    }

    @Override
    public void project(int chunk, Reach within, Splats out, int slot) {
        Part part = partOf(chunk);
        int block = blockOf(chunk);
        long first = first(chunk);
        long end = end(chunk);
        if (!part.projector.particles().admit(block)) {
            Arrays.fill(out.radius, slot, slot + (int) (end - first), 0f);
            return;
        }
        long done = first;
        if (planes != null && part.columns != null && part.plane != null) {
            Vec3 toEye = part.projector.toEye(part.blocks, block);
            if (toEye != null) {
                done =
                        planes.project(
                                part.columns,
                                part.plane,
                                toEye.x(),
                                toEye.y(),
                                toEye.z(),
                                first,
                                end,
                                within,
                                out,
                                slot);
            }
        }
        part.projector.project(done, end, out, slot + (int) (done - first));
    }

    @Override
    public boolean isWhole() {
        return slice.alone;
    }

    @Override
    public int bands() {
        return joining.bands();
    }

    @Override
    public void drawn(int rows) {
        joining.drawn(rows);
    }

    @Override
    public void progress(long done, long total) {
        reporter.progress("render", done, total);
    }
}
