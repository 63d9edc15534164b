package org.perseid.renderer.neighbours;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.perseid.renderer.model.OffHeap;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Peers;
import org.perseid.renderer.model.Workers;

/**
 * The k-th nearest neighbour among the particles of all peers. The own particles give each particle
 * a distance that cannot become larger; only peers whose box is nearer than that are asked, and
 * they answer with their k nearest within it. A batch of particles at a time.
 */
final class PeerNeighbours {
    private static final int BATCH = 1 << 15;
    private static final int SLICE = 1 << 9;

    /** Floats of a question: a place and a squared distance. */
    private static final int QUESTION = 4;

    private static final int[] NOBODY = {};

    private final KdTree tree;
    private final int k;
    private final float box;
    private final float[] boxes;
    private final Peers peers;
    private final Workers workers;

    /**
     * @param k neighbours
     * @param box period of the positions, 0 for none
     * @param boxes of all peers' particles: lowest x, y, z, highest x, y, z of each
     */
    PeerNeighbours(KdTree tree, int k, double box, float[] boxes, Peers peers, Workers workers) {
        this.tree = tree;
        this.k = k;
        this.box = (float) box;
        this.boxes = boxes;
        this.peers = peers;
        this.workers = workers;
    }

    /**
     * Makes lengths that own particles gave those that all particles give.
     *
     * @param lengths {@code factor} times a distance, of each row; infinite where there are fewer
     *     than k own neighbours
     * @param smallest distance
     */
    void refine(MemorySegment lengths, float smallest, float factor) {
        double[] rounds = {Math.ceilDiv(tree.count, BATCH)};
        peers.fold(Peers.Fold.GREATEST, rounds);
        for (int round = 0; round < rounds[0]; round++) {
            int first = (int) Math.min(tree.count, (long) round * BATCH);
            int end = (int) Math.min(tree.count, (long) first + BATCH);
            refine(first, end, lengths, smallest, factor);
        }
    }

    private void refine(int first, int end, MemorySegment lengths, float smallest, float factor) {
        float[] bounds = new float[end - first];
        for (int i = first; i < end; i++) {
            float distance = lengths.getAtIndex(ParticleSet.FLOAT, tree.row[i]) / factor;
            // rounding must not hide a neighbour at just that distance
            bounds[i - first] = distance * distance * 1.0001f;
        }
        int[][] asked = new int[peers.count()][];
        Arrays.fill(asked, NOBODY);
        long[] counts = new long[peers.count()];
        int[] near = nearPeers(first, bounds);
        for (int peer : near) {
            asked[peer] = near(peer, first, bounds);
            counts[peer] = asked[peer].length;
        }
        long[] coming = peers.swap(counts);
        try (Arena arena = Arena.ofShared()) {
            MemorySegment answers = answers(asked, counts, coming, first, bounds, arena);
            long[] at = new long[peers.count()];
            for (int peer = 1; peer < at.length; peer++) {
                at[peer] = at[peer - 1] + counts[peer - 1];
            }
            merge(near, asked, at, answers, first, end, lengths, smallest, factor);
        }
    }

    /**
     * The peers that may have neighbours of a batch at all, so that not each of its particles is
     * held against the boxes of all.
     */
    private int[] nearPeers(int first, float[] bounds) {
        float[] batch = new float[6];
        Arrays.fill(batch, 0, 3, Float.POSITIVE_INFINITY);
        Arrays.fill(batch, 3, 6, Float.NEGATIVE_INFINITY);
        float farthest = 0;
        for (int b = 0; b < bounds.length; b++) {
            for (int axis = 0; axis < 3; axis++) {
                float at = tree.position[axis][first + b];
                batch[axis] = Math.min(batch[axis], at);
                batch[3 + axis] = Math.max(batch[3 + axis], at);
            }
            farthest = Math.max(farthest, bounds[b]);
        }
        int[] out = new int[peers.count()];
        int n = 0;
        for (int peer = 0; peer < peers.count() && bounds.length > 0; peer++) {
            if (peer != peers.self() && squaredDistance(batch, peer) <= farthest) {
                out[n++] = peer;
            }
        }
        return Arrays.copyOf(out, n);
    }

