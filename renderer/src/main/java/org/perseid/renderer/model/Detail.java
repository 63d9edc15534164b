package org.perseid.renderer.model;

import java.util.List;

/**
 * Nodes of light that stand for particles, in levels: a node of the first level for about {@link
 * #RATIO} particles, one of the next for about as many nodes, and so on. A node has the light of
 * all its particles (not a mean of the values that are coloured), the middle of that light, how far
 * it is spread round there, and the size that gives the same light on pixels. The nodes of {@link
 * #RATIO} consecutive {@link Blocks blocks} of a level are one block of the next. Closing it frees
 * the nodes.
 */
public final class Detail implements AutoCloseable {
    /** Particles or nodes of a node of the next level, on average. */
    public static final int RATIO = 8;

    /** Nodes that are made of a block. */
    public static final int GROUP = Blocks.SIZE / RATIO;

    private final String light;
    private final List<Level> levels;

    /**
     * @param light what the light is of, as {@link TypeStyle#light} says it
     * @param levels the finest first
     */
    public Detail(String light, List<Level> levels) {
        this.light = light;
        this.levels = List.copyOf(levels);
    }

    /**
     * The nodes of a level.
     *
     * @param nodes with their light as three colours and their spread as intensity: the root mean
     *     square of the distance from the middle along an axis; positions are relative to the
     *     particles' origin; the corners and the largest size of their blocks are those of the
     *     particles
     * @param sides of the nodes of each block of the level below the longest side of a box round
     *     all particles of one, in the file's length unit
     */
    @SuppressWarnings("ArrayRecordComponent") // written once, never compared
    public record Level(ParticleSet nodes, float[] sides) {}

    /** Columns of nodes. */
    public static final ParticleSet.Columns COLUMNS = new ParticleSet.Columns(true, true, false);

    /** What the light is of, as {@link TypeStyle#light} says it. */
    public String light() {
        return light;
    }

    /** The levels, the finest first. */
    public List<Level> levels() {
        return levels;
    }

    /** Nodes of the level that is made of so many particles or nodes. */
    public static long nodesOf(long count) {
        long full = count / Blocks.SIZE;
        long rest = count % Blocks.SIZE;
        return full * (Blocks.SIZE / RATIO) + Math.ceilDiv(rest, RATIO);
    }

    /** Blocks that so many nodes of a level are made of. */
    public static long groups(long nodes) {
        return Math.ceilDiv(nodes, (long) GROUP);
    }

    @Override
    public void close() {
        levels.forEach(level -> level.nodes.close());
    }
}
