package org.perseid.renderer.backend;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.perseid.renderer.model.Workers;

/**
 * Cuts a picture into rectangles of about the same work, each with the chunks that reach into it in
 * their order. One thread draws a region, so threads share no pixel, and every pixel gets its
 * splats in the same order whatever the cuts are.
 */
final class Regions {
    /** No region is cut that is narrower than twice this. */
    private static final int MIN_SIDE = 16;

    private static final int SLICE = 256;

    private final int width;
    private final int height;

    /** Chunks that reach into the picture, and where: x0, y0, x1, y1 of each. */
    private final int[] chunks;

    private final int[] rectangles;
    private final float[] costs;
    private final float largestRadius;
    private final long splats;

    /**
     * A rectangle of pixels, ends exclusive, with its chunks.
     *
     * @param chunks indices of chunks in ascending order
     */
    @SuppressWarnings("ArrayRecordComponent") // written once
    record Region(int x0, int y0, int x1, int y1, int[] chunks, double cost) {}

    private Regions(
            int width,
            int height,
            int[] chunks,
            int[] rectangles,
            float[] costs,
            float largestRadius,
            long splats) {
        this.width = width;
        this.height = height;
        this.chunks = chunks;
        this.rectangles = rectangles;
        this.costs = costs;
        this.largestRadius = largestRadius;
        this.splats = splats;
    }

    /** Splats of the chunks that reach into the picture. */
    long splats() {
        return splats;
    }

    /** R of no splat in the picture is larger, in pixels. */
    float largestRadius() {
        return largestRadius;
    }

    /** One beyond the last row of a band of a picture. */
    static int endOfBand(int band, int bands, int height) {
        return (int) ((long) height * (band + 1) / bands);
    }

    /**
     * Cuts the picture.
     *
     * @param bands of equal height; no region lies in two
     * @param number of regions that are wanted
     * @return band by band, of each the largest work first
     */
    List<Region> cut(int bands, int number) {
        int[] everything = new int[chunks.length];
        for (int i = 0; i < everything.length; i++) {
            everything[i] = i;
        }
        PriorityQueue<Region> queue =
                new PriorityQueue<>(Comparator.comparingDouble(Region::cost).reversed());
        Region whole = new Region(0, 0, width, height, everything, cost(everything));
        for (int band = 0; band < bands; band++) {
            int y0 = endOfBand(band - 1, bands, height);
            int y1 = endOfBand(band, bands, height);
            queue.add(bands == 1 ? whole : part(whole, 0, y0, width, y1));
        }
        List<Region> done = new ArrayList<>();
        while (!queue.isEmpty() && done.size() + queue.size() < number) {
            Region largest = queue.remove();
            if (!split(largest, queue)) {
                done.add(largest);
            }
        }
        done.addAll(queue);
        Comparator<Region> downwards =
                Comparator.comparingInt(region -> bandOf(region, bands, height));
        done.sort(downwards.thenComparing(Comparator.comparingDouble(Region::cost).reversed()));
        return done.stream().map(this::named).toList();
    }

    /** The band that a region lies in. */
    static int bandOf(Region region, int bands, int height) {
        int band = 0;
        while (endOfBand(band, bands, height) <= region.y0) {
            band++;
        }
        return band;
    }

    /**
     * Finds out where chunks are seen.
     *
     * @param costlyRadius from this radius in pixels on a splat is no more work
     */
    static Regions of(
            SplatSource source, int width, int height, double costlyRadius, Workers workers) {
        int n = source.chunks();
        int[] rectangles = new int[4 * n];
        float[] costs = new float[n];
        float[] largest = new float[n];
        workers.runSlices(
                n,
                SLICE,
                (first, end) -> {
                    Reach reach = new Reach();
                    for (int c = (int) first; c < end; c++) {
                        if (source.reach(c, reach)) {
                            rectangles[4 * c] = Math.max(0, reach.x0);
                            rectangles[4 * c + 1] = Math.max(0, reach.y0);
                            rectangles[4 * c + 2] = Math.min(width, reach.x1);
                            rectangles[4 * c + 3] = Math.min(height, reach.y1);
                            costs[c] = (float) reach.work(source.size(c), costlyRadius);
                            largest[c] = (float) reach.largest;
                        }
                    }
                });
        int[] chunks = new int[n];
        int visible = 0;
        float most = 0;
        long splats = 0;
        for (int c = 0; c < n; c++) {
            if (rectangles[4 * c] < rectangles[4 * c + 2]
                    && rectangles[4 * c + 1] < rectangles[4 * c + 3]) {
                System.arraycopy(rectangles, 4 * c, rectangles, 4 * visible, 4);
                costs[visible] = costs[c];
                most = Math.max(most, largest[c]);
                chunks[visible++] = c;
                splats += source.size(c);
            }
        }
        return new Regions(
                width, height, Arrays.copyOf(chunks, visible), rectangles, costs, most, splats);
    }

