package org.perseid.io.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.perseid.io.InputException;
import org.perseid.io.TestReporter;
import org.perseid.io.snapshot.LoadRequest;
import org.perseid.io.snapshot.ReadOptions;

/** Bare floats: simtype 0, 1, 5 and 6. */
class TableTest {
    @TempDir private Path folder;

    private static Reading.Rows read(
            Path file, int simtype, Map<String, String> keys, LoadRequest request) {
        return Reading.read(file, Reading.options(simtype, keys), request, new TestReporter());
    }

    @Test
    void rowsAndBlocksHoldTheSame() throws IOException {
        Bytes rows = new Bytes(ByteOrder.BIG_ENDIAN);
        Bytes blocks = new Bytes(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 5; i++) {
            rows.f4(i, 10 + i, 20 + i, 30 + i);
        }
        for (int k = 0; k < 4; k++) {
            for (int i = 0; i < 5; i++) {
                blocks.f4(10 * k + i);
            }
        }
        LoadRequest request = Reading.request(0, "col4", "col2");
        Reading.Rows a =
                read(
                        rows.write(folder.resolve("rows")),
                        0,
                        Map.of("num_blocks", "4", "x", "3", "y", "2", "z", "1"),
                        request);
        for (int simtype : new int[] {1, 5}) {
            Reading.Rows b =
                    read(
                            blocks.write(folder.resolve("blocks")),
                            simtype,
                            Map.of(
                                    "num_blocks",
                                    "4",
                                    "x",
                                    "3",
                                    "y",
                                    "2",
                                    "z",
                                    "1",
                                    "swap_endian",
                                    "F"),
                            request);
            assertThat(b.position()).isDeepEqualTo(a.position());
            assertThat(b.color()).isEqualTo(a.color());
        }
        assertThat(a.position()[2]).containsExactly(22, 12, 2);
        assertThat(a.color()).containsExactly(10, 11, 12, 13, 14);
        assertThat(a.size()).containsExactly(30, 31, 32, 33, 34);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void cellsOfAMeshLieAtTheirIndices(int order) throws IOException {
        Bytes mesh = new Bytes(ByteOrder.BIG_ENDIAN);
        for (int cell = 0; cell < 24; cell++) {
            mesh.f4(cell);
        }
        Reading.Rows rows =
                read(
                        mesh.write(folder.resolve("mesh")),
                        6,
                        Map.of(
                                "num_blocks",
                                "1",
                                "x",
                                "2",
                                "y",
                                "3",
                                "z",
                                "4",
                                "order",
                                Integer.toString(order)),
                        Reading.request(0, null, "col1"));
        for (int cell = 0; cell < 24; cell++) {
            double[] p = rows.position()[cell];
            double expected =
                    order == 0 ? p[0] + 2 * (p[1] + 3 * p[2]) : p[2] + 4 * (p[1] + 3 * p[0]);
            assertThat(expected).isEqualTo(cell);
            assertThat(rows.color()[cell]).isEqualTo(cell);
        }
    }

    @Test
    void whatDoesNotFitIsTold() throws IOException {
        Path file =
                new Bytes(ByteOrder.BIG_ENDIAN).f4(1, 2, 3, 4, 5, 6, 7).write(folder.resolve("t"));
        assertError(file, 0, Map.of(), "num_blocks: missing; simtype=0 needs");
        assertError(
                file,
                0,
                Map.of("num_blocks", "3"),
                "has 28 bytes, which are not 3 columns of floats");
        assertError(
                file,
                0,
                Map.of("num_blocks", "abc"),
                "num_blocks: is 'abc'; must be a whole number");
        assertError(
                file,
                0,
                Map.of("num_blocks", "7", "x", "9"),
                "x: is '9'; must be a whole number in 1 .. 7");
        assertError(file, 6, Map.of("num_blocks", "1"), "x: missing; simtype=6 needs the cells");
        assertError(
                file,
                6,
                Map.of("num_blocks", "1", "x", "1048576", "y", "1048576", "z", "1048576"),
                "are not 1 blocks of 1152921504606846976 cells");
        assertError(
                file,
                0,
                Map.of("num_blocks", "7", "swap_endian", "maybe"),
                "swap_endian: is 'maybe'; must be true or false");
    }

    private static void assertError(
            Path file, int simtype, Map<String, String> keys, String message) {
        ReadOptions options = Reading.options(simtype, keys);
        assertThatThrownBy(() ->
                        Reading.read(
                                file, options, Reading.request(0, null, null), new TestReporter()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message);
    }
}
