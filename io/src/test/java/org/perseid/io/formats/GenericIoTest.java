package org.perseid.io.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.perseid.io.InputException;
import org.perseid.io.snapshot.LoadRequest;

class GenericIoTest {
    private static final int HEADER = 168;
    private static final int VARIABLE = 272;
    private static final int RANK = 48;

    @TempDir Path folder = Path.of("");

    Path write(boolean big) throws IOException {
        ByteOrder order = big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        String[] names = {"x", "y", "z", "mass", "id"};
        long[] flags = {5, 9, 17, 1, 0};
        int[] bytes = {4, 4, 4, 8, 8};
        int[] counts = {3, 0, 2};
        long ranksAt = HEADER + (long) names.length * VARIABLE;
        Bytes out = new Bytes(order).text(big ? "HACC01B" : "HACC01L", 8);
        out.i8(0, 5, 3, 1, 1, names.length, VARIABLE, HEADER, 3, RANK, ranksAt, 0);
        out.i8(0).f8(0, 0).f8(64, 64, 64).i8(0, 0);
        out.text("", HEADER - out.size());
        for (int k = 0; k < names.length; k++) {
            out.text(names[k], 256).i8(flags[k], bytes[k]);
        }
        long at = ranksAt + 3 * RANK;
        for (int r = 0; r < 3; r++) {
            out.i8(r, 0, 0, counts[r], at, r);
            for (int b : bytes) {
                at += (long) counts[r] * b + 8;
            }
        }
        for (int r = 0; r < 3; r++) {
            for (int k = 0; k < names.length; k++) {
                for (int i = 0; i < counts[r]; i++) {
                    double v = 100 * r + 10 * k + i;
                    Bytes _ = k < 3 ? out.f4(v) : k == 3 ? out.f8(v) : out.i8((long) v);
                }
                out.i8(0); // checksum
            }
        }
        return out.write(folder.resolve("m000"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theRanksFollowOneAnother(boolean big) throws IOException {
        Path file = write(big);
        assertThat(Reading.info(file).boxSize()).isEqualTo(64);
        assertThat(Reading.info(file).format()).startsWith("HACC GenericIO, 3 ranks");
        Reading.Rows rows =
                Reading.read(
                        file,
                        Reading.with(
                                Reading.request(0, null, "mass"), true, LoadRequest.More.NONE));
        assertThat(rows.color()).containsExactly(30, 31, 32, 230, 231);
        assertThat(rows.position()[4]).containsExactly(201, 211, 221);
        assertThat(rows.ids()).containsExactly(40, 41, 42, 240, 241);
    }

    @Test
    void damageIsTold() throws IOException {
        Path file = write(false);
        byte[] good = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(good, good.length - 20));
        assertThatThrownBy(() -> Reading.info(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("truncated: 2 values of id from byte");
        Files.write(file, java.util.Arrays.copyOf(good, 100));
        assertThatThrownBy(() -> Reading.info(file))
                .hasMessageContaining("truncated: has 100 bytes, the header 152");
        byte[] many = good.clone();
        many[48 + 6] = 1;
        Files.write(file, many);
        assertThatThrownBy(() -> Reading.info(file)).hasMessageContaining("damaged: says it has");
        byte[] wide = good.clone();
        wide[HEADER + 264] = 3;
        Files.write(file, wide);
        assertThatThrownBy(() -> Reading.info(file))
                .hasMessageContaining("variable x has values of 3 bytes");
    }
}
