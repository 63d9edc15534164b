package org.perseid.io.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import nom.tam.fits.BasicHDU;
import nom.tam.fits.Fits;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.perseid.io.InputException;
import org.perseid.io.par.Numbers;
import org.perseid.io.par.PictureFormat;
import org.perseid.renderer.model.FloatImage;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.Picture;
import org.perseid.renderer.model.Workers;

/** Float layers and what files tell of themselves, read back with other programs' code. */
class FloatFilesTest {
    private static final int WIDTH = 37;
    private static final int HEIGHT = 35;
    private static final PixelGrid GRID = new PixelGrid(0.5, 3, -2, "kpc/h", "(Msun) / (kpc)^2");

    @AutoClose private static final Workers WORKERS = new Workers(1);

    @TempDir private Path folder;

    private static FloatImage image() {
        float[] values = new float[WIDTH * HEIGHT];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (Math.sin(i) * Math.pow(10, i % 7));
        }
        values[5] = Float.NaN;
        return new FloatImage("column_density", WIDTH, HEIGHT, values);
    }

    private static Map<String, String> text() {
        Map<String, String> text = new LinkedHashMap<>();
        text.put("Software", "Perseid 0.1.0 (test)");
        text.put(
                "perseid.parameters",
                String.join(
                        "\n",
                        "infile=/a/" + "very/long/path/".repeat(9) + "on.hdf5",
                        "text=Sternhaufen \u00fcber \\ Berlin",
                        "palette0=viridis",
                        ""));
        text.put("perseid.data", "sha256-sampled:abc");
        return text;
    }

    private Path write(Numbers.LayerFormat format) {
        Path file = folder.resolve("a." + FloatFiles.extension(format));
        FloatFiles.write(file, format, image(), GRID, text(), WORKERS);
        return file;
    }

    @ParameterizedTest
    @EnumSource(Numbers.LayerFormat.class)
    void everyFormatTellsHowItWasMade(Numbers.LayerFormat format) {
        Path file = write(format);
        assertThat(MadeBy.canHold(file)).isTrue();
        assertThat(MadeBy.read(file)).containsAllEntriesOf(text());
    }

    @ParameterizedTest
    @EnumSource(PictureFormat.class)
    void everyPictureTellsHowItWasMade(PictureFormat format) {
        Path file = folder.resolve("p." + format.extension());
        Pictures.write(file, format, new Picture(3, 2, new byte[18]), text(), WORKERS);
        assertThat(MadeBy.canHold(file)).isTrue();
        assertThat(MadeBy.read(file)).containsAllEntriesOf(text());
    }

    @Test
    void fitsHasTheValuesAndTheWorldCoordinates() throws IOException {
        Path file = write(Numbers.LayerFormat.FITS);
        try (Fits fits = new Fits(file.toFile())) {
            BasicHDU<?> unit = fits.getHDU(0);
            float[][] rows = (float[][]) unit.getKernel();
            for (int y = 0; y < HEIGHT; y++) {
                for (int x = 0; x < WIDTH; x++) {
                    assertThat(rows[y][x])
                            .isEqualTo(Float.valueOf(image().values()[y * WIDTH + x]));
                }
            }
            assertThat(unit.getHeader().getStringValue("BUNIT")).isEqualTo("(Msun) / (kpc)^2");
            assertThat(unit.getHeader().getStringValue("CUNIT1")).isEqualTo("kpc/h");
            assertThat(unit.getHeader().getDoubleValue("CRPIX1")).isEqualTo(19.5);
            assertThat(unit.getHeader().getDoubleValue("CRVAL2")).isEqualTo(-2);
            assertThat(unit.getHeader().getDoubleValue("CDELT1")).isEqualTo(0.5);
        }
        Path again = folder.resolve("b.fits");
        FloatFiles.write(again, Numbers.LayerFormat.FITS, image(), GRID, text(), WORKERS);
        assertThat(Files.mismatch(file, again)).isEqualTo(-1);
    }

    private static LinearImage light() {
        LinearImage light = new LinearImage(WIDTH, HEIGHT);
        for (int i = 0; i < WIDTH * HEIGHT; i++) {
            light.red()[i] = i;
            light.green()[i] = (float) Math.sin(i);
            light.blue()[i] = 1e-5f * i;
        }
        return light;
    }

    private Path writeLight(Numbers.LayerFormat format) throws IOException {
        Path file = folder.resolve("light." + FloatFiles.extension(format));
        return Files.write(file, FloatFiles.light(light(), format, GRID, text()));
    }

    @Test
    void lightIsACubeInFits() throws IOException {
        Path file = writeLight(Numbers.LayerFormat.FITS);
        assertThat(MadeBy.read(file)).containsAllEntriesOf(text());
        try (Fits fits = new Fits(file.toFile())) {
            BasicHDU<?> unit = fits.getHDU(0);
            float[][][] cube = (float[][][]) unit.getKernel();
            assertThat(cube).hasDimensions(3, HEIGHT);
            int i = 7 * WIDTH + 5;
            assertThat(cube[0][7][5]).isEqualTo(light().red()[i]);
            assertThat(cube[1][7][5]).isEqualTo(light().green()[i]);
            assertThat(cube[2][7][5]).isEqualTo(light().blue()[i]);
            assertThat(unit.getHeader().getStringValue("EXTNAME")).isEqualTo("light");
            assertThat(unit.getHeader().getDoubleValue("CDELT1")).isEqualTo(0.5);
        }
    }

    @Test
    void lightIsRedGreenAndBlueInExr() throws IOException, InterruptedException {
        Path file = writeLight(Numbers.LayerFormat.EXR);
        assertThat(MadeBy.read(file)).containsAllEntriesOf(text());
        ByteBuffer values = decodedByFfmpeg(file, "gbrpf32le"); // planes: green, blue, red
        for (float[] plane : List.of(light().green(), light().blue(), light().red())) {
            float[] flipped = new FloatImage("", WIDTH, HEIGHT, plane).flipped().values();
            float[] found = new float[flipped.length];
            for (int i = 0; i < found.length; i++) {
                found[i] = values.getFloat();
            }
            assertThat(found).isEqualTo(flipped);
        }
    }

    @Test
    void lightNeedsThreePlanes() {
        assertThatThrownBy(
                        () -> FloatFiles.light(light(), Numbers.LayerFormat.PNG16, GRID, Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void exrHasTheValuesForFfmpegWithTheFirstRowBelow() throws IOException, InterruptedException {
        ByteBuffer values = decodedByFfmpeg(write(Numbers.LayerFormat.EXR), "grayf32le");
        FloatImage flipped = image().flipped();
        for (float v : flipped.values()) {
            assertThat(values.getFloat()).isEqualTo(Float.valueOf(v));
        }
    }

    private static ByteBuffer decodedByFfmpeg(Path file, String pixels)
            throws IOException, InterruptedException {
        Process process;
        try {
            process =
                    new ProcessBuilder(
                                    "ffmpeg",
                                    "-v",
                                    "error",
                                    "-i",
                                    file.toString(),
                                    "-f",
                                    "rawvideo",
                                    "-pix_fmt",
                                    pixels,
                                    "-")
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
        } catch (IOException e) {
            System.out.println("SKIPPED: needs ffmpeg (sudo apt-get install ffmpeg)");
            assumeTrue(false, "needs ffmpeg");
            throw e;
        }
        byte[] bytes;
        try (InputStream in = process.getInputStream()) {
            bytes = in.readAllBytes();
        }
        assertThat(process.waitFor()).isZero();
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void rawIsAHeaderAndFloats() throws IOException {
        byte[] bytes = Files.readAllBytes(write(Numbers.LayerFormat.RAW));
        String first =
                new String(bytes, 0, 40, java.nio.charset.StandardCharsets.US_ASCII)
                        .lines()
                        .findFirst()
                        .orElse("");
        String[] words = first.split(" ", -1);
        assertThat(words).startsWith("perseid-f32", "37", "35");
        ByteBuffer values =
                ByteBuffer.wrap(bytes)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .position(Integer.parseInt(words[3]));
        for (float v : image().values()) {
            assertThat(values.getFloat()).isEqualTo(Float.valueOf(v));
        }
        assertThat(values.remaining()).isZero();
    }

    @Test
    void png16IsScaledToTheRangeThatItTells() throws IOException {
        Path file = write(Numbers.LayerFormat.PNG16);
        Map<String, String> text = Png.readText(file);
        double min = Double.parseDouble(text.get("perseid.min"));
        double max = Double.parseDouble(text.get("perseid.max"));
        BufferedImage read = ImageIO.read(file.toFile());
        for (int i = 0; i < WIDTH * HEIGHT; i += 11) {
            int level = read.getRaster().getSample(i % WIDTH, HEIGHT - 1 - i / WIDTH, 0);
            float v = image().values()[i];
            if (Float.isFinite(v)) {
                assertThat(min + level * (max - min) / 65535)
                        .isEqualTo(v, within((max - min) / 65535));
            }
        }
    }

    @Test
    void whatHoldsNothingIsToldApart() throws IOException {
        Path text = Files.writeString(folder.resolve("t.par"), "infile=a\n");
        assertThat(MadeBy.canHold(text)).isFalse();
        assertThatThrownBy(() -> MadeBy.read(text))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is no picture, float layer or film");
        Path exr = write(Numbers.LayerFormat.EXR);
        Files.write(exr, java.util.Arrays.copyOf(Files.readAllBytes(exr), 60));
        assertThatThrownBy(() -> MadeBy.read(exr)).hasMessageContaining("is cut off");
        Path raw = Files.writeString(folder.resolve("r.f32"), "perseid-f32 1 1 x\n");
        assertThatThrownBy(() -> MadeBy.read(raw)).hasMessageContaining("has no number of bytes");
        assertThatThrownBy(() -> MadeBy.read(folder.resolve("none.fits")))
                .hasMessageContaining("cannot be read");
    }
}
