package org.perseid.compositing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.perseid.renderer.model.Ending;
import org.perseid.renderer.model.FieldRange;
import org.perseid.renderer.model.Joining;
import org.perseid.renderer.model.Peers;
import org.perseid.renderer.model.Peers.Fold;
import org.perseid.renderer.model.RenderException;
import org.perseid.renderer.model.StageTimes;

class RankPeersTest {
    /** Messages of 7 bytes at most, so that each of these takes many. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 8})
    void dataOfAnySizeArrivesWhole(int size) {
        List<Boolean> good =
                LocalGroup.run(
                        size,
                        group -> {
                            try (RankPeers peers = new RankPeers(group, 7);
                                    Arena arena = Arena.ofShared()) {
                                return exchanged(peers, arena);
                            }
                        });
        assertThat(good).containsOnly(true);
    }

    /** Rank a sends to rank b 3 a + 5 b longs, all a 1000 + b. */
    private static boolean exchanged(RankPeers peers, Arena arena) {
        int me = peers.self();
        List<MemorySegment> out = new ArrayList<>();
        long[] counts = new long[peers.count()];
        for (int to = 0; to < peers.count(); to++) {
            counts[to] = 3L * me + 5L * to;
            long[] values = new long[(int) counts[to]];
            Arrays.fill(values, 1000L * me + to);
            out.add(arena.allocateFrom(ValueLayout.JAVA_LONG, values).asSlice(0, 8 * counts[to]));
        }
        long[] coming = peers.swap(counts);
        MemorySegment room = arena.allocate(8 * Arrays.stream(coming).sum() + 8, 8);
        List<MemorySegment> in = Peers.slices(room, coming, 8);
        peers.exchange(out, in);
        boolean good = true;
        for (int from = 0; from < peers.count(); from++) {
            long[] values = in.get(from).toArray(ValueLayout.JAVA_LONG);
            int sender = from;
            good &= values.length == 3 * from + 5 * me;
            good &= Arrays.stream(values).allMatch(v -> v == 1000L * sender + me);
        }
        return good;
    }

    @Test
    void whatWentWrongOnOneIsToldOnAllWithItsName() {
        List<String> told =
                LocalGroup.run(
                        3,
                        group -> {
                            try (RankPeers peers = new RankPeers(group)) {
                                peers.requireNone("");
                                String own = peers.self() == 2 ? "no memory" : "";
                                return String.valueOf(
                                        catchThrowable(() -> peers.requireNone(own)).getMessage());
                            }
                        });
        assertThat(told).hasSize(3).allMatch(line -> line.matches("rank 2 on .+: no memory"));
        List<String> ofPart =
                LocalGroup.run(
                        3,
                        group -> {
                            try (RankPeers peers = new RankPeers(group)) {
                                StageTimes times = new StageTimes(System::nanoTime);
                                int sum = peers.together(times, () -> 1 + peers.self());
                                assertThat(sum).isEqualTo(1 + peers.self());
                                return String.valueOf(
                                        catchThrowable(() ->
                                                        peers.together(times, () -> part(peers)))
                                                .getMessage());
                            }
                        });
        assertThat(ofPart).hasSize(3).allMatch(line -> line.matches("rank 1 on .+: no memory"));
        List<String> alike =
                LocalGroup.run(
                        2,
                        group -> {
                            try (RankPeers peers = new RankPeers(group)) {
                                return String.valueOf(
                                        catchThrowable(() -> peers.requireNone("same"))
                                                .getMessage());
                            }
                        });
        assertThat(alike).containsExactly("same", "same");
    }

    private static int part(RankPeers peers) {
        if (peers.self() == 1) {
            throw new RenderException("no memory");
        }
        return 0;
    }

