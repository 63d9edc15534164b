package org.perseid.renderer.backend;

import java.util.Arrays;
import org.perseid.renderer.model.Workers;

/**
 * Spreads masses over pixels so that none is lost: a kernel that covers few pixels is normalised by
 * the sum of its values there, and one that covers the middle of none gives all to the nearest.
 * Each thread takes bands of rows, and each pixel gets its particles in their order, so that the
 * bits do not depend on the bands.
 */
final class Measuring {
    /** From this radius in pixels on the sum over pixels is the integral to 1e-6. */
    private static final double SMOOTH_RADIUS_PX = 24;

    /** Particles that are left out together by a band that none of them reaches. */
    private static final int CHUNK = 256;

    private static final int LEAST_BAND_ROWS = 16;
    private static final int MOST_BAND_ROWS = 128;

    /** Bands a thread, so that all end at about the same time. */
    private static final int BANDS_A_THREAD = 4;

    private final Footprints particles;
    private final ProjectedKernel kernel;
    private final MeasureImage image;
    private final boolean asksForReach;
    private final CoarseSums.Scratch scratch = new CoarseSums.Scratch();
    private double[] weights = new double[0];

    private Measuring(Footprints particles, ProjectedKernel kernel, MeasureImage image) {
        this.particles = particles;
        this.kernel = kernel;
        this.image = image;
        asksForReach = image.asksForReach();
    }

    /** Adds the particles to the layers. */
    static void add(
            Footprints particles, ProjectedKernel kernel, MeasureImage image, Workers workers) {
        int n = particles.count();
        int chunks = Math.ceilDiv(n, CHUNK);
        float[] top = new float[chunks];
        float[] bottom = new float[chunks];
        double[] largest = new double[chunks];
        workers.run(
                chunks,
                chunk -> {
                    int k = (int) chunk;
                    top[k] = Float.POSITIVE_INFINITY;
                    bottom[k] = Float.NEGATIVE_INFINITY;
                    for (int i = CHUNK * k; i < Math.min(n, CHUNK * (k + 1)); i++) {
                        if (particles.mass[i] > 0) {
                            double reach = Math.max(1, particles.radius[i]);
                            top[k] = (float) Math.min(top[k], particles.y[i] - reach);
                            bottom[k] = (float) Math.max(bottom[k], particles.y[i] + reach);
                            largest[k] = Math.max(largest[k], reach);
                        }
                    }
                });
        if (kernel.isSmooth()) {
            image.coarse().makeRoom(Arrays.stream(largest).max().orElse(0));
        }
        int rows =
                Math.clamp(
                        image.height() / (BANDS_A_THREAD * workers.threads()),
                        LEAST_BAND_ROWS,
                        MOST_BAND_ROWS);
        workers.runSlices(
                image.height(),
                rows,
                (y0, y1) -> {
                    Measuring band = new Measuring(particles, kernel, image);
                    for (int k = 0; k < chunks; k++) {
                        if (top[k] - 1 < y1 && bottom[k] + 1 >= y0) {
                            for (int i = CHUNK * k; i < Math.min(n, CHUNK * (k + 1)); i++) {
                                if (particles.mass[i] > 0) {
                                    band.add(i, (int) y0, (int) y1);
                                }
                            }
                        }
                    }
                });
    }

    /** Adds what lies in the rows y0..y1-1. */
    private void add(int i, int y0, int y1) {
        double y = particles.y[i];
        double r = particles.radius[i];
        if (y + Math.max(1, r) < y0 || y - Math.max(1, r) >= y1) {
            return;
        }
        boolean onGrid = kernel.isSmooth() && image.coarse().levelOf(r) > 0;
        if (onGrid) {
            double[] factors = image.factors(particles, i);
            image.coarse().add(particles, i, factors, kernel, y0, y1, scratch);
        }
        if (r >= SMOOTH_RADIUS_PX) {
            if (!onGrid || asksForReach) {
                addRows(i, y0, y1, !onGrid);
            }
        } else {
            addWhole(i, y0, y1);
        }
    }

    /** A kernel that covers many pixels: row by row, only what the band and the picture have. */
    private void addRows(int i, int y0, int y1, boolean withSums) {
        double x = particles.x[i];
        double y = particles.y[i];
        double r = particles.radius[i];
        double perRadius2 = 1 / (r * r);
        int end = (int) Math.min(y1, Math.floor(y + r) + 1);
        for (int row = Math.max(y0, (int) Math.ceil(y - r)); row < end; row++) {
            double chord = Math.sqrt(Math.max(0, r * r - (row - y) * (row - y)));
            int left = Math.max(0, (int) Math.floor(x - chord));
            int n = (int) Math.min(image.width(), Math.ceil(x + chord) + 1) - left;
            if (n > 0) {
                weights = room(n);
                kernel.row(left - x, row - y, perRadius2, weights, 0, n);
                MeasureImage.Parts parts = new MeasureImage.Parts(weights, 0, n, n, 1);
                if (withSums) {
                    add(i, left, row, parts, perRadius2);
                } else {
                    image.addReach(particles, i, row * image.width() + left, parts);
                }
            }
        }
    }

    /** A kernel whose sum over all of its pixels counts, whether the picture has them or not. */
    private void addWhole(int i, int y0, int y1) {
        double x = particles.x[i];
        double y = particles.y[i];
        double r = particles.radius[i];
        int top = (int) Math.ceil(y - r);
        int end = (int) Math.floor(y + r) + 1;
        int left = (int) Math.ceil(x - r);
        int across = (int) Math.floor(x + r) + 1 - left;
        int count = Math.max(0, end - top) * Math.max(0, across);
        weights = room(Math.max(1, count));
        for (int row = top; row < end && across > 0; row++) {
            kernel.row(left - x, row - y, 1 / (r * r), weights, (row - top) * across, across);
        }
        double sum = sum(weights, count);
        if (!(sum > 0)) {
            int px = (int) Math.rint(x);
            int py = (int) Math.rint(y);
            if (px >= 0 && px < image.width() && py >= y0 && py < y1) {
                weights[0] = 1;
                add(i, px, py, new MeasureImage.Parts(weights, 0, 1, 1, 1), 1);
            }
            return;
        }
        int from = Math.max(0, left);
        int columns = Math.min(image.width(), left + across) - from;
        int first = Math.max(y0, top);
        int rows = Math.min(y1, end) - first;
        if (columns > 0 && rows > 0) {
            int at = (first - top) * across + from - left;
            add(
                    i,
                    from,
                    first,
                    new MeasureImage.Parts(weights, at, across, columns, rows),
                    1 / sum);
        }
    }

    private void add(int i, int px, int py, MeasureImage.Parts parts, double norm) {
        int pixel = py * image.width() + px;
        image.addSums(particles, i, pixel, parts, norm);
        image.addReach(particles, i, pixel, parts);
    }

    /** In four parts, none of which waits for another. */
    private static double sum(double[] values, int n) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int k = 0;
        for (; k + 4 <= n; k += 4) {
            a += values[k];
            b += values[k + 1];
            c += values[k + 2];
            d += values[k + 3];
        }
        for (; k < n; k++) {
            a += values[k];
        }
        return a + b + c + d;
    }

    private double[] room(int n) {
        return weights.length >= n ? weights : Arrays.copyOf(weights, n);
    }
}
