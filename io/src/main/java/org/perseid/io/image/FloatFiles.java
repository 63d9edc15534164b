package org.perseid.io.image;

import java.nio.file.Path;
import java.util.Map;
import org.perseid.io.AtomicFile;
import org.perseid.io.par.Numbers;
import org.perseid.renderer.model.FloatImage;

/**
 * Writes float layers. In every format the first row is the lowest one of a picture with flip_y.
 */
public final class FloatFiles {
    private FloatFiles() {}

    /** The extension of a format. */
    public static String extension(Numbers.LayerFormat format) {
        return switch (format) {
            case FITS -> "fits";
            case EXR -> "exr";
            case PNG16 -> "png";
            case RAW -> "f32";
        };
    }

    /**
     * Writes a layer; the file is complete or not there.
     *
     * @param grid where the pixels are, and units
     * @param text keyword and text that tell how it was made
     * @throws org.perseid.io.InputException when it cannot be written
     */
    public static void write(
            Path file,
            Numbers.LayerFormat format,
            FloatImage image,
            PixelGrid grid,
            Map<String, String> text) {
        AtomicFile.write(
                file,
                out -> {
                    switch (format) {
                        case FITS -> FitsImage.write(image, grid, text, out);
                        case EXR -> Exr.write(image.flipped(), text, out);
                        case PNG16 -> Png.write16(image.flipped(), text, out);
                        case RAW -> Raw.write(image, grid, text, out);
                    }
                });
    }
}