    @Test
    void valuesAreFoldedOverAll() {
        LocalGroup.run(
                3,
                group -> {
                    try (RankPeers peers = new RankPeers(group)) {
                        int me = peers.self();
                        assertThat(peers.total(10L + me)).isEqualTo(33);
                        FieldRange range = peers.merge(new FieldRange(me, 2 * me, me + 0.5));
                        assertThat(range).isEqualTo(new FieldRange(0, 4, 0.5));
                        assertThat(peers.merge(FieldRange.EMPTY)).isEqualTo(FieldRange.EMPTY);
                        assertThat(peers.gather(new float[] {me, -me}))
                                .containsExactly(0, 0, 1, -1, 2, -2);
                        List<byte[]> all = peers.collect(new byte[me * 100]);
                        assertThat(all).hasSize(me == 0 ? 3 : 0);
                        assertThat(all.stream().mapToInt(bytes -> bytes.length).sum())
                                .isEqualTo(me == 0 ? 300 : 0);
                        double[] plane = new double[100_000];
                        plane[77_777] = me;
                        peers.fold(Fold.GREATEST, List.of(plane));
                        assertThat(plane[77_777]).isEqualTo(2);
                    }
                    return 0;
                });
    }

    @Test
    void schedulesAreTriedAndTheSumsStayRight() {
        LocalGroup.run(
                4,
                group -> {
                    try (RankPeers peers = new RankPeers(group)) {
                        for (int frame = 0; frame < 6; frame++) {
                            float[] plane = new float[5000];
                            Arrays.fill(plane, 0, frame % 2 == 0 ? 5000 : 300, 1f);
                            double _ = peers.add(List.of(plane), 50, new Ending.Light()).finish();
                            if (peers.self() == 0) {
                                assertThat(plane[299]).isEqualTo(4f);
                                assertThat(plane[4999]).isEqualTo(frame % 2 == 0 ? 4f : 0f);
                            }
                        }
                    }
                    return 0;
                });
    }

    private static final int WIDTH = 16;
    private static final int ROWS = 512;

    private static void fill(List<float[]> planes, int first, int end, float value) {
        planes.forEach(plane -> Arrays.fill(plane, first * WIDTH, end * WIDTH, value));
    }

    private static List<float[]> planes() {
        return List.of(new float[ROWS * WIDTH], new float[ROWS * WIDTH]);
    }

    /** Rank 0 goes on drawing only when the first half of the picture is that of all. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5})
    void stripsBecomeOneWhileOthersAreDrawn(int size) {
        float sum = size * (size + 1) / 2f;
        double layers = 0;
        for (int rank = 0; rank < size; rank++) {
            layers = rank + 1 + 0.5 * layers;
        }
        double top = layers;
        LocalGroup.run(
                size,
                group -> {
                    try (RankPeers peers = new RankPeers(group)) {
                        List<float[]> light = planes();
                        Joining added = peers.add(light, WIDTH, new Ending.Light());
                        drawInHalves(group, light, added, sum);
                        List<float[]> over = planes();
                        List<float[]> opacity = planes();
                        fill(opacity, 0, ROWS, 0.5f);
                        drawInHalves(
                                group,
                                over,
                                peers.over(over, opacity, WIDTH, new Ending.Light()),
                                top);
                    }
                    return 0;
                });
    }

    private static void drawInHalves(
            Group group, List<float[]> light, Joining joining, double result) {
        fill(light, 0, ROWS / 2, group.rank() + 1);
        joining.drawn(ROWS / 2);
        if (group.rank() == 0) {
            float[] last = light.getLast();
            long end = System.nanoTime() + 20_000_000_000L;
            while (Math.abs(last[ROWS / 2 * WIDTH - 1] - result) > 1e-6) {
                assertThat(System.nanoTime()).as("time for the upper strips").isLessThan(end);
                LockSupport.parkNanos(1_000_000);
            }
        }
        fill(light, ROWS / 2, ROWS, group.rank() + 1);
        assertThat(joining.finish()).isNotNegative();
        if (group.rank() == 0) {
            for (float[] plane : light) {
                for (float v : plane) {
                    assertThat(Math.abs(v - result)).isLessThan(1e-6);
                }
            }
        }
    }

    /** A rank that says nothing until its end, as a GPU does, and one that cannot draw. */
    @Test
    void ranksMayDifferInWhatTheySayOfRows() {
        LocalGroup.run(
                3,
                group -> {
                    try (RankPeers peers = new RankPeers(group)) {
                        for (int frame = 0; frame < 40; frame++) {
                            List<float[]> light = planes();
                            Joining joining = peers.add(light, WIDTH, new Ending.Light());
                            StageTimes times = new StageTimes(System::nanoTime);
                            int bands =
                                    peers.joined(joining, times, () -> draw(group, light, joining));
                            assertThat(bands).isIn(1, 4);
                            assertThat(times.seconds()).containsOnlyKeys("composite", "wait");
                            if (group.rank() == 0) {
                                assertThat(light.getFirst()[ROWS * WIDTH - 1]).isEqualTo(6f);
                            }
                        }
                        Joining failing = peers.add(planes(), WIDTH, new Ending.Light());
                        String told =
                                String.valueOf(
                                        catchThrowable(() ->
                                                        peers.joined(
                                                                failing,
                                                                new StageTimes(System::nanoTime),
                                                                () -> part(peers)))
                                                .getMessage());
                        assertThat(told).matches("rank 1 on .+: no memory");
                    }
                    return 0;
                });
    }

