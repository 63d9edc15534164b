package org.perseid.renderer.spatial;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.perseid.renderer.model.Blocks;
import org.perseid.renderer.model.ColorMap;
import org.perseid.renderer.model.Detail;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.ScalarMapping;
import org.perseid.renderer.model.TypeStyle;
import org.perseid.renderer.model.Workers;

/**
 * Makes the nodes of a set in spatial order. Each {@link Blocks block} becomes an eighth as many
 * nodes by {@link BlockCut}; eight blocks of nodes are a block of the next level. A thread makes a
 * small tree of blocks before the next, so that the boxes of nodes need not be kept. The result
 * does not depend on the number of workers.
 */
public final class DetailBuilder {
    /** Levels that one task makes. */
    private static final int LEVELS_A_TASK = 3;

    private final ParticleSet set;
    private final ScalarMapping colorMapping;
    private final ScalarMapping intensityMapping;
    private final TypeStyle style;
    private final List<Detail.Level> levels = new ArrayList<>();

    /** The values of the levels' {@link Blocks}, without the means. */
    private final List<float[]> bounds = new ArrayList<>();

    /** The sums of the nodes' sizes of each block that they are made of, by level. */
    private final List<float[]> sizes = new ArrayList<>();

    private DetailBuilder(ParticleSet set, TypeStyle style) {
        this.set = set;
        this.style = style;
        colorMapping = style.colorMapping(set).ofRaw(set.colorScale());
        intensityMapping = style.intensityMapping(set);
    }

    /**
     * Makes the nodes.
     *
     * @param style gives the particles their light
     * @param sets makes an empty set of {@link Detail#COLUMNS} for a number of nodes
     */
    public static Detail build(
            ParticleSet set,
            TypeStyle style,
            LongFunction<ParticleSet> sets,
            Workers workers,
            Reporter reporter) {
        DetailBuilder builder = new DetailBuilder(set, style);
        try {
            builder.build(sets, workers, reporter);
            builder.setBlocks();
        } catch (RuntimeException | Error e) {
            builder.levels.forEach(level -> level.nodes().close());
            throw e;
        }
        return new Detail(style.light(set), builder.levels);
    }

    private void build(LongFunction<ParticleSet> sets, Workers workers, Reporter reporter) {
        for (long n = set.count(); n > Blocks.SIZE; ) {
            long below = Math.ceilDiv(n, (long) Blocks.SIZE);
            n = Detail.nodesOf(n);
            ParticleSet nodes = sets.apply(n);
            nodes.setOrigin(set.originX(), set.originY(), set.originZ());
            nodes.setScales(set.sizeScale(), 1);
            int blocks = Math.toIntExact(Math.ceilDiv(n, (long) Blocks.SIZE));
            levels.add(new Detail.Level(nodes, new float[Math.toIntExact(below)]));
            bounds.add(nothing(blocks));
            sizes.add(new float[Math.toIntExact(below)]);
        }
        if (levels.isEmpty()) {
            return;
        }
        int root = Math.min(LEVELS_A_TASK, levels.size()) - 1;
        float[] rootBoxes = new float[boxesOf(root)];
        AtomicLong done = new AtomicLong();
        long tasks = blocksBelow(root);
        workers.run(
                tasks,
                task -> {
                    BlockCut[] scratch = new BlockCut[root + 1];
                    for (int k = 0; k <= root; k++) {
                        scratch[k] = new BlockCut();
                    }
                    BlockCut out = new BlockCut();
                    make(root, task, scratch, out);
                    out.putBoxes(rootBoxes, BlockCut.BOX * Detail.GROUP * (int) task);
                    reporter.progress("nodes", done.incrementAndGet(), tasks);
                });
        float[] boxes = rootBoxes;
        for (int level = root + 1; level < levels.size(); level++) {
            boxes = makeUpper(level, boxes, workers);
        }
    }

    private static float[] nothing(int blocks) {
        float[] out = new float[Blocks.VALUES * blocks];
        for (int at = 0; at < out.length; at += Blocks.VALUES) {
            Arrays.fill(out, at, at + 3, Float.POSITIVE_INFINITY);
            Arrays.fill(out, at + 3, at + 6, Float.NEGATIVE_INFINITY);
        }
        return out;
    }

