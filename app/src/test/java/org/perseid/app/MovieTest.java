package org.perseid.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Films by the real ffmpeg, looked at with ffprobe. */
class MovieTest {
    @TempDir private Path folder;
    private Path parameters = Path.of("");

    @BeforeEach
    void makeScene() throws IOException {
        boolean there =
                Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(p -> Files.isExecutable(Path.of(p, "ffmpeg")));
        if (!there) {
            System.out.println("SKIPPED: needs ffmpeg, which is not installed");
        }
        assumeTrue(there, "needs ffmpeg");
        System.setProperty("perseid.home", Shared.root().toString());
        Cli demo =
                Cli.run(
                        "demo",
                        "--no-serve",
                        "-q",
                        "--particles",
                        "5000",
                        "-o",
                        folder.resolve("demo"));
        assertThat(demo.code()).as(demo.err()).isZero();
        parameters = folder.resolve("demo/galaxy.par");
        StringBuilder scene = new StringBuilder("fov camera_x\n");
        for (int i = 0; i < 9; i++) {
            scene.append(60 - i).append(' ').append(112 - i).append('\n');
        }
        Files.writeString(folder.resolve("demo/p.scene"), scene);
    }

    private Cli movie(Object... more) {
        List<Object> words =
                new ArrayList<>(
                        List.of(
                                "movie",
                                parameters,
                                "scene_file=p.scene",
                                "xres=65",
                                "yres=37",
                                "-q"));
        words.addAll(List.of(more));
        return Cli.run(words.toArray());
    }

