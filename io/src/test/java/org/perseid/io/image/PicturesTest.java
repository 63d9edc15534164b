package org.perseid.io.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.perseid.io.InputException;
import org.perseid.io.par.PictureFormat;
import org.perseid.renderer.model.Joining;
import org.perseid.renderer.model.Picture;
import org.perseid.renderer.model.Workers;

class PicturesTest {
    @AutoClose private static final Workers WORKERS = new Workers(2);

    @TempDir private Path folder;

    private static Picture random(int width, int height) {
        SplittableRandom random = new SplittableRandom(width * 31L + height);
        byte[] rgb = new byte[3 * width * height];
        for (int p = 0; p < width * height; p++) {
            boolean repeat = p > 0 && random.nextInt(3) > 0;
            for (int c = 0; c < 3; c++) {
                rgb[3 * p + c] = repeat ? rgb[3 * p - 3 + c] : (byte) random.nextInt(256);
            }
        }
        return new Picture(width, height, rgb);
    }

    @Test
    void ppmHasEachNumberOnItsLine() throws IOException {
        Path file = folder.resolve("a.ppm");
        Pictures.write(
                file,
                PictureFormat.PPM,
                new Picture(2, 1, new byte[] {1, 2, 3, 4, 5, 6}),
                Map.of(),
                WORKERS);
        byte[] bytes = Files.readAllBytes(file);
        assertThat(new String(bytes, 0, 11, StandardCharsets.US_ASCII))
                .isEqualTo("P6\n2\n1\n255\n");
        assertThat(Arrays.copyOfRange(bytes, 11, 17)).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "7,5", "300,3", "129,2", "640,1"})
    void bothKindsOfTgaHoldTheSamePixels(int width, int height) throws IOException {
        Picture picture = random(width, height);
        for (PictureFormat format :
                new PictureFormat[] {PictureFormat.TGA, PictureFormat.TGA_RLE}) {
            Path file = folder.resolve(format + ".tga");
            Pictures.write(file, format, picture, Map.of(), WORKERS);
            assertThat(decodeTga(Files.readAllBytes(file))).isEqualTo(picture.rgb());
        }
    }

    private static byte[] decodeTga(byte[] tga) {
        int width = (tga[12] & 255) | (tga[13] & 255) << 8;
        int height = (tga[14] & 255) | (tga[15] & 255) << 8;
        byte[] rgb = new byte[3 * width * height];
        int in = 18;
        int out = 0;
        while (out < rgb.length) {
            int n = rgb.length / 3;
            boolean run = false;
            if (tga[2] == 10) {
                n = (tga[in] & 127) + 1;
                run = tga[in++] < 0;
            }
            for (int k = 0; k < n; k++) {
                rgb[out++] = tga[in + 2];
                rgb[out++] = tga[in + 1];
                rgb[out++] = tga[in];
                in += run && k < n - 1 ? 0 : 3;
            }
        }
        assertThat(in).isEqualTo(tga.length);
        return rgb;
    }

    @Test
    void pngHoldsPixelsAndText() throws IOException {
        Picture picture = random(33, 21);
        Path file = folder.resolve("deep/er/a.png");
        String text = "a=1\nb=ü→\n";
        Pictures.write(
                file, PictureFormat.PNG, picture, Map.of("perseid.parameters", text), WORKERS);
        BufferedImage image = ImageIO.read(file.toFile());
        for (int y = 0; y < 21; y++) {
            for (int x = 0; x < 33; x++) {
                int p = 3 * (y * 33 + x);
                int rgb =
                        (picture.rgb()[p] & 255) << 16
                                | (picture.rgb()[p + 1] & 255) << 8
                                | (picture.rgb()[p + 2] & 255);
                assertThat(image.getRGB(x, y) & 0xffffff).isEqualTo(rgb);
            }
        }
        assertThat(Png.isPng(file)).isTrue();
        assertThat(Png.readText(file)).containsEntry("perseid.parameters", text);
    }

    /**
     * Of one strip and of many; every sum in the file is right, and readers see the same pixels.
     */
    @ParameterizedTest
    @CsvSource({"1,1", "1,300", "4000,1", "700,900", "1,70000"})
    void pngOfManyStripsIsOnePicture(int width, int height) throws Exception {
        Picture picture = random(width, height);
        byte[] png = Pictures.png(picture, Map.of("k", "v"), WORKERS);
        try (Workers three = new Workers(3)) {
            assertThat(Arrays.equals(Pictures.png(picture, Map.of("k", "v"), three), png)).isTrue();
        }
        Path file = Files.write(folder.resolve("a.png"), png);
        assertThat(Arrays.equals(Png.read(file).rgb(), picture.rgb())).isTrue();
        requireSums(png, width, height);
    }

    private static void requireSums(byte[] png, int width, int height) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        ByteBuffer chunks = ByteBuffer.wrap(png, 8, png.length - 8);
        while (chunks.hasRemaining()) {
            byte[] chunk = new byte[4 + chunks.getInt()];
            chunks.get(chunk);
            CRC32 sum = new CRC32();
            sum.update(chunk);
            assertThat(chunks.getInt()).isEqualTo((int) sum.getValue());
            if (new String(chunk, 0, 4, StandardCharsets.US_ASCII).equals("IDAT")) {
                packed.write(chunk, 4, chunk.length - 4);
            }
        }
        Inflater inflater = new Inflater(); // looks at the sum of all
        inflater.setInput(packed.toByteArray());
        try {
            int bytes = inflater.inflate(new byte[height * (3 * width + 1) + 1]);
            assertThat(bytes).isEqualTo(height * (3 * width + 1));
        } catch (DataFormatException e) {
            throw new AssertionError(e);
        }
        assertThat(inflater.finished()).isTrue();
        assertThat(inflater.getRemaining()).isZero();
        inflater.end();
    }

    /** Rows that processes have compressed, every third strip of 7 rows each, are one picture. */
    @Test
    void pngOfManyProcessesIsOnePicture() throws IOException {
        Picture picture = random(300, 100);
        List<byte[]> parts = new ArrayList<>();
        for (int process = 0; process < 3; process++) {
            List<Joining.Rows> rows = new ArrayList<>();
            for (int first = 7 * process; first < 100; first += 21) {
                rows.add(new Joining.Rows(first, Math.min(100, first + 7)));
            }
            parts.add(PngStrips.of(picture, rows, WORKERS).bytes());
        }
        Path file = folder.resolve("a.png");
        Pictures.write(file, PngStrips.joined(300, 100, parts), Map.of());
        assertThat(Arrays.equals(Png.read(file).rgb(), picture.rgb())).isTrue();
        requireSums(Files.readAllBytes(file), 300, 100);
        byte[] first = parts.removeFirst();
        assertThatThrownBy(() -> PngStrips.joined(300, 100, parts))
                .hasMessageContaining("row 0 is missing");
        parts.add(first);
        parts.add(first);
        assertThatThrownBy(() -> PngStrips.joined(300, 100, parts)).hasMessageContaining("row");
    }

    @Test
    void brokenPngsAreToldSo() throws IOException {
        Path file = folder.resolve("a.png");
        Pictures.write(file, PictureFormat.PNG, random(9, 9), Map.of("k", "v"), WORKERS);
        byte[] bytes = Files.readAllBytes(file);
        Path cut = Files.write(folder.resolve("cut.png"), Arrays.copyOf(bytes, bytes.length - 20));
        assertThatThrownBy(() -> Png.readText(cut)).hasMessageContaining("truncated PNG");
        Path no = Files.writeString(folder.resolve("no.png"), "nothing here");
        assertThatThrownBy(() -> Png.readText(no)).hasMessageContaining("is no PNG");
        assertThat(Png.isPng(no)).isFalse();
        bytes[8] = (byte) 0xff;
        Path negative = Files.write(folder.resolve("neg.png"), bytes);
        assertThatThrownBy(() -> Png.readText(negative))
                .hasMessageContaining("damaged: chunk IHDR has length");
    }

    @Test
    void anUnwritableFileIsToldAndLeavesNothingBehind() throws IOException {
        Path blocked = Files.createFile(folder.resolve("file")).resolve("a.ppm");
        assertThatThrownBy(() ->
                        Pictures.write(blocked, PictureFormat.PPM, random(2, 2), Map.of(), WORKERS))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("cannot be written");
        Path target = Files.createDirectory(folder.resolve("taken.ppm"));
        Files.createFile(target.resolve("x"));
        assertThatThrownBy(() ->
                        Pictures.write(target, PictureFormat.PPM, random(2, 2), Map.of(), WORKERS))
                .hasMessageContaining("cannot be written");
        assertThat(folder.resolve("taken.ppm.part")).doesNotExist();
    }
}
