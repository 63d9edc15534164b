package org.perseid.io.palette;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.perseid.renderer.model.ColorMap;

class PalettesTest {
    @TempDir private Path folder;

    /** First and last colours as matplotlib documents them. */
    @ParameterizedTest
    @CsvSource({
        "viridis, 0.267004, 0.004874, 0.329415, 0.993248, 0.906157, 0.143936",
        "magma, 0.001462, 0.000466, 0.013866, 0.987053, 0.991438, 0.749504",
        "inferno, 0.001462, 0.000466, 0.013866, 0.988362, 0.998364, 0.644924",
        "plasma, 0.050383, 0.029803, 0.527975, 0.940015, 0.975158, 0.131326",
        "cividis, 0.000000, 0.135112, 0.304751, 0.995737, 0.909344, 0.217772",
        "turbo, 0.18995, 0.07176, 0.23217, 0.4796, 0.01583, 0.01055"
    })
    void namesAreMatplotlibs(
            String name, double r0, double g0, double b0, double r1, double g1, double b1) {
        ColorMap map = Palettes.find(name, folder);
        double[] first = {r0, g0, b0};
        double[] last = {r1, g1, b1};
        ColorMap reversed = Palettes.find(name + "_r", folder);
        for (int c = 0; c < 3; c++) {
            assertThat((double) map.at(c, 0)).isCloseTo(first[c], within(1e-4));
            assertThat((double) map.at(c, 1)).isCloseTo(last[c], within(1e-4));
            assertThat(reversed.at(c, 0)).isEqualTo(map.at(c, 1));
        }
    }

    @Test
    void aFileBeatsAName() throws IOException {
        Files.writeString(
                folder.resolve("viridis"), "mine\n0100\n2\n255 0 0\n0 0 255\n extra words");
        assertThat(Palettes.find("viridis", folder).at(0, 0)).isEqualTo(1f);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "one line",
                "a\n0101\n1\n1 1 1",
                "a\n0100\n",
                "a\n0100\n0\n",
                "a\n0100\n99999999\n",
                "a\n0100\n2\n1 1 1",
                "a\n0100\n1\n1 300 1",
                "a\n0100\n1\n1 NaN 1"
            })
    void whatIsNoPaletteIsToldWhy(String text) throws IOException {
        Files.writeString(folder.resolve("bad.pal"), text);
        assertThatThrownBy(() -> Palettes.find("bad.pal", folder))
                .isInstanceOf(org.perseid.io.InputException.class)
                .hasMessageContaining("bad.pal")
                .hasMessageContaining("expected");
    }

    @Test
    void amissingPaletteIsToldWithTheNamesThereAre() {
        assertThatThrownBy(() -> Palettes.find("plasm_r", folder))
                .hasMessageContaining("did you mean plasma_r?")
                .hasMessageContaining(
                        "viridis, magma, inferno, plasma, cividis, turbo, each with _r");
        assertThatThrownBy(() -> Palettes.find("a\0b", folder))
                .hasMessageContaining("no file name");
    }
}
