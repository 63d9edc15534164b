package org.perseid.renderer.frame;

import java.util.ArrayList;
import java.util.List;
import org.perseid.renderer.backend.Reach;
import org.perseid.renderer.model.Blocks;
import org.perseid.renderer.model.Peers;
import org.perseid.renderer.model.Workers;

/**
 * The particles that may be in the picture, block by block in the order of the projectors and of
 * their rows.
 */
final class SeenRows {
    private static final int DEAL_SLICE = 256;

    /**
     * Particles of a block.
     *
     * @param projector number of theirs
     * @param first row
     */
    record Run(int projector, int block, long first, int count) {}

    private SeenRows() {}

    /**
     * @param extents how far the particles of each projector reach
     * @param slice what is wanted of each block
     * @param peers of particles that {@linkplain org.perseid.renderer.model.ParticleSet#isCommon
     *     all have} each gets a part
     */
    static List<Run> of(
            List<Projector> projectors,
            List<Projector.Extent> extents,
            FrameSource.Slice slice,
            Peers peers,
            Workers workers) {
        List<Run> out = new ArrayList<>();
        for (int p = 0; p < projectors.size(); p++) {
            add(p, projectors.get(p), extents.get(p), slice, peers, workers, out);
        }
        return out;
    }

    private static void add(
            int number,
            Projector projector,
            Projector.Extent extent,
            FrameSource.Slice slice,
            Peers peers,
            Workers workers,
            List<Run> out) {
        long rows = projector.particles().count();
        Blocks blocks = projector.particles().blocks(workers);
        boolean[] seen = new boolean[blocks.count()];
        workers.runSlices(
                seen.length,
                DEAL_SLICE,
                (first, end) -> {
                    Reach reach = new Reach();
                    for (int b = (int) first; b < end; b++) {
                        seen[b] = projector.reach(blocks, b, extent, reach);
                    }
                });
        List<Run> found = new ArrayList<>();
        long all = 0;
        for (int b = 0; b < seen.length; b++) {
            long end = Math.min(rows, (b + 1L) * Blocks.SIZE);
            long from = slice.bound((long) b * Blocks.SIZE, end, slice.index());
            int n = (int) (slice.bound((long) b * Blocks.SIZE, end, slice.index() + 1) - from);
            if (seen[b] && n > 0) {
                found.add(new Run(number, b, from, n));
                all += n;
            }
        }
        boolean dealt = peers.count() > 1 && projector.particles().isCommon();
        long before = 0;
        for (Run run : found) {
            if (!dealt || before * peers.count() / all == peers.self()) {
                out.add(run);
            }
            before += run.count;
        }
    }
}
