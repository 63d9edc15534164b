package org.perseid.renderer.neighbours;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Peers;
import org.perseid.renderer.model.RenderException;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Workers;

/**
 * Smoothing lengths for particles that have none: the distance to the k-th nearest neighbour, the
 * particle itself not counted, which is the radius of a kernel's support that holds k neighbours
 * (Gadget's convention for HSML).
 */
public final class SmoothingLengths {
    /** Neighbours when nothing else is asked for. */
    public static final int DEFAULT_NEIGHBOURS = 32;

    private static final int LEAVES_A_TASK = 64;

    private SmoothingLengths() {}

    /**
     * Writes the smoothing length of every particle. The result does not depend on the number of
     * workers. Particles at the same point get the smallest length that is above zero, 1e-6 of the
     * extent.
     *
     * @param k neighbours, at least 1; all others when there are not as many
     * @param factor on the distance
     * @param box period of the positions in the file's length unit, 0 for none
     * @throws RenderException when the set is too large for one search (2^31 particles)
     */
    public static void compute(
            ParticleSet set, int k, double factor, double box, Workers workers, Reporter reporter) {
        compute(set, k, factor, box, Peers.alone(), workers, reporter);
    }

    /**
     * Writes the smoothing length of every particle, with the neighbours that peers have. Quick
     * when each has the particles of one place; the result is that of one process.
     *
     * @param k neighbours, at least 1; all others when there are not as many
     * @param factor on the distance
     * @param box period of the positions in the file's length unit, 0 for none
     * @param peers whose sets have the same origin
     * @throws RenderException when the set is too large for one search (2^31 particles)
     */
    public static void compute(
            ParticleSet set,
            int k,
            double factor,
            double box,
            Peers peers,
            Workers workers,
            Reporter reporter) {
        if (set.count() > Integer.MAX_VALUE - 8) {
            throw new RenderException(
                    "the neighbour search takes at most 2147483639 particles of a type, these are "
                            + set.count()
                            + "; give a fixed size (size_fixN=...) or a snapshot with smoothing lengths");
        }
        int neighbours = (int) Math.min(k, peers.total(set.count()) - 1);
        if (neighbours < 1) {
            fill(set, (float) factor);
            return;
        }
        KdTree tree = new KdTree(set, workers);
        float[] boxes = peers.gather(Arrays.copyOfRange(tree.bounds, 6, 12));
        float smallest = smallestLength(boxes);
        int leaves = 1 << tree.levels;
        AtomicLong done = new AtomicLong();
        workers.runSlices(
                leaves,
                LEAVES_A_TASK,
                (firstLeaf, endLeaf) -> {
                    NeighbourSearch search = new NeighbourSearch(tree, neighbours, box);
                    for (int leaf = (int) firstLeaf; leaf < endLeaf; leaf++) {
                        computeLeaf(tree, search, leaves + leaf, smallest, (float) factor, set);
                    }
                    reporter.progress("neighbours", done.addAndGet(endLeaf - firstLeaf), leaves);
                });
        if (peers.count() > 1) {
            new PeerNeighbours(tree, neighbours, box, boxes, peers, workers)
                    .refine(set.smoothingLength(), smallest, (float) factor);
        }
    }

    /**
     * The k neighbours of a particle lie within its own distance plus the way to the next particle
     * of the leaf.
     */
    private static void computeLeaf(
            KdTree tree,
            NeighbourSearch search,
            int leaf,
            float smallest,
            float factor,
            ParticleSet set) {
        int begin = tree.begin(leaf);
        int end = tree.end(leaf);
        float upperBound = Float.POSITIVE_INFINITY;
        for (int i = begin; i < end; i++) {
            float squared = search.squaredDistance(i, upperBound);
            float length = (float) Math.sqrt(squared);
            set.smoothingLength()
                    .setAtIndex(
                            ParticleSet.FLOAT, tree.row[i], factor * Math.max(smallest, length));
            if (i + 1 < end) {
                float reach = (length + distance(tree, i, i + 1)) * 1.0001f + smallest;
                upperBound = reach * reach;
            }
        }
    }

    private static float distance(KdTree tree, int i, int j) {
        double squared = 0;
        for (float[] p : tree.position) {
            double d = (double) p[i] - p[j];
            squared += d * d;
        }
        return (float) Math.sqrt(squared);
    }

    private static float smallestLength(float[] boxes) {
        double squared = 0;
        for (int axis = 0; axis < 3; axis++) {
            float low = Float.POSITIVE_INFINITY;
            float high = Float.NEGATIVE_INFINITY;
            for (int at = axis; at < boxes.length; at += 6) {
                low = Math.min(low, boxes[at]);
                high = Math.max(high, boxes[at + 3]);
            }
            double width = (double) high - low;
            squared += width * width;
        }
        return squared > 0 ? (float) (1e-6 * Math.sqrt(squared)) : 1f;
    }

    private static void fill(ParticleSet set, float value) {
        for (long i = 0; i < set.count(); i++) {
            set.smoothingLength().setAtIndex(ParticleSet.FLOAT, i, value);
        }
    }
}
