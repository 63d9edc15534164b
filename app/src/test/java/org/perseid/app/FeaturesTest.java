package org.perseid.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.perseid.io.InputException;
import org.perseid.io.image.MadeBy;
import org.perseid.io.palette.Palettes;
import org.perseid.io.par.JobReader;
import org.perseid.io.par.ParameterTable;
import org.perseid.io.par.Problems;
import org.perseid.io.par.RenderJob;
import org.perseid.renderer.model.ColorMap;
import org.perseid.renderer.model.Picture;
import org.perseid.renderer.model.Reporter;

/** Layers, fields, annotations, projections and plans by the whole program, on a table of stars. */
class FeaturesTest {
    @TempDir private Path folder;
    private Path par = Path.of("");

    @BeforeEach
    void stars() throws IOException {
        StringBuilder text = new StringBuilder("x [kpc],y [kpc],z [kpc],m,vx,vy,vz,id\n");
        for (int i = 0; i < 400; i++) {
            double a = i * 2.4;
            double r = Math.sqrt(i) / 4;
            text.append(
                    String.format(
                            java.util.Locale.ROOT,
                            "%f,%f,%f,%d,%f,%f,0,%d%n",
                            r * Math.cos(a),
                            r * Math.sin(a),
                            0.1 * (i % 7),
                            1 + i % 3,
                            -r * Math.sin(a),
                            r * Math.cos(a),
                            i));
        }
        Files.writeString(folder.resolve("stars.csv"), text);
        par =
                Files.writeString(
                        folder.resolve("stars.par"),
                        """
                        infile=stars.csv
                        outfile=stars
                        periodic=false
                        ptypes=1
                        size_fix0=0.6
                        color_label0=m
                        palette0=viridis
                        brightness0=0.5
                        camera_x=0
                        camera_y=0
                        camera_z=20
                        lookat_x=0
                        lookat_y=0
                        lookat_z=0
                        sky_y=1
                        sky_z=0
                        projection=orthographic
                        fov=45
                        xres=90
                        yres=60
                        print_logfile=false
                        """);
    }

    private Cli render(String name, Object... more) {
        Object[] all = new Object[more.length + 3];
        all[0] = "render";
        all[1] = par;
        all[2] = "outfile=" + folder.resolve(name);
        System.arraycopy(more, 0, all, 3, more.length);
        return Cli.run(all);
    }

    private Picture picture(String name, Object... more) throws IOException {
        Cli run = render(name, more);
        assertThat(run.code()).as(run.err()).isZero();
        return TestPictures.read(folder.resolve(name + "0000.png"));
    }

    private float[] raw(String file) throws IOException {
        return raw(folder.resolve(file));
    }

    /** The values of a raw float layer. */
    static float[] raw(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        String first =
                new String(bytes, 0, 60, StandardCharsets.US_ASCII).lines().findFirst().orElse("");
        String[] words = first.split(" ", -1);
        float[] out = new float[Integer.parseInt(words[1]) * Integer.parseInt(words[2])];
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .position(Integer.parseInt(words[3]))
                .asReadOnlyBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(out);
        return out;
    }

    @Test
    void layersHoldTheTotalMassAndAreRepeatedFromThemselves() throws IOException {
        Cli run =
                render(
                        "a",
                        "layers=mass column_density mean:speed max:m hits depth",
                        "layer_formats=raw fits exr png16",
                        "field.speed=sqrt(vx*vx + vy*vy + vz*vz)",
                        "unit_mass=Msun");
        assertThat(run.code()).as(run.err()).isZero();
        double total = 0;
        for (int i = 0; i < 400; i++) {
            total += 1 + i % 3;
        }
        double sum = 0;
        for (float v : raw("a0000_mass.f32")) {
            sum += v;
        }
        assertThat(sum).isEqualTo(total, within(1e-5 * total));
        double pixel = 2 * Math.tan(Math.toRadians(22.5)) * 20 / 90;
        double column = 0;
        for (float v : raw("a0000_column_density.f32")) {
            column += v * pixel * pixel;
        }
        assertThat(column).isEqualTo(total, within(1e-5 * total));
        for (float v : raw("a0000_mean_speed.f32")) {
            assertThat(Float.isNaN(v) || (v >= 0 && v <= 5.001)).isTrue();
        }
        String fits =
                Files.readString(
                        folder.resolve("a0000_column_density.fits"), StandardCharsets.ISO_8859_1);
        assertThat(fits).contains("BUNIT   = '(Msun) / (kpc)^2'").contains("CUNIT1  = 'kpc");
        for (String file :
                new String[] {
                    "a0000.png",
                    "a0000_mass.exr",
                    "a0000_hits.fits",
                    "a0000_depth.f32",
                    "a0000_mass.png"
                }) {
            Cli show = Cli.run("show-params", folder.resolve(file));
            assertThat(show.code()).as(show.err()).isZero();
            assertThat(show.out()).contains("# data sha256-sampled:").contains("field.speed=sqrt");
        }
        Cli again =
                Cli.run(
                        "render",
                        folder.resolve("a0000_mass.exr"),
                        "outfile=" + folder.resolve("b"),
                        "layers=");
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(TestPictures.read(folder.resolve("b0000.png")).rgb())
                .isEqualTo(TestPictures.read(folder.resolve("a0000.png")).rgb());
    }

