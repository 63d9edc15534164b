package org.perseid.renderer.backend;

import org.perseid.renderer.model.SphKernel;

/**
 * A kernel integrated along the line of sight: a table over b^2, b being the distance from the
 * centre in units of the support's radius H, in units of 1/H^2. Between its entries it is
 * interpolated linearly; the largest error is below 2e-5 of the value at the centre
 * (ProjectedKernelTest).
 */
public final class ProjectedKernel {
    private static final int ENTRIES = 2048;
    private static final int STEPS = 400;

    /** Points of a row from which two simple loops, one of which takes vectors, are quicker. */
    private static final int LONG = 24;

    private final double[] table = new double[ENTRIES + 1];
    private final double[] slope = new double[ENTRIES + 1];

    public ProjectedKernel(SphKernel kernel) {
        for (int i = 0; i < ENTRIES; i++) {
            table[i] = integral(kernel, (double) i / ENTRIES);
        }
        for (int i = 0; i < ENTRIES; i++) {
            slope[i] = table[i + 1] - table[i];
        }
    }

    /** Midpoint rule along the line of sight over the support. */
    private static double integral(SphKernel kernel, double squared) {
        double half = Math.sqrt(1 - squared);
        double sum = 0;
        for (int k = 0; k < STEPS; k++) {
            double z = (k + 0.5) / STEPS * half;
            sum += kernel.value(Math.sqrt(squared + z * z));
        }
        return 2 * sum * half / STEPS;
    }

    /**
     * Values along a row of points that are one unit apart.
     *
     * @param dx from the centre to the first point
     * @param dy from the centre to the row
     * @param perRadius2 one over the squared radius
     * @param out receives n values from {@code at} on
     */
    void row(double dx, double dy, double perRadius2, double[] out, int at, int n) {
        double scale = ENTRIES * perRadius2;
        double offset = dy * dy * scale;
        if (n < LONG) {
            for (int k = 0; k < n; k++) {
                double d = dx + k;
                out[at + k] = ofEntry(Math.min(d * d * scale + offset, ENTRIES));
            }
            return;
        }
        for (int k = 0; k < n; k++) {
            double d = dx + k;
            out[at + k] = Math.min(d * d * scale + offset, ENTRIES);
        }
        for (int k = at; k < at + n; k++) {
            out[k] = ofEntry(out[k]);
        }
    }

    private double ofEntry(double t) {
        int i = (int) t;
        return table[i] + (t - i) * slope[i];
    }

    /** Value at a squared distance in units of the squared radius; 0 from 1 on. */
    public double at(double squared) {
        if (!(squared < 1)) {
            return 0;
        }
        return ofEntry(squared * ENTRIES);
    }
}