    /** Not of a {@link RenderException}, which all agree on. */
    @Test
    void aRankThatFailsWhileStripsTravelEndsAll() {
        assertThat(
                        catchThrowable(() ->
                                LocalGroup.run(
                                        3,
                                        group -> {
                                            try (RankPeers peers = new RankPeers(group)) {
                                                Joining joining =
                                                        peers.add(
                                                                planes(),
                                                                WIDTH,
                                                                new Ending.Light());
                                                return peers.joined(
                                                        joining,
                                                        new StageTimes(System::nanoTime),
                                                        () -> drawOrFail(group, joining));
                                            }
                                        })))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("rank 1");
    }

    private static int drawOrFail(Group group, Joining joining) {
        joining.drawn(100);
        if (group.rank() == 1) {
            throw new IllegalStateException("rank 1");
        }
        return 0;
    }

    /** Each row is finished at one rank, also where there are more ranks than rows in a strip. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 70})
    void rowsStayWhereTheyAreFinished(int size) {
        List<Integer> rows =
                LocalGroup.run(
                        size,
                        group -> {
                            int own = 0;
                            try (RankPeers peers = new RankPeers(group)) {
                                for (int frame = 0; frame < 4; frame++) { // all schedules
                                    List<float[]> light = planes();
                                    fill(light, 0, ROWS, 1);
                                    Joining joining = peers.add(light, WIDTH, new Ending.Apart());
                                    assertThat(joining.finish()).isNotNegative();
                                    for (Joining.Rows part : joining.rows()) {
                                        own += part.end() - part.first();
                                        for (float[] plane : light) {
                                            for (int y = part.first(); y < part.end(); y++) {
                                                assertThat(plane[y * WIDTH]).isEqualTo(size);
                                                assertThat(plane[y * WIDTH + WIDTH - 1])
                                                        .isEqualTo(size);
                                            }
                                        }
                                    }
                                }
                            }
                            return own;
                        });
        assertThat(rows.stream().mapToInt(Integer::intValue).sum()).isEqualTo(4 * ROWS);
    }

    private static int draw(Group group, List<float[]> light, Joining joining) {
        fill(light, 0, ROWS, group.rank() + 1);
        if (group.rank() != 1) {
            joining.drawn(100);
            joining.drawn(300);
        }
        return joining.bands();
    }

    @Test
    void theQuickestWayGoesOnAndTheOthersAreTriedAgain() {
        Costs<String> costs = new Costs<>(List.of("a", "b"));
        assertThat(costs.choose()).isEqualTo("a");
        costs.note("a", 9); // not compiled yet
        assertThat(costs.choose()).isEqualTo("b");
        costs.note("b", 3);
        int others = 0;
        for (int k = 0; k < 200; k++) {
            String chosen = costs.choose();
            others += chosen.equals("b") ? 1 : 0;
            costs.note(chosen, chosen.equals("a") ? 2 : 3);
        }
        assertThat(others).isBetween(30, 40); // until a was tried again, then now and then
    }

    @Test
    void oneProcessIsItsOwnPeer() {
        Peers alone = Peers.alone();
        assertThat(alone.total(7)).isEqualTo(7);
        assertThat(alone.swap(new long[] {5})).containsExactly(5);
        assertThat(alone.gather(new float[] {1, 2})).containsExactly(1, 2);
        try (Group group = LocalGroup.alone()) {
            assertThat(group.size()).isEqualTo(1);
            assertThat(group.gather(new byte[] {1})).hasSize(1);
            group.barrier();
        }
    }
}
