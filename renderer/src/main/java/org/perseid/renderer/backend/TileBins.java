package org.perseid.renderer.backend;

import java.util.Arrays;
import org.perseid.renderer.model.Workers;

/**
 * For each tile of the image the splats that touch it, in the order of the splats, whatever the
 * number of threads: each slice of the batch counts its splats a tile, prefix sums give each slice
 * its place, then each slice writes.
 */
public final class TileBins {
    private static final int SLICE = 4096;

    private final int width;
    private final int height;
    private final int tilePx;
    private final int columns;
    private final int rows;
    private int[] start = new int[0];
    private int[] entries = new int[0];

    /** For pictures of that size. */
    public TileBins(int width, int height, int tilePx) {
        this.width = width;
        this.height = height;
        this.tilePx = tilePx;
        this.columns = Math.ceilDiv(width, tilePx);
        this.rows = Math.ceilDiv(height, tilePx);
    }

    /** How many tiles there are, row by row. */
    public int tiles() {
        return columns * rows;
    }

    int x0(int tile) {
        return tile % columns * tilePx;
    }

    int x1(int tile) {
        return Math.min(width, x0(tile) + tilePx);
    }

    int y0(int tile) {
        return tile / columns * tilePx;
    }

    int y1(int tile) {
        return Math.min(height, y0(tile) + tilePx);
    }

    /** Index of the tile's first entry; its last one is before {@code begin(tile + 1)}. */
    public int begin(int tile) {
        return start[tile];
    }

    /** Index of a splat. */
    public int splat(int entry) {
        return entries[entry];
    }

    /** Whether it is for pictures of that size. */
    public boolean fits(int w, int h) {
        return w == width && h == height;
    }

    /**
     * Bins the splats first..end-1.
     *
     * @return false, with nothing binned, when there would be more than {@code maxEntries} entries
     */
    public boolean bin(Splats splats, int first, int end, int maxEntries, Workers workers) {
        int slices = Math.ceilDiv(end - first, SLICE);
        int[][] cursor = new int[slices][];
        workers.run(
                slices,
                s -> {
                    int[] counts = new int[tiles()];
                    visit(
                            splats,
                            sliceStart(first, (int) s),
                            sliceEnd(first, end, (int) s),
                            (t, i) -> counts[t]++);
                    cursor[(int) s] = counts;
                });
        long total = 0;
        for (int[] counts : cursor) {
            total += Arrays.stream(counts).asLongStream().sum();
        }
        if (total > maxEntries) {
            return false;
        }
        placeSlices(cursor);
        if (entries.length < total) {
            entries = new int[(int) total];
        }
        workers.run(
                slices,
                s -> {
                    int[] place = cursor[(int) s];
                    visit(
                            splats,
                            sliceStart(first, (int) s),
                            sliceEnd(first, end, (int) s),
                            (t, i) -> entries[place[t]++] = i);
                });
        return true;
    }

    private static int sliceStart(int first, int slice) {
        return first + slice * SLICE;
    }

    private static int sliceEnd(int first, int end, int slice) {
        return Math.min(end, first + (slice + 1) * SLICE);
    }

    /**
     * Turns counts by slice and tile into places: all of tile 0 slice by slice, then tile 1, and so
     * on.
     */
    private void placeSlices(int[][] countsThenPlaces) {
        start = start.length == tiles() + 1 ? start : new int[tiles() + 1];
        int sum = 0;
        for (int t = 0; t < tiles(); t++) {
            start[t] = sum;
            for (int[] slice : countsThenPlaces) {
                int n = slice[t];
                slice[t] = sum;
                sum += n;
            }
        }
        start[tiles()] = sum;
    }

    private void visit(Splats splats, int first, int end, TileVisitor visitor) {
        for (int i = first; i < end; i++) {
            float reach = Splats.SUPPORT * splats.radius[i];
            if (!(reach > 0)) {
                continue;
            }
            int tx0 = tileOf(splats.x[i] - reach, columns);
            int tx1 = tileOf(splats.x[i] + reach, columns);
            int ty0 = tileOf(splats.y[i] - reach, rows);
            int ty1 = tileOf(splats.y[i] + reach, rows);
            boolean corners = tx1 > tx0 && ty1 > ty0;
            for (int ty = ty0; ty <= ty1; ty++) {
                for (int tx = tx0; tx <= tx1; tx++) {
                    if (!corners || touches(splats.x[i], splats.y[i], reach, tx, ty)) {
                        visitor.visit(ty * columns + tx, i);
                    }
                }
            }
        }
    }

    private int tileOf(float pixel, int tilesAcross) {
        return Math.clamp((long) Math.floor(pixel / tilePx), 0, tilesAcross - 1);
    }

    private boolean touches(float x, float y, float reach, int tx, int ty) {
        float dx = x - Math.clamp(x, (float) tx * tilePx, (float) (tx + 1) * tilePx);
        float dy = y - Math.clamp(y, (float) ty * tilePx, (float) (ty + 1) * tilePx);
        return dx * dx + dy * dy <= reach * reach * 1.0001f;
    }

    private interface TileVisitor {
        void visit(int tile, int splat);
    }
}
