package org.perseid.streaming;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.perseid.renderer.model.Picture;

/**
 * The tiles of a picture that differ from the one before it, side by side in a smaller picture:
 * {@link #ACROSS} in a row, in the order of their numbers, which count row by row over the picture.
 * Where a tile reaches beyond the picture it is black.
 *
 * @param numbers of the tiles, at least one
 * @param mosaic of the tiles
 */
@SuppressWarnings("ArrayRecordComponent") // numbers, read only
record ChangedTiles(int[] numbers, Picture mosaic) {
    /** Side of a tile in pixels; whole blocks of a JPEG, so that no tile colours another. */
    static final int SIDE_PX = 32;

    /** Tiles side by side. */
    static final int ACROSS = 32;

    /** Numbers of tiles are sent as 16 bits, their bytes in the header as 16 bits too. */
    private static final int MAX_TILES = 30_000;

    /**
     * What has changed; null when that is nothing, more than half of the tiles, or pictures of
     * another size.
     */
    static @Nullable ChangedTiles between(Picture before, Picture now) {
        if (before.width() != now.width() || before.height() != now.height()) {
            return null;
        }
        int columns = Math.ceilDiv(now.width(), SIDE_PX);
        int all = columns * Math.ceilDiv(now.height(), SIDE_PX);
        int[] numbers = new int[Math.min(all / 2, MAX_TILES)];
        int count = 0;
        for (int tile = 0; tile < all; tile++) {
            if (differs(before, now, tile % columns, tile / columns)) {
                if (count == numbers.length) {
                    return null;
                }
                numbers[count++] = tile;
            }
        }
        return count == 0 ? null : of(now, Arrays.copyOf(numbers, count), columns);
    }

    private static boolean differs(Picture before, Picture now, int column, int row) {
        int from = 3 * SIDE_PX * column;
        int to = Math.min(from + 3 * SIDE_PX, 3 * now.width());
        int endY = Math.min((row + 1) * SIDE_PX, now.height());
        for (int y = row * SIDE_PX; y < endY; y++) {
            int at = 3 * now.width() * y;
            if (!Arrays.equals(before.rgb(), at + from, at + to, now.rgb(), at + from, at + to)) {
                return true;
            }
        }
        return false;
    }

    private static ChangedTiles of(Picture now, int[] numbers, int columns) {
        int width = SIDE_PX * Math.min(ACROSS, numbers.length);
        int height = SIDE_PX * Math.ceilDiv(numbers.length, ACROSS);
        byte[] rgb = new byte[3 * width * height];
        for (int k = 0; k < numbers.length; k++) {
            int x = numbers[k] % columns * SIDE_PX;
            int y = numbers[k] / columns * SIDE_PX;
            int bytes = 3 * Math.min(SIDE_PX, now.width() - x);
            int rows = Math.min(SIDE_PX, now.height() - y);
            int to = 3 * (k / ACROSS * SIDE_PX * width + k % ACROSS * SIDE_PX);
            for (int r = 0; r < rows; r++) {
                System.arraycopy(
                        now.rgb(), 3 * ((y + r) * now.width() + x), rgb, to + 3 * r * width, bytes);
            }
        }
        return new ChangedTiles(numbers, new Picture(width, height, rgb));
    }
}
