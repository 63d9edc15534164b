package org.perseid.renderer.backend;

import org.perseid.renderer.model.Workers;

/**
 * Spreads masses over pixels so that none is lost: a kernel that covers few pixels is normalised by
 * the sum of its values there, and one that covers the middle of none gives all to the nearest.
 * Each thread takes bands of rows, and each pixel gets its particles in their order.
 */
public final class Measuring {
    /** From this radius in pixels on the sum over pixels is the integral to 1e-6. */
    private static final double SMOOTH_RADIUS_PX = 24;

    private static final int SLICE = 1024;
    private static final int BAND_ROWS = 32;

    private Measuring() {}

    /** Adds the particles to the layers. */
    public static void add(
            Footprints particles, ProjectedKernel kernel, MeasureImage image, Workers workers) {
        int n = particles.count();
        double[] norm = new double[n];
        workers.runSlices(
                n,
                SLICE,
                (first, end) -> {
                    for (int i = (int) first; i < end; i++) {
                        norm[i] = particles.mass[i] > 0 ? norm(particles, i, kernel) : 0;
                    }
                });
        workers.runSlices(
                image.height(),
                BAND_ROWS,
                (y0, y1) -> {
                    for (int i = 0; i < n; i++) {
                        if (particles.mass[i] > 0) {
                            add(particles, i, kernel, norm[i], (int) y0, (int) y1, image);
                        }
                    }
                });
    }

    /** What the kernel's values at the pixels have to be multiplied with; 0 when it meets none. */
    private static double norm(Footprints particles, int i, ProjectedKernel kernel) {
        double r = particles.radius[i];
        if (r >= SMOOTH_RADIUS_PX) {
            return 1 / (r * r);
        }
        double x = particles.x[i];
        double y = particles.y[i];
        double sum = 0;
        for (int py = (int) Math.ceil(y - r); py <= y + r; py++) {
            for (int px = (int) Math.ceil(x - r); px <= x + r; px++) {
                sum += kernel.at(squared(px - x, py - y, r));
            }
        }
        return sum > 0 ? 1 / sum : 0;
    }

    private static double squared(double dx, double dy, double radius) {
        return (dx * dx + dy * dy) / (radius * radius);
    }

    private static void add(
            Footprints particles,
            int i,
            ProjectedKernel kernel,
            double norm,
            int y0,
            int y1,
            MeasureImage image) {
        double x = particles.x[i];
        double y = particles.y[i];
        double r = particles.radius[i];
        int width = image.width();
        if (norm == 0) {
            int px = (int) Math.rint(x);
            int py = (int) Math.rint(y);
            if (px >= 0 && px < width && py >= y0 && py < y1) {
                image.add(particles, i, py * width + px, 1);
            }
            return;
        }
        int endY = (int) Math.min(y1, Math.floor(y + r) + 1);
        int endX = (int) Math.min(width, Math.floor(x + r) + 1);
        for (int py = Math.max(y0, (int) Math.ceil(y - r)); py < endY; py++) {
            for (int px = Math.max(0, (int) Math.ceil(x - r)); px < endX; px++) {
                double part = norm * kernel.at(squared(px - x, py - y, r));
                if (part > 0) {
                    image.add(particles, i, py * width + px, part);
                }
            }
        }
    }
}
