package org.perseid.io.image;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.zip.Adler32;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.perseid.renderer.model.Joining.Rows;
import org.perseid.renderer.model.Picture;
import org.perseid.renderer.model.Workers;

/**
 * A picture as PNG (ISO/IEC 15948) in strips of rows that are compressed one by one, so that
 * threads, or processes that have some rows each, share the work; the bytes do not depend on the
 * number of threads. Rows are filtered as differences to the row above, which suits smooth
 * pictures: files are smaller than without a filter, and hardly larger than with the best of all
 * filters for each row.
 */
public final class PngStrips {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    /** Compression method 8, window of 32 KiB, "fast". */
    private static final byte[] ZLIB_HEADER = {0x78, 0x5e};

    /** Beyond it files become little smaller, and take several times as long. */
    private static final int LEVEL = 4;

    /** Filters: the sample as it is less the one of the pixel before, or of the row above. */
    private static final byte SUB = 1;

    private static final byte UP = 2;

    /** Bytes of a strip before compression: small enough for many threads. */
    private static final int STRIP = 1 << 19;

    private static final int ADLER_BASE = 65521;

    private final int width;
    private final int height;
    private final Pixels pixels;
    private final List<Strip> strips;

    /** What a pixel is. */
    private enum Pixels {
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
     * A strip that is compressed.
     *
     * @param data a part of a deflate stream, ends on a byte; the end of it where the rows are the
     *     picture's last ones
     * @param sum of its bytes before compression (Adler-32)
     */
    @SuppressWarnings("ArrayRecordComponent") // written once
    private record Strip(Rows rows, byte[] data, long sum) {}

    private PngStrips(int width, int height, Pixels pixels, List<Strip> strips) {
        this.width = width;
        this.height = height;
        this.pixels = pixels;
        this.strips = strips;
    }

    /**
     * Compresses rows of a picture.
     *
     * @param rows any of it, from the top
     */
    public static PngStrips of(Picture picture, List<Rows> rows, Workers workers) {
        PngStrips out =
                new PngStrips(picture.width(), picture.height(), Pixels.RGB, new ArrayList<>());
        out.compress(picture.rgb(), rows, workers);
        return out;
    }

    /** Compresses grey of 16 bits. */
    static PngStrips ofGrey(int width, int height, byte[] samples, Workers workers) {
        PngStrips out = new PngStrips(width, height, Pixels.GREY_16, new ArrayList<>());
        out.compress(samples, Rows.all(height), workers);
        return out;
    }

    /**
     * Puts the strips of processes together.
     *
     * @param parts as {@link #bytes} made them of pictures of that size, in any order
     * @throws IllegalArgumentException when they are not all rows of the picture, each once
     */
    public static PngStrips joined(int width, int height, List<byte[]> parts) {
        List<Strip> all = new ArrayList<>();
        for (byte[] part : parts) {
            ByteBuffer in = ByteBuffer.wrap(part);
            while (in.hasRemaining()) {
                Rows rows = new Rows(in.getInt(), in.getInt());
                long sum = in.getInt() & 0xffff_ffffL;
                byte[] data = new byte[in.getInt()];
                in.get(data);
                all.add(new Strip(rows, data, sum));
            }
        }
        all.sort(Comparator.comparingInt(strip -> strip.rows.first()));
        int next = 0;
        for (Strip strip : all) {
            if (strip.rows.first() != next) {
                throw new IllegalArgumentException("row " + next + " is missing, or there twice");
            }
            next = strip.rows.end();
        }
        if (next != height) {
            throw new IllegalArgumentException("row " + next + " is missing");
        }
        return new PngStrips(width, height, Pixels.RGB, all);
    }

    /** The strips for a process that puts them together. */
    public byte[] bytes() {
        ByteBuffer out =
                ByteBuffer.allocate(strips.stream().mapToInt(s -> 16 + s.data.length).sum());
        for (Strip strip : strips) {
            out.putInt(strip.rows.first()).putInt(strip.rows.end());
            out.putInt((int) strip.sum).putInt(strip.data.length).put(strip.data);
        }
        return out.array();
    }

    private int rowBytes() {
        return width * pixels.bytes;
    }

    private void compress(byte[] samples, List<Rows> rows, Workers workers) {
        int most = Math.max(1, STRIP / (rowBytes() + 1));
        List<Rows> parts = new ArrayList<>();
        for (Rows of : rows) {
            for (int first = of.first(); first < of.end(); first += most) {
                parts.add(new Rows(first, Math.min(of.end(), first + most)));
            }
        }
        Strip[] compressed = new Strip[parts.size()];
        // rows that follow each other are all here
        workers.run(
                parts.size(),
                k -> {
                    int i = (int) k;
                    boolean above = i > 0 && parts.get(i - 1).end() == parts.get(i).first();
                    compressed[i] = strip(samples, parts.get(i), above);
                });
        strips.addAll(List.of(compressed));
    }

    /** Writes the file. */
    void write(Map<String, String> text, OutputStream out) throws IOException {
        out.write(SIGNATURE);
        chunk("IHDR", header(), out);
        for (Map.Entry<String, String> entry : text.entrySet()) {
            chunk("iTXt", text(entry.getKey(), entry.getValue()), out);
        }
        chunk("IDAT", ZLIB_HEADER, out);
        long sum = 1;
        for (Strip strip : strips) {
            chunk("IDAT", strip.data, out);
            int rows = strip.rows.end() - strip.rows.first();
            sum = joined(sum, strip.sum, (long) rows * (rowBytes() + 1));
        }
        chunk("IDAT", bytes((int) sum), out);
        chunk("IEND", new byte[0], out);
    }

    /**
     * @param above whether the row above the first is here
     */
    private Strip strip(byte[] samples, Rows rows, boolean above) {
        Adler32 sum = new Adler32();
        ByteArrayOutputStream out = new ByteArrayOutputStream(STRIP / 4);
        byte[] row = new byte[rowBytes() + 1];
        byte[] buffer = new byte[1 << 14];
        Deflater deflater = new Deflater(LEVEL, true);
        try {
            for (int y = rows.first(); y < rows.end(); y++) {
                filter(samples, y, y > rows.first() || above ? UP : SUB, row);
                sum.update(row);
                deflater.setInput(row);
                while (!deflater.needsInput()) {
                    out.write(buffer, 0, deflater.deflate(buffer));
                }
            }
            int flush = Deflater.SYNC_FLUSH;
            if (rows.end() == height) {
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
        return new Strip(rows, out.toByteArray(), sum.getValue());
    }

    private void filter(byte[] samples, int y, byte filter, byte[] row) {
        row[0] = filter;
        int n = rowBytes();
        int at = y * n;
        int first = filter == SUB ? pixels.bytes : 0;
        int other = filter == SUB ? pixels.bytes : n;
        System.arraycopy(samples, at, row, 1, first);
        for (int i = first; i < n; i++) {
            row[i + 1] = (byte) (samples[at + i] - samples[at + i - other]);
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
