package org.perseid.io.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.imageio.ImageIO;
import org.perseid.io.InputException;
import org.perseid.renderer.model.FloatImage;
import org.perseid.renderer.model.Joining.Rows;
import org.perseid.renderer.model.Picture;
import org.perseid.renderer.model.Workers;

/** PNG with text chunks, and the reading back of both. */
public final class Png {
    private static final long SIGNATURE = 0x89504e470d0a1a0aL;
    private static final int MAX_TEXT_CHUNK = 8 << 20;
    private static final int MAX_CHUNKS = 100_000;

    private Png() {}

    static void write(Picture picture, Map<String, String> text, OutputStream out, Workers workers)
            throws IOException {
        PngStrips.of(picture, Rows.all(picture.height()), workers).write(text, out);
    }

    /**
     * Writes a float layer as grey of 16 bits: from its smallest finite value (0) to its largest
     * (65535), which stand in the texts {@code perseid.min} and {@code perseid.max}; what is not
     * finite is 0.
     */
    static void write16(
            FloatImage layer, Map<String, String> text, OutputStream out, Workers workers)
            throws IOException {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (float v : layer.values()) {
            if (Float.isFinite(v)) {
                min = Math.min(min, v);
                max = Math.max(max, v);
            }
        }
        byte[] samples = new byte[2 * layer.values().length];
        double scale = max > min ? 65535 / (max - min) : 0;
        for (int p = 0; p < layer.values().length; p++) {
            float v = layer.values()[p];
            int level = Float.isFinite(v) ? (int) Math.rint((v - min) * scale) : 0;
            samples[2 * p] = (byte) (level >> 8);
            samples[2 * p + 1] = (byte) level;
        }
        Map<String, String> all = new LinkedHashMap<>(text);
        all.put("perseid.min", Double.toString(min));
        all.put("perseid.max", Double.toString(max));
        PngStrips.ofGrey(layer.width(), layer.height(), samples, workers).write(all, out);
    }

    static BufferedImage image(Picture picture) {
        int[] offsets = {0, 1, 2};
        var raster =
                Raster.createInterleavedRaster(
                        new DataBufferByte(picture.rgb(), picture.rgb().length),
                        picture.width(),
                        picture.height(),
                        3 * picture.width(),
                        3,
                        offsets,
                        null);
        var colors =
                new ComponentColorModel(
                        ColorSpace.getInstance(ColorSpace.CS_sRGB),
                        false,
                        false,
                        ComponentColorModel.OPAQUE,
                        DataBuffer.TYPE_BYTE);
        return new BufferedImage(colors, raster, false, null);
    }

    /**
     * The pixels of a PNG of eight bits a channel.
     *
     * @throws InputException when it is none
     */
    public static Picture read(Path file) {
        try {
            BufferedImage image = ImageIO.read(file.toFile());
            if (image == null) {
                throw new InputException(file, "is no PNG picture");
            }
            int width = image.getWidth();
            int height = image.getHeight();
            int[] row = new int[width];
            byte[] rgb = new byte[3 * width * height];
            for (int y = 0; y < height; y++) {
                image.getRGB(0, y, width, 1, row, 0, width);
                for (int x = 0; x < width; x++) {
                    int p = 3 * (y * width + x);
                    rgb[p] = (byte) (row[x] >> 16);
                    rgb[p + 1] = (byte) (row[x] >> 8);
                    rgb[p + 2] = (byte) row[x];
                }
            }
            return new Picture(width, height, rgb);
        } catch (IOException e) {
            throw new InputException(file, "cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /** Whether a file begins like a PNG. */
    public static boolean isPng(Path file) {
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            return in.readLong() == SIGNATURE;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * The uncompressed international text chunks of a PNG, by keyword.
     *
     * @throws InputException when it is no PNG or damaged
     */
    public static Map<String, String> readText(Path file) {
        Map<String, String> text = new LinkedHashMap<>();
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            if (in.readLong() != SIGNATURE) {
                throw new InputException(file, "is no PNG picture");
            }
            for (int chunk = 0; chunk < MAX_CHUNKS; chunk++) {
                int length = in.readInt();
                String type = new String(in.readNBytes(4), StandardCharsets.US_ASCII);
                if (type.equals("IEND")) {
                    return text;
                }
                if (length < 0 || (type.equals("iTXt") && length > MAX_TEXT_CHUNK)) {
                    throw new InputException(
                            file, "damaged: chunk " + type + " has length " + length);
                }
                if (type.equals("iTXt")) {
                    addText(in.readNBytes(length), text);
                } else {
                    in.skipNBytes(length);
                }
                in.skipNBytes(4);
            }
            throw new InputException(file, "damaged: more than " + MAX_CHUNKS + " chunks");
        } catch (EOFException e) {
            throw new InputException(file, "truncated PNG picture", e);
        } catch (IOException e) {
            throw new InputException(file, "cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /** Keyword, 0, compression flag, method, language, 0, translated keyword, 0, text. */
    private static void addText(byte[] chunk, Map<String, String> text) {
        int keywordEnd = zero(chunk, 0);
        int languageEnd = zero(chunk, keywordEnd + 3);
        int translatedEnd = zero(chunk, languageEnd + 1);
        if (translatedEnd < chunk.length && chunk[keywordEnd + 1] == 0) {
            String keyword = new String(chunk, 0, keywordEnd, StandardCharsets.ISO_8859_1);
            int from = translatedEnd + 1;
            text.put(keyword, new String(chunk, from, chunk.length - from, StandardCharsets.UTF_8));
        }
    }

    private static int zero(byte[] bytes, int from) {
        int i = Math.min(from, bytes.length);
        while (i < bytes.length && bytes[i] != 0) {
            i++;
        }
        return i;
    }
}
