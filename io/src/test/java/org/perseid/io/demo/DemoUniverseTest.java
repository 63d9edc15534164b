package org.perseid.io.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.perseid.io.snapshot.ReadOptions;
import org.perseid.io.snapshot.Snapshot;
import org.perseid.io.snapshot.Snapshots;
import org.perseid.renderer.model.FieldRange;
import org.perseid.renderer.model.Workers;

class DemoUniverseTest {
    @TempDir private Path folder;

    @Test
    void theSameSeedGivesTheSameFileForAnyNumberOfThreads() throws IOException {
        Path one = folder.resolve("one");
        Path three = folder.resolve("three");
        Path other = folder.resolve("other");
        try (Workers single = new Workers(1);
                Workers several = new Workers(3)) {
            DemoUniverse.write(one, 40_000, 7, single);
            DemoUniverse.write(three, 40_000, 7, several);
            DemoUniverse.write(other, 40_000, 8, several);
        }
        assertThat(Files.mismatch(one, three)).isEqualTo(-1);
        assertThat(Files.mismatch(one, other)).isPositive();
    }

    @Test
    void allParticlesLieInTheBoxWithSizesAboveZero() {
        Path file = folder.resolve("demo");
        try (Workers workers = new Workers(2)) {
            DemoUniverse.write(file, 20_000, 1, workers);
            try (Snapshot snapshot = Snapshots.open(file, ReadOptions.NONE)) {
                assertThat(snapshot.info().totalCount()).isEqualTo(20_000);
                for (int type : new int[] {0, 1, 4}) {
                    FieldRange position = snapshot.range("POS", type, workers);
                    assertThat(position.min()).isGreaterThanOrEqualTo(0);
                    assertThat(position.max()).isLessThanOrEqualTo(DemoUniverse.BOX_KPC);
                    assertThat(snapshot.range("HSML", type, workers).min()).isPositive();
                }
            }
        }
    }
}
