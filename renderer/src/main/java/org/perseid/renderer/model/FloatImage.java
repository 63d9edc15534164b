package org.perseid.renderer.model;

/**
 * A finished float layer.
 *
 * @param name of the layer
 * @param width pixels
 * @param height pixels
 * @param values {@code width*height}, row by row, row 0 first as in {@link LinearImage}; NaN where
 *     nothing is
 */
@SuppressWarnings("ArrayRecordComponent") // a buffer with its shape, handed over once
public record FloatImage(String name, int width, int height, float[] values) {
    /** Multiplies all values. */
    public void multiply(float factor) {
        for (int p = 0; factor != 1 && p < values.length; p++) {
            values[p] *= factor;
        }
    }

    /** The same upside down. */
    public FloatImage flipped() {
        float[] out = new float[values.length];
        for (int y = 0; y < height; y++) {
            System.arraycopy(values, y * width, out, (height - 1 - y) * width, width);
        }
        return new FloatImage(name, width, height, out);
    }
}
