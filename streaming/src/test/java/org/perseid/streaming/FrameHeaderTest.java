package org.perseid.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.perseid.streaming.FrameHeader.Encoding;
import org.perseid.streaming.FrameHeader.Stage;

/** The page's own test reads the same file. */
class FrameHeaderTest {
    private static final Path FOLDER = Path.of("src/test/resources/protocol");

    private static FrameHeader header(Encoding encoding, int... tiles) {
        return new FrameHeader(
                4_000_000_007L,
                258,
                1234.5,
                16.25f,
                2.5f,
                1280,
                720,
                encoding,
                Stage.FINAL,
                92,
                new double[] {1, 2, 3, -4, 5.5, -6e10, 0, 0, 1, 45},
                tiles);
    }

    @Test
    void theBytesAreThoseOfTheFixtures() throws IOException {
        assertIsFixture("frame.bin", header(Encoding.PNG));
        assertIsFixture("tiles.bin", header(Encoding.JPEG_TILES, 0, 39, 40, 919));
    }

    private static void assertIsFixture(String name, FrameHeader header) throws IOException {
        ByteBuffer encoded = header.encode();
        int n = encoded.remaining();
        byte[] bytes = new byte[n + 3];
        encoded.get(bytes, 0, n);
        bytes[n] = 7; // stands for a picture
        bytes[n + 1] = 8;
        bytes[n + 2] = 9;
        if (Boolean.getBoolean("perseid.update")) {
            Files.write(FOLDER.resolve(name), bytes);
        }
        assertThat(bytes).isEqualTo(Files.readAllBytes(FOLDER.resolve(name)));
    }
}
