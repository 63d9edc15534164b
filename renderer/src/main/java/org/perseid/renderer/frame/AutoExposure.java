package org.perseid.renderer.frame;

import java.util.Arrays;
import org.perseid.renderer.model.LinearImage;

/** Finds the brightness at which an emission image is well exposed. */
public final class AutoExposure {
    /** Lit is what is above this part of the brightest pixel. */
    private static final float LIT = 1e-3f;

    private AutoExposure() {}

    /**
     * The largest factor on all brightnesses with which, of the strongest channels of the lit
     * pixels, 98 % stay below 0.85 and 99.5 % below 0.99 after exposure: the second bound keeps a
     * dense centre from burning out. 1 for a black image.
     */
    public static double factor(LinearImage image) {
        float[] strongest = new float[image.red().length];
        for (int p = 0; p < strongest.length; p++) {
            strongest[p] = Math.max(image.red()[p], Math.max(image.green()[p], image.blue()[p]));
        }
        Arrays.sort(strongest);
        float threshold = strongest[strongest.length - 1] * LIT;
        int firstLit = 0;
        while (firstLit < strongest.length && !(strongest[firstLit] > threshold)) {
            firstLit++;
        }
        if (firstLit == strongest.length) {
            return 1;
        }
        return Math.min(
                factor(strongest, firstLit, 0.98, 0.85), factor(strongest, firstLit, 0.995, 0.99));
    }

    /** The factor that brings the pixel at a part of the lit ones to a level. */
    private static double factor(float[] sorted, int firstLit, double part, double level) {
        int index = firstLit + (int) (part * (sorted.length - 1 - firstLit));
        return -Math.log1p(-level) / sorted[index];
    }
}
