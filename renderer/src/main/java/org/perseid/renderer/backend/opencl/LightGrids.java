package org.perseid.renderer.backend.opencl;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.perseid.renderer.backend.Pyramid;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.Workers;

/**
 * The grids of a {@link Pyramid} on a device, one after the other in one array: first the fine one
 * with four values a pixel, then three planes for each coarser level. Light is added to whole
 * numbers, which are drained into floats.
 */
final class LightGrids implements AutoCloseable {
    /** Numbers of a grid in the table; splats.cl says which. */
    static final int GRID = 10;

    /** Side of a tile in pixels of its grid; its square is a multiple of the group's size. */
    static final int TILE = 16;

    private final DeviceQueue queue;
    private final Pyramid pyramid;
    private final int levels;
    private final int count;
    private final int tiles;
    private final DeviceQueue.Buffer table;
    private final DeviceQueue.Buffer cursors;
    private final DeviceQueue.Buffer begins;
    private final DeviceQueue.Buffer sums;
    private final DeviceQueue.Buffer light;

    /**
     * @param coarse whether there are coarser levels
     */
    LightGrids(DeviceQueue queue, int width, int height, boolean coarse) {
        this.queue = queue;
        pyramid = new Pyramid(width, height, coarse);
        levels = pyramid.levels();
        int[] numbers = new int[GRID * levels];
        put(numbers, 0, 0, 4, 1, 4 * pyramid.fineStride, 0, 0, width, 0, height, 0);
        int tilesBefore = tiles(numbers, 0);
        int at = pyramid.fine.length;
        for (int l = 1; l < levels; l++) {
            Pyramid.Level grid = pyramid.level(l);
            int size = grid.red.length;
            put(
                    numbers,
                    l,
                    at,
                    1,
                    size,
                    grid.stride,
                    grid.origin,
                    grid.first(0, l),
                    grid.endX(width, l, width),
                    grid.first(0, l),
                    grid.endY(height, l, height),
                    tilesBefore);
            tilesBefore += tiles(numbers, l);
            at = Math.addExact(at, 3 * size);
        }
        count = at;
        tiles = tilesBefore;
        try (Arena arena = Arena.ofConfined()) {
            table =
                    queue.allocate(4L * numbers.length)
                            .write(arena.allocateFrom(JAVA_INT, numbers));
        }
        cursors = queue.allocate(4L * tiles);
        begins = queue.allocate(4L * (tiles + 1));
        sums = queue.allocate(8L * count);
        light = queue.allocate(4L * count);
    }

    /** Tiles of a grid. */
    private static int tiles(int[] table, int level) {
        int across = table[GRID * level + 6] - table[GRID * level + 5];
        int down = table[GRID * level + 8] - table[GRID * level + 7];
        return Math.ceilDiv(across, TILE) * Math.ceilDiv(down, TILE);
    }

    private static void put(int[] table, int level, int... numbers) {
        System.arraycopy(numbers, 0, table, GRID * level, GRID);
    }

    /** Work items for so many elements. */
    static long padded(int n) {
        return (long) Math.ceilDiv(n, DeviceQueue.GROUP) * DeviceQueue.GROUP;
    }

    boolean fits(LinearImage image) {
        return pyramid.width() == image.width() && pyramid.height() == image.height();
    }

    int width() {
        return pyramid.width();
    }

    int height() {
        return pyramid.height();
    }

    int levels() {
        return levels;
    }

    /** Chooses levels for a picture of so many splats. */
    void setFiner(long splats) {
        pyramid.setFiner(splats);
    }

    /** By how many levels splats are drawn finer than those of a picture of many. */
    int finer() {
        return pyramid.finer();
    }

    /** Where each grid is. */
    DeviceQueue.Buffer table() {
        return table;
    }

    /** Tiles of all grids. */
    int tiles() {
        return tiles;
    }

    /** For each tile how many splats are in its list, and where the next goes. */
    DeviceQueue.Buffer cursors() {
        return cursors;
    }

    /** For each tile where its list begins, and where the last one ends. */
    DeviceQueue.Buffer begins() {
        return begins;
    }

    /** Whole numbers that kernels add to. */
    DeviceQueue.Buffer sums() {
        return sums;
    }

    /** Empties all. */
    void clear() {
        queue.run("clear", padded(count), sums, light, count);
    }

    /**
     * Takes the whole numbers over.
     *
     * @param unit so many of them are one unit of light
     */
    void drain(double unit) {
        queue.run("drain", padded(count), sums, light, count, 1 / unit);
    }

    /** Adds the light to an image. */
    void finish(LinearImage image, Workers workers, Arena arena) {
        MemorySegment read = arena.allocate(JAVA_FLOAT, count);
        light.read(0, read);
        int at = copy(read, 0, pyramid.fine);
        for (int l = 1; l < levels; l++) {
            Pyramid.Level grid = pyramid.level(l);
            at = copy(read, at, grid.red);
            at = copy(read, at, grid.green);
            at = copy(read, at, grid.blue);
            grid.use();
        }
        pyramid.finish(image, workers);
    }

    private static int copy(MemorySegment from, int at, float[] to) {
        MemorySegment.copy(from, JAVA_FLOAT, 4L * at, to, 0, to.length);
        return at + to.length;
    }

    @Override
    public void close() {
        table.close();
        cursors.close();
        begins.close();
        sums.close();
        light.close();
    }
}
