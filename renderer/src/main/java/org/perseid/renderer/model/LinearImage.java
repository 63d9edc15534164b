package org.perseid.renderer.model;

import java.util.Arrays;
import java.util.List;

/**
 * Light before exposure: three planes of {@code width*height} floats, row by row, row 0 first;
 * unit: optical depth for {@link Shading.Emission}, radiance in [0, 1] for {@link
 * Shading.Absorption}. A back end writes it; whoever exposes it only reads.
 */
public final class LinearImage {
    private final int width;
    private final int height;
    private final float[] red;
    private final float[] green;
    private final float[] blue;

    /** A black image. */
    public LinearImage(int width, int height) {
        this.width = width;
        this.height = height;
        int pixels = Math.multiplyExact(width, height);
        red = new float[pixels];
        green = new float[pixels];
        blue = new float[pixels];
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    /** The plane itself, not a copy. */
    public float[] red() {
        return red;
    }

    /** The plane itself, not a copy. */
    public float[] green() {
        return green;
    }

    /** The plane itself, not a copy. */
    public float[] blue() {
        return blue;
    }

    /** The planes themselves: red, green, blue. */
    public List<float[]> planes() {
        return List.of(red, green, blue);
    }

    /** Adds the light of an image of the same size. */
    public void add(LinearImage other) {
        for (int p = 0; p < red.length; p++) {
            red[p] += other.red[p];
            green[p] += other.green[p];
            blue[p] += other.blue[p];
        }
    }

    /** Makes it black again. */
    public void clear() {
        Arrays.fill(red, 0f);
        Arrays.fill(green, 0f);
        Arrays.fill(blue, 0f);
    }
}