    @Test
    void thePictureOfALayerHasTheColoursOfItsValues() throws IOException {
        List<String> both = List.of("layers=column_density", "layer_formats=raw", "flip_y=false");
        List<String> words = new ArrayList<>(both);
        words.addAll(
                List.of(
                        "picture_of=column_density",
                        "picture_palette=viridis",
                        "picture_min=-3",
                        "picture_max=1"));
        Picture picture = picture("v", words.toArray());
        float[] values = raw("v0000_column_density.f32");
        ColorMap map = Palettes.find("viridis", folder);
        for (int p = 0; p < values.length; p++) {
            double t = values[p] > 0 ? (Math.log10(values[p]) + 3) / 4 : 0;
            for (int c = 0; c < 3; c++) {
                double expected = 256 * map.at(c, (float) Math.clamp(t, 0, 1));
                assertThat((double) (picture.rgb()[3 * p + c] & 255))
                        .isCloseTo(expected, within(1.01));
            }
        }
        words.add("brightness0=0"); // a type that is not seen
        Picture empty = picture("e", words.toArray());
        for (int p = 0; p < 3 * values.length; p++) {
            assertThat(empty.rgb()[p] & 255).isEqualTo((int) (256 * map.at(p % 3, 0)));
        }
        Picture mean = picture("n", "picture_of=mean:m", "legend=false");
        Picture marked = picture("o", "picture_of=mean:m", "legend=true");
        assertThat(marked.rgb()).isNotEqualTo(mean.rgb());
        assertThat(mean.rgb()).startsWith(0, 0, 0); // nothing is in the corner
    }

