package org.perseid.renderer.model;

import org.jspecify.annotations.Nullable;

/**
 * What a frame is, besides camera and particles.
 *
 * @param width pixels, 1 to {@link #MAX_SIDE}
 * @param height pixels, 1 to {@link #MAX_SIDE}
 * @param minRadiusPx soft minimum of the splat size in pixels, at least 0
 * @param boxSize period of the particles' positions around the target, in the file's length unit; 0
 *     for none
 * @param shading how light adds up
 * @param tilePx side of a tile; does not change the picture
 * @param boxCopies copies of the box that are drawn on each side of the nearest; 0 to {@link
 *     #MAX_COPIES}
 * @param omniUp vertical of a stereo pair of the whole sky; null for the camera's
 * @param detailPx pixels: nodes of a set's {@link Detail} that are no longer are drawn in place of
 *     their particles; 0 for every particle
 */
public record FrameSettings(
        int width,
        int height,
        double minRadiusPx,
        double boxSize,
        Shading shading,
        int tilePx,
        int boxCopies,
        @Nullable Vec3 omniUp,
        double detailPx) {
    /** Most copies of a periodic box on each side. */
    public static final int MAX_COPIES = 3;

    /** Largest width and height. */
    public static final int MAX_SIDE = 32_768;

    /** Largest number of pixels: three bytes each must fit one array. */
    public static final long MAX_PIXELS = 700_000_000L;

    /**
     * @throws RenderException when the size is out of range
     */
    public FrameSettings {
        if (width < 1
                || height < 1
                || width > MAX_SIDE
                || height > MAX_SIDE
                || (long) width * height > MAX_PIXELS) {
            throw new RenderException(
                    "picture size is "
                            + width
                            + "x"
                            + height
                            + "; each side must be in 1.."
                            + MAX_SIDE
                            + ", and the product at most "
                            + MAX_PIXELS);
        }
        if (tilePx < 8 || tilePx > 4096) {
            throw new RenderException("tile size is " + tilePx + "; must be in 8..4096 pixels");
        }
    }

    /** Without copies of the box, with every particle. */
    public FrameSettings(
            int width,
            int height,
            double minRadiusPx,
            double boxSize,
            Shading shading,
            int tilePx) {
        this(width, height, minRadiusPx, boxSize, shading, tilePx, 0, null, 0);
    }

    /** The same with nodes of up to that many pixels; 0 for every particle. */
    public FrameSettings withDetail(double newDetailPx) {
        return new FrameSettings(
                width,
                height,
                minRadiusPx,
                boxSize,
                shading,
                tilePx,
                boxCopies,
                omniUp,
                newDetailPx);
    }

    /** The same with another way in which light adds up. */
    public FrameSettings shaded(Shading newShading) {
        return new FrameSettings(
                width,
                height,
                minRadiusPx,
                boxSize,
                newShading,
                tilePx,
                boxCopies,
                omniUp,
                detailPx);
    }

    /** The same for a picture of another size. */
    public FrameSettings sized(int newWidth, int newHeight) {
        return new FrameSettings(
                newWidth,
                newHeight,
                minRadiusPx,
                boxSize,
                shading,
                tilePx,
                boxCopies,
                omniUp,
                detailPx);
    }

    /** The same for a square picture. */
    public FrameSettings square(int side, Vec3 newOmniUp) {
        return new FrameSettings(
                side, side, minRadiusPx, boxSize, shading, tilePx, boxCopies, newOmniUp, detailPx);
    }
}
