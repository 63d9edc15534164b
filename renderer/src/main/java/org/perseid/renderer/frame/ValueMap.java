package org.perseid.renderer.frame;

import java.util.Arrays;
import org.perseid.renderer.model.ColorMap;
import org.perseid.renderer.model.Percentiles;
import org.perseid.renderer.model.Picture;
import org.perseid.renderer.model.ScalarMapping;
import org.perseid.renderer.model.Transform;
import org.perseid.renderer.model.Workers;

/**
 * From a float layer to a picture: transformed, scaled from a range to [0, 1], coloured. Pixels
 * where nothing is (NaN) are black; those without a logarithm have the first colour.
 *
 * @param map the colours
 * @param transform of the values, before the range
 * @param min value of the first colour, after the transform; NaN for one that suits the values
 * @param max value of the last colour, likewise
 * @param flipY whether the sky direction is up in the picture
 */
public record ValueMap(ColorMap map, Transform transform, double min, double max, boolean flipY) {
    /** Parts of the pixels below the first colour and above the last one, where they suit. */
    private static final double BELOW = 0.01;

    private static final double ABOVE = 0.001;

    /** About as many pixels tell what suits. */
    private static final int SAMPLE = 1 << 16;

    /**
     * The range of the colours: what is given of it, and else an end that few pixels are beyond.
     *
     * @param values of all pixels
     */
    public ScalarMapping range(float[] values) {
        if (!Double.isNaN(min) && !Double.isNaN(max)) {
            return new ScalarMapping(transform, (float) min, (float) max);
        }
        int stride = Math.max(1, values.length / SAMPLE);
        float[] sorted = new float[values.length / stride + 1];
        int n = 0;
        for (int p = 0; p < values.length; p += stride) {
            float v = values[p];
            if (Float.isFinite(v) && (transform != Transform.LOG10 || v > 0)) {
                sorted[n++] = transform.apply(v);
            }
        }
        sorted = Arrays.copyOf(sorted, n);
        Arrays.sort(sorted);
        float low = n == 0 ? 0 : Percentiles.at(sorted, BELOW);
        float high = n == 0 ? 1 : Percentiles.at(sorted, 1 - ABOVE);
        if (!Double.isNaN(min)) {
            return new ScalarMapping(transform, (float) min, Math.max((float) min, high));
        }
        float end = Double.isNaN(max) ? high : (float) max;
        return new ScalarMapping(transform, Math.min(low, end), end);
    }

    /**
     * The picture of a layer.
     *
     * @param values {@code width*height}, row by row
     * @param range as {@link #range} gives it
     */
    public Picture apply(
            float[] values, int width, int height, ScalarMapping range, Workers workers) {
        byte[] rgb = new byte[Math.multiplyExact(3, values.length)];
        workers.run(
                height,
                row -> {
                    int from = (int) row * width;
                    int to = 3 * width * (flipY ? height - 1 - (int) row : (int) row);
                    for (int x = 0; x < width; x++) {
                        float v = values[from + x];
                        if (!Float.isNaN(v)) {
                            float t = range.apply(v);
                            for (int c = 0; c < 3; c++) {
                                rgb[to + 3 * x + c] = ToneMap.quantize(map.at(c, t));
                            }
                        }
                    }
                });
        return new Picture(width, height, rgb);
    }
}
