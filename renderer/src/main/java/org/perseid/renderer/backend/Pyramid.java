package org.perseid.renderer.backend;

import java.util.Arrays;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.Workers;

/**
 * The light of a frame while it is summed: small splats in one buffer whose pixels hold red, green,
 * blue and a fourth value together, larger ones in planes; splats that are large in pixels in
 * planes of a coarser grid. Pixel q of level l is at q * 2^l of the picture. Kernels write it, each
 * region by one thread; {@link #finish} empties it into an image.
 */
public final class Pyramid {
    /** Columns beyond the right edge that kernels may write zeros to. */
    public static final int PAD = 16;

    /** Pixels on each side of a coarser level, as interpolation needs them. */
    private static final int MARGIN = 4;

    /** Pixels of a coarser level beyond its last one within the picture. */
    private static final int EXTRA = 4;

    private static final int MIN_SIDE = 8;
    private static final long MANY_SPLATS = 300_000;
    private static final int MOST_FINER = 4;
    private static final int ROWS = 16;

    /** Weights of six samples for the point in the middle, from the outside inwards. */
    private static final float OUTER = 3f / 256;

    private static final float MIDDLE = -25f / 256;
    private static final float INNER = 150f / 256;

    private final int width;
    private final int height;

    /** Small splats: four floats a pixel, {@link #fineStride} pixels a row. */
    public final float[] fine;

    /** Pixels from a row of {@link #fine} to the next. */
    public final int fineStride;

    private final Level[] levels;

    /** Rows of the image that {@link #finish(int, int, LinearImage)} has finished. */
    private int finished;

    /** By how many levels splats are drawn finer than the coarsest that is good for many. */
    private int finer;

    /** One grid. */
    public static final class Level {
        /** Light of {@code (height + 2 margin) * stride} pixels, row by row. */
        public final float[] red;

        /** Likewise. */
        public final float[] green;

        /** Likewise. */
        public final float[] blue;

        /** Floats from a row to the next. */
        public final int stride;

        /** Index of pixel (0, 0). */
        public final int origin;

        private final int width;
        private final int height;
        private final int margin;

        /** Whether anything was drawn; any thread may set it. */
        private volatile boolean used;

        /** Rows, from -margin on, that have what is on the coarser levels. */
        private int enlarged;

        private Level(int width, int height, int margin) {
            this.width = width;
            this.height = height;
            this.margin = margin;
            stride = width + 2 * margin + PAD;
            origin = margin * stride + margin;
            enlarged = -margin;
            int size = Math.multiplyExact(stride, height + 2 * margin) + PAD;
            red = new float[size];
            green = new float[size];
            blue = new float[size];
        }

        /** First pixel of a level that belongs to a region that begins at pixel {@code low}. */
        public int first(int low, int level) {
            return low == 0 ? -margin : ceilShift(low, level);
        }

        /** One beyond the last column that belongs to a region that ends before {@code high}. */
        public int endX(int high, int level, int pictureWidth) {
            return high == pictureWidth ? width + margin : ceilShift(high, level);
        }

        /** One beyond the last row that belongs to a region that ends before {@code high}. */
        public int endY(int high, int level, int pictureHeight) {
            return high == pictureHeight ? height + margin : ceilShift(high, level);
        }

        /** Says that something was drawn. */
        public void use() {
            if (!used) {
                used = true;
            }
        }

        private static int ceilShift(int v, int level) {
            return -(-v >> level);
        }
    }

