package org.perseid.io.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.perseid.renderer.model.Picture;

/** Portable pixmap, binary (P6), each number of the header on its own line as Splotch writes it. */
final class Ppm {
    private Ppm() {}

    /**
     * Writes a picture.
     *
     * @param text goes to comments of the header, {@code # KEYWORD LINE}
     */
    static void write(Picture picture, Map<String, String> text, OutputStream out)
            throws IOException {
        StringBuilder header = new StringBuilder("P6\n");
        text.forEach((key, value) ->
                value.lines()
                        .forEach(line ->
                                header.append("# ")
                                        .append(key)
                                        .append(' ')
                                        .append(line)
                                        .append('\n')));
        header.append(picture.width()).append('\n').append(picture.height()).append("\n255\n");
        out.write(header.toString().getBytes(StandardCharsets.UTF_8));
        out.write(picture.rgb());
    }
}
