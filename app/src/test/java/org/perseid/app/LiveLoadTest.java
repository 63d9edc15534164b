package org.perseid.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.perseid.renderer.model.OffHeap;

/** Many viewers, some of them slow, and a long time. */
class LiveLoadTest {
    private static final int EVENTS_PER_SECOND = 30;

    /** 50 KB a second. */
    private static final double SLOW_BITS = 400e3;

    @TempDir private Path folder;

    /** Memory of the process in use, of the heap after a collection and beside it. */
    private static double usedMb() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        long heap = runtime.totalMemory() - runtime.freeMemory();
        long beside = Math.max(0, OffHeap.ownResidentBytes() - runtime.totalMemory());
        return (heap + beside) / 1e6;
    }

    /** Viewers that are closed together. */
    private static final class Crowd implements AutoCloseable {
        final List<LiveClient> clients = new ArrayList<>();

        void add(int number, HttpClient http, String address) {
            for (int k = 0; k < number; k++) {
                clients.add(new LiveClient(http, address, 640, 360));
            }
        }

        @Override
        public void close() {
            clients.forEach(LiveClient::close);
        }
    }

    private static String through(SlowLine line, LiveServer live) {
        return live.address().replace(":" + live.server.port(), ":" + line.port());
    }

    @Test
    void slowViewersGetTheNewestPicturesAndNobodyWaitsForThem()
            throws IOException, InterruptedException {
        try (LiveServer live = new LiveServer(folder);
                HttpClient http = HttpClient.newHttpClient();
                SlowLine line = new SlowLine(live.server.port(), 0, SLOW_BITS);
                Crowd quick = new Crowd();
                Crowd slow = new Crowd()) {
            quick.add(16, http, live.address());
            slow.add(4, http, through(line, live));
            LiveClient driver = quick.clients.getFirst();
            driver.drag(2, EVENTS_PER_SECOND);
            quick.clients.forEach(LiveClient::take);
            slow.clients.forEach(LiveClient::take);
            double before = usedMb();
            driver.drag(4, EVENTS_PER_SECOND);
            int ofDriver = driver.take().frames();
            assertThat(ofDriver).isGreaterThan(10);
            for (LiveClient client : quick.clients.subList(1, 16)) {
                assertThat(client.take().frames()).isGreaterThan(ofDriver / 2);
            }
            for (LiveClient client : slow.clients) {
                LiveClient.Seen seen = client.take();
                assertThat(seen.frames()).isBetween(2, ofDriver);
                assertThat(seen.bytes()).isLessThan(600_000);
            }
            assertThat(usedMb() - before).isLessThan(80);
            driver.awaitFinal(20);
            for (LiveClient client : slow.clients) {
                client.awaitFinal(20); // they are not left behind
            }
            assertThat(live.hub.metrics().viewers()).isEqualTo(20);
        }
    }

    /** Ten minutes of dragging, coming and going, and changes of the scene. */
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    @Test
    @Tag("slow")
    void tenMinutesLeaveNothingBehind() throws IOException, InterruptedException {
        try (LiveServer live = new LiveServer(folder);
                HttpClient http = HttpClient.newHttpClient();
                SlowLine line = new SlowLine(live.server.port(), 20, SLOW_BITS);
                Crowd always = new Crowd()) {
            always.add(4, http, live.address());
            always.add(2, http, through(line, live));
            LiveClient driver = always.clients.getFirst();
            long end = System.nanoTime() + 600_000_000_000L;
            double settled = 0;
            for (int round = 0; System.nanoTime() < end; round++) {
                try (Crowd visitors = new Crowd()) {
                    visitors.add(8, http, live.address());
                    driver.drag(4, EVENTS_PER_SECOND);
                    driver.say(
                            "{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"set\",\"params\":{\"values\":{\"palette0\":\""
                                    + (round % 2 == 0 ? "viridis" : "magma")
                                    + "\"}}}");
                    driver.awaitFinal(10);
                }
                assertThat(driver.take().frames()).isGreaterThan(10);
                if (round == 5) {
                    settled = usedMb();
                }
            }
            assertThat(usedMb() - settled).isLessThan(60);
            for (int k = 0; k < 100 && live.hub.metrics().viewers() > 6; k++) {
                Thread.sleep(50);
            }
            assertThat(live.hub.metrics().viewers()).isEqualTo(6);
        }
    }
}
