package org.perseid.io.movie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.perseid.io.InputException;
import org.perseid.renderer.model.Picture;

class FilmTest {
    @TempDir private Path folder;

    @Test
    void withoutFfmpegTheLineToInstallItIsTold() {
        assertThatThrownBy(() -> new Film("no-such-ffmpeg", folder.resolve("a.mp4"), 4, 4, 30, ""))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("sudo apt-get install ffmpeg");
    }

    @Test
    void aProgramThatFailsIsToldWithWhatItSaid() throws IOException {
        Path script = folder.resolve("broken");
        Files.writeString(
                script, "#!/bin/sh\ncat >/dev/null\necho 'No space left on device' >&2\nexit 3\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        try (Film film = new Film(script.toString(), folder.resolve("a.mp4"), 2, 1, 30, "")) {
            film.add(new Picture(2, 1, new byte[6]));
            assertThatThrownBy(film::finish)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(
                            "ffmpeg could not write the film: No space left on device");
        }
        assertThat(folder.resolve("a.mp4")).doesNotExist();
    }

    @Test
    void aFrameOfAnotherSizeIsRefused() throws IOException {
        Path script = folder.resolve("sink");
        Files.writeString(script, "#!/bin/sh\nexec cat >/dev/null\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        try (Film film = new Film(script.toString(), folder.resolve("a.webm"), 2, 1, 30, "")) {
            assertThatThrownBy(() -> film.add(new Picture(1, 1, new byte[3])))
                    .hasMessageContaining("a frame is 1x1, the film is 2x1");
        }
    }
}
