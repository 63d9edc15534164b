package org.perseid.app;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.perseid.io.InputException;
import org.perseid.io.par.FrameJob;
import org.perseid.io.par.RenderJob;
import org.perseid.io.snapshot.ReadOptions;
import org.perseid.renderer.backend.BackendProvider;
import org.perseid.renderer.backend.Backends;
import org.perseid.renderer.backend.opencl.OpenClProvider;
import org.perseid.renderer.model.OffHeap;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.RenderException;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Workers;
import picocli.CommandLine.Option;

/** Options that all commands with numerics have. */
final class CommonOptions {
    private static final int MAX_THREADS = 4096;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description =
                    "Threads of each process to use; default: the cores that it may use, shared with other ranks there.")
    private @Nullable Integer threads;

    @Option(
            names = {"-q", "--quiet"},
            description = "Say nothing but warnings and errors.")
    private boolean quiet;

    Workers workers() {
        return new Workers(threads());
    }

    /** Threads of one of many ranks. */
    Workers workers(Ranks ranks) {
        return new Workers(threads == null ? ranks.threads() : threads());
    }

    /**
     * Threads of a process that works alone.
     *
     * @throws InputException when a number was given that cannot be
     */
    int threads() {
        int n = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        if (n < 1 || n > MAX_THREADS) {
            throw new InputException("--threads is " + n + "; must be in 1.." + MAX_THREADS);
        }
        return n;
    }

    /** The same options for another command. */
    List<String> asArguments() {
        String threadsOption = "--threads=" + threads();
        return quiet ? List.of(threadsOption, "--quiet") : List.of(threadsOption);
    }

    Reporter reporter() {
        return new ConsoleReporter(System.err, quiet, Boolean.getBoolean("perseid.terminal"));
    }

    /** Options for formats that a file does not tell. */
    static final class Reading {
        @Option(
                names = "--reader",
                paramLabel = "key=value",
                description =
                        "A key of the reader as in a parameter file, as simtype=0, num_blocks=8; may be repeated.")
        private Map<String, String> keys = Map.of();

        /** The keys as they were given. */
        Map<String, String> keys() {
            return keys;
        }

        ReadOptions options(String blockOrder) {
            String simtype = keys.getOrDefault("simtype", "-1");
            if (!simtype.matches("-?\\d{1,3}")) {
                throw new InputException(
                        "--reader simtype is '" + simtype + "'; must be a whole number");
            }
            return new ReadOptions(
                    blockOrder.isEmpty() ? List.of() : List.of(blockOrder.split("[ ,]+")),
                    Integer.parseInt(simtype),
                    Map.copyOf(keys));
        }
    }

    /** Options that choose how frames are drawn. */
    static final class Drawing {
        /**
         * Particles times frames from which vectors gain what they take longer to get compiled,
         * about three seconds.
         */
        private static final double VECTORS_FROM = 5e7;

        @Option(
                names = "--backend",
                paramLabel = "NAME",
                description =
                        "auto, vector (SIMD), scalar (plain Java), or opencl for a GPU (opencl:1 for the second;"
                                + " info --devices lists them). Default: ${DEFAULT-VALUE}, by particles and frames;"
                                + " a GPU where it is quicker.",
                defaultValue = "auto")
        private String backend = "auto";

        @Option(
                names = "--quality",
                paramLabel = "NAME",
                description =
                        "exact: the sum over all particles. high: large splats on coarser grids, many times faster,"
                                + " with a mean error of the light of about 0.1 %% where many particles overlap."
                                + " preview: of a store, also nodes of up to 8 pixels, with an error of about 1 to 2 %%."
                                + " Default: ${DEFAULT-VALUE}.",
                defaultValue = "exact")
        private String quality = "exact";

        @Option(
                names = "--force",
                description = "Start although plan says that there is not enough memory.")
        private boolean force;

        @Option(
                names = "--half",
                description =
                        "Many ranks exchange parts of pictures as half floats: half the bytes, each value to 0.05 %%.")
        private boolean half;

        /** The quality that was asked for. */
        Quality quality() {
            for (Quality candidate : Quality.values()) {
                if (candidate.name().toLowerCase(Locale.ROOT).equals(quality)) {
                    return candidate;
                }
            }
            throw new InputException(
                    "--quality is '" + quality + "'; available: exact, high, preview");
        }

        /** Starts anew with vectors where so much work needs them; before anything is done. */
        static void prepare(double work) {
            if (work >= VECTORS_FROM && !Backends.isAvailable("vector")) {
                Relaunch.withVectors();
            }
        }

        /**
         * The back end for frames that do not need more memory than there is, unless forced.
         *
         * @param frames that are to be drawn, at least one
         * @param ranks that share the particles
         */
        BackendProvider backend(List<FrameJob> frames, Ranks ranks, Reporter reporter) {
            ranks.useHalfFloats(half);
            long particles = requireMemory(frames.getFirst().job(), ranks);
            return backend((double) particles / ranks.size() * frames.size(), ranks, reporter);
        }

        /** Particles of a job that does not need more memory than there is, unless forced. */
        long requireMemory(RenderJob job, Ranks ranks) {
            long available = ranks.shareOfHost(OffHeap.availableBytes());
            MemoryPlan plan =
                    force
                            ? MemoryPlan.of(job)
                            : MemoryPlan.requireFits(job, ranks.size(), available);
            return plan.particles();
        }

        /** Starts anew with vectors, which a live session nearly always gains from. */
        void prepareToServe() {
            if (backend.equals("auto")) {
                prepare(VECTORS_FROM);
            }
        }

        /** Who draws in a live session. */
        LivePainters painters(Ranks ranks, Workers workers, Reporter reporter) {
            ranks.useHalfFloats(half);
            boolean choose = backend.equals("auto");
            return new LivePainters(
                    choose ? Backends.choose("scalar") : chosen(ranks),
                    choose ? quickest(ranks, workers, reporter) : null,
                    quality() == Quality.EXACT ? Quality.EXACT : Quality.HIGH,
                    new LiveRanks(ranks),
                    workers,
                    reporter);
        }

        /** The back end that was asked for by name, on the device of this rank. */
        private BackendProvider chosen(Ranks ranks) {
            return Backends.choose(backend).onDevice(ranks.numberOnHost());
        }

        /** What draws the most particles a second: the GPU or vectors; null for neither. */
        private static @Nullable BackendProvider quickest(
                Ranks ranks, Workers workers, Reporter reporter) {
            BackendProvider vectors =
                    Backends.isAvailable("vector") ? Backends.choose("vector") : null;
            if (!new OpenClProvider().isGpu()) {
                return vectors;
            }
            BackendProvider gpu = Backends.choose("opencl").onDevice(ranks.numberOnHost());
            try {
                return vectors == null ? gpu : Calibration.quicker(vectors, gpu, workers, reporter);
            } catch (RenderException e) {
                reporter.warn(e.getMessage() + "; the CPU draws");
                return vectors;
            }
        }

        /**
         * The back end that was asked for, or for {@code auto} the one that suits the work.
         *
         * @param work particles times frames
         */
        BackendProvider backend(double work, Ranks ranks, Reporter reporter) {
            if (!backend.equals("auto")) {
                return chosen(ranks);
            }
            if (work >= VECTORS_FROM && new OpenClProvider().isGpu()) {
                prepare(work);
                try (Workers workers = new Workers(ranks.threads())) {
                    BackendProvider best = quickest(ranks, workers, reporter);
                    if (best != null) {
                        return best;
                    }
                }
            }
            boolean few = work < VECTORS_FROM;
            prepare(work);
            BackendProvider provider = Backends.choose(few ? "scalar" : "auto");
            reporter.note(
                    "back end: "
                            + provider.name()
                            + " ("
                            + (few
                                    ? "little work, which plain Java starts at once"
                                    : provider.describe())
                            + ")");
            return provider;
        }
    }
}
