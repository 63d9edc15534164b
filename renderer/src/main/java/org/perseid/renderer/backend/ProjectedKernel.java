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

    private final double[] table = new double[ENTRIES + 2];

    public ProjectedKernel(SphKernel kernel) {
        for (int i = 0; i < ENTRIES; i++) {
            table[i] = integral(kernel, (double) i / ENTRIES);
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

    /** Value at a squared distance in units of the squared radius; 0 from 1 on. */
    public double at(double squared) {
        if (!(squared < 1)) {
            return 0;
        }
        double t = squared * ENTRIES;
        int i = (int) t;
        return table[i] + (t - i) * (table[i + 1] - table[i]);
    }
}
