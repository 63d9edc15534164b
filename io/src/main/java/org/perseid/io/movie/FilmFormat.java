package org.perseid.io.movie;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.perseid.io.InputException;

/** What a film is encoded as, by the extension of its file. */
@SuppressWarnings("ImmutableEnumChecker") // the lists are List.of
enum FilmFormat {
    /** H.264, 8 bits, 4:2:0, BT.709, even sizes: what every player shows. */
    H264(
            List.of("mp4", "mov", "mkv"),
            List.of(
                    "-vf",
                    "pad=ceil(iw/2)*2:ceil(ih/2)*2,scale=out_color_matrix=bt709:out_range=tv",
                    "-c:v",
                    "libx264",
                    "-preset",
                    "medium",
                    "-crf",
                    "18",
                    "-pix_fmt",
                    "yuv420p",
                    "-colorspace",
                    "bt709",
                    "-color_primaries",
                    "bt709",
                    "-color_trc",
                    "bt709")),
    VP9(
            List.of("webm"),
            List.of(
                    "-vf",
                    "pad=ceil(iw/2)*2:ceil(ih/2)*2,scale=out_color_matrix=bt709:out_range=tv",
                    "-c:v",
                    "libvpx-vp9",
                    "-crf",
                    "24",
                    "-b:v",
                    "0",
                    "-pix_fmt",
                    "yuv420p")),
    GIF(List.of("gif"), List.of("-vf", "split[a][b];[a]palettegen[p];[b][p]paletteuse"));

    private final List<String> extensions;
    private final List<String> arguments;

    FilmFormat(List<String> extensions, List<String> arguments) {
        this.extensions = extensions;
        this.arguments = arguments;
    }

    /** The words of ffmpeg's command line that choose it. */
    List<String> arguments() {
        return arguments;
    }

    /**
     * The format of a file.
     *
     * @throws InputException when its extension is none of those known
     */
    static FilmFormat of(Path file) {
        String extension = extension(file);
        for (FilmFormat format : values()) {
            if (format.extensions.contains(extension)) {
                return format;
            }
        }
        throw new InputException(
                file,
                "is no film that can be made; give a name that ends in .mp4, .mov, .mkv, .webm or .gif");
    }

    static String extension(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }
}
