package org.perseid.io.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.perseid.renderer.model.Picture;

/** Portable pixmap, binary (P6), each number of the header on its own line as Splotch writes it. */
final class Ppm {
    private Ppm() {}

    static void write(Picture picture, OutputStream out) throws IOException {
        String header = "P6\n" + picture.width() + "\n" + picture.height() + "\n255\n";
        out.write(header.getBytes(StandardCharsets.US_ASCII));
        out.write(picture.rgb());
    }
}
