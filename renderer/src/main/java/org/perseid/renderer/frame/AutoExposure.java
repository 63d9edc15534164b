package org.perseid.renderer.frame;

import java.util.Arrays;
import org.perseid.renderer.model.LinearImage;

/** Finds the brightness at which an emission image is well exposed. */
public final class AutoExposure {
    /** Part of the lit pixels that stay below {@link #BRIGHT}. */
    private static final double PART = 0.98;

    /** Level in [0, 1] of the pixel at that part. */
    private static final double BRIGHT = 0.85;

    private AutoExposure() {}

    /**
     * The factor on all brightnesses that brings the strongest channel of the pixel at 98 % of the
     * lit ones (those above a thousandth of the brightest) to 0.85 after exposure; 1 for a black
     * image.
     */
    public static double factor(LinearImage image) {
        float[] strongest = new float[image.red().length];
        for (int p = 0; p < strongest.length; p++) {
            strongest[p] = Math.max(image.red()[p], Math.max(image.green()[p], image.blue()[p]));
        }
        Arrays.sort(strongest);
        float threshold = strongest[strongest.length - 1] * 1e-3f;
        int firstLit = 0;
        while (firstLit < strongest.length && !(strongest[firstLit] > threshold)) {
            firstLit++;
        }
        if (firstLit == strongest.length) {
            return 1;
        }
        int index = firstLit + (int) (PART * (strongest.length - 1 - firstLit));
        return -Math.log1p(-BRIGHT) / strongest[index];
    }
}
