package org.perseid.io.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.perseid.io.InputException;
import org.perseid.io.palette.Palettes;
import org.perseid.io.par.PictureFormat;
import org.perseid.renderer.model.Picture;
import org.perseid.renderer.model.Workers;

class AnnotatorTest {
    @AutoClose private static final Workers WORKERS = new Workers(1);

    @TempDir private Path folder;

    private static Annotator.Content content(
            List<Annotator.Bar> bars,
            String scale,
            String left,
            String right,
            @org.jspecify.annotations.Nullable Path logo) {
        return new Annotator.Content(bars, scale, 60, left, right, logo, 0);
    }

    private static Picture black() {
        return new Picture(300, 200, new byte[3 * 300 * 200]);
    }

    /** Lit pixels in a part of the picture. */
    private static int lit(Picture picture, int x0, int y0, int x1, int y1) {
        int n = 0;
        for (int y = y0; y < y1; y++) {
            for (int x = x0; x < x1; x++) {
                int p = 3 * (y * 300 + x);
                n += (picture.rgb()[p] & 255) + (picture.rgb()[p + 1] & 255) > 100 ? 1 : 0;
            }
        }
        return n;
    }

    @Test
    void eachThingIsWhereItBelongsAndNothingElse() throws IOException {
        Annotator.Bar bar =
                new Annotator.Bar(
                        Palettes.find("viridis", Path.of("")), 2, 6, "gas T", "K", "log10");
        Path logo = folder.resolve("logo.png");
        byte[] white = new byte[3 * 20 * 20];
        java.util.Arrays.fill(white, (byte) 255);
        Pictures.write(logo, PictureFormat.PNG, new Picture(20, 20, white), Map.of(), WORKERS);
        Picture legend = Annotator.draw(black(), content(List.of(bar, bar), "", "", "", null));
        assertThat(lit(legend, 0, 100, 160, 200)).isPositive();
        assertThat(lit(legend, 180, 0, 300, 200)).isZero();
        Picture scale = Annotator.draw(black(), content(List.of(), "10 kpc", "", "", null));
        assertThat(lit(scale, 150, 150, 300, 200)).isPositive();
        assertThat(lit(scale, 0, 0, 150, 200)).isZero();
        Picture left = Annotator.draw(black(), content(List.of(), "", "M31", "", null));
        assertThat(lit(left, 0, 0, 100, 40)).isPositive();
        assertThat(lit(left, 150, 0, 300, 200)).isZero();
        Picture right = Annotator.draw(black(), content(List.of(), "", "", "z = 2", null));
        assertThat(lit(right, 200, 0, 300, 40)).isPositive();
        Picture marked = Annotator.draw(black(), content(List.of(), "", "", "", logo));
        assertThat(lit(marked, 200, 100, 300, 200)).isGreaterThan(300);
        Path noPicture = Files.writeString(folder.resolve("x.png"), "no picture");
        assertThatThrownBy(() -> Annotator.draw(black(), content(List.of(), "", "", "", noPicture)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("logo must be a PNG");
        assertThatThrownBy(() ->
                        Annotator.draw(
                                black(),
                                content(List.of(), "", "", "", folder.resolve("none.png"))))
                .hasMessageContaining("cannot be read");
    }

    @ParameterizedTest
    @CsvSource({"10, 5, 2", "1, 6, 0.2", "4, 6, 1", "0.37, 6, 0.1", "100, 1, 100", "9e4, 6, 2e4"})
    void stepsAreRound(double range, int most, double expected) {
        assertThat(Annotator.roundStep(range, most)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 0",
        "2.5, 0.5, 2.5",
        "3, 1, 3",
        "0.25, 0.05, 0.25",
        "2e7, 1e7, 2e+07",
        "1.5e-5, 1e-6, 1.5e-05"
    })
    void numbersAreShort(double v, double step, String expected) {
        assertThat(Annotator.number(v, step)).isEqualTo(expected);
    }
}