    /** Cuts a region where half of the work is on either side; false when it is too small. */
    private boolean split(Region region, PriorityQueue<Region> into) {
        int across = region.x1 - region.x0;
        int down = region.y1 - region.y0;
        boolean vertical = across >= down;
        int side = Math.max(across, down);
        if (side < 2 * MIN_SIDE) {
            return false;
        }
        int low = vertical ? region.x0 : region.y0;
        int cut = low + Math.clamp(half(region, vertical, side), MIN_SIDE, side - MIN_SIDE);
        into.add(
                vertical
                        ? part(region, region.x0, region.y0, cut, region.y1)
                        : part(region, region.x0, region.y0, region.x1, cut));
        into.add(
                vertical
                        ? part(region, cut, region.y0, region.x1, region.y1)
                        : part(region, region.x0, cut, region.x1, region.y1));
        return true;
    }

    private int half(Region region, boolean vertical, int side) {
        int low = vertical ? region.x0 : region.y0;
        int axis = vertical ? 0 : 1;
        double[] histogram = new double[side];
        double total = 0;
        for (int i : region.chunks) {
            int a = Math.max(rectangles[4 * i + axis], low);
            int b = Math.min(rectangles[4 * i + 2 + axis], low + side);
            double part = costs[i] * insidePart(region, i);
            histogram[Math.clamp((a + b) / 2 - low, 0, side - 1)] += part;
            total += part;
        }
        double sum = 0;
        int at = 0;
        while (at < side - 1 && sum < total / 2) {
            sum += histogram[at++];
        }
        return at;
    }

    private Region part(Region of, int x0, int y0, int x1, int y1) {
        int[] inside = new int[of.chunks.length];
        int n = 0;
        for (int i : of.chunks) {
            if (rectangles[4 * i] < x1
                    && rectangles[4 * i + 2] > x0
                    && rectangles[4 * i + 1] < y1
                    && rectangles[4 * i + 3] > y0) {
                inside[n++] = i;
            }
        }
        Region part = new Region(x0, y0, x1, y1, Arrays.copyOf(inside, n), 0);
        double sum = 0;
        for (int i : part.chunks) {
            sum += costs[i] * insidePart(part, i);
        }
        return new Region(x0, y0, x1, y1, part.chunks, sum);
    }

    /** The part of a chunk's rectangle that lies in a region. */
    private double insidePart(Region region, int i) {
        double across =
                Math.min(region.x1, rectangles[4 * i + 2]) - Math.max(region.x0, rectangles[4 * i]);
        double down =
                Math.min(region.y1, rectangles[4 * i + 3])
                        - Math.max(region.y0, rectangles[4 * i + 1]);
        double area =
                (double) (rectangles[4 * i + 2] - rectangles[4 * i])
                        * (rectangles[4 * i + 3] - rectangles[4 * i + 1]);
        return across * down / area;
    }

    private double cost(int[] which) {
        double sum = 0;
        for (int i : which) {
            sum += costs[i];
        }
        return sum;
    }

    /** The same with the source's numbers of chunks. */
    private Region named(Region region) {
        int[] out = new int[region.chunks.length];
        for (int k = 0; k < out.length; k++) {
            out[k] = chunks[region.chunks[k]];
        }
        return new Region(region.x0, region.y0, region.x1, region.y1, out, region.cost);
    }
}
