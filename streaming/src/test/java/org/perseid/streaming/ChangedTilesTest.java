package org.perseid.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.perseid.renderer.model.Picture;

class ChangedTilesTest {
    private static Picture random(int width, int height, long seed) {
        byte[] rgb = new byte[3 * width * height];
        new Random(seed).nextBytes(rgb);
        return new Picture(width, height, rgb);
    }

    /** What a viewer does. */
    private static byte[] laidOver(Picture before, ChangedTiles tiles) {
        byte[] out = before.rgb().clone();
        int side = ChangedTiles.SIDE_PX;
        int columns = Math.ceilDiv(before.width(), side);
        for (int k = 0; k < tiles.numbers().length; k++) {
            int number = tiles.numbers()[k];
            for (int y = 0; y < side; y++) {
                for (int x = 0; x < side; x++) {
                    int toX = number % columns * side + x;
                    int toY = number / columns * side + y;
                    int fromX = k % ChangedTiles.ACROSS * side + x;
                    int fromY = k / ChangedTiles.ACROSS * side + y;
                    for (int c = 0; c < 3 && toX < before.width() && toY < before.height(); c++) {
                        out[3 * (toY * before.width() + toX) + c] =
                                tiles.mosaic()
                                        .rgb()[3 * (fromY * tiles.mosaic().width() + fromX) + c];
                    }
                }
            }
        }
        return out;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void laidOverThePictureBeforeTheyAreThePicture(long seed) {
        Random random = new Random(seed);
        int width = 65 + random.nextInt(2000);
        int height = 65 + random.nextInt(150);
        Picture before = random(width, height, seed);
        byte[] changed = before.rgb().clone();
        for (int k = 0; k < 1 + seed * seed; k++) {
            changed[random.nextInt(changed.length)] ^= 1;
        }
        changed[changed.length - 1] ^= 1; // in the tile that is cut off
        Picture now = new Picture(width, height, changed);
        ChangedTiles tiles = Objects.requireNonNull(ChangedTiles.between(before, now));
        boolean same = java.util.Arrays.equals(laidOver(before, tiles), changed);
        assertThat(same).as("seed %d", seed).isTrue();
    }

    @Test
    void whereMuchOrNothingChangesThereAreNone() {
        Picture before = random(100, 70, 1);
        assertThat(ChangedTiles.between(before, random(100, 70, 2))).isNull();
        assertThat(ChangedTiles.between(before, random(100, 71, 1))).isNull();
        assertThat(ChangedTiles.between(before, random(100, 70, 1))).isNull();
    }
}