    /** From a box to that of a peer, the nearest of its copies. */
    private float squaredDistance(float[] batch, int peer) {
        float sum = 0;
        for (int axis = 0; axis < 3; axis++) {
            float low = boxes[6 * peer + axis];
            float high = boxes[6 * peer + 3 + axis];
            float least = Float.POSITIVE_INFINITY;
            for (int copy = -1; copy <= 1; copy++) {
                float shift = copy * box;
                float gap = Math.max(low + shift - batch[3 + axis], batch[axis] - high - shift);
                least = Math.min(least, Math.max(0, gap));
            }
            sum += least * least;
        }
        return sum * 0.9999f; // rounding must hide nobody
    }

    /** The particles from {@code first} on that a peer may have neighbours of. */
    private int[] near(int peer, int first, float[] bounds) {
        int[] out = new int[bounds.length];
        int n = 0;
        for (int b = 0; b < bounds.length; b++) {
            int i = first + b;
            float squared =
                    NeighbourSearch.squaredDistance(
                            boxes,
                            6 * peer,
                            tree.position[0][i],
                            tree.position[1][i],
                            tree.position[2][i],
                            box);
            if (squared <= bounds[b]) {
                out[n++] = i;
            }
        }
        return Arrays.copyOf(out, n);
    }

    /** Asks the peers, answers their questions; k squared distances a question, peer by peer. */
    private MemorySegment answers(
            int[][] asked, long[] counts, long[] coming, int first, float[] bounds, Arena arena) {
        MemorySegment questions = floats(arena, QUESTION * Arrays.stream(counts).sum());
        long at = 0;
        for (int[] ofPeer : asked) {
            for (int i : ofPeer) {
                for (int axis = 0; axis < 3; axis++) {
                    questions.setAtIndex(ParticleSet.FLOAT, at++, tree.position[axis][i]);
                }
                questions.setAtIndex(ParticleSet.FLOAT, at++, bounds[i - first]);
            }
        }
        long all = Arrays.stream(coming).sum();
        MemorySegment received = floats(arena, QUESTION * all);
        peers.exchange(
                Peers.slices(questions, counts, 4 * QUESTION),
                Peers.slices(received, coming, 4 * QUESTION));
        MemorySegment found = floats(arena, k * all);
        workers.runSlices(all, SLICE, (a, b) -> answer(received, a, b, found));
        MemorySegment answers = floats(arena, k * Arrays.stream(counts).sum());
        List<MemorySegment> own = Peers.slices(answers, counts, 4 * k);
        peers.exchange(Peers.slices(found, coming, 4 * k), own);
        return answers;
    }

    private static MemorySegment floats(Arena arena, long n) {
        return OffHeap.allocate(arena, 4 * n, "neighbours that others have");
    }

    private void answer(MemorySegment questions, long first, long end, MemorySegment found) {
        NeighbourSearch search = new NeighbourSearch(tree, k, box);
        float[] nearest = new float[k];
        for (long q = first; q < end; q++) {
            search.searchFrom(
                    questions.getAtIndex(ParticleSet.FLOAT, QUESTION * q),
                    questions.getAtIndex(ParticleSet.FLOAT, QUESTION * q + 1),
                    questions.getAtIndex(ParticleSet.FLOAT, QUESTION * q + 2),
                    questions.getAtIndex(ParticleSet.FLOAT, QUESTION * q + 3));
            search.copyNearest(nearest, 0);
            MemorySegment.copy(nearest, 0, found, ParticleSet.FLOAT, 4L * k * q, k);
        }
    }

    private void merge(
            int[] near,
            int[][] asked,
            long[] firstAnswer,
            MemorySegment answers,
            int first,
            int end,
            MemorySegment lengths,
            float smallest,
            float factor) {
        workers.runSlices(
                end - first,
                SLICE,
                (a, b) -> {
                    NeighbourSearch search = new NeighbourSearch(tree, k, box);
                    for (int i = first + (int) a; i < first + b; i++) {
                        boolean searched = false;
                        for (int peer : near) {
                            int place = Arrays.binarySearch(asked[peer], i);
                            if (place < 0) {
                                continue;
                            }
                            if (!searched) {
                                float _ = search.squaredDistance(i, Float.POSITIVE_INFINITY);
                                searched = true;
                            }
                            long at = k * (firstAnswer[peer] + place);
                            for (int n = 0; n < k; n++) {
                                search.offer(answers.getAtIndex(ParticleSet.FLOAT, at + n));
                            }
                        }
                        if (searched) {
                            float length = (float) Math.sqrt(search.farthest());
                            lengths.setAtIndex(
                                    ParticleSet.FLOAT,
                                    tree.row[i],
                                    factor * Math.max(smallest, length));
                        }
                    }
                });
    }
}
