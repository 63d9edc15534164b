package org.perseid.renderer.time;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Workers;

/**
 * The row of each id: hash tables with open addressing, one for each part of the ids, each built by
 * one worker. Of an id that occurs twice the first row counts. About 24 bytes of heap a particle.
 */
final class IdIndex {
    private static final int PARTS = 32;
    private static final int NONE = -1;

    private final long[][] keys = new long[PARTS][];
    private final int[][] rows = new int[PARTS][];

    /**
     * @param ids {@code count} longs
     */
    IdIndex(MemorySegment ids, int count, Workers workers) {
        workers.run(PARTS, part -> build((int) part, ids, count));
    }

    private void build(int part, MemorySegment ids, int count) {
        int n = 0;
        for (int i = 0; i < count; i++) {
            n += part(mix(ids.getAtIndex(ParticleSet.ID, i))) == part ? 1 : 0;
        }
        int capacity = Integer.highestOneBit(Math.max(2, Math.min(n, 1 << 28))) * 4;
        long[] partKeys = new long[capacity];
        int[] partRows = new int[capacity];
        Arrays.fill(partRows, NONE);
        for (int i = 0; i < count; i++) {
            long id = ids.getAtIndex(ParticleSet.ID, i);
            if (part(mix(id)) == part) {
                int slot = slot(partKeys, partRows, id);
                if (partRows[slot] == NONE) {
                    partKeys[slot] = id;
                    partRows[slot] = i;
                }
            }
        }
        keys[part] = partKeys;
        rows[part] = partRows;
    }

    /** The first row with that id, -1 when there is none. */
    int row(long id) {
        int part = part(mix(id));
        return rows[part][slot(keys[part], rows[part], id)];
    }

    /** The slot of the id, or the free one where it would go. */
    private static int slot(long[] partKeys, int[] partRows, long id) {
        int mask = partKeys.length - 1;
        int slot = (int) mix(id) & mask;
        while (partRows[slot] != NONE && partKeys[slot] != id) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private static int part(long mixed) {
        return (int) (mixed >>> 59);
    }

    /** Spreads the bits: Stafford's variant 13 of the finalizer of MurmurHash3. */
    private static long mix(long id) {
        long z = (id ^ (id >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
