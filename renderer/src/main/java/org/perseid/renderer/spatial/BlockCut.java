package org.perseid.renderer.spatial;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.perseid.renderer.model.Blocks;
import org.perseid.renderer.model.ParticleSet;

/**
 * Up to one block of particles or nodes, as arrays, and how they are joined to fewer nodes: the one
 * with the longest side is cut in the middle of that side until there are enough. Scratch of one
 * thread.
 */
final class BlockCut {
    /** Floats of a box: least x, y, z, largest x, y, z. */
    static final int BOX = 6;

    private final float[][] position = new float[3][Blocks.SIZE];
    private final float[] size = new float[Blocks.SIZE];

    /** Mean square of the distance along an axis of what a member stands for from its place. */
    private final float[] variance = new float[Blocks.SIZE];

    private final float[][] light = new float[3][Blocks.SIZE];
    private final float[] box = new float[BOX * Blocks.SIZE];
    private int count;

    /** The largest size of the particles that the members are or stand for. */
    private float largest;

    /** The members in an order in which those of a node follow one another. */
    private final int[] order = new int[Blocks.SIZE];

    private final int[] spare = new int[Blocks.SIZE];

    /** Of each node its first place in the order and the one beyond its last, and its box. */
    private final int[] first = new int[Blocks.SIZE];

    private final int[] end = new int[Blocks.SIZE];
    private final float[] nodeBox = new float[BOX * Blocks.SIZE];

    /** Nodes that can be cut, those with long sides first: a heap. */
    private final int[] heap = new int[Blocks.SIZE];

    private final float[] side = new float[Blocks.SIZE];
    private int heapSize;

    int count() {
        return count;
    }

    void clear() {
        count = 0;
        largest = 0;
    }

    float largest() {
        return largest;
    }

    /** Says that a member stands for a particle of that size. */
    void noteLargest(float size) {
        largest = Math.max(largest, size);
    }

    /** The sum of the sizes of the members from {@code from} on. */
    float sizes(int from) {
        float sum = 0;
        for (int i = from; i < count; i++) {
            sum += size[i];
        }
        return sum;
    }

    /** Widens the corners and the largest size that stand in an array from {@code at} on. */
    void widen(float[] bounds, int at) {
        for (int i = 0; i < count; i++) {
            for (int axis = 0; axis < 3; axis++) {
                bounds[at + axis] = Math.min(bounds[at + axis], box[BOX * i + axis]);
                bounds[at + 3 + axis] = Math.max(bounds[at + 3 + axis], box[BOX * i + 3 + axis]);
            }
        }
        bounds[at + 6] = Math.max(bounds[at + 6], largest);
    }

    /** Takes positions and sizes of the block that begins at an index; boxes are points. */
    void read(ParticleSet set, long at) {
        count = (int) Math.min(Blocks.SIZE, set.count() - at);
        copy(set.x(), at, position[0]);
        copy(set.y(), at, position[1]);
        copy(set.z(), at, position[2]);
        copy(set.smoothingLength(), at, size);
        largest = 0;
        Arrays.fill(variance, 0);
        for (int i = 0; i < count; i++) {
            largest = Math.max(largest, size[i]);
            for (int axis = 0; axis < 3; axis++) {
                box[BOX * i + axis] = position[axis][i];
                box[BOX * i + 3 + axis] = position[axis][i];
            }
        }
    }

    /** Takes light and spread of nodes that {@link #read} was given. */
    void takeLight(ParticleSet set, long at) {
        copy(set.intensity(), at, variance);
        for (int i = 0; i < count; i++) {
            variance[i] *= variance[i];
        }
        for (int c = 0; c < 3; c++) {
            copy(set.color(c), at, light[c]);
        }
    }

    /** Takes all light away. */
    void darken() {
        for (float[] component : light) {
            Arrays.fill(component, 0);
        }
    }

    private void copy(MemorySegment from, long at, float[] to) {
        MemorySegment.copy(from, ParticleSet.FLOAT, 4 * at, to, 0, count);
    }

    void takeBoxes(float[] from, int at) {
        System.arraycopy(from, at, box, 0, BOX * count);
    }

    void putBoxes(float[] to, int at) {
        System.arraycopy(box, 0, to, at, BOX * count);
    }

    void setLight(int i, int component, float value) {
        light[component][i] = value;
    }

    /** Writes the members from {@code from} on to the places of a set from {@code at} on. */
    void write(int from, ParticleSet set, long at) {
        put(position[0], from, set.x(), at);
        put(position[1], from, set.y(), at);
        put(position[2], from, set.z(), at);
        put(size, from, set.smoothingLength(), at);
        for (int i = from; i < count; i++) {
            set.intensity()
                    .setAtIndex(ParticleSet.FLOAT, at + i - from, (float) Math.sqrt(variance[i]));
        }
        for (int c = 0; c < 3; c++) {
            put(light[c], from, set.color(c), at);
        }
    }

    private void put(float[] values, int from, MemorySegment column, long at) {
        MemorySegment.copy(values, from, column, ParticleSet.FLOAT, 4 * at, count - from);
    }

    /**
     * Joins the members to nodes and adds these to another block.
     *
     * @param nodes at least 1, at most {@link #count()}; all are there afterwards, those with
     *     nothing to join as copies without light
     * @return the longest side of a node
     */
    float cut(int nodes, BlockCut out) {
        for (int i = 0; i < count; i++) {
            order[i] = i;
        }
        heapSize = 0;
        addNode(0, 0, count);
        int made = 1;
        while (made < nodes && heapSize > 0) {
            int node = pop();
            int middle = split(node);
            int stop = end[node];
            addNode(node, first[node], middle);
            addNode(made++, middle, stop);
        }
        float longest = 0;
        for (int node = 0; node < made; node++) {
            out.addJoined(this, node);
            longest = Math.max(longest, side[node]);
        }
        for (int k = made; k < nodes; k++) {
            out.addDark();
        }
        return longest;
    }

