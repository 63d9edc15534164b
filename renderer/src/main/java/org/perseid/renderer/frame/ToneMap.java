package org.perseid.renderer.frame;

import java.util.List;
import java.util.stream.IntStream;
import org.perseid.renderer.model.ColorMap;
import org.perseid.renderer.model.Joining;
import org.perseid.renderer.model.Levels;
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
        Levels levels = levels((long) image.width() * image.height());
        return picture(
                image, Joining.Rows.all(image.height()), light -> levels.of(gain * light), workers);
    }

    /** The picture of some rows of an image; the others are black. */
    Picture apply(LinearImage image, List<Joining.Rows> rows, Workers workers) {
        return picture(image, rows, levels((long) image.width() * image.height()), workers);
    }

    /** The picture of rows that hold {@link #levels} in the place of light. */
    Picture ofLevels(LinearImage image, List<Joining.Rows> rows, Workers workers) {
        return picture(image, rows, level -> (byte) level, workers);
    }

    private Picture picture(
            LinearImage image, List<Joining.Rows> rows, Levels levels, Workers workers) {
        int width = image.width();
        int height = image.height();
        byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(3, width), height)];
        int[] sources =
                rows.stream().flatMapToInt(r -> IntStream.range(r.first(), r.end())).toArray();
        workers.run(
                sources.length,
                k -> {
                    int row = sources[(int) k];
                    int source = row * width;
                    int target = (flipY ? height - 1 - row : row) * width * 3;
                    for (int x = 0; x < width; x++) {
                        rgb[target + 3 * x] = levels.of(image.red()[source + x]);
                        rgb[target + 3 * x + 1] = levels.of(image.green()[source + x]);
                        rgb[target + 3 * x + 2] = levels.of(image.blue()[source + x]);
                    }
                });
        for (int k = 0; k < colorBars.size(); k++) {
            drawBar(colorBars.get(k), height - (k + 1) * BAR_ROWS, width, height, rgb);
        }
        return new Picture(width, height, rgb);
    }

    /**
     * The levels of light, before rows are turned and bars drawn.
     *
     * @param pixels of the picture
     */
    public Levels levels(long pixels) {
        boolean falls = (level(0) & 255) > (level(Float.MAX_VALUE) & 255);
        return pixels < TABLE_FROM || falls ? this::level : new LevelTable(this::level);
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

    /** A component in [0, 1] in eight bits. */
    static byte quantize(double v) {
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
