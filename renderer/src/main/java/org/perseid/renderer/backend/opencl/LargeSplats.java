package org.perseid.renderer.backend.opencl;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Splats that a kernel has listed because they cover many pixels. They are put into the lists of
 * the tiles that they reach into, and groups draw parts of these lists, whose sums they hold
 * themselves until a tile's list ends. The sums are whole numbers, so neither the order of a list
 * nor how many splats are taken at a time changes a bit of the picture.
 */
final class LargeSplats {
    /** Most splats of a list: all that a launch draws. */
    private static final int ROOM = Launch.MAX_CHUNKS * Launch.CHUNK;

    private static final int BYTES = 24;

    /** Entries that a group draws. */
    static final int PART = 1024;

    /** Groups that share the splats. */
    private static final int GROUPS = 4096;

    private final DeviceQueue queue;
    private final int room;
    private final DeviceQueue.Buffer list;
    private final DeviceQueue.Buffer count;
    private final DeviceQueue.Buffer entries;

    /**
     * @param room entries of all tiles' lists together; at least the tiles of a picture
     */
    LargeSplats(DeviceQueue queue, int room) {
        this.queue = queue;
        this.room = room;
        list = queue.allocate((long) ROOM * BYTES);
        count = queue.allocate(4);
        entries = queue.allocate(4L * room);
        queue.run("clearCount", DeviceQueue.GROUP, count);
    }

    /** Where kernels list splats. */
    DeviceQueue.Buffer list() {
        return list;
    }

    /** How many there are. */
    DeviceQueue.Buffer count() {
        return count;
    }

    /**
     * Draws the splats, and empties the list.
     *
     * @param unit so many of the whole numbers are one unit of light
     */
    void draw(LightGrids into, double unit) {
        int n = read(count, 0);
        long items = (long) GROUPS * DeviceQueue.GROUP;
        int first = 0;
        int some = n;
        while (first < n) {
            some = Math.min(some, n - first);
            queue.run("clearTiles", LightGrids.padded(into.tiles()), into.cursors(), into.tiles());
            queue.run(
                    "countTiles",
                    items,
                    list,
                    first,
                    some,
                    into.table(),
                    into.levels(),
                    into.finer(),
                    into.cursors());
            queue.run("placeTiles", DeviceQueue.GROUP, into.cursors(), into.begins(), into.tiles());
            int needed = read(into.begins(), into.tiles());
            if (needed > room || needed < 0) {
                some = Math.max(1, needed < 0 ? some / 128 : (int) (0.9 * some * room / needed));
                continue;
            }
            queue.run(
                    "listTiles",
                    items,
                    list,
                    first,
                    some,
                    into.table(),
                    into.levels(),
                    into.finer(),
                    into.cursors(),
                    entries);
            first += some;
            if (needed == 0) {
                continue;
            }
            queue.run(
                    "drawTiles",
                    (long) Math.ceilDiv(needed, PART) * DeviceQueue.GROUP,
                    list,
                    into.begins(),
                    entries,
                    needed,
                    into.tiles(),
                    into.table(),
                    into.levels(),
                    into.finer(),
                    into.sums(),
                    unit);
        }
        queue.run("clearCount", DeviceQueue.GROUP, count);
    }

    private static int read(DeviceQueue.Buffer from, int index) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_INT);
            from.read(4L * index, value);
            return value.get(JAVA_INT, 0);
        }
    }
}