    private void addNode(int node, int from, int to) {
        first[node] = from;
        end[node] = to;
        int at = BOX * node;
        Arrays.fill(nodeBox, at, at + 3, Float.POSITIVE_INFINITY);
        Arrays.fill(nodeBox, at + 3, at + 6, Float.NEGATIVE_INFINITY);
        for (int k = from; k < to; k++) {
            int i = BOX * order[k];
            for (int axis = 0; axis < 3; axis++) {
                nodeBox[at + axis] = Math.min(nodeBox[at + axis], box[i + axis]);
                nodeBox[at + 3 + axis] = Math.max(nodeBox[at + 3 + axis], box[i + 3 + axis]);
            }
        }
        float longest = 0;
        for (int axis = 0; axis < 3; axis++) {
            longest = Math.max(longest, nodeBox[at + 3 + axis] - nodeBox[at + axis]);
        }
        side[node] = longest;
        if (to - from > 1 && longest > 0) {
            push(node);
        }
    }

    /** Puts a node's members into two parts, neither empty; returns where the second begins. */
    private int split(int node) {
        int from = first[node];
        int to = end[node];
        int axis = 0;
        float low = 0;
        float high = 0;
        for (int a = 0; a < 3; a++) {
            float min = Float.POSITIVE_INFINITY;
            float max = Float.NEGATIVE_INFINITY;
            for (int k = from; k < to; k++) {
                min = Math.min(min, position[a][order[k]]);
                max = Math.max(max, position[a][order[k]]);
            }
            if (max - min > high - low) {
                axis = a;
                low = min;
                high = max;
            }
        }
        if (!(high > low)) {
            return (from + to) / 2;
        }
        float middle = low + (high - low) / 2;
        middle = middle < high ? middle : low;
        int below = from;
        int above = 0;
        for (int k = from; k < to; k++) {
            int i = order[k];
            if (position[axis][i] <= middle) {
                order[below++] = i;
            } else {
                spare[above++] = i;
            }
        }
        System.arraycopy(spare, 0, order, below, above);
        return below;
    }

    /** Adds one node for the members of a node of another block. */
    private void addJoined(BlockCut from, int node) {
        double weights = 0;
        double x = 0;
        double y = 0;
        double z = 0;
        double squares = 0;
        double spread = 0;
        double red = 0;
        double green = 0;
        double blue = 0;
        boolean dark = from.isDark(node);
        for (int k = from.first[node]; k < from.end[node]; k++) {
            int i = from.order[k];
            double weight = dark ? 1 : from.lightOf(i);
            weights += weight;
            x += weight * from.position[0][i];
            y += weight * from.position[1][i];
            z += weight * from.position[2][i];
            squares += weight * from.size[i] * from.size[i];
            spread += weight * from.variance[i];
            red += from.light[0][i];
            green += from.light[1][i];
            blue += from.light[2][i];
        }
        x /= weights;
        y /= weights;
        z /= weights;
        for (int k = from.first[node]; k < from.end[node]; k++) {
            int i = from.order[k];
            double weight = dark ? 1 : from.lightOf(i);
            double dx = from.position[0][i] - x;
            double dy = from.position[1][i] - y;
            double dz = from.position[2][i] - z;
            spread += weight * (dx * dx + dy * dy + dz * dz) / 3;
        }
        position[0][count] = (float) x;
        position[1][count] = (float) y;
        position[2][count] = (float) z;
        variance[count] = (float) (spread / weights);
        size[count] = (float) Math.sqrt(squares / weights);
        light[0][count] = (float) red;
        light[1][count] = (float) green;
        light[2][count] = (float) blue;
        System.arraycopy(from.nodeBox, BOX * node, box, BOX * count, BOX);
        count++;
    }

    private boolean isDark(int node) {
        for (int k = first[node]; k < end[node]; k++) {
            if (lightOf(order[k]) > 0) {
                return false;
            }
        }
        return true;
    }

    private double lightOf(int i) {
        return (double) light[0][i] + light[1][i] + light[2][i];
    }

    /** Adds a copy of the last member without light. */
    private void addDark() {
        for (int c = 0; c < 3; c++) {
            position[c][count] = position[c][count - 1];
            light[c][count] = 0;
        }
        size[count] = size[count - 1];
        variance[count] = 0;
        System.arraycopy(box, BOX * (count - 1), box, BOX * count, BOX);
        count++;
    }

    private void push(int node) {
        int at = heapSize++;
        while (at > 0 && side[heap[(at - 1) / 2]] < side[node]) {
            heap[at] = heap[(at - 1) / 2];
            at = (at - 1) / 2;
        }
        heap[at] = node;
    }

    private int pop() {
        int top = heap[0];
        int node = heap[--heapSize];
        int at = 0;
        int child = 1;
        while (child < heapSize) {
            if (child + 1 < heapSize && side[heap[child + 1]] > side[heap[child]]) {
                child++;
            }
            if (side[node] >= side[heap[child]]) {
                break;
            }
            heap[at] = heap[child];
            at = child;
            child = 2 * at + 1;
        }
        heap[at] = node;
        return top;
    }
}
