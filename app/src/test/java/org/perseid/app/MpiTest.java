package org.perseid.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.perseid.renderer.model.Picture;

/** Ranks that Open MPI's mpirun starts, and their deaths. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class MpiTest {
    private static final Path BINDINGS =
            Path.of(
                    System.getenv()
                            .getOrDefault(
                                    "PERSEID_MPI",
                                    System.getProperty("user.home") + "/.perseid/mpi/current"));

    @TempDir private Path folder;

    /** Whether Open MPI and its bindings were there when this was built, and are now. */
    static boolean isThere() {
        try {
            Class<?> _ = Class.forName("org.perseid.compositing.mpi.MpiProvider");
            return Files.exists(BINDINGS.resolve("mpi.jar"));
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    @BeforeEach
    void needsMpi() {
        boolean built = isThere();
        if (!built) {
            System.out.println(
                    "SKIPPED: needs Open MPI with its Java bindings, see docs/cluster.md");
        }
        assumeTrue(built, "needs Open MPI with its Java bindings");
    }

    /** One rank's command line. */
    private static List<String> program(List<String> javaOptions, List<String> arguments) {
        List<String> out = new ArrayList<>();
        out.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        out.add("-XX:TieredStopAtLevel=1");
        out.add("-XX:+UseSerialGC");
        out.add("--enable-native-access=ALL-UNNAMED");
        out.add("-Djava.library.path=" + BINDINGS);
        out.addAll(javaOptions);
        out.add("-cp");
        out.add(System.getProperty("java.class.path") + ":" + BINDINGS.resolve("mpi.jar"));
        out.add(Main.class.getName());
        out.addAll(arguments);
        return out;
    }

    private static List<String> mpirun(int ranks) {
        return List.of(
                "mpirun",
                "--allow-run-as-root",
                "--oversubscribe",
                "--bind-to",
                "none",
                "-np",
                String.valueOf(ranks),
                "env"); // mpirun changes command lines whose program is called java
    }

    private Process start(List<String> words) throws IOException {
        return new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile())
                .start();
    }

    private String said() throws IOException {
        return Files.readString(folder.resolve("said"), StandardCharsets.UTF_8);
    }

    private static List<String> joined(List<String> a, List<String> b) {
        return Stream.concat(a.stream(), b.stream()).toList();
    }

    private void draw(int ranks, Path par) throws IOException, InterruptedException {
        Path drawn = folder.resolve("out" + ranks + "_");
        Process job =
                start(
                        joined(
                                mpirun(ranks),
                                program(
                                        List.of(),
                                        List.of("render", par.toString(), "outfile=" + drawn))));
        assertThat(job.waitFor()).as(said()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"01_two_types", "09_absorption", "13_interp_linear"})
    void realRanksDrawTheSamePicture(String name) throws IOException, InterruptedException {
        same(name, 3);
    }

    @Test
    void realRanksShareAStore() throws IOException, InterruptedException {
        Path par = LiveServer.writeGalaxy(folder, 60_000);
        Path store = folder.resolve("galaxy.pstore");
        assertThat(Cli.run("convert", par, "-o", store).code()).isZero();
        same(store, 3);
    }

    /** So much work that one process would start itself anew, with vectors; ranks cannot. */
    @Test
    void muchWorkIsDoneByTheRanksThatWereStarted() throws IOException, InterruptedException {
        Path par = LiveServer.writeGalaxy(folder, 1_000_000);
        Path scene =
                Files.writeString(folder.resolve("all.scene"), "fov\n" + "40\n41\n".repeat(51));
        Process job =
                start(
                        joined(
                                mpirun(2),
                                program(
                                        List.of(),
                                        List.of(
                                                "render",
                                                par.toString(),
                                                "region=box 99 101 99 101 99 101",
                                                "scene_file=" + scene,
                                                "outfile=" + folder.resolve("out"),
                                                "xres=40",
                                                "yres=30"))));
        assertThat(job.waitFor()).as(said()).isZero();
        assertThat(folder.resolve("out0101.png")).isRegularFile();
    }

    /** Two hosts: 4 MB one way and a byte back, then a picture. */
    @Test
    void ranksOverASlowNetworkTakeTheirTimeAndDrawTheSame()
            throws IOException, InterruptedException {
        needsNetworks();
        Path probe =
                Files.writeString(
                        folder.resolve("Probe.java"),
                        """
                        import java.net.*;
                        void main() throws Exception {
                            byte[] sent = new byte[4_000_000];
                            if (System.getenv("OMPI_COMM_WORLD_RANK").equals("0")) {
                                try (var at = new ServerSocket(7000); var line = at.accept()) {
                                    line.getInputStream().readNBytes(sent.length);
                                    line.getOutputStream().write(1);
                                }
                                return;
                            }
                            Thread.sleep(1000); // for rank 0 to listen
                            long start = System.nanoTime();
                            try (var line = new Socket("10.177.0.1", 7000)) {
                                line.getOutputStream().write(sent);
                                line.getInputStream().read();
                            }
                            IO.println("took " + (System.nanoTime() - start) / 1_000_000);
                        }
                        """);
        Path par = Shared.path("cases/01_two_types/case.par");
        draw(1, par);
        Path drawn = folder.resolve("out2_");
        List<String> two = List.of("mpirun", "--allow-run-as-root", "-np", "2", "env");
        List<String> java = List.of(System.getProperty("java.home") + "/bin/java", "" + probe);
        try (SlowNetwork network = new SlowNetwork(folder, 2, 2e7, 20_000)) {
            assertThat(start(network.over(joined(two, java))).waitFor()).as(said()).isZero();
            double millis = Double.parseDouble(said().strip().replaceFirst("(?s).*took ", ""));
            // 4 MB at 20 MB a second; there and back for the connection, there and back for the
            // rest
            assertThat(millis).isGreaterThan(200 + 4 * 20);
            List<String> render = List.of("render", par.toString(), "outfile=" + drawn);
            Process job = start(network.over(joined(two, program(List.of(), render))));
            assertThat(job.waitFor()).as(said()).isZero();
        }
        assertSame(par, 2);
        Process left = start(List.of("ip", "netns", "list"));
        assertThat(left.waitFor()).isZero();
        assertThat(said()).doesNotContain("perseid-" + ProcessHandle.current().pid());
    }

    private void needsNetworks() throws InterruptedException {
        String tried =
                "cc --version && ip netns add perseid-trial && ip netns delete perseid-trial";
        boolean there;
        try {
            there = start(List.of("sh", "-c", tried)).waitFor() == 0;
        } catch (IOException e) {
            there = false;
        }
        if (!there) {
            System.out.println("SKIPPED: needs root, cc and network namespaces (iproute2, gcc)");
        }
        assumeTrue(there, "needs network namespaces");
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "02_asinh_intlog",
                "04_ortho_tilted",
                "07_minrad_small",
                "12_scene_path",
                "15_colorbar_gamma",
                "16_stereo",
                "19_dome",
                "20_table_bin",
                "23_mesh",
                "24_multifile_swapped",
                "28_gadget_hdf5",
                "30_tipsy",
                "31_size_per_scene"
            })
    void realRanksDrawAllCases(String name) throws IOException, InterruptedException {
        for (int ranks : new int[] {2, 3, 5, 8}) {
            same(name, ranks);
        }
    }

    private void same(String name, int ranks) throws IOException, InterruptedException {
        same(Shared.path("cases/" + name + "/case.par"), ranks);
    }

    private void same(Path par, int ranks) throws IOException, InterruptedException {
        draw(1, par);
        draw(ranks, par);
        assertSame(par, ranks);
    }

    /** What so many ranks have drawn is what one has. */
    private void assertSame(Path par, int ranks) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> pictures =
                    files.filter(f -> f.getFileName().toString().contains("out1_")).toList();
            assertThat(pictures).isNotEmpty();
            for (Path one : pictures) {
                String other = one.getFileName().toString().replace("out1_", "out" + ranks + "_");
                Picture expected = TestPictures.read(one);
                Picture actual = TestPictures.read(folder.resolve(other));
                assertThat(actual.rgb().length).isEqualTo(expected.rgb().length);
                for (int i = 0; i < expected.rgb().length; i++) {
                    int d = Math.abs((expected.rgb()[i] & 255) - (actual.rgb()[i] & 255));
                    assertThat(d).as("%s on %d ranks at %d", par, ranks, i).isLessThan(2);
                }
            }
        }
    }

    /** A movie that takes long enough to be disturbed. */
    private List<String> movie() {
        return List.of(
                "movie",
                Shared.path("cases/01_two_types/case.par").toString(),
                "camera_path=orbit frames=500",
                "-o",
                folder.resolve("film.mp4").toString(),
                "xres=400",
                "yres=300");
    }

    private List<Path> frames() throws IOException {
        Path made = folder.resolve("film.mp4.frames");
        if (!Files.isDirectory(made)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(made)) {
            return files.filter(f -> f.toString().endsWith(".png")).sorted().toList();
        }
    }

    private void awaitFrames(Process job, int n) throws IOException, InterruptedException {
        while (frames().size() < n) {
            assertThat(job.isAlive()).as(said()).isTrue();
            Thread.sleep(50);
        }
    }

    private static void requireGone(List<ProcessHandle> ranks) throws InterruptedException {
        for (int k = 0; k < 50 && ranks.stream().anyMatch(ProcessHandle::isAlive); k++) {
            Thread.sleep(100);
        }
        assertThat(ranks).noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void whenARankIsKilledAllEndAndFinishedFramesStay() throws IOException, InterruptedException {
        Process job = start(joined(mpirun(3), program(List.of(), movie())));
        awaitFrames(job, 3);
        List<ProcessHandle> ranks = job.descendants().toList();
        assertThat(ranks).hasSizeGreaterThanOrEqualTo(3);
        boolean _ = ranks.getLast().destroyForcibly();
        assertThat(job.waitFor(5, TimeUnit.SECONDS)).as(said()).isTrue();
        assertThat(job.exitValue()).isNotZero();
        assertThat(said()).containsPattern("rank \\d with PID .* exited on signal 9");
        requireGone(ranks);
        List<Path> left = frames();
        assertThat(left).hasSizeGreaterThanOrEqualTo(3);
        for (Path frame : left) {
            assertThat(TestPictures.read(frame).width()).isEqualTo(400);
        }
        Process again = start(joined(mpirun(2), program(List.of(), movie())));
        awaitFrames(again, left.size() + 1);
        assertThat(said()).contains(left.size() + " of 500 frames are there already");
        ranks = again.descendants().toList();
        again.destroy(); // as Ctrl-C and scancel do
        assertThat(again.waitFor(5, TimeUnit.SECONDS)).isTrue();
        requireGone(ranks);
    }

    @Test
    void aRankThatFailsNamesItselfAndEndsAll() throws IOException, InterruptedException {
        // there is heap for the picture, but not for the tiles that each of these splats reaches
        Path par = LiveServer.writeGalaxy(folder, 60_000);
        List<String> render =
                List.of(
                        "render",
                        par.toString(),
                        "--backend=scalar",
                        "outfile=" + folder.resolve("big"),
                        "xres=1600",
                        "yres=1200",
                        "size_fix0=100",
                        "size_fix1=100",
                        "size_fix2=100");
        List<String> words = joined(mpirun(1), program(List.of(), render));
        words = joined(words, List.of(":", "-np", "1", "env"));
        words = joined(words, program(List.of("-Xmx40m"), render));
        Process job = start(words);
        assertThat(job.waitFor(30, TimeUnit.SECONDS)).as(said()).isTrue();
        assertThat(job.exitValue()).isNotZero();
        assertThat(said())
                .containsOnlyOnce("error: rank 1 on ")
                .contains("not enough Java heap (at most 3");
        assertThat(Files.exists(folder.resolve("big0000.png"))).isFalse();
    }

    @Test
    void aSessionEndsOnAllRanks() throws IOException, InterruptedException {
        List<String> serve =
                List.of(
                        "serve",
                        Shared.path("cases/01_two_types/case.par").toString(),
                        "--port=0",
                        "--exit-when-idle=1");
        Process job = start(joined(mpirun(3), program(List.of(), serve)));
        assertThat(job.waitFor(60, TimeUnit.SECONDS)).as(said()).isTrue();
        assertThat(job.exitValue()).as(said()).isZero();
        assertThat(said())
                .containsOnlyOnce("open http://localhost:")
                .contains("nobody has watched");
    }

    @Test
    void whatAllSeeIsToldOnce() throws IOException, InterruptedException {
        Process job =
                start(joined(mpirun(3), program(List.of(), List.of("render", "nothing.par"))));
        assertThat(job.waitFor()).isNotZero();
        assertThat(said()).containsOnlyOnce("error: nothing.par: no such parameter file");
    }
}
