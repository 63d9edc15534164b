package org.perseid.renderer.frame;

import java.util.Arrays;
import org.perseid.renderer.model.Levels;

/**
 * Levels of a mapping that does not fall, found by where each level begins: the same ones without
 * the mapping's exponentials. Floats with the same leading bits are a cell, in which there is
 * hardly ever more than one new level.
 */
final class LevelTable implements Levels {
    /** Bits of a float that do not say in which cell it is. */
    private static final int CELL_BITS = 14;

    private static final int FIRST_CELL = Float.floatToIntBits(0x1p-12f) >> CELL_BITS;
    private static final int CELLS = (Float.floatToIntBits(32f) >> CELL_BITS) - FIRST_CELL;
    private static final int LEVELS = 256;

    private final Levels mapping;
    private final byte ofZero;

    /** The level of the lowest float of each cell. */
    private final byte[] lowest = new byte[CELLS + 1];

    /** The lowest positive float of each level or a higher one; NaN where there is none. */
    private final float[] begins = new float[LEVELS + 1];

    LevelTable(Levels mapping) {
        this.mapping = mapping;
        ofZero = mapping.of(0);
        Arrays.fill(begins, Float.NaN);
        int bits = 1;
        for (int level = 0; level < LEVELS; level++) {
            bits = firstOf(level, bits);
            begins[level] = Float.intBitsToFloat(bits);
        }
        for (int cell = 0; cell <= CELLS; cell++) {
            int first = cell == 0 ? 1 : (FIRST_CELL + cell) << CELL_BITS;
            int before = cell == 0 ? 0 : lowest[cell - 1] & 255;
            lowest[cell] = levelFrom(before, Float.intBitsToFloat(first));
        }
    }

    /**
     * Bits of the lowest float from some on that has a level, or a higher one; those of NaN for
     * none.
     */
    private int firstOf(int level, int from) {
        int low = from;
        int end = Float.floatToIntBits(Float.POSITIVE_INFINITY) + 1;
        while (low < end) {
            int middle = (low + end) >>> 1;
            if ((mapping.of(Float.intBitsToFloat(middle)) & 255) >= level) {
                end = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    @Override
    public byte of(float light) {
        if (!(light > 0)) {
            return light == 0 ? ofZero : mapping.of(light);
        }
        int cell = (Float.floatToRawIntBits(light) >> CELL_BITS) - FIRST_CELL;
        return levelFrom(lowest[Math.min(Math.max(cell, 0), CELLS)] & 255, light);
    }

    /** The level of light that has at least some level. */
    private byte levelFrom(int least, float light) {
        int level = least;
        while (light >= begins[level + 1]) {
            level++;
        }
        return (byte) level;
    }
}
