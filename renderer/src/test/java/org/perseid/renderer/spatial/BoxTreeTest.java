package org.perseid.renderer.spatial;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoxTreeTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 8, 13, 64, 100})
    void boxesHoldNearlyEqualNumbers(int boxes) {
        Random random = new Random(boxes);
        int n = 256 * boxes;
        float[] positions = new float[4 * n];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = i % 4 == 3 ? 1 : (float) (random.nextGaussian() * (i % 4 == 0 ? 10 : 1));
        }
        BoxTree tree = BoxTree.of(positions, boxes);
        int[] counts = new int[boxes];
        for (int i = 0; i < n; i++) {
            counts[tree.owner(positions[4 * i], positions[4 * i + 1], positions[4 * i + 2])]++;
        }
        for (int count : counts) {
            assertThat(count).isBetween(n / boxes - 8, n / boxes + 8);
        }
    }

    @Test
    void heavyParticlesTakeMoreOfAPeer() {
        float[] line = new float[4 * 300]; // the last hundred weigh as much as the others together
        for (int i = 0; i < 300; i++) {
            line[4 * i] = i;
            line[4 * i + 3] = i < 200 ? 1 : 2;
        }
        BoxTree tree = BoxTree.of(line, 2);
        assertThat(tree.owner(198, 0, 0)).isZero();
        assertThat(tree.owner(202, 0, 0)).isEqualTo(1);
    }

    @Test
    void particlesAtOnePlaceAndNoneHaveAnOwner() {
        BoxTree all = BoxTree.of(new float[400], 4);
        assertThat(all.owner(0, 0, 0)).isBetween(0, 3);
        assertThat(BoxTree.of(new float[0], 4).owner(1, 2, 3)).isBetween(0, 3);
    }
}
