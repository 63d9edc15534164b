package org.perseid.renderer.frame;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.perseid.renderer.backend.PlaneProjection;
import org.perseid.renderer.backend.Reach;
import org.perseid.renderer.backend.SplatSource;
import org.perseid.renderer.backend.Splats;
import org.perseid.renderer.model.Blocks;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Vec3;
import org.perseid.renderer.model.Workers;

/** The blocks of all layers of a frame as chunks of splats. */
final class FrameSource implements SplatSource {
    private final List<Part> parts = new ArrayList<>();
    private final @Nullable PlaneProjection planes;
    private final Reporter reporter;
    private final Slice slice;

    /** First chunk of each part, and the number of all. */
    private final int[] firstChunk;

    /**
     * A part of every block: of its n particles those from n index / of on.
     *
     * @param index 0 to of-1
     * @param of parts that together are everything
     */
    record Slice(int index, int of) {
        /** Everything. */
        static final Slice ALL = new Slice(0, 1);

        private long first(Blocks blocks, int block) {
            return bound(blocks, block, index);
        }

        private long end(Blocks blocks, int block) {
            return bound(blocks, block, index + 1);
        }

        private long bound(Blocks blocks, int block, int part) {
            long first = blocks.first(block);
            return first + (blocks.end(block) - first) * part / of;
        }
    }

    /** A projector with the blocks of its particles, and both as numbers where that goes. */
    private record Part(
            Projector projector,
            Blocks blocks,
            PlaneProjection.@Nullable Columns columns,
            PlaneProjection.@Nullable Plane plane) {}

    /**
     * @param slice the part of the particles that is drawn
     * @param planes the back end's own way to project; null for none
     */
    FrameSource(
            List<Projector> projectors,
            Slice slice,
            @Nullable PlaneProjection planes,
            Workers workers,
            Reporter reporter) {
        this.slice = slice;
        this.planes = planes;
        this.reporter = reporter;
        firstChunk = new int[projectors.size() + 1];
        for (Projector projector : projectors) {
            Blocks blocks = projector.particles().blocks(workers);
            boolean plane = planes != null && projector.isPlane();
            parts.add(
                    new Part(
                            projector,
                            blocks,
                            plane ? projector.columns() : null,
                            plane ? projector.plane() : null));
            int n = parts.size();
            firstChunk[n] = Math.addExact(firstChunk[n - 1], blocks.count());
        }
    }

    @Override
    public int chunks() {
        return firstChunk[parts.size()];
    }

    @Override
    public int size(int chunk) {
        int k = partOf(chunk);
        Blocks blocks = parts.get(k).blocks;
        int block = chunk - firstChunk[k];
        return (int) (slice.end(blocks, block) - slice.first(blocks, block));
    }

    @Override
    public int capacity() {
        return Blocks.SIZE;
    }

    @Override
    public boolean reach(int chunk, Reach out) {
        int k = partOf(chunk);
        return parts.get(k).projector.reach(parts.get(k).blocks, chunk - firstChunk[k], out);
    }

    @Override
    public void project(int chunk, Reach within, Splats out, int slot) {
        int k = partOf(chunk);
        Part part = parts.get(k);
        int block = chunk - firstChunk[k];
        long first = slice.first(part.blocks, block);
        long end = slice.end(part.blocks, block);
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
    public void progress(long done, long total) {
        reporter.progress("render", done, total);
    }

    private int partOf(int chunk) {
        int k = 0;
        while (chunk >= firstChunk[k + 1]) {
            k++;
        }
        return k;
    }
}
