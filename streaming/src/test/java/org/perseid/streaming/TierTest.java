package org.perseid.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.perseid.renderer.model.Picture;

class TierTest {
    @Test
    void aSmallerPictureHasTheMeansOfItsPixels() {
        byte[] rgb = new byte[3 * 5 * 4];
        for (int y = 0; y < 4; y++) {
            for (int x = 0; x < 5; x++) {
                rgb[3 * (5 * y + x)] = (byte) (x < 2 ? 200 : 100);
                rgb[3 * (5 * y + x) + 2] = (byte) (10 * y);
            }
        }
        Picture small = Tier.SMALL.shrunk(new Picture(5, 4, rgb));
        assertThat(small.width()).isEqualTo(2);
        assertThat(small.height()).isEqualTo(2);
        assertThat(small.rgb())
                .containsExactly((byte) 200, 0, 5, 100, 0, 5, (byte) 200, 0, 25, 100, 0, 25);
    }

    @Test
    void whatIsTooSmallToShrinkStays() {
        Picture tiny = new Picture(3, 1, new byte[9]);
        assertThat(Tier.SMALLEST.shrunk(tiny)).isSameAs(tiny);
        assertThat(Tier.BEST.shrunk(tiny)).isSameAs(tiny);
    }

    @Test
    void theEndsHaveNoNext() {
        assertThat(Tier.BEST.finer()).isEqualTo(Tier.BEST);
        assertThat(Tier.SMALLEST.coarser()).isEqualTo(Tier.SMALLEST);
        assertThat(Tier.GOOD.coarser().finer()).isEqualTo(Tier.GOOD);
    }
}
