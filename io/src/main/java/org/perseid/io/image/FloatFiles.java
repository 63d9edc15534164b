package org.perseid.io.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.perseid.io.AtomicFile;
import org.perseid.io.par.Numbers;
import org.perseid.renderer.model.FloatImage;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.Workers;

/**
 * Writes float layers. In every format the first row is the lowest one of a picture with flip_y.
 */
public final class FloatFiles {
    private static final String LIGHT = "light";

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
     * @param workers who share the encoding, where it can be shared
     * @throws org.perseid.io.InputException when it cannot be written
     */
    public static void write(
            Path file,
            Numbers.LayerFormat format,
            FloatImage image,
            PixelGrid grid,
            Map<String, String> text,
            Workers workers) {
        AtomicFile.write(file, out -> write(format, image, grid, text, workers, out));
    }

    /** A layer as the content of a file, as {@link #write} would write it. */
    public static byte[] bytes(
            Numbers.LayerFormat format,
            FloatImage image,
            PixelGrid grid,
            Map<String, String> text,
            Workers workers) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 16);
        try {
            write(format, image, grid, text, workers, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not from memory
        }
        return out.toByteArray();
    }

    private static void write(
            Numbers.LayerFormat format,
            FloatImage image,
            PixelGrid grid,
            Map<String, String> text,
            Workers workers,
            OutputStream out)
            throws IOException {
        switch (format) {
            case FITS -> FitsImage.write(image, grid, text, out);
            case EXR -> Exr.write(new TreeMap<>(Map.of("Y", image.flipped())), text, out);
            case PNG16 -> Png.write16(image.flipped(), text, out, workers);
            case RAW -> Raw.write(image, grid, text, out);
        }
    }

    /**
     * Light as the content of a file: an EXR with the channels R, G and B, or a FITS cube of three
     * planes; rows as in the layers' files.
     *
     * @param format EXR or FITS
     * @param grid where the pixels are
     * @param text keyword and text that tell how it was made
     */
    public static byte[] light(
            LinearImage light,
            Numbers.LayerFormat format,
            PixelGrid grid,
            Map<String, String> text) {
        FloatImage red = plane(light, light.red());
        FloatImage green = plane(light, light.green());
        FloatImage blue = plane(light, light.blue());
        ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 16);
        try {
            switch (format) {
                case EXR ->
                        Exr.write(
                                new TreeMap<>(
                                        Map.of(
                                                "R", red.flipped(),
                                                "G", green.flipped(),
                                                "B", blue.flipped())),
                                text,
                                out);
                case FITS -> FitsImage.write(LIGHT, List.of(red, green, blue), grid, text, out);
                case PNG16, RAW -> throw new IllegalArgumentException(format + " holds one plane");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("encoding in memory", e);
        }
        return out.toByteArray();
    }

    private static FloatImage plane(LinearImage light, float[] values) {
        return new FloatImage(LIGHT, light.width(), light.height(), values);
    }
}
