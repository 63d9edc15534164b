package org.perseid.streaming;

import org.perseid.renderer.model.Picture;
import org.perseid.streaming.jpeg.Chroma;

/** How a picture is sent: what a slower line gets is coarser and smaller, in this order. */
enum Tier {
    /** PNG; only for who asks for it. */
    LOSSLESS(100, Chroma.FULL, 1),
    BEST(92, Chroma.FULL, 1),
    GOOD(85, Chroma.QUARTER, 1),
    FAIR(65, Chroma.QUARTER, 1),
    COARSE(40, Chroma.QUARTER, 1),
    SMALL(50, Chroma.QUARTER, 2),
    SMALLEST(40, Chroma.QUARTER, 4);

    final int quality;
    final Chroma chroma;

    /** Pixels of the picture for each that is sent, along a side. */
    final int shrink;

    Tier(int quality, Chroma chroma, int shrink) {
        this.quality = quality;
        this.chroma = chroma;
        this.shrink = shrink;
    }

    /** The next coarser one. */
    Tier coarser() {
        return values()[Math.min(values().length - 1, index() + 1)];
    }

    /** The next finer one that is a JPEG. */
    Tier finer() {
        return values()[Math.max(1, index() - 1)];
    }

    private int index() {
        for (int k = 0; k < values().length; k++) {
            if (values()[k] == this) {
                return k;
            }
        }
        throw new IllegalStateException(name());
    }

    /** The picture with means of {@code shrink} times {@code shrink} pixels, whole ones only. */
    Picture shrunk(Picture picture) {
        int width = picture.width() / shrink;
        int height = picture.height() / shrink;
        if (shrink == 1 || width == 0 || height == 0) {
            return picture;
        }
        byte[] in = picture.rgb();
        byte[] out = new byte[3 * width * height];
        int area = shrink * shrink;
        for (int y = 0; y < height; y++) {
            for (int k = 0; k < 3 * width; k++) {
                int first = 3 * (y * shrink * picture.width() + k / 3 * shrink) + k % 3;
                int sum = area / 2;
                for (int dy = 0; dy < shrink; dy++) {
                    for (int dx = 0; dx < shrink; dx++) {
                        sum += in[first + 3 * (dy * picture.width() + dx)] & 0xff;
                    }
                }
                out[3 * width * y + k] = (byte) (sum / area);
            }
        }
        return new Picture(width, height, out);
    }
}
