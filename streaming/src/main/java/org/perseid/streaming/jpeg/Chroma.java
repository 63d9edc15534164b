package org.perseid.streaming.jpeg;

/** How finely a JPEG picture keeps colour, in the order of TurboJPEG's numbers. */
public enum Chroma {
    /** Colour at every pixel (4:4:4). */
    FULL(0, 8),
    /** Colour at every fourth pixel (4:2:0). */
    QUARTER(2, 16);

    /** TurboJPEG's number. */
    final int turbo;

    /** Side of a block of pixels that is encoded at once. */
    final int blockPx;

    Chroma(int turbo, int blockPx) {
        this.turbo = turbo;
        this.blockPx = blockPx;
    }
}
