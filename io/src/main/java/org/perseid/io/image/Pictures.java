package org.perseid.io.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import org.perseid.io.AtomicFile;
import org.perseid.io.par.PictureFormat;
import org.perseid.renderer.model.Picture;
import org.perseid.renderer.model.Workers;

/** Writes pictures. */
public final class Pictures {
    private Pictures() {}

    /**
     * Writes a picture; the file is complete or not there.
     *
     * @param text keyword and text: chunks of a PNG, comments of a PPM, developer area of a TGA
     * @param workers who share the encoding, where it can be shared
     * @throws org.perseid.io.InputException when it cannot be written
     */
    public static void write(
            Path file,
            PictureFormat format,
            Picture picture,
            Map<String, String> text,
            Workers workers) {
        AtomicFile.write(
                file,
                out -> {
                    switch (format) {
                        case PPM -> Ppm.write(picture, text, out);
                        case TGA -> Tga.write(picture, false, text, out);
                        case TGA_RLE -> Tga.write(picture, true, text, out);
                        case PNG -> Png.write(picture, text, out, workers);
                    }
                });
    }

    /** Writes a PNG whose rows are compressed; the file is complete or not there. */
    public static void write(Path file, PngStrips picture, Map<String, String> text) {
        AtomicFile.write(file, out -> picture.write(text, out));
    }

    /**
     * A picture as the content of a PNG file.
     *
     * @param text keyword and text of its chunks
     * @param workers who share the encoding
     */
    public static byte[] png(Picture picture, Map<String, String> text, Workers workers) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 16);
        try {
            Png.write(picture, text, out, workers);
        } catch (IOException e) {
            throw new UncheckedIOException("PNG encoding in memory", e);
        }
        return out.toByteArray();
    }
}
