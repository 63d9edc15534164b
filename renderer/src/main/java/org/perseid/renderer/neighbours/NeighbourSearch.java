package org.perseid.renderer.neighbours;

import java.util.Arrays;

/**
 * Distances to the k-th nearest neighbour, for one thread. Holds the k nearest found so far as a
 * heap with the farthest on top.
 */
final class NeighbourSearch {
    private final KdTree tree;
    private final int k;
    private final float box;
    private final float[] nearest;
    private float bound;
    private int self;
    private float qx;
    private float qy;
    private float qz;

    /**
     * @param k neighbours, at least 1, less than the particles of the tree
     * @param box period of the positions, 0 for none
     */
    NeighbourSearch(KdTree tree, int k, double box) {
        this.tree = tree;
        this.k = k;
        this.box = (float) box;
        this.nearest = new float[k];
    }

    /**
     * Squared distance from a particle to its k-th nearest neighbour, itself not counted.
     *
     * @param i particle in tree order
     * @param upperBound a squared distance within which there are k neighbours; infinity when
     *     unknown
     */
    float squaredDistance(int i, float upperBound) {
        self = i;
        qx = tree.position[0][i];
        qy = tree.position[1][i];
        qz = tree.position[2][i];
        Arrays.fill(nearest, upperBound);
        bound = upperBound;
        search(1);
        return bound;
    }

    /**
     * Finds the nearest particles of a place that is no particle of the tree.
     *
     * @param upperBound squared distance beyond which none is wanted
     */
    void searchFrom(float x, float y, float z, float upperBound) {
        self = -1;
        qx = x;
        qy = y;
        qz = z;
        Arrays.fill(nearest, Float.POSITIVE_INFINITY);
        bound = upperBound;
        search(1);
    }

    /** Adds a squared distance that was found elsewhere. */
    void offer(float squared) {
        if (squared < bound) {
            replaceFarthest(squared);
        }
    }

    /** The k-th smallest squared distance so far. */
    float farthest() {
        return nearest[0];
    }

    /**
     * Writes the k smallest squared distances so far, in no order; infinity where there are fewer.
     */
    void copyNearest(float[] to, int at) {
        System.arraycopy(nearest, 0, to, at, k);
    }

    private void search(int node) {
        if (tree.isLeaf(node)) {
            searchLeaf(tree.begin(node), tree.end(node));
            return;
        }
        float left = squaredDistanceTo(2 * node);
        float right = squaredDistanceTo(2 * node + 1);
        int nearer = left <= right ? 2 * node : 2 * node + 1;
        if (Math.min(left, right) < bound) {
            search(nearer);
        }
        if (Math.max(left, right) < bound) {
            search(nearer ^ 1);
        }
    }

    private void searchLeaf(int begin, int end) {
        float[] x = tree.position[0];
        float[] y = tree.position[1];
        float[] z = tree.position[2];
        for (int j = begin; j < end; j++) {
            float dx = fold(x[j] - qx);
            float dy = fold(y[j] - qy);
            float dz = fold(z[j] - qz);
            float d = dx * dx + dy * dy + dz * dz;
            if (d < bound && j != self) {
                replaceFarthest(d);
            }
        }
    }

    /** The shortest way between two coordinates in the period. */
    private float fold(float d) {
        float a = Math.abs(d);
        return box > 0 && a > 0.5f * box ? Math.abs(box - a) : a;
    }

    private float squaredDistanceTo(int node) {
        return squaredDistance(tree.bounds, 6 * node, qx, qy, qz, box);
    }

    /** Squared distance of a place to the box at {@code at} in an array of boxes. */
    static float squaredDistance(float[] boxes, int at, float x, float y, float z, float period) {
        float dx = axisDistance(boxes[at], boxes[at + 3], x, period);
        float dy = axisDistance(boxes[at + 1], boxes[at + 4], y, period);
        float dz = axisDistance(boxes[at + 2], boxes[at + 5], z, period);
        return dx * dx + dy * dy + dz * dz;
    }

    private static float axisDistance(float low, float high, float q, float box) {
        float d = outside(q, low, high);
        return box > 0 && d > 0
                ? Math.min(d, Math.min(outside(q + box, low, high), outside(q - box, low, high)))
                : d;
    }

    private static float outside(float q, float low, float high) {
        return Math.max(0f, Math.max(low - q, q - high));
    }

    private void replaceFarthest(float d) {
        int i = 0;
        while (true) {
            int child = 2 * i + 1;
            if (child >= k) {
                break;
            }
            if (child + 1 < k && nearest[child + 1] > nearest[child]) {
                child++;
            }
            if (nearest[child] <= d) {
                break;
            }
            nearest[i] = nearest[child];
            i = child;
        }
        nearest[i] = d;
        bound = Math.min(bound, nearest[0]);
    }
}
