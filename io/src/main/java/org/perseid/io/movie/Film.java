package org.perseid.io.movie;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.perseid.io.AtomicFile;
import org.perseid.io.InputException;
import org.perseid.renderer.model.Picture;

/**
 * A film that is being made: pictures go to an ffmpeg process, which writes to a neighbour of the
 * file that takes its name at {@link #finish}. Closed before that, the process ends and nothing is
 * left. The same pictures give the same bytes. Used by one thread.
 */
public final class Film implements AutoCloseable {
    private static final int MAX_MESSAGE = 4096;

    private final Path file;
    private final Path part;
    private final int width;
    private final int height;
    private final Process process;
    private final OutputStream input;
    private final Path messages;
    private final String comment;
    private boolean finished;

    /**
     * Starts ffmpeg.
     *
     * @param file ends in .mp4, .mov, .mkv, .webm or .gif
     * @param framesPerSecond above 0
     * @param comment kept in the film
     * @throws InputException when the name is not one of these, or ffmpeg is not there
     */
    public Film(Path file, int width, int height, double framesPerSecond, String comment) {
        this("ffmpeg", file, width, height, framesPerSecond, comment);
    }

    Film(String program, Path file, int width, int height, double framesPerSecond, String comment) {
        this.file = file;
        this.comment = comment;
        this.width = width;
        this.height = height;
        FilmFormat format = FilmFormat.of(file);
        this.part = file.resolveSibling(file.getFileName() + ".part." + FilmFormat.extension(file));
        List<String> command =
                new ArrayList<>(List.of(program, "-hide_banner", "-loglevel", "error", "-nostdin"));
        command.addAll(List.of("-y", "-f", "rawvideo", "-pixel_format", "rgb24"));
        command.addAll(List.of("-video_size", width + "x" + height));
        command.addAll(List.of("-framerate", Double.toString(framesPerSecond), "-i", "pipe:0"));
        command.addAll(format.arguments());
        command.addAll(
                List.of(
                        "-fflags",
                        "+bitexact",
                        "-flags:v",
                        "+bitexact",
                        "-metadata",
                        "comment=" + comment));
        command.add(part.toString());
        try {
            AtomicFile.createFolder(file);
            messages = Files.createTempFile("perseid-ffmpeg", ".log");
        } catch (IOException e) {
            throw AtomicFile.cannotWrite(file, e);
        }
        try {
            process =
                    new ProcessBuilder(command)
                            .redirectError(messages.toFile())
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
        } catch (IOException e) {
            AtomicFile.discard(messages);
            throw new InputException(
                    file,
                    "ffmpeg cannot be started ("
                            + e.getMessage()
                            + "); install it: sudo apt-get install ffmpeg",
                    e);
        }
        input = process.getOutputStream();
    }

    /**
     * Checks that a film of this name can be made.
     *
     * @throws InputException when its extension is not known
     */
    public static void requireKnown(Path file) {
        FilmFormat.of(file);
    }

    /**
     * Adds a frame.
     *
     * @throws InputException when its size is not the film's, or ffmpeg has ended
     */
    public void add(Picture picture) {
        if (picture.width() != width || picture.height() != height) {
            throw new InputException(
                    file,
                    "a frame is "
                            + picture.width()
                            + "x"
                            + picture.height()
                            + ", the film is "
                            + width
                            + "x"
                            + height
                            + "; all frames of a film must have one size (override xres and yres)");
        }
        try {
            input.write(picture.rgb());
        } catch (IOException e) {
            throw ended(e);
        }
    }

    /**
     * Ends the film and gives it its name.
     *
     * @throws InputException when ffmpeg failed, with what it said
     */
    public void finish() {
        try {
            input.close();
            if (process.waitFor() != 0) {
                throw ended(null);
            }
            if (FilmFormat.extension(file).equals("gif")) {
                GifComment.add(part, comment);
            }
            AtomicFile.move(part, file);
            finished = true;
            Files.deleteIfExists(messages);
        } catch (IOException e) {
            throw ended(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InputException(file, "interrupted", e);
        }
    }

    private InputException ended(@org.jspecify.annotations.Nullable IOException e) {
        String said;
        try (InputStream in = Files.newInputStream(messages)) {
            process.waitFor();
            said = new String(in.readNBytes(MAX_MESSAGE), StandardCharsets.UTF_8).strip();
        } catch (IOException | InterruptedException f) {
            said = String.valueOf(f.getMessage());
        }
        String detail = said.isEmpty() && e != null ? String.valueOf(e.getMessage()) : said;
        String message = "ffmpeg could not write the film: " + detail.replace('\n', ' ');
        return e == null ? new InputException(file, message) : new InputException(file, message, e);
    }

    @Override
    public void close() {
        if (!finished) {
            process.destroyForcibly();
            AtomicFile.discard(part);
            AtomicFile.discard(messages);
        }
    }
}
