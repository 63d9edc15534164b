package org.perseid.io.movie;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The comment of a GIF, which ffmpeg does not write: an extension before the byte that ends it. */
public final class GifComment {
    private static final int TRAILER = 0x3b;
    private static final int BLOCK = 255;
    private static final int MAX_BYTES = 8 << 20;
    private static final String MARK = "!\u00fe";

    private GifComment() {}

    /** Adds a comment to a complete GIF. */
    static void add(Path file, String comment) throws IOException {
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.seek(out.length() - 1);
            if (out.read() != TRAILER) {
                throw new IOException("the GIF has no end");
            }
            out.seek(out.length() - 1);
            out.write(MARK.getBytes(StandardCharsets.ISO_8859_1));
            byte[] bytes = comment.getBytes(StandardCharsets.UTF_8);
            for (int at = 0; at < bytes.length; at += BLOCK) {
                int n = Math.min(BLOCK, bytes.length - at);
                out.write(n);
                out.write(bytes, at, n);
            }
            out.write(0);
            out.write(TRAILER);
        }
    }

    /** The comment that a GIF ends with; empty when there is none. */
    public static String read(Path file) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            int n = (int) Math.min(MAX_BYTES, in.length());
            byte[] end = new byte[n];
            in.seek(in.length() - n);
            in.readFully(end);
            String text = new String(end, StandardCharsets.ISO_8859_1);
            int at = text.lastIndexOf(MARK);
            java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
            for (at = at < 0 ? n : at + 2; at < n && end[at] != 0; at += 1 + (end[at] & 255)) {
                out.write(end, at + 1, Math.min(end[at] & 255, n - at - 1));
            }
            return out.toString(StandardCharsets.UTF_8);
        }
    }
}
