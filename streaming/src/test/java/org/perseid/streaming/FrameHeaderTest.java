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
    private static final Path FIXTURE = Path.of("src/test/resources/protocol/frame.bin");

    private static FrameHeader header() {
        return new FrameHeader(
                4_000_000_007L,
                258,
                1234.5,
                16.25f,
                2.5f,
                1280,
                720,
                Encoding.PNG,
                Stage.FINAL,
                92,
                new double[] {1, 2, 3, -4, 5.5, -6e10, 0, 0, 1, 45});
    }

    @Test
    void theBytesAreThoseOfTheFixture() throws IOException {
        ByteBuffer encoded = header().encode();
        byte[] bytes = new byte[encoded.remaining() + 3];
        encoded.get(bytes, 0, FrameHeader.BYTES);
        bytes[FrameHeader.BYTES] = 7; // stands for a picture
        bytes[FrameHeader.BYTES + 1] = 8;
        bytes[FrameHeader.BYTES + 2] = 9;
        if (Boolean.getBoolean("perseid.update")) {
            Files.write(FIXTURE, bytes);
        }
        assertThat(bytes).isEqualTo(Files.readAllBytes(FIXTURE));
    }
}
