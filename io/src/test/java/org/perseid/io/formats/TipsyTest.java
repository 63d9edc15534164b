package org.perseid.io.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.perseid.io.InputException;
import org.perseid.io.snapshot.LoadRequest;

class TipsyTest {
    @TempDir Path folder = Path.of("");

    Path write(ByteOrder order, boolean pad, boolean wide) throws IOException {
        Bytes out = new Bytes(order).f8(0.25).i4(7, 3, 2, 1, 4);
        if (pad) {
            out.i4(0);
        }
        int[] tail = {8, 5, 7};
        int[] counts = {2, 1, 4};
        for (int type = 0; type < 3; type++) {
            for (int i = 0; i < counts[type]; i++) {
                out.f4(1 + type);
                double[] position = {10 * type + i, 0.5, -i};
                Bytes _ = wide ? out.f8(position) : out.f4(position);
                for (int c = 3; c < tail[type] + 3; c++) {
                    out.f4(100 * type + 10 * i + c);
                }
            }
        }
        return out.write(folder.resolve("t.std"));
    }

    @ParameterizedTest
    @CsvSource({
        "true, true, false, standard",
        "false, true, false, native",
        "true, false, false, standard",
        "false, true, true, double positions",
        "true, false, true, double positions"
    })
    void allVariantsAreRecognisedByTheirSize(boolean big, boolean pad, boolean wide, String name)
            throws IOException {
        Path file = write(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN, pad, wide);
        assertThat(Reading.info(file).format()).contains("Tipsy").contains(name);
        assertThat(Reading.info(file).time()).isEqualTo(0.25);
        LoadRequest.More more = new LoadRequest.More(true, List.of("mass"), Map.of(), "", null);
        Reading.Rows stars =
                Reading.read(file, Reading.with(Reading.request(2, "eps", "tform"), false, more));
        assertThat(stars.position()[3]).containsExactly(23, 0.5, -3);
        assertThat(stars.color()).containsExactly(207, 217, 227, 237);
        assertThat(stars.size()).containsExactly(208, 218, 228, 238);
        assertThat(stars.extras()[0]).containsExactly(3, 3, 3, 3);
        assertThat(stars.velocity()[2]).containsExactly(205, 215, 225, 235);
        Reading.Rows gas = Reading.read(file, Reading.request(0, "hsmooth", "col9"));
        assertThat(gas.color()).containsExactly(7, 17);
    }

    @Test
    void arraysBesideTheFileAreFields() throws IOException {
        Path file = write(ByteOrder.BIG_ENDIAN, true, false);
        new Bytes(ByteOrder.BIG_ENDIAN)
                .i4(7)
                .f4(1, 2, 3, 4, 5, 6, 7)
                .write(folder.resolve("t.std.HI"));
        new Bytes(ByteOrder.BIG_ENDIAN)
                .i4(7)
                .i4(70, 71, 72, 73, 74, 75, -2)
                .write(folder.resolve("t.std.iord"));
        Files.writeString(folder.resolve("t.std.txt"), "7 numbers as text, of another size");
        Reading.Rows stars =
                Reading.read(
                        file,
                        Reading.with(Reading.request(2, null, "HI"), true, LoadRequest.More.NONE));
        assertThat(stars.color()).containsExactly(4, 5, 6, 7);
        assertThat(stars.ids()).containsExactly(73, 74, 75, 4294967294L);
    }

    @Test
    void aTruncatedFileIsNoTipsy() throws IOException {
        Path file = write(ByteOrder.BIG_ENDIAN, true, false);
        Files.write(file, java.util.Arrays.copyOf(Files.readAllBytes(file), 100));
        assertThatThrownBy(() -> Reading.info(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("unknown format");
    }
}
