package org.perseid.io.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.perseid.renderer.model.Picture;

/** Targa, 24 bits, top row first, raw or with run lengths, as Splotch writes it. */
final class Tga {
    private static final int RAW = 2;
    private static final int RUN_LENGTHS = 10;
    private static final int TOP_LEFT = 0x20;
    private static final int MAX_PACKET = 128;

    /** Ends a file of version 2.0. */
    static final String SIGNATURE = "TRUEVISION-XFILE.\0";

    static final int FOOTER_BYTES = 26;

    /** Tag of the text in the developer area; tags below 32768 are free for anyone. */
    private static final short TEXT_TAG = 20_000;

    private Tga() {}

    static void write(
            Picture picture, boolean runLengths, Map<String, String> text, OutputStream out)
            throws IOException {
        long pixelBytes = 0;
        byte[] header = new byte[18];
        header[2] = (byte) (runLengths ? RUN_LENGTHS : RAW);
        header[12] = (byte) picture.width();
        header[13] = (byte) (picture.width() >> 8);
        header[14] = (byte) picture.height();
        header[15] = (byte) (picture.height() >> 8);
        header[16] = 24;
        header[17] = TOP_LEFT;
        out.write(header);
        int rowBytes = 3 * picture.width();
        byte[] bgr = new byte[rowBytes];
        for (int row = 0; row < picture.height(); row++) {
            for (int k = 0; k < rowBytes; k += 3) {
                int p = row * rowBytes + k;
                bgr[k] = picture.rgb()[p + 2];
                bgr[k + 1] = picture.rgb()[p + 1];
                bgr[k + 2] = picture.rgb()[p];
            }
            if (runLengths) {
                ByteArrayOutputStream packets = new ByteArrayOutputStream();
                writePackets(bgr, packets);
                packets.writeTo(out);
                pixelBytes += packets.size();
            } else {
                out.write(bgr);
                pixelBytes += bgr.length;
            }
        }
        if (!text.isEmpty()) {
            writeText(text, header.length + pixelBytes, out);
        }
    }

    /**
     * The text, the directory of the developer area, and the footer of TGA 2.0 that points to it.
     */
    private static void writeText(Map<String, String> text, long at, OutputStream out)
            throws IOException {
        StringBuilder body = new StringBuilder();
        text.forEach((key, value) ->
                value.lines()
                        .forEach(line -> body.append(key).append(' ').append(line).append('\n')));
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer end = ByteBuffer.allocate(12 + FOOTER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        end.putShort((short) 1).putShort(TEXT_TAG).putInt((int) at).putInt(bytes.length);
        end.putInt(0).putInt((int) (at + bytes.length));
        end.put(SIGNATURE.getBytes(StandardCharsets.US_ASCII));
        out.write(bytes);
        out.write(end.array());
    }

    /** Packets never cross a row: a run of equal pixels, or up to 128 pixels as they are. */
    private static void writePackets(byte[] row, OutputStream out) throws IOException {
        int pixels = row.length / 3;
        int at = 0;
        while (at < pixels) {
            int run = runAt(row, at, pixels);
            if (run > 1) {
                out.write(0x80 | (run - 1));
                out.write(row, 3 * at, 3);
                at += run;
            } else {
                int end = at + 1;
                while (end < pixels && end - at < MAX_PACKET && runAt(row, end, pixels) == 1) {
                    end++;
                }
                out.write(end - at - 1);
                out.write(row, 3 * at, 3 * (end - at));
                at = end;
            }
        }
    }

    private static int runAt(byte[] row, int at, int pixels) {
        int n = 1;
        while (n < MAX_PACKET && at + n < pixels && samePixel(row, 3 * at, 3 * (at + n))) {
            n++;
        }
        return n;
    }

    private static boolean samePixel(byte[] row, int a, int b) {
        return row[a] == row[b] && row[a + 1] == row[b + 1] && row[a + 2] == row[b + 2];
    }
}
