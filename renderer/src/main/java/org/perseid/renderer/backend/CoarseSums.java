package org.perseid.renderer.backend;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.perseid.renderer.model.Workers;

/**
 * Masses of large kernels on grids of 2, 4, 8 ... pixels, so that a kernel takes the same time
 * however large it is. A grid has the coefficients of a cubic B-spline; its knots are at every 2nd,
 * 4th ... pixel. Coefficients are at least 0, so that a mean stays between the values that it is
 * of. A kernel differs from its definition by at most 3e-5 (cubic spline) or 8e-5 (Wendland) of its
 * value at the centre, by 1.5e-5 of the mean on average (CoarseSumsTest), and reaches over the same
 * pixels.
 */
final class CoarseSums {
    /** Of a kernel on its grid, in cells; up to twice as much. */
    static final double LEAST_RADIUS = 24;

    /** Cells of a grid before the picture. */
    private static final int PAD = 2;

    private static final double[] FINER_EVEN = {1 / 8.0, 6 / 8.0, 1 / 8.0, 0};
    private static final double[] FINER_ODD = {0, 1 / 2.0, 1 / 2.0, 0};
    private static final double[] VALUE_EVEN = {1 / 6.0, 4 / 6.0, 1 / 6.0, 0};
    private static final double[] VALUE_ODD = {1 / 48.0, 23 / 48.0, 23 / 48.0, 1 / 48.0};

    private final int width;
    private final int height;
    private final int sums;
    private final List<Grid> grids = new ArrayList<>();

    /**
     * For each row of the picture and one column more: kernels that begin here less those that have
     * ended before.
     */
    private int[] covered = new int[0];

    /**
     * @param columns of cells, the first of which is {@link #PAD} before the picture
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Grid(int columns, int rows, double[][] planes) {
        static Grid of(int columns, int rows, int sums) {
            return new Grid(columns, rows, new double[sums][columns * rows]);
        }
    }

    /** For a picture, and so many sums over its pixels. */
    CoarseSums(int width, int height, int sums) {
        this.width = width;
        this.height = height;
        this.sums = sums;
    }

    /** The grid for a kernel of that radius in pixels; 0 for the pixels themselves. */
    int levelOf(double radius) {
        int largest = 32 - Integer.numberOfLeadingZeros(Math.max(width, height) - 1);
        int level = 0;
        for (double r = radius; r >= 2 * LEAST_RADIUS && level < largest; r /= 2) {
            level++;
        }
        return level;
    }

    /** Makes the grids for kernels of up to that radius; before threads add to them. */
    void makeRoom(double radius) {
        if (levelOf(radius) > 0 && grids.isEmpty()) {
            covered = new int[(width + 1) * height];
        }
        for (int level = grids.size() + 1; level <= levelOf(radius); level++) {
            grids.add(Grid.of(cells(width, level), cells(height, level), sums));
        }
    }

    /** Up to two cells beyond the last that {@link #finer} and {@link #values} ask for. */
    private static int cells(int pixels, int level) {
        return ((pixels - 1) >> level) + 2 * PAD + 2;
    }

    /**
     * Adds what a kernel has in a band of the picture.
     *
     * @param i the particle
     * @param factors of each sum
     * @param y0 first row of the band; the first band has all before it, the last all beyond
     * @param scratch of the thread
     */
    void add(
            Footprints particles,
            int i,
            double[] factors,
            ProjectedKernel kernel,
            int y0,
            int y1,
            Scratch scratch) {
        double r = particles.radius[i];
        int level = levelOf(r);
        cover(particles.x[i], particles.y[i], r, y0, y1);
        Grid grid = grids.get(level - 1);
        double side = 1 << level;
        double x = particles.x[i] / side;
        double y = particles.y[i] / side;
        double cells = r / side;
        double perCells2 = 1 / (cells * cells);
        kernel.correct(cells, scratch.corrections);
        int first = y0 == 0 ? -PAD : (int) Math.ceil(y0 / side);
        int end = y1 == height ? grid.rows - PAD : (int) Math.ceil(y1 / side);
        int last = (int) Math.min(end - 1, Math.floor(y + cells));
        for (int row = Math.max(first, (int) Math.ceil(y - cells)); row <= last; row++) {
            double chord = Math.sqrt(Math.max(0, cells * cells - (row - y) * (row - y)));
            int left = Math.max(-PAD, (int) Math.ceil(x - chord));
            int n = (int) Math.min(grid.columns - PAD, Math.floor(x + chord) + 1) - left;
            if (n <= 0) {
                continue;
            }
            double[] coefficients = scratch.room(n);
            kernel.coefficients(left - x, row - y, perCells2, scratch.corrections, coefficients, n);
            int at = (row + PAD) * grid.columns + left + PAD;
            for (int k = 0; k < sums; k++) {
                if (factors[k] != 0) {
                    addRow(grid.planes[k], at, factors[k] / (r * r), coefficients, n);
                }
            }
        }
    }

