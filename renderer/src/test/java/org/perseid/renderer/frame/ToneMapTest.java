package org.perseid.renderer.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.perseid.renderer.model.ColorMap;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.Picture;
import org.perseid.renderer.model.Workers;

class ToneMapTest {

    private static Picture apply(ToneMap tone, LinearImage image) {
        try (Workers workers = new Workers(2)) {
            return tone.apply(image, workers);
        }
    }

    private static ToneMap plain(boolean expose) {
        return new ToneMap(expose, 1, 1, 0, false, List.of());
    }

    @Test
    void exposureIsOneMinusExpTruncatedTo256Levels() {
        LinearImage image = new LinearImage(3, 1);
        image.red()[0] = (float) Math.log(2);
        image.red()[1] = 100;
        image.red()[2] = Float.NaN;
        byte[] rgb = apply(plain(true), image).rgb();
        assertThat(rgb[0] & 255).isBetween(127, 128);
        assertThat(rgb[3] & 255).isEqualTo(255);
        assertThat(rgb[6]).isZero();
    }

    @Test
    void aGainMakesTheLightOfAPartThatOfTheWhole() {
        LinearImage part = new LinearImage(400, 300);
        LinearImage whole = new LinearImage(400, 300);
        for (int p = 0; p < part.red().length; p++) {
            part.red()[p] = p * 1e-6f;
            whole.red()[p] = 8 * (p * 1e-6f);
        }
        try (Workers workers = new Workers(2)) {
            byte[] expected = plain(true).apply(whole, workers).rgb();
            assertThat(Arrays.equals(plain(true).apply(part, 8, workers).rgb(), expected)).isTrue();
        }
    }

    @Test
    void withoutExposureValuesAreLevels() {
        LinearImage image = new LinearImage(2, 1);
        image.green()[0] = 0.5f;
        image.green()[1] = 7;
        byte[] rgb = apply(plain(false), image).rgb();
        assertThat(rgb[1] & 255).isEqualTo(128);
        assertThat(rgb[4] & 255).isEqualTo(255);
    }

    @Test
    void gammaContrastAndBrightnessComeInThatOrder() {
        LinearImage image = new LinearImage(1, 1);
        image.blue()[0] = 0.25f;
        byte[] rgb = apply(new ToneMap(false, 0.5, 1.2, 0.1, false, List.of()), image).rgb();
        assertThat(rgb[2] & 255).isEqualTo((int) ((1.2 * 0.5 + 0.1) * 256));
        assertThat(rgb[0] & 255).isEqualTo(25);
    }

    @Test
    void flipPutsTheLastRowFirst() {
        LinearImage image = new LinearImage(1, 3);
        image.red()[2] = 1;
        assertThat(apply(plain(false), image).rgb()[6] & 255).isEqualTo(255);
        byte[] flipped = apply(new ToneMap(false, 1, 1, 0, true, List.of()), image).rgb();
        assertThat(flipped[0] & 255).isEqualTo(255);
        assertThat(flipped[6]).isZero();
    }

    @Test
    void barsStandAtTheBottomTheFirstOneLowest() {
        ColorMap red =
                new ColorMap("red", new float[] {0, 1}, new float[] {0, 0}, new float[] {0, 0});
        ColorMap blue =
                new ColorMap("blue", new float[] {0, 0}, new float[] {0, 0}, new float[] {1, 1});
        Picture picture =
                apply(
                        new ToneMap(true, 1, 1, 0, true, List.of(red, blue)),
                        new LinearImage(100, 40));
        assertThat(picture.rgb()[3 * (39 * 100 + 50)] & 255).isEqualTo(128);
        assertThat(picture.rgb()[3 * (30 * 100 + 50)] & 255).isEqualTo(128);
        assertThat(picture.rgb()[3 * (29 * 100 + 50) + 2] & 255).isEqualTo(255);
        assertThat(picture.rgb()[3 * (20 * 100 + 50) + 2] & 255).isEqualTo(255);
        assertThat(picture.rgb()[3 * (19 * 100 + 50) + 2]).isZero();
    }

    @Test
    void aBarHigherThanThePictureIsCut() {
        ColorMap red = new ColorMap("red", new float[] {1}, new float[] {0}, new float[] {0});
        Picture picture =
                apply(new ToneMap(true, 1, 1, 0, false, List.of(red, red)), new LinearImage(4, 5));
        assertThat(picture.rgb()[0] & 255).isEqualTo(255);
    }

    @Test
    void automaticExposureBringsTheBrightPartTo085() {
        LinearImage image = new LinearImage(100, 1);
        for (int p = 0; p < 100; p++) {
            image.green()[p] = p < 50 ? 0 : 0.02f;
        }
        double factor = AutoExposure.factor(image);
        assertThat(1 - Math.exp(-0.02 * factor)).isCloseTo(0.85, within(1e-6));
        assertThat(AutoExposure.factor(new LinearImage(3, 3))).isEqualTo(1);
    }

    /** Large pictures are mapped by a table; small ones value by value. */
    @Test
    void theTableChangesNoLevel() {
        int width = 1000;
        LinearImage large = new LinearImage(width, 200);
        for (int p = 0; p < large.red().length; p++) {
            large.red()[p] = (float) Math.exp(p * 1.5e-4 - 20);
            large.green()[p] = p % 3 - 1f;
            large.blue()[p] = p / 1e5f;
        }
        large.blue()[7] = Float.NaN;
        large.blue()[8] = Float.POSITIVE_INFINITY;
        try (Workers workers = new Workers(2)) {
            for (ToneMap map :
                    List.of(
                            new ToneMap(true, 1, 1, 0, false, List.of()),
                            new ToneMap(true, 0.7, 1.3, 0.05, false, List.of()),
                            new ToneMap(false, 2.2, -0.5, 0.9, false, List.of()))) {
                byte[] all = map.apply(large, workers).rgb();
                for (int row = 0; row < 200; row++) {
                    LinearImage one = new LinearImage(width, 1);
                    System.arraycopy(large.red(), row * width, one.red(), 0, width);
                    System.arraycopy(large.green(), row * width, one.green(), 0, width);
                    System.arraycopy(large.blue(), row * width, one.blue(), 0, width);
                    assertThat(map.apply(one, workers).rgb())
                            .isEqualTo(
                                    Arrays.copyOfRange(
                                            all, 3 * row * width, 3 * (row + 1) * width));
                }
            }
        }
    }
}
