package org.perseid.streaming.jpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.perseid.renderer.model.Picture;
import org.perseid.renderer.model.Workers;

class JpegEncoderTest {
    /** Smooth colours with a sharp disc, so that a strip in the wrong place is seen. */
    private static Picture picture(int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int p = 3 * (y * width + x);
                boolean disc = Math.hypot(x - width / 2.0, y - height / 2.0) < height / 4.0;
                rgb[p] = (byte) (disc ? 240 : 255 * x / width);
                rgb[p + 1] = (byte) (255 * y / height);
                rgb[p + 2] = (byte) (disc ? 20 : 128);
            }
        }
        return new Picture(width, height, rgb);
    }

    private static double meanError(Picture picture, byte[] jpeg) throws IOException {
        BufferedImage read = ImageIO.read(new ByteArrayInputStream(jpeg));
        assertThat(read.getWidth()).isEqualTo(picture.width());
        assertThat(read.getHeight()).isEqualTo(picture.height());
        double sum = 0;
        for (int y = 0; y < picture.height(); y++) {
            for (int x = 0; x < picture.width(); x++) {
                int argb = read.getRGB(x, y);
                for (int c = 0; c < 3; c++) {
                    int was = picture.rgb()[3 * (y * picture.width() + x) + c] & 0xff;
                    sum += Math.abs(was - (argb >> (16 - 8 * c) & 0xff));
                }
            }
        }
        return sum / picture.rgb().length;
    }

    private static JpegEncoder turbo() {
        try {
            return new TurboJpeg();
        } catch (TurboJpeg.Missing e) {
            return abort("skipped: " + e.getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource({"640,480", "641,479", "1920,1080", "17,1100", "1,1", "3000,40"})
    void stripsJoinToOneFileThatAnyDecoderReads(int width, int height) throws IOException {
        Picture picture = picture(width, height);
        try (JpegEncoder encoder = turbo();
                Workers workers = new Workers(2)) {
            for (Chroma chroma : Chroma.values()) {
                byte[] jpeg = encoder.encode(picture, 90, chroma, workers);
                assertThat(meanError(picture, jpeg)).isLessThan(width < 100 ? 8 : 2.5);
            }
        }
    }

    @Test
    void theFileDoesNotDependOnTheNumberOfThreads() {
        Picture picture = picture(800, 601);
        try (JpegEncoder encoder = turbo();
                Workers one = new Workers(1);
                Workers three = new Workers(3)) {
            byte[] alone = encoder.encode(picture, 80, Chroma.QUARTER, one);
            byte[] shared = encoder.encode(picture, 80, Chroma.QUARTER, three);
            assertThat(Arrays.equals(alone, shared)).isTrue();
        }
    }

    @Test
    void lessQualityTakesFewerBytes() {
        Picture picture = picture(800, 600);
        try (JpegEncoder encoder = turbo();
                Workers workers = new Workers(1)) {
            int coarse = encoder.encode(picture, 30, Chroma.QUARTER, workers).length;
            int fine = encoder.encode(picture, 90, Chroma.QUARTER, workers).length;
            int finest = encoder.encode(picture, 90, Chroma.FULL, workers).length;
            assertThat(coarse).isLessThan(fine);
            assertThat(fine).isLessThan(finest);
        }
    }

    @Test
    void theJdkEncodesWhereTheLibraryIsMissing() throws IOException {
        Picture picture = picture(320, 200);
        try (JpegEncoder encoder = new JdkJpeg();
                Workers workers = new Workers(1)) {
            assertThat(meanError(picture, encoder.encode(picture, 90, Chroma.QUARTER, workers)))
                    .isLessThan(2.5);
            assertThat(encoder.name()).contains("JDK");
        }
    }

    @Test
    void theBestEncoderSaysWhatItIs() {
        try (JpegEncoder encoder =
                JpegEncoder.best(line -> assertThat(line).contains("TurboJPEG"))) {
            assertThat(encoder.name()).isNotEmpty();
        }
    }
}
