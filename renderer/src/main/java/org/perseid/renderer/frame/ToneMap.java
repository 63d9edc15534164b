package org.perseid.renderer.frame;

import java.util.List;
import org.perseid.renderer.model.ColorMap;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.Picture;
import org.perseid.renderer.model.Workers;

/**
 * From a linear image to eight bits a channel: exposure 1 - exp(-S), then contrast * v^gamma +
 * brightness, then truncation of 256 v, then colour bars. Reference: Splotch, sections "Images" and
 * "Rendering".
 *
 * @param expose whether the image holds optical depths (emission) or finished radiance (absorption)
 * @param gamma exponent
 * @param contrast factor
 * @param brightness summand
 * @param flipY whether the sky direction is up in the picture; false is Splotch's way
 * @param colorBars one colour map a bar, the first one lowest; empty for none
 */
public record ToneMap(
        boolean expose,
        double gamma,
        double contrast,
        double brightness,
        boolean flipY,
        List<ColorMap> colorBars) {
    /** Rows of a colour bar. */
    public static final int BAR_ROWS = 10;

    /** Pixels from which a table of levels is worth making. */
    private static final long TABLE_FROM = 100_000;

    /** Bits of a float that a table of levels does not look at. */
    private static final int CELL_BITS = 13;

    private static final int FIRST_CELL = Float.floatToIntBits(0x1p-12f) >> CELL_BITS;
    private static final int CELLS = (Float.floatToIntBits(32f) >> CELL_BITS) - FIRST_CELL;

    /** The picture; the image is not changed. */
    public Picture apply(LinearImage image, Workers workers) {
        return apply(image, 1, workers);
    }

    /**
     * The picture of an image that holds a part of the light; the image is not changed.
     *
     * @param gain factor that makes the part the whole
     */
    public Picture apply(LinearImage image, float gain, Workers workers) {
        int width = image.width();
        int height = image.height();
        short[] levels = (long) width * height < TABLE_FROM ? new short[0] : levels();
        byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(3, width), height)];
        workers.run(
                height,
                row -> {
                    int source = (flipY ? height - 1 - (int) row : (int) row) * width;
                    int target = (int) row * width * 3;
                    for (int x = 0; x < width; x++) {
                        rgb[target + 3 * x] = level(gain * image.red()[source + x], levels);
                        rgb[target + 3 * x + 1] = level(gain * image.green()[source + x], levels);
                        rgb[target + 3 * x + 2] = level(gain * image.blue()[source + x], levels);
                    }
                });
        for (int k = 0; k < colorBars.size(); k++) {
            drawBar(colorBars.get(k), height - (k + 1) * BAR_ROWS, width, height, rgb);
        }
        return new Picture(width, height, rgb);
    }

    private byte level(float linear, short[] levels) {
        int cell = (Float.floatToRawIntBits(linear) >> CELL_BITS) - FIRST_CELL;
        return cell >= 0 && cell < levels.length && levels[cell] >= 0
                ? (byte) levels[cell]
                : level(linear);
    }

    /**
     * The level of all floats with the same leading bits, from 2^-12 to 32; -1 where they have not
     * all the same one. The mapping is monotonic, so that the first and the last one tell.
     */
    private short[] levels() {
        short[] out = new short[CELLS];
        for (int cell = 0; cell < CELLS; cell++) {
            int bits = (FIRST_CELL + cell) << CELL_BITS;
            byte first = level(Float.intBitsToFloat(bits));
            byte last = level(Float.intBitsToFloat(bits + (1 << CELL_BITS) - 1));
            out[cell] = first == last ? (short) (first & 0xff) : -1;
        }
        return out;
    }

    private byte level(float linear) {
        if (linear == 0 && expose && gamma == 1 && brightness == 0) {
            return 0;
        }
        double v = expose ? -Math.expm1(-linear) : linear;
        if (gamma != 1 || contrast != 1 || brightness != 0) {
            v = contrast * Math.pow(Math.max(0, v), gamma) + brightness;
        }
        return quantize(v);
    }

    private static byte quantize(double v) {
        return (byte) Math.clamp((long) (v * 256), 0, 255);
    }

    private static void drawBar(ColorMap map, int firstRow, int width, int height, byte[] rgb) {
        for (int row = Math.max(0, firstRow); row < Math.min(height, firstRow + BAR_ROWS); row++) {
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < 3; c++) {
                    rgb[3 * (row * width + x) + c] = quantize(map.at(c, (float) x / width));
                }
            }
        }
    }
}
