package org.perseid.io.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.perseid.renderer.model.FloatImage;

/**
 * Little-endian floats behind a header of text: a line {@code perseid-f32 WIDTH HEIGHT BYTES}, then
 * lines {@code key: value} and what tells how it was made; BYTES is where the floats begin.
 */
final class Raw {
    static final String BEGINS = "perseid-f32 ";
    private static final int ALIGN = 64;

    private Raw() {}

    static void write(FloatImage image, PixelGrid grid, Map<String, String> text, OutputStream out)
            throws IOException {
        StringBuilder body = new StringBuilder();
        body.append("layer: ").append(image.name()).append('\n');
        body.append("unit: ").append(grid.valueUnit()).append('\n');
        body.append("pixel: ").append(grid.pixelSide()).append(' ').append(grid.lengthUnit());
        body.append('\n');
        text.forEach((key, value) ->
                body.append("[").append(key).append("]\n").append(value.strip()).append('\n'));
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        int start = Math.ceilDiv(ALIGN + bytes.length, ALIGN) * ALIGN;
        byte[] head = new byte[start];
        java.util.Arrays.fill(head, (byte) '\n');
        byte[] first =
                (BEGINS + image.width() + " " + image.height() + " " + start + "\n")
                        .getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(first, 0, head, 0, first.length);
        System.arraycopy(bytes, 0, head, first.length, bytes.length);
        out.write(head);
        ByteBuffer row = ByteBuffer.allocate(4 * image.width()).order(ByteOrder.LITTLE_ENDIAN);
        for (int y = 0; y < image.height(); y++) {
            row.asFloatBuffer().put(image.values(), y * image.width(), image.width());
            out.write(row.array());
        }
    }
}
