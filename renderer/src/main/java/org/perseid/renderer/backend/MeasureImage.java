package org.perseid.renderer.backend;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.perseid.renderer.model.FloatImage;
import org.perseid.renderer.model.Measure;
import org.perseid.renderer.model.Peers;
import org.perseid.renderer.model.Peers.Fold;
import org.perseid.renderer.model.Workers;

/**
 * Float layers while they are measured, in double precision: one plane of {@code width*height} for
 * each measure, and one of the mass for the weights of means.
 */
public final class MeasureImage {
    private final int width;
    private final int height;
    private final List<Measure> measures;
    private final double[][] planes;
    private final double[][] weights;
    private final List<Sum> sums = new ArrayList<>();
    private final CoarseSums coarse;

    /** A plane to which masses are added, times the value of a field for the sum of a mean. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Sum(Measure measure, boolean valued, double[] plane) {
        /** What a particle's parts are multiplied with; 0 where it does not count. */
        double factor(Footprints particles, int i) {
            double mass = particles.mass[i];
            return switch (measure.kind()) {
                case COLUMN_DENSITY -> {
                    double side = particles.unitsPerPixel[i];
                    yield mass / (side * side);
                }
                case MEAN -> {
                    float v = particles.values[measure.field()][i];
                    yield !Float.isFinite(v) ? 0 : valued ? mass * v : mass;
                }
                default -> mass;
            };
        }
    }

    /** Nothing measured yet. */
    public MeasureImage(int width, int height, List<Measure> measures) {
        this.width = width;
        this.height = height;
        this.measures = List.copyOf(measures);
        planes = new double[measures.size()][width * height];
        weights = new double[measures.size()][];
        for (int k = 0; k < planes.length; k++) {
            Measure measure = measures.get(k);
            switch (measure.kind()) {
                case MASS, COLUMN_DENSITY -> sums.add(new Sum(measure, false, planes[k]));
                case MEAN -> {
                    weights[k] = new double[width * height];
                    sums.add(new Sum(measure, true, planes[k]));
                    sums.add(new Sum(measure, false, weights[k]));
                }
                case MAXIMUM -> Arrays.fill(planes[k], Double.NEGATIVE_INFINITY);
                case DEPTH -> Arrays.fill(planes[k], Double.POSITIVE_INFINITY);
                case HITS -> {}
            }
        }
        coarse = new CoarseSums(width, height, sums.size());
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    public List<Measure> measures() {
        return measures;
    }

    /**
     * Parts of a particle's mass that lie in a rectangle of pixels, times a factor that all have; 0
     * where the particle does not reach.
     *
     * @param at place of the rectangle's first part
     * @param stride from a row's parts to the next one's
     */
    @SuppressWarnings("ArrayRecordComponent") // a buffer and where in it
    record Parts(double[] values, int at, int stride, int columns, int rows) {}

    /** Grids for the sums of large kernels; what they hold is missing until {@link #gather}. */
    CoarseSums coarse() {
        return coarse;
    }

    /** What a particle's parts are multiplied with, for each sum. */
    double[] factors(Footprints particles, int i) {
        double[] out = new double[sums.size()];
        for (int k = 0; k < out.length; k++) {
            out[k] = sums.get(k).factor(particles, i);
        }
        return out;
    }

    /**
     * Adds a particle to the sums in a rectangle of pixels.
     *
     * @param i the particle
     * @param pixel the first one
     * @param norm what the parts have to be multiplied with
     */
    void addSums(Footprints particles, int i, int pixel, Parts parts, double norm) {
        for (Sum sum : sums) {
            double factor = norm * sum.factor(particles, i);
            if (factor != 0) {
                addTo(sum.plane, pixel, parts, factor);
            }
        }
    }

    /** Whether there are layers for which it counts whether a particle reaches a pixel. */
    boolean asksForReach() {
        return measures.stream().anyMatch(MeasureImage::asksForReach);
    }

    private static boolean asksForReach(Measure measure) {
        return switch (measure.kind()) {
            case MASS, COLUMN_DENSITY, MEAN -> false;
            case MAXIMUM, HITS, DEPTH -> true;
        };
    }

    /**
     * Adds a particle to the layers for which it counts whether it reaches a pixel.
     *
     * @param i the particle
     * @param pixel the first one
     */
    void addReach(Footprints particles, int i, int pixel, Parts parts) {
        for (int k = 0; k < planes.length; k++) {
            Measure measure = measures.get(k);
            switch (measure.kind()) {
                case MASS, COLUMN_DENSITY, MEAN -> {}
                case MAXIMUM -> {
                    float v = particles.values[measure.field()][i];
                    forReached(
                            planes[k],
                            pixel,
                            parts,
                            (plane, p) -> plane[p] = v > plane[p] ? v : plane[p]);
                }
                case HITS -> forReached(planes[k], pixel, parts, (plane, p) -> plane[p]++);
                case DEPTH -> {
                    double depth = particles.depth[i];
                    forReached(
                            planes[k],
                            pixel,
                            parts,
                            (plane, p) -> plane[p] = Math.min(plane[p], depth));
                }
            }
        }
    }

    /** Adds the particles, by bands of rows. */
    public void add(Footprints particles, ProjectedKernel kernel, Workers workers) {
        Measuring.add(particles, kernel, this, workers);
    }

    /** Puts the grids of large kernels into the layers; once, when all particles are measured. */
    public void gather(Workers workers) {
        coarse.addTo(sums.stream().map(Sum::plane).toList(), workers);
    }

    private void addTo(double[] plane, int pixel, Parts parts, double factor) {
        double[] values = parts.values;
        int n = parts.columns;
        int from = parts.at;
        int to = pixel;
        for (int row = 0; row < parts.rows; row++) {
            for (int p = 0; p < n; p++) {
                plane[to + p] += factor * values[from + p];
            }
            from += parts.stride;
            to += width;
        }
    }

    /** What a particle does to a pixel that it reaches. */
    private interface Change {
        void at(double[] plane, int pixel);
    }

    private void forReached(double[] plane, int pixel, Parts parts, Change change) {
        for (int row = 0; row < parts.rows; row++) {
            for (int p = 0; p < parts.columns; p++) {
                if (parts.values[parts.at + row * parts.stride + p] > 0) {
                    change.at(plane, pixel + row * width + p);
                }
            }
        }
    }

    /** Puts together what the particles of all peers have; number 0 has the result. */
    public void merge(Peers peers) {
        for (int k = 0; k < planes.length; k++) {
            switch (measures.get(k).kind()) {
                case MASS, COLUMN_DENSITY, HITS -> peers.fold(Fold.SUM, List.of(planes[k]));
                case MEAN -> peers.fold(Fold.SUM, List.of(planes[k], weights[k]));
                case MAXIMUM -> peers.fold(Fold.GREATEST, List.of(planes[k]));
                case DEPTH -> peers.fold(Fold.LEAST, List.of(planes[k]));
            }
        }
    }

    /** The layers, NaN where no particle is for those that have no zero. */
    public List<FloatImage> finish() {
        FloatImage[] out = new FloatImage[planes.length];
        for (int k = 0; k < out.length; k++) {
            float[] values = new float[planes[k].length];
            for (int p = 0; p < values.length; p++) {
                double v = weights[k] == null ? planes[k][p] : planes[k][p] / weights[k][p];
                values[p] = Double.isInfinite(v) ? Float.NaN : (float) v;
            }
            out[k] = new FloatImage(measures.get(k).name(), width, height, values);
        }
        return List.of(out);
    }
}
