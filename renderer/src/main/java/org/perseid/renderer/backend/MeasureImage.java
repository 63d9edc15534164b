package org.perseid.renderer.backend;

import java.util.Arrays;
import java.util.List;
import org.perseid.renderer.model.FloatImage;
import org.perseid.renderer.model.Measure;
import org.perseid.renderer.model.Peers;
import org.perseid.renderer.model.Peers.Fold;

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

    /** Nothing measured yet. */
    public MeasureImage(int width, int height, List<Measure> measures) {
        this.width = width;
        this.height = height;
        this.measures = List.copyOf(measures);
        planes = new double[measures.size()][width * height];
        weights = new double[measures.size()][];
        for (int k = 0; k < planes.length; k++) {
            switch (measures.get(k).kind()) {
                case MEAN -> weights[k] = new double[width * height];
                case MAXIMUM -> Arrays.fill(planes[k], Double.NEGATIVE_INFINITY);
                case DEPTH -> Arrays.fill(planes[k], Double.POSITIVE_INFINITY);
                default -> {}
            }
        }
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
     * Adds a particle to a pixel.
     *
     * @param i the particle
     * @param part of its mass that lies in the pixel
     */
    public void add(Footprints particles, int i, int pixel, double part) {
        double mass = particles.mass[i] * part;
        for (int k = 0; k < planes.length; k++) {
            double[] plane = planes[k];
            Measure measure = measures.get(k);
            switch (measure.kind()) {
                case MASS -> plane[pixel] += mass;
                case COLUMN_DENSITY -> {
                    double side = particles.unitsPerPixel[i];
                    plane[pixel] += mass / (side * side);
                }
                case MEAN -> {
                    float v = particles.values[measure.field()][i];
                    if (Float.isFinite(v)) {
                        plane[pixel] += mass * v;
                        weights[k][pixel] += mass;
                    }
                }
                case MAXIMUM -> {
                    float v = particles.values[measure.field()][i];
                    if (v > plane[pixel]) {
                        plane[pixel] = v;
                    }
                }
                case HITS -> plane[pixel]++;
                case DEPTH -> plane[pixel] = Math.min(plane[pixel], particles.depth[i]);
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
