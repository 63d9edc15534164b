package org.perseid.io.par;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.perseid.renderer.model.ColorMap;
import org.perseid.renderer.model.Measure;
import org.perseid.renderer.model.SphKernel;
import org.perseid.renderer.model.Transform;

/**
 * The float layers beside a picture, and the one that is the picture.
 *
 * @param measures beside the picture; none for the picture alone
 * @param pictured the layer that is the picture; null for light
 * @param fields names of the fields that measures count, in the order of the particles' extra
 *     columns behind the mass
 * @param formats of the files
 * @param kernel of the particles
 * @param support radius of the kernel's support in units of the smoothing length that the file
 *     holds; NaN for the format's own
 */
public record Numbers(
        List<Measure> measures,
        @Nullable Pictured pictured,
        List<String> fields,
        List<LayerFormat> formats,
        SphKernel kernel,
        double support) {

    /** Formats of float layers. */
    public enum LayerFormat {
        FITS,
        EXR,
        PNG16,
        RAW
    }

    /**
     * A layer whose values are the picture, in colours.
     *
     * @param map the colours
     * @param transform of the values, before the range
     * @param min value of the first colour, after the transform; NaN for one that suits the picture
     * @param max value of the last colour, likewise
     */
    public record Pictured(
            Measure measure, ColorMap map, Transform transform, double min, double max) {}

    /** Fields that are read beside the picture's own: the mass, then those of the measures. */
    public List<String> extras() {
        if (measures.isEmpty() && pictured == null) {
            return List.of();
        }
        return java.util.stream.Stream.concat(java.util.stream.Stream.of("mass"), fields.stream())
                .toList();
    }
}
