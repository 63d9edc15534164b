package org.perseid.renderer.spatial;

import java.util.Arrays;
import java.util.function.LongToDoubleFunction;
import java.util.stream.IntStream;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Peers;

/**
 * Space cut into one box for each peer, by planes across the longest side, so that samples of all
 * particles fall into boxes with nearly equal sums of weights; for any number of peers. The same on
 * all.
 */
public final class BoxTree {
    /** Samples a box, and of all at least. */
    private static final int SAMPLES_A_BOX = 256;

    private static final int SAMPLES = 1 << 14;

    /** Floats of a sample: x, y, z and its weight. */
    private static final int SAMPLE = 4;

    private final int boxes;

    /** Of each node the axis of its plane and where it is; node n has the children 2n and 2n+1. */
    private final byte[] axis;

    private final float[] plane;

    private BoxTree(int boxes) {
        this.boxes = boxes;
        int nodes = 4 * Integer.highestOneBit(boxes) + 2;
        axis = new byte[nodes];
        plane = new float[nodes];
    }

    /**
     * Divides the particles of all peers, whose positions are relative to the same origin.
     *
     * @param weight of a particle by its index
     */
    static BoxTree of(ParticleSet set, LongToDoubleFunction weight, Peers peers) {
        long total = peers.total(set.count());
        long wanted = Math.max(SAMPLES, (long) SAMPLES_A_BOX * peers.count());
        long stride = Math.max(1, total / wanted);
        return of(peers.gather(samples(set, stride, weight)), peers.count());
    }

    /** All particles of a set as samples of equal weight. */
    public static float[] samples(ParticleSet set) {
        return samples(set, 1, _ -> 1);
    }

    private static float[] samples(ParticleSet set, long stride, LongToDoubleFunction weight) {
        int n = (int) Math.ceilDiv(set.count(), stride);
        float[] positions = new float[SAMPLE * n];
        for (int k = 0; k < n; k++) {
            positions[SAMPLE * k] = set.x().getAtIndex(ParticleSet.FLOAT, k * stride);
            positions[SAMPLE * k + 1] = set.y().getAtIndex(ParticleSet.FLOAT, k * stride);
            positions[SAMPLE * k + 2] = set.z().getAtIndex(ParticleSet.FLOAT, k * stride);
            positions[SAMPLE * k + 3] = (float) weight.applyAsDouble(k * stride);
        }
        return positions;
    }

    /**
     * Divides samples.
     *
     * @param positions x, y, z and weight of each
     */
    public static BoxTree of(float[] positions, int boxes) {
        BoxTree tree = new BoxTree(boxes);
        int[] samples = IntStream.range(0, positions.length / SAMPLE).toArray();
        tree.cut(1, 0, boxes, positions, samples);
        return tree;
    }

    private void cut(int node, int first, int end, float[] positions, int[] samples) {
        if (end - first < 2) {
            return;
        }
        int middle = (first + end) / 2;
        int longest = longestAxis(positions, samples);
        int[] sorted = sorted(positions, longest, samples);
        int below = below(positions, sorted, (double) (middle - first) / (end - first));
        axis[node] = (byte) longest;
        plane[node] = below < sorted.length ? positions[SAMPLE * sorted[below] + longest] : 0f;
        cut(2 * node, first, middle, positions, Arrays.copyOf(sorted, below));
        cut(2 * node + 1, middle, end, positions, Arrays.copyOfRange(sorted, below, sorted.length));
    }

    /** How many samples, from the first on, have a part of the weight of all. */
    private static int below(float[] positions, int[] sorted, double part) {
        double total = 0;
        for (int s : sorted) {
            total += positions[SAMPLE * s + 3];
        }
        double sum = 0;
        int n = 0;
        while (n < sorted.length && sum + positions[SAMPLE * sorted[n] + 3] <= part * total) {
            sum += positions[SAMPLE * sorted[n] + 3];
            n++;
        }
        return n;
    }

    /** The samples in the order of a coordinate. */
    private static int[] sorted(float[] positions, int axis, int[] samples) {
        long[] keys = new long[samples.length];
        for (int k = 0; k < keys.length; k++) {
            int bits = Float.floatToIntBits(positions[SAMPLE * samples[k] + axis]);
            long ascending = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
            keys[k] = ascending << 32 | samples[k];
        }
        Arrays.sort(keys);
        int[] out = new int[keys.length];
        for (int k = 0; k < out.length; k++) {
            out[k] = (int) keys[k];
        }
        return out;
    }

    private static int longestAxis(float[] positions, int[] samples) {
        int best = 0;
        float most = -1;
        for (int a = 0; a < 3; a++) {
            float low = Float.POSITIVE_INFINITY;
            float high = Float.NEGATIVE_INFINITY;
            for (int s : samples) {
                low = Math.min(low, positions[SAMPLE * s + a]);
                high = Math.max(high, positions[SAMPLE * s + a]);
            }
            if (high - low > most) {
                most = high - low;
                best = a;
            }
        }
        return best;
    }

    /** The number of the box that a place is in. */
    public int owner(float x, float y, float z) {
        int node = 1;
        int first = 0;
        int end = boxes;
        while (end - first > 1) {
            int middle = (first + end) / 2;
            float v = axis[node] == 0 ? x : axis[node] == 1 ? y : z;
            boolean below = v < plane[node];
            node = below ? 2 * node : 2 * node + 1;
            first = below ? first : middle;
            end = below ? middle : end;
        }
        return first;
    }
}
