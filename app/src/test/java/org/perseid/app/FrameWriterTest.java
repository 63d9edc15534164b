package org.perseid.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.perseid.io.InputException;

class FrameWriterTest {
    @Test
    void closingItWaitsForAllFrames() {
        AtomicInteger written = new AtomicInteger();
        try (FrameWriter writer = new FrameWriter(3, 1000)) {
            for (int k = 0; k < 20; k++) {
                writer.write(() -> {
                    sleep(5);
                    int _ = written.incrementAndGet();
                });
            }
        }
        assertThat(written).hasValue(20);
    }

    @Test
    void asManyAreUnderWayAsThereAreThreadsOrTheHeapHasRoomFor() {
        assertThat(mostAtOnce(2, 1000)).isEqualTo(2);
        assertThat(mostAtOnce(8, Runtime.getRuntime().maxMemory() / 8 + 1)).isEqualTo(1);
    }

    private static int mostAtOnce(int threads, long bytes) {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(threads);
        try (FrameWriter writer = new FrameWriter(threads, bytes)) {
            for (int k = 0; k < 4 * threads; k++) {
                writer.write(() -> {
                    int _ = most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    all.countDown();
                    sleep(20);
                    int _ = now.decrementAndGet();
                });
            }
        }
        assertThat(all.getCount()).isZero();
        return most.get();
    }

    @Test
    void whatGoesWrongIsToldByTheNextFrameOrAtTheEnd() {
        AtomicInteger written = new AtomicInteger();
        assertThatThrownBy(
                        () -> {
                            try (FrameWriter writer = new FrameWriter(1, 1000)) {
                                writer.write(() -> {
                                    throw new InputException("the disk is full");
                                });
                                writer.write(written::incrementAndGet);
                            }
                        })
                .isInstanceOf(InputException.class)
                .hasMessage("the disk is full");
        assertThat(written.get()).isLessThan(2);
        assertThatThrownBy(
                        () -> {
                            try (FrameWriter writer = new FrameWriter(1, 1000)) {
                                writer.write(() -> {
                                    throw new OutOfMemoryError("of the encoder");
                                });
                            }
                        })
                .isInstanceOf(OutOfMemoryError.class);
    }

    private static void sleep(long ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
