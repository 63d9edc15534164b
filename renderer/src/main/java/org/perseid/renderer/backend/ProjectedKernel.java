package org.perseid.renderer.backend;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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

    /** Entries of a table of {@link Corrections}, over b^2, too. */
    private static final int CORRECTIONS = 257;

    private static final int PER_CORRECTION = ENTRIES / (CORRECTIONS - 1);

    private static final int CORRECTION_STEPS = 2000;

    /** Steps of its derivatives in entries: of the second, and of the noisier fourth. */
    private static final int SECOND = 1;

    private static final int FOURTH = 8;

    /** Part of the value at the centre at which a kernel may end. */
    private static final double STEP_AT_END = 1e-3;

    private static final Map<SphKernel, ProjectedKernel> KNOWN = new ConcurrentHashMap<>();

    /** Points of a row from which two simple loops, one of which takes vectors, are quicker. */
    private static final int LONG = 24;

    /** Of each entry's line what it is at t = 0, and how much it rises from one to the next. */
    private final double[] base = new double[ENTRIES + 1];

    private final double[] slope = new double[ENTRIES + 1];

    /** Laplacian over the plane, and the Laplacian of that. */
    private final double[] second;

    private final double[] fourth;

    private final boolean smooth;

    private ProjectedKernel(SphKernel kernel) {
        double[] values = new double[ENTRIES + 1];
        for (int i = 0; i < ENTRIES; i++) {
            values[i] = integral(kernel, (double) i / ENTRIES, STEPS);
        }
        lines(values, base, slope);
        smooth = kernel.value(Math.nextDown(1.0)) < STEP_AT_END * kernel.value(0);
        double[] profile = new double[CORRECTIONS];
        for (int i = 0; i < CORRECTIONS; i++) {
            double b = i / (CORRECTIONS - 1.0);
            profile[i] = integral(kernel, b * b, CORRECTION_STEPS);
        }
        second = overSquares(laplacian(profile, SECOND));
        fourth = overSquares(laplacian(laplacian(profile, FOURTH), FOURTH));
    }

    /** The lines between values, the last of which is 0. */
    private static void lines(double[] values, double[] base, double[] slope) {
        for (int i = 0; i < values.length - 1; i++) {
            slope[i] = values[i + 1] - values[i];
            base[i] = values[i] - i * slope[i];
        }
    }

    /** The kernel, integrated once. */
    public static ProjectedKernel of(SphKernel kernel) {
        return KNOWN.computeIfAbsent(kernel, ProjectedKernel::new);
    }

    /** Midpoint rule along the line of sight over the support. */
    private static double integral(SphKernel kernel, double squared, int steps) {
        double half = Math.sqrt(1 - squared);
        double sum = 0;
        for (int k = 0; k < steps; k++) {
            double z = (k + 0.5) / steps * half;
            sum += kernel.value(Math.sqrt(squared + z * z));
        }
        return 2 * sum * half / steps;
    }

    /** Of a profile over b from 0 to 1, which is symmetric, and 0 beyond. */
    private static double[] laplacian(double[] profile, int step) {
        double distance = step / (CORRECTIONS - 1.0);
        double[] out = new double[profile.length];
        for (int i = 0; i < out.length; i++) {
            double inner = profile[Math.abs(i - step)];
            double outer = i + step < profile.length ? profile[i + step] : 0;
            double bent = (inner - 2 * profile[i] + outer) / (distance * distance);
            double b = i / (CORRECTIONS - 1.0);
            out[i] = i == 0 ? 2 * bent : bent + (outer - inner) / (2 * distance * b);
        }
        return out;
    }

    /** From a table over b to one over b^2, 0 at its end. */
    private static double[] overSquares(double[] profile) {
        double[] out = new double[profile.length];
        for (int j = 0; j < out.length - 1; j++) {
            double at = Math.sqrt(j * (CORRECTIONS - 1.0));
            int i = (int) at;
            out[j] = profile[i] + (at - i) * (profile[i + 1] - profile[i]);
        }
        return out;
    }

    /** Whether it ends without a step, so that coarse grids can hold it. */
    boolean isSmooth() {
        return smooth;
    }

    /**
     * What makes values of the kernel coefficients of a cubic B-spline: the first terms of the
     * inverse of sampling the spline at its knots, 1 - D/6 + D^2/72 with D the Laplacian.
     */
    static final class Corrections {
        private final double[] values = new double[CORRECTIONS];
        private final double[] base = new double[CORRECTIONS];
        private final double[] slope = new double[CORRECTIONS];
    }

    /**
     * Finds the corrections of a kernel of a size.
     *
     * @param cells its radius in distances between knots
     */
    void correct(double cells, Corrections out) {
        double h2 = 1 / (cells * cells);
        for (int j = 0; j < CORRECTIONS; j++) {
            out.values[j] = h2 * (h2 / 72 * fourth[j] - second[j] / 6);
        }
        lines(out.values, out.base, out.slope);
    }

    /**
     * Coefficients of a cubic B-spline along a row, none below 0; otherwise like {@link #row}.
     *
     * @param corrections of its size
     */
    void coefficients(
            double dx, double dy, double perRadius2, Corrections corrections, double[] out, int n) {
        double[] cBase = corrections.base;
        double[] cSlope = corrections.slope;
        toEntries(dx, dy, perRadius2, out, 0, n);
        for (int k = 0; k < n; k++) {
            double t = out[k];
            int i = (int) t;
            int j = i / PER_CORRECTION;
            double correction = cBase[j] + t * (1.0 / PER_CORRECTION) * cSlope[j];
            out[k] = Math.max(0, base[i] + t * slope[i] + correction);
        }
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
        if (n < LONG) {
            double scale = ENTRIES * perRadius2;
            double offset = dy * dy * scale;
            for (int k = 0; k < n; k++) {
                double d = dx + k;
                out[at + k] = ofEntry(Math.min(d * d * scale + offset, ENTRIES));
            }
            return;
        }
        toEntries(dx, dy, perRadius2, out, at, n);
        for (int k = at; k < at + n; k++) {
            out[k] = ofEntry(out[k]);
        }
    }

    private static void toEntries(
            double dx, double dy, double perRadius2, double[] out, int at, int n) {
        double scale = ENTRIES * perRadius2;
        double offset = dy * dy * scale;
        for (int k = 0; k < n; k++) {
            double d = dx + k;
            out[at + k] = Math.min(d * d * scale + offset, ENTRIES);
        }
    }

    private double ofEntry(double t) {
        int i = (int) t;
        return base[i] + t * slope[i];
    }

    /** Value at a squared distance in units of the squared radius; 0 from 1 on. */
    public double at(double squared) {
        if (!(squared < 1)) {
            return 0;
        }
        return ofEntry(squared * ENTRIES);
    }
}
