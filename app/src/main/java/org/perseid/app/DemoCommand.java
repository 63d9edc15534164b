package org.perseid.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.perseid.io.AtomicFile;
import org.perseid.io.InputException;
import org.perseid.io.demo.DemoUniverse;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Workers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code demo}: makes the built-in data set and draws it. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Make a spiral galaxy in a small cosmic web as a Gadget-2 snapshot, draw it, and open it in the browser.")
final class DemoCommand implements Callable<Integer> {
    /** For as many is demo.par. */
    private static final int DEFAULT_PARTICLES = 1_000_000;

    private static final Pattern BRIGHTNESS = Pattern.compile("(?m)^(brightness\\d=)(\\S+)$");
    private static final long SEED = 20260101;
    private static final int IDLE_SECONDS = 60;

    @Option(
            names = "--particles",
            paramLabel = "N",
            description = "Default: ${DEFAULT-VALUE}.",
            defaultValue = "" + DEFAULT_PARTICLES)
    private long particles;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FOLDER",
            description = "Default: ${DEFAULT-VALUE}.",
            defaultValue = "demo")
    private Path folder = Path.of("demo");

    @Option(
            names = "--no-serve",
            description = "Only make the data and the picture; do not open a live session.")
    private boolean noServe;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Port of the live session; default: 8080, or the next that is free.")
    private @Nullable Integer port;

    @Mixin private CommonOptions options = new CommonOptions();

    @Override
    public Integer call() {
        if (particles < 1000 || particles > 2_000_000_000L) {
            throw new InputException(
                    "--particles is " + particles + "; must be in 1000..2000000000");
        }
        CommonOptions.Drawing.prepare((double) particles);
        Reporter reporter = options.reporter();
        Path snapshot = folder.resolve("galaxy.gadget");
        Path parameters = folder.resolve("galaxy.par");
        long start = System.nanoTime();
        try (Workers workers = options.workers()) {
            DemoUniverse.write(snapshot, particles, SEED, workers);
        }
        double seconds = (System.nanoTime() - start) * 1e-9;
        reporter.note(
                String.format(
                        Locale.ROOT,
                        "made %s, %d particles, in %.2f s",
                        snapshot,
                        particles,
                        seconds));
        copy("demo.par", parameters, this::brightened);
        copy("demo-orbit.scene", folder.resolve("orbit.scene"), text -> text);
        List<String> render = new ArrayList<>(List.of("render", parameters.toString()));
        render.addAll(options.asArguments());
        render.add("outfile=" + folder.resolve("galaxy"));
        int code = Main.run(render.toArray(new String[0]));
        if (code == Main.OK) {
            reporter.note(
                    "look at "
                            + folder.resolve("galaxy0000.png")
                            + ", change "
                            + parameters
                            + ", then:");
            reporter.note("  ./perseid render " + parameters);
            reporter.note("or make a film:");
            reporter.note("  ./perseid movie " + parameters + " scene_file=orbit.scene");
        }
        return code == Main.OK && !noServe ? serve(parameters) : code;
    }

    /** Where nobody sees the terminal, as in a script, the session ends by itself. */
    private int serve(Path parameters) {
        List<String> serve = new ArrayList<>(List.of("serve", parameters.toString()));
        serve.addAll(options.asArguments());
        if (port != null) {
            serve.add("--port=" + port);
        }
        if (!Boolean.getBoolean("perseid.terminal")) {
            serve.add("--exit-when-idle=" + IDLE_SECONDS);
        }
        Relaunch.withVectors(serve);
        return Main.run(serve.toArray(new String[0]));
    }

    /**
     * The parameters with the brightness for another number of particles: the light of n particles,
     * whose sizes are their distances, grows as n^(2/3).
     */
    private String brightened(String parameters) {
        double factor = Math.pow((double) DEFAULT_PARTICLES / particles, 2.0 / 3);
        return BRIGHTNESS
                .matcher(parameters)
                .replaceAll(found ->
                        found.group(1) + (float) (Double.parseDouble(found.group(2)) * factor));
    }

    private static void copy(String name, Path target, UnaryOperator<String> change) {
        Path source =
                Path.of(System.getProperty("perseid.home", ".")).resolve("configs").resolve(name);
        try {
            byte[] text = change.apply(Files.readString(source)).getBytes(StandardCharsets.UTF_8);
            AtomicFile.write(target, out -> out.write(text));
        } catch (IOException e) {
            throw new InputException(
                    source, "cannot be read (" + e.getMessage() + "); start ./perseid itself", e);
        }
    }
}
