package org.perseid.io.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.zip.Deflater;
import org.perseid.renderer.model.FloatImage;

/**
 * OpenEXR with channels of 32-bit floats, in blocks of 16 lines packed with ZIP. Written from the
 * file layout that the OpenEXR project publishes; FloatFilesTest reads it with ffmpeg.
 */
final class Exr {
    private static final int MAGIC = 20000630;
    private static final int VERSION = 2;
    private static final int ZIP_LINES = 16;
    private static final byte ZIP = 3;
    private static final int FLOAT = 2;

    private Exr() {}

    /**
     * Writes images of one size.
     *
     * @param channels by name, in alphabetical order
     */
    static void write(
            SortedMap<String, FloatImage> channels, Map<String, String> text, OutputStream out)
            throws IOException {
        byte[] header = header(channels, text);
        List<FloatImage> images = List.copyOf(channels.values());
        int height = images.getFirst().height();
        List<byte[]> blocks = new ArrayList<>();
        for (int y = 0; y < height; y += ZIP_LINES) {
            blocks.add(block(images, y, Math.min(height, y + ZIP_LINES)));
        }
        out.write(header);
        ByteBuffer offsets = ByteBuffer.allocate(8 * blocks.size()).order(ByteOrder.LITTLE_ENDIAN);
        long at = header.length + 8L * blocks.size();
        for (byte[] block : blocks) {
            offsets.putLong(at);
            at += 8 + block.length;
        }
        out.write(offsets.array());
        for (int b = 0; b < blocks.size(); b++) {
            ByteBuffer head = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            head.putInt(b * ZIP_LINES).putInt(blocks.get(b).length);
            out.write(head.array());
            out.write(blocks.get(b));
        }
    }

    private static byte[] header(SortedMap<String, FloatImage> channels, Map<String, String> text)
            throws IOException {
        FloatImage image = channels.firstEntry().getValue();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(MAGIC)
                        .putInt(VERSION)
                        .array());
        ByteBuffer list =
                ByteBuffer.allocate(18 * channels.size() + 1).order(ByteOrder.LITTLE_ENDIAN);
        for (String name : channels.keySet()) { // names of one letter
            list.put((byte) name.charAt(0)).put((byte) 0);
            list.putInt(FLOAT).putInt(0).putInt(1).putInt(1);
        }
        attribute(out, "channels", "chlist", list.array());
        attribute(out, "compression", "compression", new byte[] {ZIP});
        byte[] window =
                ByteBuffer.allocate(16)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(0)
                        .putInt(0)
                        .putInt(image.width() - 1)
                        .putInt(image.height() - 1)
                        .array();
        attribute(out, "dataWindow", "box2i", window);
        attribute(out, "displayWindow", "box2i", window);
        attribute(out, "lineOrder", "lineOrder", new byte[] {0});
        attribute(
                out,
                "pixelAspectRatio",
                "float",
                ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(1).array());
        attribute(
                out,
                "screenWindowCenter",
                "v2f",
                ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).array());
        attribute(
                out,
                "screenWindowWidth",
                "float",
                ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(1).array());
        for (Map.Entry<String, String> entry : text.entrySet()) {
            attribute(
                    out,
                    entry.getKey(),
                    "string",
                    entry.getValue().getBytes(StandardCharsets.UTF_8));
        }
        out.write(0);
        return out.toByteArray();
    }

    private static void attribute(ByteArrayOutputStream out, String name, String type, byte[] value)
            throws IOException {
        out.write(name.getBytes(StandardCharsets.US_ASCII));
        out.write(0);
        out.write(type.getBytes(StandardCharsets.US_ASCII));
        out.write(0);
        out.write(
                ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value.length).array());
        out.write(value);
    }

    /** Even bytes, then odd ones, each as the difference to the one before, then deflated. */
    private static byte[] block(List<FloatImage> images, int y0, int y1) {
        int width = images.getFirst().width();
        ByteBuffer raw =
                ByteBuffer.allocate(4 * images.size() * width * (y1 - y0))
                        .order(ByteOrder.LITTLE_ENDIAN);
        FloatBuffer floats = raw.asFloatBuffer();
        for (int y = y0; y < y1; y++) {
            for (FloatImage image : images) {
                floats.put(image.values(), y * width, width);
            }
        }
        byte[] bytes = raw.array();
        byte[] sorted = new byte[bytes.length];
        int half = (bytes.length + 1) / 2;
        for (int i = 0; i < bytes.length; i++) {
            sorted[i / 2 + (i % 2 == 0 ? 0 : half)] = bytes[i];
        }
        for (int i = sorted.length - 1; i > 0; i--) {
            sorted[i] = (byte) (sorted[i] - sorted[i - 1] + 128);
        }
        byte[] packed = new byte[sorted.length + 1024];
        try (Deflater deflater = new Deflater(4)) {
            deflater.setInput(sorted);
            deflater.finish();
            int n = deflater.deflate(packed);
            return deflater.finished() && n < bytes.length
                    ? java.util.Arrays.copyOf(packed, n)
                    : bytes;
        }
    }
}