    private static String probe(Path film) throws IOException {
        Process process =
                new ProcessBuilder(
                                "ffprobe",
                                "-v",
                                "error",
                                "-count_frames",
                                "-show_entries",
                                "stream=codec_name,pix_fmt,width,height,nb_read_frames,r_frame_rate:format_tags=comment",
                                "-of",
                                "compact",
                                film.toString())
                        .redirectErrorStream(true)
                        .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "a.mp4, h264, yuv420p, 66, 38",
        "a.mkv, h264, yuv420p, 66, 38",
        "a.webm, vp9, yuv420p, 66, 38",
        "a.gif, gif, bgra, 65, 37"
    })
    void aFilmHasItsFormatAndAllFrames(
            String name, String codec, String pixels, int width, int height) throws IOException {
        Path film = folder.resolve(name);
        Cli run = movie("-o", film, "--fps", "25");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(probe(film))
                .contains(
                        "codec_name=" + codec,
                        "pix_fmt=" + pixels,
                        "width=" + width,
                        "height=" + height)
                .contains("nb_read_frames=9", "r_frame_rate=25/1");
        assertThat(folder.resolve(name + ".part." + name.substring(2))).doesNotExist();
    }

    @Test
    void aFilmHoldsItsParameters() throws IOException {
        movie("-o", folder.resolve("a.mp4"));
        assertThat(probe(folder.resolve("a.mp4")))
                .contains("comment=Perseid 0.1.0")
                .contains("palette0=magma");
    }

    @Test
    void framesOfAnotherQualityAreDrawnAgain() throws IOException {
        Path film = folder.resolve("a.mp4");
        Path frame = folder.resolve("a.mp4.frames");
        assertThat(movie("-o", film, "--quality", "high").code()).isZero();
        try (Stream<Path> frames = Files.list(frame)) {
            frame = frames.filter(f -> f.toString().endsWith(".png")).findFirst().orElseThrow();
        }
        assertThat(Cli.run("show-params", frame).out()).contains("# quality high");
        assertThat(movie("-o", film).code()).isZero();
        assertThat(Cli.run("show-params", frame).out()).contains("# quality exact");
    }

    @Test
    void startedAgainItDrawsOnlyWhatIsMissingAndTheFilmIsTheSame() throws IOException {
        Path film = folder.resolve("a.mp4");
        assertThat(movie("-o", film).code()).isZero();
        byte[] first = Files.readAllBytes(film);
        Path kept = folder.resolve("a.mp4.frames/frame0002.png");
        Path lost = folder.resolve("a.mp4.frames/frame0005.png");
        Path damaged = folder.resolve("a.mp4.frames/frame0007.png");
        FileTime time = FileTime.fromMillis(1_000_000_000L);
        Files.setLastModifiedTime(kept, time);
        Files.delete(lost);
        Files.write(damaged, java.util.Arrays.copyOf(Files.readAllBytes(damaged), 400));
        Files.delete(film);
        assertThat(movie("-o", film).code()).isZero();
        assertThat(Files.readAllBytes(film)).isEqualTo(first);
        assertThat(Files.getLastModifiedTime(kept)).isEqualTo(time);

        assertThat(movie("-o", film, "brightness0=0.5").code()).isZero();
        assertThat(Files.getLastModifiedTime(kept)).isNotEqualTo(time);
        assertThat(Files.readAllBytes(film)).isNotEqualTo(first);
    }

    @Test
    void killedInTheMiddleItGoesOnAndTheFilmIsTheSame() throws Exception {
        Path undisturbed = folder.resolve("whole/a.mp4");
        Path killed = folder.resolve("killed/a.mp4");
        String size = "xres=200";
        assertThat(movie("-o", undisturbed, size).code()).isZero();
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-Djava.awt.headless=true",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                "movie",
                                parameters.toString(),
                                "scene_file=p.scene",
                                "xres=65",
                                "yres=37",
                                size,
                                "-o",
                                killed.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        Path third = folder.resolve("killed/a.mp4.frames/frame0002.png");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!Files.exists(third) && process.isAlive() && System.nanoTime() < end) {
            Thread.sleep(2);
        }
        process.destroyForcibly().waitFor();
        assertThat(third).exists();
        assertThat(movie("-o", killed, size).code()).isZero();
        assertThat(sameFrames(undisturbed, killed)).isTrue();
        try (Stream<Path> left = Files.list(killed.resolveSibling("a.mp4.frames"))) {
            assertThat(left.filter(p -> p.toString().endsWith(".part"))).isEmpty();
        }
    }

    /** The frames' pixels; the films differ in the folder's name, which their parameters hold. */
    private static boolean sameFrames(Path a, Path b) throws IOException {
        for (int i = 0; i < 9; i++) {
            String name = "frame000" + i + ".png";
            byte[] first = TestPictures.read(a.resolveSibling("a.mp4.frames").resolve(name)).rgb();
            byte[] second = TestPictures.read(b.resolveSibling("a.mp4.frames").resolve(name)).rgb();
            if (!java.util.Arrays.equals(first, second)) {
                return false;
            }
        }
        return true;
    }

    @Test
    void rangesStayThoseOfTheFirstFrameUnlessAskedOtherwise() throws IOException {
        Path data = folder.resolve("demo");
        Files.copy(data.resolve("galaxy.gadget"), data.resolve("snap_000"));
        Cli other =
                Cli.run(
                        "demo",
                        "--no-serve",
                        "-q",
                        "--particles",
                        "3000",
                        "-o",
                        folder.resolve("other"));
        assertThat(other.code()).isZero();
        Files.copy(folder.resolve("other/galaxy.gadget"), data.resolve("snap_001"));
        Files.writeString(data.resolve("t.scene"), "fidx\n0\n0.5\n");
        Path film = folder.resolve("a.mp4");
        String text = Files.readString(parameters).replaceAll("color_(min|max)1=.*", "");
        Files.writeString(parameters, text);
        Object[] common = {
            "scene_file=t.scene", "infile=snap_", "interpolation_mode=1", "-o", film
        };
        assertThat(movie(common).code()).isZero();
        assertThat(movieRanges(film))
                .hasSize(1)
                .first()
                .asString()
                .contains("color_min1=")
                .contains("color_max1=");
        List<Object> each = new ArrayList<>(List.of(common));
        each.addAll(List.of("--ranges", "each"));
        assertThat(movie(each.toArray()).code()).isZero();
        assertThat(movieRanges(film)).hasSize(1).first().asString().doesNotContain("color_max1=");
    }

    @Test
    void theColoursOfALayerAreThoseOfTheFirstFrame() throws IOException {
        Path film = folder.resolve("a.mp4");
        String turn = "camera_path=orbit frames=4";
        Object[] words = {turn, "scene_file=", "picture_of=column_density", "-o", film};
        Cli run = movie(words);
        assertThat(run.code()).as(run.err()).isZero();
        List<String> all = movieRanges(film);
        assertThat(all).hasSize(1);
        assertThat(all.getFirst()).containsPattern("picture_max=-?\\d").contains("picture_min=-");
        List<Object> each = new ArrayList<>(List.of(words));
        each.addAll(List.of("--ranges", "each"));
        assertThat(movie(each.toArray()).code()).isZero();
        assertThat(movieRanges(film).getFirst()).doesNotContain("picture_max=-");
    }

    /** The different sets of ranges that the frames' parameters give. */
    private static List<String> movieRanges(Path film) throws IOException {
        try (Stream<Path> frames =
                Files.list(film.resolveSibling(film.getFileName() + ".frames"))) {
            return frames.map(p ->
                            String.valueOf(
                                    org.perseid.io.image.Png.readText(p)
                                            .get(FrameFiles.PARAMETERS)))
                    .map(text ->
                            String.join(
                                    " ",
                                    text.lines()
                                            .filter(l -> l.matches("(color|intensity|picture)_m.*"))
                                            .sorted()
                                            .toList()))
                    .distinct()
                    .toList();
        }
    }

    @Test
    void sharesDrawDisjointFramesAndARangeMakesAShortFilm() throws IOException {
        Path film = folder.resolve("a.mp4");
        assertThat(movie("-o", film, "--share", "2/4").code()).isZero();
        assertThat(film).doesNotExist();
        try (Stream<Path> files = Files.list(folder.resolve("a.mp4.frames"))) {
            assertThat(files.map(p -> p.getFileName().toString()).sorted())
                    .containsExactly("frame0001.png", "frame0005.png");
        }
        assertThat(movie("-o", film, "--frames", "4-6").code()).isZero();
        assertThat(probe(film)).contains("nb_read_frames=3");
    }

    @Test
    void whatCannotBeIsToldBeforeAnythingIsDrawn() throws IOException {
        assertThat(movie("-o", folder.resolve("a.avi")).err())
                .contains("is no film that can be made");
        assertThat(movie("--fps", "0").err()).contains("--fps is 0.0; must be above 0");
        assertThat(movie("--frames", "x").err()).contains("expected A-B");
        assertThat(movie("--frames", "50-60").err()).contains("the frames are 0 to 8");
        assertThat(movie("--share", "5/4").err()).contains("expected I/N");
        assertThat(movie("scene_file=", "-o", folder.resolve("a.mp4")).err())
                .contains("has no scene_file");
        Files.writeString(folder.resolve("demo/sizes.scene"), "minrad_pix yres\n1 10\n1 20\n");
        Cli sizes =
                Cli.run(
                        "movie",
                        parameters,
                        "scene_file=sizes.scene",
                        "-o",
                        folder.resolve("a.mp4"));
        assertThat(sizes.code()).isEqualTo(2);
        assertThat(sizes.err())
                .contains("frame 1 is 1280x20, frame 0 is 1280x10; a film has one size");
        assertThat(movie("EyeSeparation=3", "-o", folder.resolve("a.mp4")).err())
                .contains("for a stereo pair give stereo_layout=side_by_side");
        assertThat(movie("xres=26000", "yres=26000", "-o", folder.resolve("a.mp4")).err())
                .contains("GiB of Java heap");
        assertThat(folder.resolve("a.mp4.frames")).doesNotExist();
    }
}
