package org.perseid.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.perseid.renderer.model.Picture;

/**
 * Every real Gadget-2 snapshot at hand gives a description and, without a word of its user, a
 * picture.
 */
class RealDataTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({
        "galaxy_collision_1.g2, 60000, format 2",
        "galaxy_collision_3.g2, 60000, format 2",
        "galaxy_littleendian.dat, 60000, format 1",
        "gassphere_collapse_3.g1, 1472, format 1",
        "gassphere_littleendian.dat, 1472, format 1",
        "lcdm_gas_littleendian.dat, 65536, format 1",
        "pot_acc.format2.gadget2, 1000, format 2"
    })
    void itIsDescribedAndDrawn(String name, long particles, String format) throws IOException {
        Path file = Shared.path("data/gadget-binary/" + name);
        Cli info = Cli.run("info", "--json", file);
        assertThat(info.code()).as(info.err()).isZero();
        assertThat(info.out())
                .contains("\"particles\":" + particles + ",")
                .contains(format)
                .contains("\"POS\":");

        Path parameters = folder.resolve("a.par");
        Cli init = Cli.run("init", file, "-o", parameters);
        assertThat(init.code()).as(init.err()).isZero();
        Cli render =
                Cli.run(
                        "render",
                        parameters,
                        "xres=200",
                        "yres=200",
                        "outfile=" + folder.resolve("a"));
        assertThat(render.code()).as(render.err()).isZero();
        assertThat(render.err()).doesNotContain("warning");

        Picture picture = TestPictures.read(folder.resolve("a0000.png"));
        long lit = 0;
        long bright = 0;
        for (byte level : picture.rgb()) {
            lit += (level & 255) > 20 ? 1 : 0;
            bright += (level & 255) > 250 ? 1 : 0;
        }
        double channels = picture.rgb().length;
        assertThat(lit / channels).as("lit part").isBetween(0.01, 0.9);
        assertThat(bright / channels).as("burnt out part").isLessThan(0.1);
    }
}
