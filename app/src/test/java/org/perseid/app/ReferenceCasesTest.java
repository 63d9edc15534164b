package org.perseid.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.perseid.renderer.backend.Backends;
import org.perseid.renderer.model.Picture;

/** Pictures that the real Splotch made, matched by the whole program. */
class ReferenceCasesTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({
        "01_two_types, 1, 1",
        "02_asinh_intlog, 1, 1",
        "04_ortho_tilted, 1, 1",
        "07_minrad_small, 2, 2",
        "09_absorption, 1, 0.05",
        "12_scene_path, 1, 1",
        "13_interp_linear, 1, 1",
        "15_colorbar_gamma, 1, 1",
        "16_stereo, 1, 1",
        "19_dome, 255, 6",
        "20_table_bin, 1, 1",
        "23_mesh, 1, 1",
        "24_multifile_swapped, 1, 1",
        "28_gadget_hdf5, 1, 1",
        "30_tipsy, 1, 1",
        "31_size_per_scene, 1, 1"
    })
    void thePicturesAreSplotchs(String name, int maxLevels, double maxMean) throws IOException {
        Path test = Shared.path("cases/" + name);
        for (String backend : List.of("scalar", "vector", "opencl")) {
            if (!Backends.isAvailable(backend)) {
                System.out.println("SKIPPED: " + backend + " is not available here");
                continue;
            }
            Path drawn = folder.resolve(backend);
            Files.createDirectory(drawn);
            Cli run =
                    Cli.run(
                            "render",
                            "--backend",
                            backend,
                            test.resolve("case.par"),
                            "outfile=" + drawn.resolve("out"));
            assertThat(run.code()).as(run.err()).isZero();
            compareAll(name + "-" + backend, test, drawn, maxLevels, maxMean);
        }
    }

    private static void compareAll(
            String name, Path test, Path drawn, int maxLevels, double maxMean) throws IOException {
        List<Path> expected;
        try (Stream<Path> files = Files.list(test.resolve("expected"))) {
            expected = files.sorted().toList();
        }
        for (Path file : expected) {
            Path actual = drawn.resolve(file.getFileName());
            compare(name, TestPictures.read(file), TestPictures.read(actual), maxLevels, maxMean);
        }
        try (Stream<Path> files = Files.list(drawn)) {
            assertThat(files.count()).isEqualTo(expected.size());
        }
    }

    @Test
    void aSnapshotInPartsIsDescribedAsOne() {
        Path test = Shared.path("cases/24_multifile_swapped");
        Cli info = Cli.run("info", test.resolve("snap_000.1"));
        assertThat(info.out())
                .contains("Gadget-2 binary, format 2, big-endian")
                .contains("2: snap_000.0 to snap_000.1")
                .contains("6,000");
    }

    private static void compare(
            String name, Picture expected, Picture actual, int maxLevels, double maxMean)
            throws IOException {
        assertThat(actual.width()).isEqualTo(expected.width());
        assertThat(actual.height()).isEqualTo(expected.height());
        int largest = 0;
        long sum = 0;
        for (int i = 0; i < expected.rgb().length; i++) {
            int d = Math.abs((expected.rgb()[i] & 255) - (actual.rgb()[i] & 255));
            largest = Math.max(largest, d);
            sum += d;
        }
        double mean = (double) sum / expected.rgb().length;
        if (largest > maxLevels || mean > maxMean) {
            Path kept = Path.of("target/golden-failures").resolve(name);
            TestPictures.writeDifference(expected, actual, kept);
        }
        assertThat(largest)
                .as("largest difference, see target/golden-failures/%s", name)
                .isLessThanOrEqualTo(maxLevels);
        assertThat(mean).isLessThanOrEqualTo(maxMean);
    }
}
