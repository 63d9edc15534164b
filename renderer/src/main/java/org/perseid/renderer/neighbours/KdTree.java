package org.perseid.renderer.neighbours;

import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Workers;

/**
 * A balanced k-d tree over the positions of a set. The particles are held in tree order; node
 * {@code i} of level L covers the same part of them that it covers of the tree, its children are
 * {@code 2i} and {@code 2i+1}, the root is 1. Built by all workers, read-only afterwards. 16 bytes
 * of heap a particle.
 */
final class KdTree {
    /** Particles of a leaf, at most. */
    static final int LEAF = 16;

    final int count;
    final int levels;

    /** Positions in tree order, relative to the set's origin. */
    final float[][] position = new float[3][];

    /** Row of the set, in tree order. */
    final int[] row;

    /** Six floats a node: lowest x, y, z, highest x, y, z. */
    final float[] bounds;

    KdTree(ParticleSet set, Workers workers) {
        count = Math.toIntExact(set.count());
        int depth = 0;
        while (((long) LEAF << depth) < count) {
            depth++;
        }
        levels = depth;
        row = new int[count];
        for (int axis = 0; axis < 3; axis++) {
            position[axis] = new float[count];
        }
        bounds = new float[6 * (2 << levels)];
        workers.runSlices(
                count,
                1 << 16,
                (a, b) -> {
                    for (int i = (int) a; i < b; i++) {
                        row[i] = i;
                        position[0][i] = set.x().getAtIndex(ParticleSet.FLOAT, i);
                        position[1][i] = set.y().getAtIndex(ParticleSet.FLOAT, i);
                        position[2][i] = set.z().getAtIndex(ParticleSet.FLOAT, i);
                    }
                });
        for (int level = 0; level <= levels; level++) {
            int firstNode = 1 << level;
            boolean leaves = level == levels;
            workers.run(firstNode, n -> prepareNode(firstNode + (int) n, leaves));
        }
    }

    /** First particle of a node, in tree order. */
    int begin(int node) {
        int level = 31 - Integer.numberOfLeadingZeros(node);
        return (int) (((long) count * (node - (1 << level))) >> level);
    }

    /** One beyond the last particle of a node. */
    int end(int node) {
        int level = 31 - Integer.numberOfLeadingZeros(node);
        return (int) (((long) count * (node + 1 - (1 << level))) >> level);
    }

    boolean isLeaf(int node) {
        return node >= 1 << levels;
    }

    private void prepareNode(int node, boolean leaf) {
        int begin = begin(node);
        int end = end(node);
        int widest = 0;
        for (int axis = 0; axis < 3; axis++) {
            float low = Float.POSITIVE_INFINITY;
            float high = Float.NEGATIVE_INFINITY;
            for (int i = begin; i < end; i++) {
                low = Math.min(low, position[axis][i]);
                high = Math.max(high, position[axis][i]);
            }
            bounds[6 * node + axis] = low;
            bounds[6 * node + 3 + axis] = high;
            widest = width(node, axis) > width(node, widest) ? axis : widest;
        }
        if (!leaf) {
            select(position[widest], begin, end - 1, begin(2 * node + 1));
        }
    }

    private float width(int node, int axis) {
        return bounds[6 * node + 3 + axis] - bounds[6 * node + axis];
    }

    /**
     * Orders key[low..high] so that index k holds the value it would hold if sorted (Hoare's
     * selection).
     */
    private void select(float[] key, int low, int high, int k) {
        int a = low;
        int b = high;
        while (a < b) {
            float pivot = median(key[a], key[(a + b) >>> 1], key[b]);
            int i = a;
            int j = b;
            while (i <= j) {
                while (key[i] < pivot) {
                    i++;
                }
                while (key[j] > pivot) {
                    j--;
                }
                if (i <= j) {
                    swap(i++, j--);
                }
            }
            if (k <= j) {
                b = j;
            } else if (k >= i) {
                a = i;
            } else {
                return;
            }
        }
    }

    private static float median(float a, float b, float c) {
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }

    private void swap(int i, int j) {
        int r = row[i];
        row[i] = row[j];
        row[j] = r;
        for (float[] p : position) {
            float v = p[i];
            p[i] = p[j];
            p[j] = v;
        }
    }
}