    /**
     * A block of nodes is where its particles are and as large as the largest of them, so that none
     * is missed that can be seen.
     */
    private void setBlocks() {
        for (int level = 0; level < levels.size(); level++) {
            ParticleSet nodes = levels.get(level).nodes();
            float[] values = bounds.get(level);
            for (int block = 0; block < values.length / Blocks.VALUES; block++) {
                long n = Math.min(Blocks.SIZE, nodes.count() - (long) Blocks.SIZE * block);
                float sum = 0;
                int end = Math.min(sizes.get(level).length, (block + 1) * Detail.RATIO);
                for (int group = block * Detail.RATIO; group < end; group++) {
                    sum += sizes.get(level)[group];
                }
                values[Blocks.VALUES * block + 7] = sum / n;
            }
            nodes.setBlocks(Blocks.of(nodes.count(), values));
        }
    }

    private int boxesOf(int level) {
        return Math.toIntExact(BlockCut.BOX * levels.get(level).nodes().count());
    }

    /** Blocks of what a level is made of. */
    private long blocksBelow(int level) {
        long below = level == 0 ? set.count() : levels.get(level - 1).nodes().count();
        return Math.ceilDiv(below, (long) Blocks.SIZE);
    }

    /** Makes a block of a level with all below it; adds its nodes to {@code out}. */
    private void make(int level, long block, BlockCut[] scratch, BlockCut out) {
        BlockCut own = scratch[level];
        own.clear();
        if (level == 0) {
            own.read(set, Blocks.SIZE * block);
            if (set.admit((int) block)) {
                light(own, Blocks.SIZE * block);
            } else {
                own.darken();
            }
        } else {
            long end = Math.min(blocksBelow(level - 1), Detail.RATIO * (block + 1));
            for (long child = Detail.RATIO * block; child < end; child++) {
                make(level - 1, child, scratch, own);
            }
        }
        cut(level, block, own, out);
    }

    /** Makes a level of the one below it, whose boxes are given; returns its own. */
    private float[] makeUpper(int level, float[] below, Workers workers) {
        ParticleSet from = levels.get(level - 1).nodes();
        float[] boxes = new float[boxesOf(level)];
        workers.run(
                blocksBelow(level),
                block -> {
                    BlockCut own = new BlockCut();
                    BlockCut out = new BlockCut();
                    own.read(from, Blocks.SIZE * block);
                    own.takeLight(from, Blocks.SIZE * block);
                    own.takeBoxes(below, BlockCut.BOX * Blocks.SIZE * (int) block);
                    own.noteLargest(bounds.get(level - 1)[Blocks.VALUES * (int) block + 6]);
                    cut(level, block, own, out);
                    out.putBoxes(boxes, BlockCut.BOX * Detail.GROUP * (int) block);
                });
        return boxes;
    }

    private void cut(int level, long block, BlockCut from, BlockCut out) {
        int first = out.count();
        float side = from.cut(Math.ceilDiv(from.count(), Detail.RATIO), out);
        Detail.Level into = levels.get(level);
        out.write(first, into.nodes(), Detail.GROUP * block);
        into.sides()[(int) block] = side;
        float[] wide = bounds.get(level);
        int at = Blocks.VALUES * (int) (block / Detail.RATIO);
        synchronized (wide) {
            from.widen(wide, at);
        }
        sizes.get(level)[(int) block] = out.sizes(first);
        out.noteLargest(from.largest());
    }

    /** The light of particles, as a projector would give it, without brightness. */
    private void light(BlockCut of, long first) {
        ColorMap map = style.colorMap();
        for (int i = 0; i < of.count(); i++) {
            float raw = set.hasIntensity() ? get(set, 0, first + i) : 1f;
            float strength = intensityMapping.apply(raw);
            for (int c = 0; c < 3; c++) {
                float value =
                        map == null
                                ? colorMapping.apply(get(set, c + 1, first + i))
                                : map.at(c, colorMapping.apply(get(set, 1, first + i)));
                of.setLight(i, c, strength * value);
            }
        }
    }

    /** Intensity for k = 0, colour component k - 1 otherwise. */
    private static float get(ParticleSet set, int k, long i) {
        return (k == 0 ? set.intensity() : set.color(k - 1)).getAtIndex(ParticleSet.FLOAT, i);
    }
}
