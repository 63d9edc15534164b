package org.perseid.io.image;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.Adler32;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.perseid.renderer.model.Workers;

/**
 * Writes PNG (ISO/IEC 15948) in strips of rows that are compressed one by one, so that threads
 * share the work; the bytes do not depend on how many there are. Rows are filtered as differences
 * to the row above, which suits smooth pictures: by smaller files than without a filter, and hardly
 * larger ones than with the best of all filters for each row.
 */
final class PngEncoder {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    /** Compression method 8, window of 32 KiB, "fast". */
    private static final byte[] ZLIB_HEADER = {0x78, 0x5e};

    /** Beyond it files become little smaller, and take several times as long. */
    private static final int LEVEL = 4;

    private static final byte UP = 2;

    /** Bytes of a strip before compression: small enough for many threads. */
    private static final int STRIP = 1 << 19;

    private static final int ADLER_BASE = 65521;

    private final int width;
    private final int height;
    private final Pixels pixels;
    private final byte[] samples;
    private final int rowBytes;

    /** What a pixel is. */
    enum Pixels {
        RGB(8, 2, 3),
        /** The more significant byte first. */
        GREY_16(16, 0, 2);

        private final int depth;
        private final int colorType;
        private final int bytes;

        Pixels(int depth, int colorType, int bytes) {
            this.depth = depth;
            this.colorType = colorType;
            this.bytes = bytes;
        }
    }

    /**
     * @param samples of {@code width * height} pixels, row 0 first
     */
    PngEncoder(int width, int height, Pixels pixels, byte[] samples) {
        this.width = width;
        this.height = height;
        this.pixels = pixels;
        this.samples = samples;
        this.rowBytes = width * pixels.bytes;
    }

    /**
     * A strip that is compressed.
     *
     * @param data a part of a deflate stream, ends on a byte
     * @param sum of its bytes before compression
     * @param length how many these were
     */
    @SuppressWarnings("ArrayRecordComponent") // written once
    private record Strip(byte[] data, long sum, long length) {}

    void write(Map<String, String> text, OutputStream out, Workers workers) throws IOException {
        int rows = Math.clamp(STRIP / (rowBytes + 1), 1, height);
        Strip[] strips = new Strip[Math.ceilDiv(height, rows)];
        workers.run(
                strips.length,
                k -> {
                    int first = (int) k * rows;
                    strips[(int) k] = strip(first, Math.min(height, first + rows));
                });
        out.write(SIGNATURE);
        chunk("IHDR", header(), out);
        for (Map.Entry<String, String> entry : text.entrySet()) {
            chunk("iTXt", text(entry.getKey(), entry.getValue()), out);
        }
        chunk("IDAT", ZLIB_HEADER, out);
        long sum = 1;
        for (Strip strip : strips) {
            chunk("IDAT", strip.data, out);
            sum = joined(sum, strip.sum, strip.length);
        }
        chunk("IDAT", bytes((int) sum), out);
        chunk("IEND", new byte[0], out);
    }

    private Strip strip(int first, int end) {
        Adler32 sum = new Adler32();
        ByteArrayOutputStream out = new ByteArrayOutputStream(STRIP / 4);
        byte[] row = new byte[rowBytes + 1];
        byte[] buffer = new byte[1 << 14];
        Deflater deflater = new Deflater(LEVEL, true);
        try {
            for (int y = first; y < end; y++) {
                filter(y, row);
                sum.update(row);
                deflater.setInput(row);
                while (!deflater.needsInput()) {
                    out.write(buffer, 0, deflater.deflate(buffer));
                }
            }
            int flush = Deflater.SYNC_FLUSH;
            if (end == height) {
                deflater.finish();
                flush = Deflater.NO_FLUSH;
            }
            int n = buffer.length;
            while (n == buffer.length) {
                n = deflater.deflate(buffer, 0, buffer.length, flush);
                out.write(buffer, 0, n);
            }
        } finally {
            deflater.end();
        }
        return new Strip(out.toByteArray(), sum.getValue(), (long) (end - first) * row.length);
    }

    private void filter(int y, byte[] row) {
        row[0] = UP;
        int at = y * rowBytes;
        if (y == 0) {
            System.arraycopy(samples, 0, row, 1, rowBytes);
            return;
        }
        for (int i = 0; i < rowBytes; i++) {
            row[i + 1] = (byte) (samples[at + i] - samples[at + i - rowBytes]);
        }
    }

    /** The sum (Adler-32) of bytes whose parts have the sums a and b, the second of that length. */
    private static long joined(long a, long b, long length) {
        long low = ((a & 0xffff) + (b & 0xffff) - 1) % ADLER_BASE;
        long shift = length % ADLER_BASE * ((a & 0xffff) + ADLER_BASE - 1);
        long high = ((a >>> 16) + (b >>> 16) + shift) % ADLER_BASE;
        return high << 16 | low;
    }

    private byte[] header() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(out);
        data.writeInt(width);
        data.writeInt(height);
        data.write(new byte[] {(byte) pixels.depth, (byte) pixels.colorType, 0, 0, 0});
        return out.toByteArray();
    }

    /** Keyword, 0, compression flag and method, language, 0, translated keyword, 0, text. */
    private static byte[] text(String keyword, String value) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(keyword.getBytes(StandardCharsets.ISO_8859_1));
        out.write(new byte[5]);
        out.write(value.getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }

    private static byte[] bytes(int v) {
        return new byte[] {(byte) (v >> 24), (byte) (v >> 16), (byte) (v >> 8), (byte) v};
    }

    private static void chunk(String type, byte[] data, OutputStream out) throws IOException {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 sum = new CRC32();
        sum.update(name);
        sum.update(data);
        out.write(bytes(data.length));
        out.write(name);
        out.write(data);
        out.write(bytes((int) sum.getValue()));
    }
}
