package org.perseid.app;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.perseid.renderer.model.Picture;

/** Reads pictures back, with code that shares nothing with the writers. */
final class TestPictures {
    private TestPictures() {}

    static Picture read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        if (bytes[0] == 'P') {
            return ppm(bytes);
        }
        return bytes[0] == (byte) 0x89 ? png(file) : tga(bytes);
    }

    private static Picture ppm(byte[] bytes) {
        int at = 2;
        int[] numbers = new int[3];
        for (int k = 0; k < 3; k++) {
            while (Character.isWhitespace(bytes[at]) || bytes[at] == '#') {
                if (bytes[at] == '#') {
                    while (bytes[at] != '\n') {
                        at++;
                    }
                }
                at++;
            }
            while (!Character.isWhitespace(bytes[at])) {
                numbers[k] = 10 * numbers[k] + bytes[at++] - '0';
            }
        }
        byte[] rgb = new byte[3 * numbers[0] * numbers[1]];
        System.arraycopy(bytes, at + 1, rgb, 0, rgb.length);
        return new Picture(numbers[0], numbers[1], rgb);
    }

    private static Picture png(Path file) throws IOException {
        BufferedImage image = ImageIO.read(file.toFile());
        byte[] rgb = new byte[3 * image.getWidth() * image.getHeight()];
        for (int p = 0; p < rgb.length / 3; p++) {
            int v = image.getRGB(p % image.getWidth(), p / image.getWidth());
            rgb[3 * p] = (byte) (v >> 16);
            rgb[3 * p + 1] = (byte) (v >> 8);
            rgb[3 * p + 2] = (byte) v;
        }
        return new Picture(image.getWidth(), image.getHeight(), rgb);
    }

    private static Picture tga(byte[] bytes) {
        int width = (bytes[12] & 255) + 256 * (bytes[13] & 255);
        int height = (bytes[14] & 255) + 256 * (bytes[15] & 255);
        byte[] rgb = new byte[3 * width * height];
        int in = 18;
        int pixel = 0;
        while (pixel < width * height) {
            boolean packets = bytes[2] == 10;
            boolean run = packets && bytes[in] < 0;
            int n = packets ? (bytes[in++] & 127) + 1 : width * height;
            for (int k = 0; k < n; k++, pixel++) {
                int from = in + (run ? 0 : 3 * k);
                rgb[3 * pixel] = bytes[from + 2];
                rgb[3 * pixel + 1] = bytes[from + 1];
                rgb[3 * pixel + 2] = bytes[from];
            }
            in += run ? 3 : 3 * n;
        }
        return new Picture(width, height, rgb);
    }

    /** Writes expected, actual and the difference times 20 to a folder for a person to look at. */
    static void writeDifference(Picture expected, Picture actual, Path folder) throws IOException {
        Files.createDirectories(folder);
        byte[] difference = new byte[expected.rgb().length];
        for (int i = 0; i < difference.length; i++) {
            int d = Math.abs((expected.rgb()[i] & 255) - (actual.rgb()[i] & 255));
            difference[i] = (byte) Math.min(255, 20 * d);
        }
        writePpm(expected, folder.resolve("expected.ppm"));
        writePpm(actual, folder.resolve("actual.ppm"));
        writePpm(
                new Picture(expected.width(), expected.height(), difference),
                folder.resolve("difference.ppm"));
    }

    private static void writePpm(Picture picture, Path file) throws IOException {
        byte[] header =
                ("P6 " + picture.width() + " " + picture.height() + " 255\n")
                        .getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[header.length + picture.rgb().length];
        System.arraycopy(header, 0, all, 0, header.length);
        System.arraycopy(picture.rgb(), 0, all, header.length, picture.rgb().length);
        Files.write(file, all);
    }
}
