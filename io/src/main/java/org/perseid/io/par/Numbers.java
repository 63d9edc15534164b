package org.perseid.io.par;

import java.util.List;
import org.perseid.renderer.model.Measure;
import org.perseid.renderer.model.SphKernel;

/**
 * The float layers beside a picture.
 *
 * @param measures none for the picture alone
 * @param fields names of the fields that measures count, in the order of the particles' extra
 *     columns behind the mass
 * @param formats of the files
 * @param kernel of the particles
 * @param support radius of the kernel's support in units of the smoothing length that the file
 *     holds; NaN for the format's own
 */
public record Numbers(
        List<Measure> measures,
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

    /** Fields that are read beside the picture's own: the mass, then those of the measures. */
    public List<String> extras() {
        if (measures.isEmpty()) {
            return List.of();
        }
        return java.util.stream.Stream.concat(java.util.stream.Stream.of("mass"), fields.stream())
                .toList();
    }
}
