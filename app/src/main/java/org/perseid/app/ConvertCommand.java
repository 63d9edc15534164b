package org.perseid.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.perseid.io.InputException;
import org.perseid.io.par.JobReader;
import org.perseid.io.par.RenderJob;
import org.perseid.renderer.model.OffHeap;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Workers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code convert}: a store, which is drawn straight from its file. */
@Command(
        name = "convert",
        mixinStandardHelpOptions = true,
        description = {
            "Make a particle store of a snapshot: a file with the particles in spatial order, sums of all blocks, and",
            "nodes of light for distant ones. It is drawn without being read first, also when it is larger than the",
            "memory."
        },
        footer = {
            "",
            "A conversion that was stopped goes on when it is started again. The snapshot may be larger than the",
            "memory; only smoothing lengths that have to be computed need all particles of a type at once.",
            "",
            "Examples:",
            "  perseid convert galaxy.par -o galaxy.pstore",
            "  perseid render galaxy.pstore",
            "  perseid serve galaxy.pstore",
            "  perseid render other.par infile=galaxy.pstore"
        })
final class ConvertCommand implements Callable<Integer> {
    private static final long MOST_MEMORY = 4L << 30;

    @Parameters(
            index = "0",
            paramLabel = "FILE.par|SNAPSHOT",
            description = "Parameter file, or a snapshot, which is shown as init would show it.")
    private Path file = Path.of("");

    @Parameters(
            index = "1..*",
            paramLabel = "key=value",
            description = "Parameters that beat the file's; the last one wins.")
    private List<String> overrides = List.of();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE.pstore",
            description =
                    "Default: the name of what is given with .pstore, in the working directory.")
    private @Nullable Path output;

    @Option(
            names = "--fields",
            paramLabel = "NAME",
            split = ",",
            description =
                    "Fields to keep beside those that are shown: names, velocity, id, mass, or all."
                            + " Default: none.")
    private List<String> fields = List.of();

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description =
                    "Memory for particles, as 2G or 500M. Default: a quarter of what is free, 4G at most.")
    private @Nullable String memory;

    @Option(names = "--force", description = "Replace an existing file.")
    private boolean force;

    @Mixin private CommonOptions options = new CommonOptions();
    @Mixin private CommonOptions.Reading reading = new CommonOptions.Reading();

    @Override
    public Integer call() {
        Reporter reporter = options.reporter();
        Path target = output != null ? output : Path.of(baseName() + ".pstore");
        if (Files.exists(target) && !force) {
            throw new InputException(
                    target, "exists already; give another name with -o, or --force to replace it");
        }
        RenderJob job =
                JobReader.readFrames(
                                Given.table(file, overrides, options, reading, reporter), reporter)
                        .getFirst()
                        .job();
        requireOther(job.source().path(), target);
        StoreType.Wanted wanted = new StoreType.Wanted(fields.contains("all"), Set.copyOf(fields));
        try (Workers workers = options.workers()) {
            long start = System.nanoTime();
            Conversion.Result result =
                    new Conversion(job, target, wanted, bytes(), workers, reporter).run();
            double seconds = (System.nanoTime() - start) * 1e-9;
            reporter.note(
                    String.format(
                            Locale.ROOT,
                            "%s: %d particles, %s, %.1f s (%s)",
                            target,
                            result.particles(),
                            InfoCommand.size(Files.size(target)),
                            seconds,
                            Conversion.text(result.seconds())));
            reporter.note("draw it with: ./perseid render " + target);
        } catch (IOException e) {
            throw new InputException(target, "cannot be read (" + e.getMessage() + ")", e);
        }
        return Main.OK;
    }

    private long bytes() {
        return memory == null
                ? Math.min(MOST_MEMORY, OffHeap.availableBytes() / 4)
                : Conversion.memory(memory);
    }

    private static void requireOther(Path source, Path target) {
        if (target.toAbsolutePath().normalize().equals(source.toAbsolutePath().normalize())) {
            throw new InputException(target, "is the snapshot itself; give another name with -o");
        }
    }

    private String baseName() {
        return String.valueOf(file.getFileName()).replaceAll("\\.(0|par|hdf5|h5|gadget)$", "");
    }
}