    /**
     * An empty one.
     *
     * @param coarse whether there are coarser levels than 0
     */
    public Pyramid(int width, int height, boolean coarse) {
        this.width = width;
        this.height = height;
        fineStride = width + PAD;
        fine = new float[Math.multiplyExact(4, Math.multiplyExact(fineStride, height) + PAD)];
        int n = 1;
        while (coarse && Math.min(width, height) >> n >= MIN_SIDE) {
            n++;
        }
        levels = new Level[n];
        levels[0] = new Level(width, height, 0);
        for (int l = 1; l < n; l++) {
            levels[l] = new Level(((width - 1) >> l) + EXTRA, ((height - 1) >> l) + EXTRA, MARGIN);
        }
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    /** Number of levels, at least 1. */
    public int levels() {
        return levels.length;
    }

    /**
     * Chooses levels for a picture of so many splats. Coarse grids draw the rims of splats as
     * stairs, whose error many splats average away; each level that is finer makes it 0.6 of what
     * it was (measured). So a fifth of the splats takes a level more, up to four.
     */
    public void setFiner(long splats) {
        finer = 0;
        for (long many = MANY_SPLATS; splats < many && finer < MOST_FINER; many /= 5) {
            finer++;
        }
    }

    /** By how many levels splats are drawn finer than those of a picture of many. */
    public int finer() {
        return finer;
    }

    /** The level on which a splat of radius R in pixels is drawn by rows. */
    public int levelOf(float radius) {
        int level = Math.getExponent(radius / Emission.COARSE_FROM_PX) - finer;
        return Math.clamp(level, 0, levels.length - 1);
    }

    /** A grid; 0 is the picture's. */
    public Level level(int l) {
        return levels[l];
    }

    /** Adds everything to the image, and is empty afterwards. */
    public void finish(LinearImage image, Workers workers) {
        // the last step goes straight into the image, unless the finest planes have light
        // themselves
        int last = levels.length > 1 && !levels[0].used ? 1 : 0;
        for (int l = levels.length - 1; l > last; l--) {
            if (levels[l].used) {
                Level coarse = levels[l];
                Level finer = levels[l - 1];
                enlarge(coarse.red, finer.red, coarse, finer, workers);
                enlarge(coarse.green, finer.green, coarse, finer, workers);
                enlarge(coarse.blue, finer.blue, coarse, finer, workers);
                finer.use();
                coarse.used = false;
            }
        }
        boolean planes = levels[0].used;
        boolean coarse = last == 1 && levels[1].used;
        int first = finished;
        workers.runSlices(
                height - first,
                ROWS,
                (y0, y1) -> {
                    float[] line = new float[coarse ? levels[1].stride : 0];
                    for (int y = first + (int) y0; y < first + y1; y++) {
                        takeFine(y, image);
                        if (planes) {
                            takePlanes(y, image);
                        }
                        if (coarse) {
                            takeCoarse(levels[1].red, y, image.red(), line);
                            takeCoarse(levels[1].green, y, image.green(), line);
                            takeCoarse(levels[1].blue, y, image.blue(), line);
                        }
                    }
                });
        if (coarse) {
            Arrays.fill(levels[1].red, 0f);
            Arrays.fill(levels[1].green, 0f);
            Arrays.fill(levels[1].blue, 0f);
            levels[1].used = false;
        }
        levels[0].used = false;
        finished = 0;
        for (Level level : levels) {
            level.enlarged = -level.margin;
        }
    }

    /**
     * Adds to the image the rows that will not change any more, for those that follow to be drawn
     * meanwhile; the others are left for {@link #finish(LinearImage, Workers)}.
     *
     * @param drawn rows of the picture from the top that are drawn, fewer than all
     * @param topLevel the coarsest level that anything is drawn on, in this frame
     * @return rows of the image that are finished
     */
    int finish(int drawn, int topLevel, LinearImage image) {
        int certain = Level.ceilShift(drawn, topLevel);
        for (int l = topLevel; l > 0; l--) {
            Level coarse = levels[l];
            Level finer = levels[l - 1];
            int end = Math.max(finer.enlarged, certain(certain, drawn, l - 1));
            if (coarse.used && end > finer.enlarged) {
                enlarge(coarse.red, finer.red, coarse, finer, finer.enlarged, end);
                enlarge(coarse.green, finer.green, coarse, finer, finer.enlarged, end);
                enlarge(coarse.blue, finer.blue, coarse, finer, finer.enlarged, end);
                finer.use();
            }
            finer.enlarged = end;
            certain = end;
        }
        for (; finished < certain; finished++) {
            takeFine(finished, image);
            if (levels[0].used) {
                takePlanes(finished, image);
            }
        }
        return finished;
    }

    /** Rows of the image that are certain when so many of the picture are drawn. */
    static int certainRows(int drawn, int topLevel) {
        int certain = Level.ceilShift(drawn, topLevel);
        for (int l = topLevel; l > 0; l--) {
            certain = certain(certain, drawn, l - 1);
        }
        return certain;
    }

    /**
     * Rows of a level that are certain: an odd one takes three coarser ones before and after it.
     *
     * @param coarse rows of the next coarser level that are certain
     */
    private static int certain(int coarse, int drawn, int level) {
        return Math.min(Level.ceilShift(drawn, level), 2 * (coarse - 3));
    }

    /** Adds a row between or on those of level 1, which is emptied afterwards. */
    private void takeCoarse(float[] plane, int y, float[] out, float[] line) {
        line(plane, levels[1], y, line);
        lengthen(line, levels[1], out, y * width, 0, width);
    }

    private void takeFine(int y, LinearImage image) {
        int from = y * fineStride * 4;
        int to = y * width;
        float[] red = image.red();
        float[] green = image.green();
        float[] blue = image.blue();
        for (int x = 0; x < width; x++) {
            red[to + x] += fine[from + 4 * x];
            green[to + x] += fine[from + 4 * x + 1];
            blue[to + x] += fine[from + 4 * x + 2];
        }
        Arrays.fill(fine, from, from + 4 * fineStride, 0f);
    }

    private void takePlanes(int y, LinearImage image) {
        takePlane(levels[0].red, y, image.red());
        takePlane(levels[0].green, y, image.green());
        takePlane(levels[0].blue, y, image.blue());
    }

    private void takePlane(float[] plane, int y, float[] out) {
        int from = levels[0].origin + y * levels[0].stride;
        int to = y * width;
        for (int x = 0; x < width; x++) {
            out[to + x] += plane[from + x];
        }
        Arrays.fill(plane, from, from + levels[0].stride, 0f);
    }

    /**
     * Adds a plane to the next finer one and empties it: samples at the same place are taken over,
     * those between are interpolated with six samples (Lagrange, exact for polynomials of degree
     * 5).
     */
    private static void enlarge(
            float[] from, float[] to, Level coarse, Level fine, Workers workers) {
        int first = fine.enlarged;
        workers.runSlices(
                fine.height + fine.margin - first,
                ROWS,
                (a, b) -> enlarge(from, to, coarse, fine, first + (int) a, first + (int) b));
        Arrays.fill(from, 0f);
    }

    /** The same for the rows first..end-1 of the finer plane; the coarser one is left as it is. */
    private static void enlarge(
            float[] from, float[] to, Level coarse, Level fine, int first, int end) {
        float[] line = new float[coarse.stride];
        for (int y = first; y < end; y++) {
            line(from, coarse, y, line);
            int row = fine.origin + y * fine.stride;
            lengthen(line, coarse, to, row, -fine.margin, fine.width + fine.margin);
        }
    }

    /** The coarse row at row y of the finer grid, interpolated where there is none. */
    private static void line(float[] from, Level coarse, int y, float[] line) {
        int n = coarse.width + 2 * coarse.margin;
        int q = y >> 1;
        int at = (coarse.margin + q) * coarse.stride;
        if ((y & 1) == 0) {
            System.arraycopy(from, at, line, 0, n);
            return;
        }
        int s = coarse.stride;
        for (int x = 0; x < n; x++) {
            int p = at + x;
            line[x] =
                    OUTER * (from[p - 2 * s] + from[p + 3 * s])
                            + MIDDLE * (from[p - s] + from[p + 2 * s])
                            + INNER * (from[p] + from[p + s]);
        }
    }

    /**
     * Adds a row of the coarser grid to one of the finer.
     *
     * @param row where column 0 of the finer one is
     * @param first even column
     * @param end one beyond the last column
     */
    private static void lengthen(
            float[] line, Level coarse, float[] to, int row, int first, int end) {
        for (int x = first; x < end; x += 2) {
            to[row + x] += line[coarse.margin + (x >> 1)];
        }
        for (int x = first + 1; x < end; x += 2) {
            int p = coarse.margin + (x >> 1);
            to[row + x] +=
                    OUTER * (line[p - 2] + line[p + 3])
                            + MIDDLE * (line[p - 1] + line[p + 2])
                            + INNER * (line[p] + line[p + 1]);
        }
    }
}
