package org.perseid.streaming.jpeg;

/**
 * Joins JPEG files of the strips of a picture to one file: the first one's header with the height
 * of the whole, a restart interval of one strip, and the coded data of all with restart markers
 * between. Reference: ITU-T T.81, sections B.2.1 and E.1.4. The strips must be baseline files with
 * the same tables and no restart markers of their own.
 */
final class Strips {
    private static final int MAX_INTERVAL = 65_535;
    private static final int START_OF_FRAME = 0xc0;
    private static final int START_OF_SCAN = 0xda;
    private static final int RESTART_INTERVAL = 0xdd;
    private static final int FIRST_RESTART = 0xd0;

    private Strips() {}

    /** Rows of a strip: whole blocks, about as many as wanted, as many as an interval can hold. */
    static int rows(int width, int height, int wanted, Chroma chroma) {
        int block = chroma.blockPx;
        int blocksAcross = Math.ceilDiv(width, block);
        int most = Math.max(1, MAX_INTERVAL / blocksAcross);
        int blocks = Math.clamp(Math.ceilDiv(Math.min(wanted, height), block), 1, most);
        return blocks * block;
    }

    /**
     * One file from the files of the strips.
     *
     * @param parts one a strip, from the top
     * @param rows of each strip but the last
     */
    static byte[] join(byte[][] parts, int width, int height, int rows, Chroma chroma) {
        if (parts.length == 1) {
            return parts[0];
        }
        byte[] first = parts[0];
        int scan = find(first, START_OF_SCAN);
        int length = 6 + scan;
        for (byte[] part : parts) {
            length += part.length - find(part, START_OF_SCAN);
        }
        byte[] out = new byte[length];
        System.arraycopy(first, 0, out, 0, scan);
        putShort(out, find(first, START_OF_FRAME) + 5, height);
        int at = scan;
        at = marker(out, at, RESTART_INTERVAL);
        at = putShort(out, at, 4);
        int interval = Math.ceilDiv(width, chroma.blockPx) * (rows / chroma.blockPx);
        at = putShort(out, at, interval);
        for (int k = 0; k < parts.length; k++) {
            int from = find(parts[k], START_OF_SCAN);
            if (k > 0) {
                at = marker(out, at, FIRST_RESTART + (k - 1) % 8);
                from += 2 + shortAt(parts[k], from + 2);
            }
            int n = parts[k].length - 2 - from;
            System.arraycopy(parts[k], from, out, at, n);
            at += n;
        }
        at = marker(out, at, 0xd9);
        return java.util.Arrays.copyOf(out, at);
    }

    /** Where a marker is, by the lengths of the segments before it. */
    private static int find(byte[] file, int marker) {
        int at = 2;
        while (at + 4 <= file.length && (file[at] & 0xff) == 0xff) {
            if ((file[at + 1] & 0xff) == marker) {
                return at;
            }
            at += 2 + shortAt(file, at + 2);
        }
        throw new IllegalStateException("JPEG data without marker " + marker);
    }

    private static int shortAt(byte[] file, int at) {
        return (file[at] & 0xff) << 8 | (file[at + 1] & 0xff);
    }

    private static int putShort(byte[] out, int at, int value) {
        out[at] = (byte) (value >> 8);
        out[at + 1] = (byte) value;
        return at + 2;
    }

    private static int marker(byte[] out, int at, int marker) {
        out[at] = (byte) 0xff;
        out[at + 1] = (byte) marker;
        return at + 2;
    }
}