    private static void addRow(double[] plane, int at, double factor, double[] values, int n) {
        for (int p = 0; p < n; p++) {
            plane[at + p] += factor * values[p];
        }
    }

    /** Notes which pixels of the rows y0..y1-1 a kernel reaches. */
    private void cover(double x, double y, double r, int y0, int y1) {
        double perRadius2 = 1 / (r * r);
        int last = (int) Math.min(y1 - 1, Math.floor(y + r));
        for (int row = Math.max(y0, (int) Math.ceil(y - r)); row <= last; row++) {
            double dy = row - y;
            double chord = Math.sqrt(Math.max(0, r * r - dy * dy));
            int left = Math.max(0, (int) Math.ceil(x - chord));
            int right = (int) Math.min(width - 1, Math.floor(x + chord));
            while (left <= right && !(((left - x) * (left - x) + dy * dy) * perRadius2 < 1)) {
                left++;
            }
            while (left <= right && !(((right - x) * (right - x) + dy * dy) * perRadius2 < 1)) {
                right--;
            }
            if (left <= right) {
                covered[row * (width + 1) + left]++;
                covered[row * (width + 1) + right + 1]--;
            }
        }
    }

    /** Arrays of one thread. */
    static final class Scratch {
        private final ProjectedKernel.Corrections corrections = new ProjectedKernel.Corrections();
        private double[] row = new double[0];

        private double[] room(int n) {
            row = row.length >= n ? row : Arrays.copyOf(row, n);
            return row;
        }
    }

    /** Adds everything to planes of the picture's pixels; only once. */
    void addTo(List<double[]> planes, Workers workers) {
        for (int level = grids.size(); level > 1; level--) {
            Grid from = grids.get(level - 1);
            Grid to = grids.get(level - 2);
            workers.run(
                    to.rows,
                    row -> {
                        for (int k = 0; k < sums; k++) {
                            finer(from, k, (int) row - PAD, to);
                        }
                    });
        }
        if (!grids.isEmpty()) {
            workers.run(
                    height,
                    row -> {
                        for (int k = 0; k < sums; k++) {
                            values(k, (int) row, planes.get(k));
                        }
                    });
        }
    }

    /** Adds a row of a grid in the coefficients of the next finer one. */
    private static void finer(Grid from, int sum, int row, Grid to) {
        double[] across = across(from, sum, row, FINER_EVEN, FINER_ODD);
        double[] out = to.planes[sum];
        int at = (row + PAD) * to.columns;
        for (int column = 0; column < to.columns; column++) {
            out[at + column] += between(across, column - PAD, FINER_EVEN, FINER_ODD);
        }
    }

    /** Adds the values of the finest grid in a row of the picture, where a kernel reaches. */
    private void values(int sum, int row, double[] out) {
        double[] across = across(grids.getFirst(), sum, row, VALUE_EVEN, VALUE_ODD);
        int kernels = 0;
        for (int column = 0; column < width; column++) {
            kernels += covered[row * (width + 1) + column];
            if (kernels > 0) {
                out[row * width + column] += between(across, column, VALUE_EVEN, VALUE_ODD);
            }
        }
    }

    /** A row of the next finer grid, in the columns of this one. */
    private static double[] across(Grid of, int sum, int row, double[] even, double[] odd) {
        double[] weights = row % 2 == 0 ? even : odd;
        double[] plane = of.planes[sum];
        double[] out = new double[of.columns];
        for (int k = 0; k < weights.length; k++) {
            int from = Math.floorDiv(row, 2) - 1 + k + PAD;
            if (weights[k] != 0 && from >= 0 && from < of.rows) {
                for (int c = 0; c < out.length; c++) {
                    out[c] += weights[k] * plane[from * of.columns + c];
                }
            }
        }
        return out;
    }

    private static double between(double[] across, int column, double[] even, double[] odd) {
        double[] weights = column % 2 == 0 ? even : odd;
        int from = Math.floorDiv(column, 2) - 1 + PAD;
        double sum = 0;
        for (int k = 0; k < weights.length; k++) {
            if (from + k >= 0 && from + k < across.length) {
                sum += weights[k] * across[from + k];
            }
        }
        return sum;
    }
}
