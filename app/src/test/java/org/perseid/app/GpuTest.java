package org.perseid.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.perseid.io.image.Png;
import org.perseid.renderer.backend.BackendProvider;
import org.perseid.renderer.backend.Backends;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Workers;

/** OpenCL from the command line, on whatever device there is. */
class GpuTest {
    @TempDir private Path folder;

    private static void needsOpenCl() {
        boolean there = Backends.isAvailable("opencl");
        if (!there) {
            System.out.println("SKIPPED: needs an OpenCL driver, see docs/gpu.md");
        }
        assumeTrue(there, "needs an OpenCL driver");
    }

    @Test
    void backEndsAndDevicesAreListed() {
        Cli info = Cli.run("info", "--devices");
        assertThat(info.code()).isZero();
        assertThat(info.out()).contains("vector ").contains("scalar ").contains("opencl ");
        assertThat(Cli.run("info").err()).contains("name a snapshot, or --devices");
        if (Backends.isAvailable("opencl")) {
            assertThat(info.out()).contains("opencl:0  ");
        } else {
            assertThat(info.out()).contains("not available: needs an OpenCL driver");
        }
    }

    @Test
    void whatIsNotThereIsSaid() throws IOException {
        Path galaxy = LiveServer.writeGalaxy(folder, 3000);
        Cli run = Cli.run("render", galaxy, "--backend", "tornado", "outfile=" + folder + "/x");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("tornado").contains("on a GPU draws opencl");
    }

    private byte[] drawn(Path galaxy, String... options) {
        List<Object> words = new ArrayList<>(List.of("render", galaxy, "-q"));
        words.addAll(List.of(options));
        Path prefix = folder.resolve(String.join("", options).replaceAll("\\W", ""));
        words.add("outfile=" + prefix);
        Cli run = Cli.run(words.toArray());
        assertThat(run.code()).as(run.err()).isZero();
        return Png.read(Path.of(prefix + "0000.png")).rgb();
    }

    private static int largestDifference(byte[] a, byte[] b) {
        int most = 0;
        for (int k = 0; k < a.length; k++) {
            most = Math.max(most, Math.abs((a[k] & 0xff) - (b[k] & 0xff)));
        }
        return most;
    }

    @Test
    void theDemoIsDrawnAsByTheSpecification() throws IOException {
        needsOpenCl();
        Path galaxy = LiveServer.writeGalaxy(folder, 60_000);
        byte[] expected = drawn(galaxy, "--backend=scalar");
        assertThat(largestDifference(drawn(galaxy, "--backend=opencl"), expected)).isLessThan(2);
        assertThat(largestDifference(drawn(galaxy, "--backend=opencl:7"), expected)).isLessThan(2);
    }

    @Test
    void aLiveSessionIsDrawnByIt() throws IOException, InterruptedException {
        needsOpenCl();
        try (Workers workers = new Workers(2);
                LiveServer live = new LiveServer(folder, "opencl", workers);
                HttpClient http = HttpClient.newHttpClient();
                LiveClient client = new LiveClient(http, live.address(), 320, 200)) {
            client.awaitFinal(20);
            LiveClient.Seen _ = client.take();
            client.drag(0.5, 20);
            client.awaitFinal(20);
            assertThat(client.isFinal()).isTrue();
            assertThat(client.take().frames()).isGreaterThan(1);
            assertThat(live.session.backendText()).isEqualTo("opencl");
        }
    }

    @Test
    void theQuickerOfTwoIsChosen() {
        needsOpenCl();
        List<String> notes = new ArrayList<>();
        Reporter reporter =
                new Reporter() {
                    @Override
                    public void note(String line) {
                        notes.add(line);
                    }

                    @Override
                    public void warn(String line) {
                        notes.add(line);
                    }

                    @Override
                    public void progress(String stage, long done, long total) {
                        // not shown
                    }
                };
        BackendProvider scalar = Backends.choose("scalar");
        BackendProvider gpu = Backends.choose("opencl");
        try (Workers workers = new Workers(2)) {
            BackendProvider chosen = Calibration.quicker(scalar, gpu, workers, reporter);
            assertThat(chosen).isIn(scalar, gpu);
            assertThat(notes.getFirst())
                    .startsWith("back end: " + chosen.name())
                    .containsPattern("took \\d+ ms by scalar, \\d+ by opencl");
        }
    }

    @Test
    void benchGpuPrintsItsTable() throws IOException {
        needsOpenCl();
        System.setProperty("perseid.home", Shared.root().toString());
        Cli bench =
                Cli.run("bench", "gpu", "--particles", "1e4", "--seconds", "0", "--dir", folder);
        assertThat(bench.code()).as(bench.err()).isZero();
        assertThat(bench.out()).contains("kernels compiled in", "memory moves");
        // sent once, for the first row; the second one finds them there
        assertThat(bench.out()).containsPattern("opencl \\| exact \\| 0\\.[1-9]");
        assertThat(bench.out()).contains("| opencl | high | 0.0 | 0.0 |");
        assertThat(bench.out()).doesNotContain("NaN");
        try (var left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }
}