    @Test
    void derivedFieldsAndSelections() throws IOException {
        Picture byField = picture("f", "field.c=m * 1", "color_label0=c");
        assertThat(byField.rgb()).isEqualTo(picture("g").rgb());
        Cli half = render("h", "select0=x > 0", "region=sphere 0 0 0 3");
        assertThat(half.code()).as(half.err()).isZero();
        assertThat(half.err()).contains("particles selected of 400 read of 400");
        Picture right = TestPictures.read(folder.resolve("h0000.png"));
        int left = 0;
        int lit = 0;
        for (int p = 0; p < 90 * 60; p++) {
            int v = right.rgb()[3 * p] & 255;
            lit += v > 3 ? 1 : 0;
            left += v > 3 && p % 90 < 40 ? 1 : 0;
        }
        assertThat(lit).isPositive();
        assertThat(left).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "select0=m; select: 'm' is a number; expected a condition",
                "select0=q > 1; there is no 'q'",
                "field.c=m +; field.c: in 'm +'",
                "region=box 1 2 3; region: is 'box 1 2 3'; must be 'box",
                "region=sphere 0 0 0 -1; region: is",
                "layers=masss; 'masss' is no layer; did you mean mass?",
                "layers=mean; mean needs a field",
                "picture_of=masss; picture_of: 'masss' is no layer; did you mean mass?",
                "picture_of=mean:Temperature; has no field 'Temperature'",
                "layers=mass:x; mass takes no field",
                "layers=mean:Temperature; has no field 'Temperature'",
                "layer_formats=tiff; 'tiff' is none; formats: fits",
                "kernel=quintic; kernel: is 'quintic'; kernels: cubic",
                "timestamp=now; timestamp: is 'now'; must be none, time",
                "stereo_layout=cross; stereo_layout: is 'cross'; must be files",
                "projection=mercator; projection: is 'mercator'; must be perspective",
                "simtype=3; Enzo hierarchies are not supported"
            })
    void whatIsWrongIsToldBeforeAPictureIsMade(String key, String message) {
        Cli run = render("w", key);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains(message);
        assertThat(folder.resolve("w0000.png")).doesNotExist();
    }

    @Test
    void annotationsAreDrawnOverAndOffByDefault() throws IOException {
        Picture plain = picture("p");
        Picture marked =
                picture(
                        "q",
                        "legend=true",
                        "scale_bar=true",
                        "text=Stars",
                        "timestamp=time",
                        "color_title0=mass",
                        "color_unit0=Msun",
                        "xres=300",
                        "yres=200");
        assertThat(plain.width()).isEqualTo(90);
        int white = 0;
        for (int p = 0; p < marked.rgb().length; p += 3) {
            white +=
                    (marked.rgb()[p] & marked.rgb()[p + 1] & marked.rgb()[p + 2] & 255) == 255
                            ? 1
                            : 0;
        }
        assertThat(white).isGreaterThan(100);
        picture("r", "legend=true", "color_label0=smoothing_length", "timestamp=redshift");
        picture("s", "legend=true", "color_asinh0=true", "timestamp=scale_factor");
        picture("t", "scale_bar=true", "projection=fisheye");
    }

    @ParameterizedTest
    @ValueSource(strings = {"side_by_side", "top_bottom", "anaglyph"})
    void stereoPairsInOnePicture(String layout) throws IOException {
        Cli two = render("two", "EyeSeparation=5", "projection=true");
        assertThat(two.code()).as(two.err()).isZero();
        Picture left = TestPictures.read(folder.resolve("left_two0000.png"));
        Picture right = TestPictures.read(folder.resolve("right_two0000.png"));
        Picture one =
                picture("one", "EyeSeparation=5", "projection=true", "stereo_layout=" + layout);
        assertThat(one.width()).isEqualTo(layout.equals("side_by_side") ? 180 : 90);
        assertThat(one.height()).isEqualTo(layout.equals("top_bottom") ? 120 : 60);
        int p = 3 * (30 * 90 + 50);
        int q = 3 * (30 * one.width() + 50);
        switch (layout) {
            case "side_by_side" -> {
                assertThat(one.rgb()[q]).isEqualTo(left.rgb()[p]);
                assertThat(one.rgb()[q + 270]).isEqualTo(right.rgb()[p]);
            }
            case "top_bottom" -> {
                assertThat(one.rgb()[q + 1]).isEqualTo(left.rgb()[p + 1]);
                assertThat(one.rgb()[q + 1 + 3 * 90 * 60]).isEqualTo(right.rgb()[p + 1]);
            }
            default -> {
                assertThat(one.rgb()[q + 2]).isEqualTo(right.rgb()[p + 2]);
                double luminance =
                        0.299 * (left.rgb()[p] & 255)
                                + 0.587 * (left.rgb()[p + 1] & 255)
                                + 0.114 * (left.rgb()[p + 2] & 255);
                assertThat((double) (one.rgb()[q] & 255)).isEqualTo(luminance, within(0.51));
            }
        }
    }

    @Test
    void theWholeSkyInStereoAndAFilmOfAnOrbit() throws IOException {
        Picture sky =
                picture(
                        "sky",
                        "projection=equirectangular",
                        "EyeSeparation=3",
                        "stereo_layout=top_bottom",
                        "camera_z=3");
        assertThat(sky.height()).isEqualTo(120);
        Path film = folder.resolve("orbit.gif");
        Cli movie =
                Cli.run(
                        "movie",
                        par,
                        "camera_path=orbit frames=5",
                        "EyeSeparation=3",
                        "projection=true",
                        "sky_y=0",
                        "sky_x=1",
                        "stereo_layout=side_by_side",
                        "-o",
                        film);
        if (movie.err().contains("ffmpeg cannot be started")) {
            System.out.println("SKIPPED: needs ffmpeg (sudo apt-get install ffmpeg)");
            return;
        }
        assertThat(movie.code()).as(movie.err()).isZero();
        assertThat(MadeBy.read(film).get("perseid.parameters")).contains("camera_x=");
        Cli show = Cli.run("show-params", film);
        assertThat(show.out()).contains("# data sha256-sampled:").contains("EyeSeparation=3");
        Path mp4 = folder.resolve("orbit.mp4");
        assertThat(Cli.run("movie", par, "camera_path=zoom frames=4", "-o", mp4).code()).isZero();
        assertThat(Cli.run("show-params", mp4).out()).contains("# Perseid").contains("camera_z=");
        Cli again = Cli.run("render", mp4, "outfile=" + folder.resolve("again"));
        assertThat(again.code()).as(again.err()).isZero();
    }

    /** A snapshot of one star with its velocity and id, as Tipsy. */
    private void snapshot(String name, double time, double[] position, float[] velocity)
            throws IOException {
        ByteBuffer out = ByteBuffer.allocate(32 + 44);
        out.putDouble(time).putInt(1).putInt(3).putInt(0).putInt(0).putInt(1).putInt(0);
        out.putFloat(1);
        for (double x : position) {
            out.putFloat((float) x);
        }
        for (float v : velocity) {
            out.putFloat(v);
        }
        Files.write(folder.resolve(name), out.array());
        ByteBuffer ids = ByteBuffer.allocate(8).putInt(1).putInt(77);
        Files.write(folder.resolve(name + ".iord"), ids.array());
    }

    /** A quarter of a circle: orbits follow it, cubics nearly, the line cuts the corner. */
    @ParameterizedTest
    @CsvSource({"1, 2.8284", "2, 3.9492", "3, 4"})
    void velocitiesLeadFromOneTimeToTheNext(int mode, double radius) throws IOException {
        float v = (float) (Math.PI / 2 * 4 / 2); // in two units of time
        snapshot("t_000", 1, new double[] {4, 0, 0}, new float[] {0, v, 0});
        snapshot("t_001", 3, new double[] {0, 4, 0}, new float[] {-v, 0, 0});
        Picture half =
                picture(
                        "m",
                        "infile=t_",
                        "ptype0=2",
                        "color_label0=XXXX",
                        "interpolation_mode=" + mode,
                        "fidx=0.5",
                        "flip_y=true");
        double sum = 0;
        double x = 0;
        double y = 0;
        for (int p = 0; p < 90 * 60; p++) {
            int row = p / 90;
            int light = half.rgb()[3 * p + 1] & 255;
            sum += light;
            x += light * (double) (p - row * 90);
            y += light * (double) row;
        }
        double pixelsPerUnit = 90 / (2 * 20 * Math.tan(Math.toRadians(22.5)));
        double along = Math.hypot(x / sum - 45, 29 - y / sum) / pixelsPerUnit;
        assertThat(along).isEqualTo(radius, within(0.1));
        snapshot("t_001", 1, new double[] {0, 4, 0}, new float[] {-v, 0, 0});
        if (mode > 1) {
            assertThat(
                            render(
                                            "n",
                                            "infile=t_",
                                            "ptype0=2",
                                            "color_label0=XXXX",
                                            "interpolation_mode=" + mode,
                                            "fidx=0.5")
                                    .err())
                    .contains("has the same time as");
        }
    }

    @Test
    void aPlanTellsMemoryTimeAndAdvice() {
        Cli plan = Cli.run("plan", par, "layers=mass mean:m", "camera_path=zoom frames=9");
        assertThat(plan.code()).as(plan.err()).isZero();
        assertThat(plan.out())
                .contains("particles  400")
                .contains("90x60, 9 frames")
                .contains("fits       yes")
                .contains("s a frame");
        Cli small = Cli.run("plan", par, "--memory", "100M", "--ranks", "3");
        assertThat(small.code()).isEqualTo(2);
        assertThat(small.out())
                .contains("for each of 3 processes")
                .contains("NO, there are 100 MiB");
        assertThat(Cli.run("plan", par, "--memory", "much").err())
                .contains("--memory is 'much'; expected a size");
        assertThat(Cli.run("plan", par, "--ranks", "0").err()).contains("--ranks is 0");
        Cli huge =
                Cli.run(
                        "plan",
                        par,
                        "xres=20000",
                        "yres=20000",
                        "size_fix0=0",
                        "a_eq_e=false",
                        "--memory",
                        "1G");
        assertThat(huge.out()).contains("the picture alone is too large");
    }

    @Test
    void whatDoesNotFitIsRefusedWithAdvice() {
        ParameterTable table =
                ParameterTable.read(
                        par,
                        List.of("size_fix0=0", "intensity_label0=m", "a_eq_e=false"),
                        new Problems());
        RenderJob job = JobReader.read(table, Reporter.SILENT);
        MemoryPlan plan = MemoryPlan.of(job);
        assertThat(plan.particles()).isEqualTo(400);
        assertThat(plan.columns()).isEqualTo(400 * 24);
        assertThat(plan.neighbours()).isPositive();
        MemoryPlan large = new MemoryPlan(1L << 30, 0, 20L << 30, 0, 0, 0, 25 << 20);
        assertThat(large.perRank(64) - large.perRank(128))
                .isBetween(400L << 20, 450L << 20); // falls as 1/N beside pictures and program
        MemoryPlan.requireFits(job, 1, plan.perRank(1));
        assertThatThrownBy(() -> MemoryPlan.requireFits(job, 1, plan.perRank(1) - 100))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("show fewer types, read a part of space (region=)")
                .hasMessageContaining("leave out intensity_labelN")
                .hasMessageContaining("--force tries all the same");
    }

    @Test
    void whatHoldsNoParametersIsTold() throws IOException {
        Path other = folder.resolve("other.png");
        javax.imageio.ImageIO.write(
                new java.awt.image.BufferedImage(2, 2, java.awt.image.BufferedImage.TYPE_INT_RGB),
                "png",
                other.toFile());
        assertThat(Cli.run("show-params", other).err()).contains("it was not made by Perseid");
        assertThat(Cli.run("show-params", par).err())
                .contains("is no picture, float layer or film");
    }

    @Test
    void bareTablesAreDescribedAndInitialised() throws IOException {
        ByteBuffer table = ByteBuffer.allocate(16 * 50).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 50; i++) {
            table.putFloat(i % 7).putFloat(i % 5).putFloat(i % 3).putFloat(i);
        }
        Path file = folder.resolve("table.bin");
        Files.write(file, table.array());
        Cli info =
                Cli.run(
                        "info",
                        file,
                        "--reader",
                        "simtype=0",
                        "--reader",
                        "num_blocks=4",
                        "--reader",
                        "swap_endian=false");
        assertThat(info.out())
                .contains("table of 4 columns of floats, little-endian")
                .contains("0 .. 49");
        Path written = folder.resolve("table.par");
        Cli init =
                Cli.run(
                        "init",
                        file,
                        "-o",
                        written,
                        "--reader",
                        "simtype=0",
                        "--reader",
                        "num_blocks=4",
                        "--reader",
                        "swap_endian=false");
        assertThat(init.code()).as(init.err()).isZero();
        assertThat(Files.readString(written)).contains("num_blocks=4");
        Cli drawn =
                Cli.run("render", written, "outfile=" + folder.resolve("t"), "xres=50", "yres=50");
        assertThat(drawn.code()).as(drawn.err()).isZero();
        Cli measured =
                Cli.run(
                        "render",
                        written,
                        "outfile=" + folder.resolve("u"),
                        "xres=50",
                        "yres=50",
                        "layers=mass");
        assertThat(measured.err()).contains("rows has no masses: each particle counts 1");
        Cli given =
                Cli.run(
                        "render",
                        written,
                        "outfile=" + folder.resolve("v"),
                        "xres=50",
                        "yres=50",
                        "layers=mass",
                        "field.mass=col4 * 2");
        assertThat(given.code()).as(given.err()).isZero();
        assertThat(given.err()).doesNotContain("has no masses");
        assertThat(Cli.run("info", file, "--reader", "simtype=x").err())
                .contains("--reader simtype is 'x'");
    }

    @Test
    void threeWaysToReadHdf5AreCompared() {
        Path fixtures = Shared.root().resolve("io/src/test/resources/hdf5");
        Cli bench =
                Cli.run(
                        "bench-hdf5",
                        "--turns",
                        "1",
                        fixtures.resolve("packed-contiguous.hdf5"),
                        fixtures.resolve("packed-gzip.hdf5"));
        assertThat(bench.code()).as(bench.err()).isZero();
        assertThat(bench.out())
                .contains("| packed-contiguous.hdf5 | 15000 |")
                .contains("| packed-gzip.hdf5 | 15000 |");
    }
}
