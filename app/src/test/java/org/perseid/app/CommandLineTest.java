package org.perseid.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineTest {
    @TempDir private Path folder;
    private Path parameters = Path.of("");

    @BeforeEach
    void makeDemo() {
        System.setProperty("perseid.home", Shared.root().toString());
        Cli demo =
                Cli.run(
                        "demo",
                        "--no-serve",
                        "--quiet",
                        "--particles",
                        "20000",
                        "-o",
                        folder.resolve("demo"));
        assertThat(demo.code()).as(demo.err()).isZero();
        assertThat(demo.err()).isEmpty();
        parameters = folder.resolve("demo/galaxy.par");
    }

    private Cli render(Object... more) {
        Object[] words = new Object[more.length + 2];
        words[0] = "render";
        words[1] = parameters;
        System.arraycopy(more, 0, words, 2, more.length);
        return Cli.run(words);
    }

    private String out(String name) {
        return "outfile=" + folder.resolve(name);
    }

    @Test
    void helpAndVersionGoToStandardOutput() {
        assertThat(Cli.run("--help").out())
                .contains("render", "info", "init", "demo", "bench", "verify");
        assertThat(Cli.run("--version").out()).startsWith("Perseid 0.1.0");
        assertThat(Cli.run("render", "--help").out())
                .contains("--threads", "--backend", "--quality", "--json");
    }

    @Test
    void wrongUseEndsWith2AndOneLineWithAHint() {
        assertThat(Cli.run("rendr").code()).isEqualTo(2);
        assertThat(Cli.run("rendr").err()).contains("perseid render").contains("--help");
        assertThat(Cli.run().code()).isEqualTo(2);
        assertThat(render("--backend", "gpu").code()).isEqualTo(2);
        assertThat(render("--backend", "gpu").err())
                .contains("error: back end 'gpu' is not there (on a GPU draws opencl)");
        assertThat(render("--quality", "best").err())
                .contains("error: --quality is 'best'; available: exact, high");
        assertThat(render("--threads", "0").err())
                .contains("error: --threads is 0; must be in 1..4096");
        assertThat(render("nothing").err())
                .contains("error: command line: 'nothing' is no key=value");
    }

    @Test
    void theNumberOfThreadsDoesNotChangeAByte() throws IOException {
        for (String shading : new String[] {"a_eq_e=true", "a_eq_e=false"}) {
            assertThat(
                            render(
                                            "--threads",
                                            "1",
                                            shading,
                                            "xres=320",
                                            "yres=200",
                                            "pictype=2",
                                            out("a"))
                                    .code())
                    .isZero();
            assertThat(
                            render(
                                            "--threads",
                                            "5",
                                            shading,
                                            "xres=320",
                                            "yres=200",
                                            "pictype=2",
                                            out("b"))
                                    .code())
                    .isZero();
            assertThat(TestPictures.read(folder.resolve("a0000.ppm")).rgb())
                    .isEqualTo(TestPictures.read(folder.resolve("b0000.ppm")).rgb());
        }
    }

    @Test
    void aPictureHoldsAllThatIsNeededToDrawItAgain() throws IOException {
        assertThat(render("xres=160", "yres=90", out("first"), "fov=40").code()).isZero();
        Cli again = Cli.run("render", folder.resolve("first0000.png"), out("second"));
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.err()).doesNotContain("warning");
        byte[] first = TestPictures.read(folder.resolve("first0000.png")).rgb();
        assertThat(TestPictures.read(folder.resolve("second0000.png")).rgb()).isEqualTo(first);

        Cli other = Cli.run("render", folder.resolve("first0000.png"), out("third"), "fov=20");
        assertThat(other.code()).isZero();
        assertThat(TestPictures.read(folder.resolve("third0000.png")).rgb()).isNotEqualTo(first);

        Cli.run("demo", "--no-serve", "-q", "--particles", "20001", "-o", folder.resolve("demo"));
        Cli changed = Cli.run("render", folder.resolve("first0000.png"), out("fourth"));
        assertThat(changed.err()).contains("is not the data that the picture was made from");
    }

    @Test
    void jsonIsOneLineAFrame() {
        Cli run = render("--json", "-q", "xres=64", "yres=64", out("j"));
        assertThat(run.out().lines()).hasSize(1);
        assertThat(run.out())
                .contains("\"files\":[\"" + folder.resolve("j0000.png") + "\"]")
                .contains("\"width\":64")
                .contains("\"seconds\":{\"parameters\":")
                .contains("\"splat\":")
                .contains("\"peak_memory_bytes\":");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void theLogHoldsParametersAndRanges() throws IOException {
        assertThat(
                        render(
                                        "print_logfile=true",
                                        "xres=32",
                                        "yres=32",
                                        "bbox=true",
                                        "colorbar=true",
                                        out("l"))
                                .err())
                .contains("bounding box of type 0: x ");
        assertThat(Files.readString(folder.resolve("l0000.log"), StandardCharsets.UTF_8))
                .contains(
                        "xres=32\n",
                        "redshift=0.0\n",
                        "boxsize=200.0\n",
                        "range_min0=",
                        "clamp_max0=3.1\n");
    }

    @Test
    void aLogFileIsAParameterFileAgain() throws IOException {
        assertThat(render("print_logfile=true", "xres=32", "yres=32", out("l")).code()).isZero();
        Cli again =
                Cli.run(
                        "render",
                        folder.resolve("l0000.log"),
                        "infile=" + folder.resolve("demo/galaxy.gadget"),
                        out("m"));
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.err()).doesNotContain("warning");
        assertThat(TestPictures.read(folder.resolve("m0000.png")).rgb())
                .isEqualTo(TestPictures.read(folder.resolve("l0000.png")).rgb());
    }

    @Test
    void inputsAreRelativeToTheParameterFileAndOverridesBeatIt() {
        Cli missing = render("infile=nothing", out("x"));
        assertThat(missing.code()).isEqualTo(2);
        assertThat(missing.err())
                .contains("error: infile: no snapshot " + folder.resolve("demo/nothing000"));
        assertThat(folder.resolve("x0000.png")).doesNotExist();
    }

    @Test
    void anOutputThatCannotBeWrittenIsToldBeforeWork() throws IOException {
        Files.createFile(folder.resolve("file"));
        Cli run = render(out("file/x"));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("error: ").contains("cannot be written");
    }

    @Test
    void aPictureLargerThanTheHeapIsRefusedWithAdvice() {
        Cli run = render("xres=26000", "yres=26000", out("x"));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("GiB of Java heap").contains("PERSEID_JAVA_OPTS=-Xmx");
    }

    @Test
    void missingSizesAreComputedAndAnnounced() {
        Cli run = render("size_label0=NONE", "neighbours=8", "xres=64", "yres=64", out("n"));
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err())
                .containsPattern(
                        "type 0: the file has no smoothing lengths; computed from 8 neighbours in \\d");
        Cli bySize =
                render(
                        "color_label0=smoothing_length",
                        "color_min0=-2",
                        "xres=64",
                        "yres=64",
                        out("n"));
        assertThat(bySize.code()).as(bySize.err()).isZero();
    }

    @Test
    void vectorColourIsDrawn() throws IOException {
        Cli run =
                render(
                        "color_is_vector0=true",
                        "color_label0=VEL",
                        "color_log0=false",
                        "color_min0=-250",
                        "color_max0=250",
                        "ptypes=1",
                        "xres=64",
                        "yres=64",
                        out("v"));
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).contains("ignored: ptypes=1");
        byte[] rgb = TestPictures.read(folder.resolve("v0000.png")).rgb();
        int colourful = 0;
        for (int p = 0; p < rgb.length; p += 3) {
            colourful += rgb[p] != rgb[p + 1] ? 1 : 0;
        }
        assertThat(colourful).isGreaterThan(100);
    }

    @Test
    void emptyTypesAndEmptyLogarithmsAreWarnedOf() {
        Cli run = render("ptype0=3", "color_label0=XXXX", "xres=32", "yres=32", out("e"));
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).contains("warning: type 3 has no particles to draw");
    }

    @Test
    void infoDescribesInTextAndJson() {
        Cli text = Cli.run("info", folder.resolve("demo/galaxy.gadget"));
        assertThat(text.out())
                .contains("Gadget-2 binary, format 2, little-endian")
                .contains("20,000")
                .contains("type 4 stars")
                .contains("smoothing length [code length]")
                .contains("200 code length (periodic)");
        Cli twice =
                Cli.run(
                        "info",
                        "--json",
                        folder.resolve("demo/galaxy.gadget"),
                        folder.resolve("demo/galaxy.gadget"));
        assertThat(twice.out().lines()).hasSize(1);
        assertThat(twice.out()).contains("\"box_size\":200.0").contains("\"AGE\":{\"type\":\"f4\"");
        Cli wrong = Cli.run("info", parameters, folder.resolve("demo/galaxy.gadget"));
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.out()).contains("20,000");
        assertThat(wrong.err()).contains("unknown format");
    }

    @Test
    void initDoesNotReplaceAFileUnasked() throws IOException {
        Path target = Files.writeString(folder.resolve("a.par"), "mine");
        Cli refused = Cli.run("init", folder.resolve("demo/galaxy.gadget"), "-o", target);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("exists already");
        assertThat(
                        Cli.run(
                                        "init",
                                        "--force",
                                        folder.resolve("demo/galaxy.gadget"),
                                        "-o",
                                        target)
                                .code())
                .isZero();
        assertThat(Files.readString(target))
                .contains("brightness2=", "flip_y=true", "# Automatic exposure");
        assertThat(Cli.run("render", target, "xres=64", "yres=64", out("i")).code()).isZero();
    }

    @Test
    void benchPrintsTables() {
        assertThat(Cli.run("bench", "read", "xres=9").err()).contains("only bench serve takes");
        for (String link : List.of("1e8", "1e8,50,1", "1,50", "1e8,-1")) {
            assertThat(Cli.run("bench", "composite", "--link", link).err())
                    .contains("expected bytes a second");
        }
        Cli read = Cli.run("bench", "read", "--particles", "1e4", "--dir", folder);
        assertThat(read.code()).as(read.err()).isZero();
        assertThat(read.out().lines()).hasSize(3);
        assertThat(read.out()).contains("| 1e+04 |").contains("| 20.0 |");
        Cli splat =
                Cli.run("bench", "splat", "--particles", "1e4", "--seconds", "0", "--dir", folder);
        assertThat(splat.out().lines()).hasSize(46);
        Cli cold =
                Cli.run("bench", "cold", "--particles", "1e4", "--seconds", "0", "--dir", folder);
        assertThat(cold.code()).as(cold.err()).isZero();
        assertThat(cold.out()).contains("| 1024x1024 | high | no |");
        assertThat(splat.out()).contains("| 1920x1080 |").contains("| vector | high |");
        Cli convert =
                Cli.run(
                        "bench",
                        "convert",
                        "--particles",
                        "1e4",
                        "--seconds",
                        "0",
                        "--dir",
                        folder);
        assertThat(convert.code()).as(convert.err()).isZero();
        assertThat(convert.out().lines()).hasSize(3);
        Cli roofline =
                Cli.run(
                        "bench",
                        "roofline",
                        "--particles",
                        "1e4",
                        "--seconds",
                        "0",
                        "--dir",
                        folder);
        assertThat(roofline.code()).as(roofline.err()).isZero();
        assertThat(roofline.out().lines()).hasSize(15);
        assertThat(roofline.out()).contains("| multiply-add in the cache |");
        Cli absorb =
                Cli.run("bench", "absorb", "--particles", "1e4", "--seconds", "0", "--dir", folder);
        assertThat(absorb.code()).as(absorb.err()).isZero();
        assertThat(absorb.out().lines()).hasSizeBetween(2 + 4, 2 + 8);
        assertThat(absorb.out()).contains("| scalar | exact |").doesNotContain("NaN");
    }

    /** With the programs where they are installed; else it says how to get them. */
    @Test
    void benchOthersComparesWithWhatIsInstalled() {
        Cli bench =
                Cli.run("bench", "others", "--particles", "1e4", "--seconds", "0", "--dir", folder);
        if (bench.code() == 0) {
            assertThat(bench.out())
                    .contains("| Perseid, exact |")
                    .contains("| Perseid, high |")
                    .doesNotContain("NaN");
            if (bench.out().contains("| yt ")) {
                assertThat(bench.out()).containsPattern("\\| yt 4.* \\| [1-9]\\.[0-9]e-0[4-7] \\|");
            } else {
                assertThat(bench.err()).contains("nothing to compare the column density");
            }
        } else {
            assertThat(bench.err()).contains("needs python3 with h5py", "apt-get install");
        }
    }

    @Test
    void pngsThatAreNotOursAreToldSo() throws IOException {
        Path png = folder.resolve("plain.png");
        javax.imageio.ImageIO.write(new java.awt.image.BufferedImage(2, 2, 1), "png", png.toFile());
        Cli run = Cli.run("render", png);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("holds no parameters");
    }

    @Test
    void aFaultOfTheProgramLeavesAReportAndNoStackTraceOnTheScreen() throws IOException {
        Cli fault =
                Cli.call(() ->
                        Main.explain(
                                new IllegalStateException("broken"), List.of("render", "x.par")));
        assertThat(fault.code()).isEqualTo(1);
        assertThat(fault.err())
                .contains("error: a fault in the program: java.lang.IllegalStateException: broken")
                .doesNotContain("\tat ");
        Matcher report = Pattern.compile("details are in (\\S+);").matcher(fault.err());
        assertThat(report.find()).isTrue();
        Path file = Path.of(report.group(1));
        assertThat(Files.readString(file)).contains("arguments: render x.par").contains("\tat ");
        Files.delete(file);
    }

    @Test
    void tooLittleHeapIsNoFault() {
        Cli run = Cli.call(() -> Main.explain(new OutOfMemoryError("Java heap space"), List.of()));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("PERSEID_JAVA_OPTS");
    }

    @Test
    void aSnapshotInPlaceOfAParameterFileIsToldWhatToDo() {
        Cli run = Cli.run("render", folder.resolve("demo/galaxy.gadget"));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("is no parameter file").contains("./perseid init");
    }

    @Test
    void betweenTwoSnapshotsThePictureCanBeDrawnAgainToo() throws IOException {
        Path one = folder.resolve("demo/galaxy.gadget");
        Files.copy(one, folder.resolve("demo/snap_004"));
        Files.copy(one, folder.resolve("demo/snap_005"));
        String[] size = {"xres=80", "yres=50"};
        assertThat(render(size[0], size[1], out("single")).code()).isZero();
        Cli run =
                render(
                        size[0],
                        size[1],
                        "infile=snap_",
                        "interpolation_mode=1",
                        "fidx=4.5",
                        out("between"));
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).contains("pair ").contains("interpolate ").doesNotContain("fade");
        byte[] between = TestPictures.read(folder.resolve("between0000.png")).rgb();
        assertThat(between).isEqualTo(TestPictures.read(folder.resolve("single0000.png")).rgb());
        Cli again = Cli.run("render", folder.resolve("between0000.png"), out("again"));
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.err()).doesNotContain("warning");
        assertThat(TestPictures.read(folder.resolve("again0000.png")).rgb()).isEqualTo(between);
        Cli missing =
                render(
                        size[0],
                        size[1],
                        "infile=snap_",
                        "interpolation_mode=1",
                        "fidx=5.5",
                        out("x"));
        assertThat(missing.code()).isEqualTo(2);
        assertThat(missing.err()).contains("no snapshot " + folder.resolve("demo/snap_006"));
    }
}
