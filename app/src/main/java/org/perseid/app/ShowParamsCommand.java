package org.perseid.app;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.perseid.io.InputException;
import org.perseid.io.image.MadeBy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code show-params}: how a picture, float layer or film was made. */
@Command(
        name = "show-params",
        mixinStandardHelpOptions = true,
        description = {
            "Print the parameters that a picture, float layer or film was made with, as a parameter file.",
            "Version and identity of the data are comments. render FILE draws it again."
        })
final class ShowParamsCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "FILE",
            description = "PNG, PPM, TGA, FITS, EXR, f32, mp4, mov, mkv, webm or gif.")
    private Path file = Path.of("");

    @Override
    public Integer call() {
        Map<String, String> text = MadeBy.read(file);
        String parameters = text.get(FrameFiles.PARAMETERS);
        if (parameters == null) {
            throw new InputException(file, "holds no parameters; it was not made by Perseid");
        }
        System.out.println("# " + text.getOrDefault("Software", "unknown version"));
        System.out.println("# quality " + text.getOrDefault(FrameFiles.QUALITY, "exact"));
        System.out.println("# data " + text.getOrDefault(FrameFiles.DATA, "unknown"));
        System.out.print(parameters);
        return Main.OK;
    }
}
