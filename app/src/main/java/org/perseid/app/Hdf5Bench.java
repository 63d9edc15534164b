package org.perseid.app;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.perseid.io.InputException;
import org.perseid.io.snapshot.LoadRequest;
import org.perseid.io.snapshot.Loaded;
import org.perseid.io.snapshot.ReadOptions;
import org.perseid.io.snapshot.Share;
import org.perseid.io.snapshot.Snapshot;
import org.perseid.io.snapshot.Snapshots;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Workers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bench-hdf5}: three ways to read positions of HDF5 files, in turns. */
@Command(
        name = "bench-hdf5",
        mixinStandardHelpOptions = true,
        description = {
            "Read a dataset of positions in single precision in turns by our reader (into columns, ranges found), by"
                    + " jHDF's getDataFlat and by the HDF5 library's H5Dread, if it is installed; the best of each.",
        })
final class Hdf5Bench implements Callable<Integer> {
    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "HDF5 files with particle types.")
    private List<Path> files = List.of();

    @Option(
            names = "--type",
            paramLabel = "N",
            description = "Particle type. Default: ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private int type = 1;

    @Option(
            names = "--turns",
            paramLabel = "N",
            description = "Default: ${DEFAULT-VALUE}.",
            defaultValue = "5")
    private int turns = 5;

    @Mixin private CommonOptions options = new CommonOptions();

    @Override
    public Integer call() {
        System.out.println(
                "| file | values | ours MB/s | jHDF MB/s | HDF5 library MB/s | cat MB/s of the file |");
        System.out.println("| --- | ---: | ---: | ---: | ---: | ---: |");
        String dataset = "/PartType" + type + "/Coordinates";
        try (Workers workers = options.workers()) {
            for (Path file : files) {
                double[] best = {
                    Double.POSITIVE_INFINITY,
                    Double.POSITIVE_INFINITY,
                    Double.POSITIVE_INFINITY,
                    Double.POSITIVE_INFINITY
                };
                long values = 0;
                for (int turn = 0; turn < turns; turn++) {
                    long start = System.nanoTime();
                    values = ours(file, workers);
                    best[0] = Math.min(best[0], since(start));
                    start = System.nanoTime();
                    jhdf(file, dataset);
                    best[1] = Math.min(best[1], since(start));
                    start = System.nanoTime();
                    if (Library.read(file, dataset, values)) {
                        best[2] = Math.min(best[2], since(start));
                    }
                    best[3] = Math.min(best[3], ReadBench.secondsOfCat(file));
                }
                double bytes = 4.0 * values;
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %d | %.0f | %.0f | %s | %.0f |%n",
                        file.getFileName(),
                        values,
                        bytes / best[0] / 1e6,
                        bytes / best[1] / 1e6,
                        Double.isInfinite(best[2])
                                ? "not installed"
                                : String.format(Locale.ROOT, "%.0f", bytes / best[2] / 1e6),
                        file.toFile().length() / best[3] / 1e6);
            }
        }
        return Main.OK;
    }

    private static double since(long start) {
        return (System.nanoTime() - start) * 1e-9;
    }

    private long ours(Path file, Workers workers) {
        try (Snapshot snapshot = Snapshots.open(file, ReadOptions.NONE)) {
            Loaded loaded =
                    snapshot.load(
                                    List.of(LoadRequest.positions(type)),
                                    Share.ALL,
                                    workers,
                                    Reporter.SILENT)
                            .getFirst();
            long count = loaded.particles().count();
            loaded.particles().close();
            return 3 * count;
        }
    }

    private static void jhdf(Path file, String dataset) {
        try (HdfFile open = new HdfFile(file)) {
            Dataset data = open.getDatasetByPath(dataset);
            Object _ = data.getDataFlat();
        }
    }

    /** The few functions of the HDF5 library that read a dataset, where it is installed. */
    private static final class Library {
        private static final List<String> NAMES =
                List.of("libhdf5_serial.so.103", "libhdf5.so.103", "libhdf5.so.310", "libhdf5.so");

        private Library() {}

        /** Whether it could. */
        static boolean read(Path file, String dataset, long values) {
            for (String name : NAMES) {
                try (Arena arena = Arena.ofConfined()) {
                    SymbolLookup library = find(name, arena);
                    if (library != null) {
                        read(library, file, dataset, values, arena);
                        return true;
                    }
                }
            }
            return false;
        }

        private static @Nullable SymbolLookup find(String name, Arena arena) {
            try {
                return SymbolLookup.libraryLookup(name, arena);
            } catch (IllegalArgumentException e) {
                return null;
            }
        }

        private static void read(
                SymbolLookup library, Path file, String dataset, long values, Arena arena) {
            var address = ValueLayout.ADDRESS;
            var id = ValueLayout.JAVA_LONG;
            var integer = ValueLayout.JAVA_INT;
            try {
                int _ = (int) handle(library, "H5open", FunctionDescriptor.of(integer)).invoke();
                long open =
                        (long)
                                handle(
                                                library,
                                                "H5Fopen",
                                                FunctionDescriptor.of(id, address, integer, id))
                                        .invoke(arena.allocateFrom(file.toString()), 0, 0L);
                long data =
                        (long)
                                handle(
                                                library,
                                                "H5Dopen2",
                                                FunctionDescriptor.of(id, id, address, id))
                                        .invoke(open, arena.allocateFrom(dataset), 0L);
                long real =
                        library.findOrThrow("H5T_NATIVE_FLOAT_g")
                                .reinterpret(8)
                                .get(ValueLayout.JAVA_LONG, 0);
                MemorySegment out = arena.allocate(4 * values, 64);
                int status =
                        (int)
                                handle(
                                                library,
                                                "H5Dread",
                                                FunctionDescriptor.of(
                                                        integer, id, id, id, id, id, address))
                                        .invoke(data, real, 0L, 0L, 0L, out);
                int _ =
                        (int)
                                handle(library, "H5Dclose", FunctionDescriptor.of(integer, id))
                                        .invoke(data);
                int _ =
                        (int)
                                handle(library, "H5Fclose", FunctionDescriptor.of(integer, id))
                                        .invoke(open);
                if (status < 0) {
                    throw new InputException(file, "the HDF5 library cannot read " + dataset);
                }
            } catch (InputException e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }

        private static MethodHandle handle(
                SymbolLookup library, String name, FunctionDescriptor type) {
            return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), type);
        }
    }
}
