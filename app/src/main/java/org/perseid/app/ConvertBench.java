package org.perseid.app;

import static org.perseid.app.BenchCommand.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.perseid.io.InputException;
import org.perseid.renderer.model.OffHeap;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Workers;

/**
 * Makes a store of the snapshot, stage by stage, and draws it in fresh Java machines: with nothing
 * of it in the page cache, and again. The memory is that of the process without mapped files, and
 * what was allowed for particles.
 */
final class ConvertBench implements BenchCommand.Bench {
    private static final long MEMORY = 2L << 30;
    private static final int SAMPLE_MILLIS = 50;

    @Override
    public List<String> header() {
        return List.of(
                "particles",
                "snapshot",
                "store",
                "read s",
                "order s",
                "nodes s",
                "convert s",
                "ns a particle",
                "memory",
                "preview, cold s",
                "preview s",
                "high s",
                "exact s");
    }

    /** A store beside the snapshot. */
    static Path convert(Path snapshot, Workers workers) {
        Path store = snapshot.resolveSibling("bench.pstore");
        Conversion.Result _ = convert(snapshot, store, workers);
        return store;
    }

    private static Conversion.Result convert(Path snapshot, Path store, Workers workers) {
        return new Conversion(
                        BenchCommand.job(snapshot),
                        store,
                        new StoreType.Wanted(false, Set.of()),
                        MEMORY,
                        workers,
                        Reporter.SILENT)
                .run();
    }

    @Override
    public void rows(Path snapshot, long n, Workers workers, Consumer<List<String>> out) {
        Path store = snapshot.resolveSibling("bench.pstore");
        AtomicLong most = new AtomicLong();
        AtomicBoolean done = new AtomicBoolean();
        Thread sampler = Thread.ofPlatform().daemon().start(() -> sample(most, done));
        long start = System.nanoTime();
        Map<String, Double> stages = convert(snapshot, store, workers).seconds();
        double seconds = (System.nanoTime() - start) * 1e-9;
        done.set(true);
        try {
            sampler.join();
            long snapshotBytes = Files.size(snapshot);
            Files.delete(snapshot); // room for the next, and in the page cache
            List<String> row = new ArrayList<>();
            row.add(text("%.0e", (double) n));
            row.add(InfoCommand.size(snapshotBytes));
            row.add(InfoCommand.size(Files.size(store)));
            for (String stage : List.of("read", "order", "nodes")) {
                row.add(text("%.1f", stages.getOrDefault(stage, 0.0)));
            }
            row.add(text("%.1f", seconds));
            row.add(text("%.0f", seconds / n * 1e9));
            row.add(InfoCommand.size(most.get()));
            forget(store);
            for (String quality : List.of("preview", "preview", "high", "exact")) {
                row.add(text("%.1f", draw(store, quality, workers)));
            }
            out.accept(row);
            Files.delete(store);
        } catch (IOException e) {
            throw new InputException(store, "cannot be used (" + e.getMessage() + ")", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void sample(AtomicLong most, AtomicBoolean done) {
        while (!done.get()) {
            most.accumulateAndGet(OffHeap.ownResidentBytes(), Math::max);
            try {
                Thread.sleep(SAMPLE_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Lets the system drop a file's pages; dd asks for that and copies nothing. */
    private static void forget(Path file) throws IOException, InterruptedException {
        int code =
                new ProcessBuilder(
                                "dd",
                                "of=" + file,
                                "oflag=nocache",
                                "conv=notrunc,fdatasync",
                                "count=0",
                                "status=none")
                        .inheritIO()
                        .start()
                        .waitFor();
        if (code != 0) {
            throw new IOException("dd ended with " + code);
        }
    }

    /** Seconds from the start of a Java machine to the picture. */
    private static double draw(Path store, String quality, Workers workers) {
        return BenchCommand.seconds(
                BenchCommand.java(
                        List.of("--add-modules=jdk.incubator.vector"),
                        List.of(
                                "render",
                                "--quiet",
                                "--threads=" + workers.threads(),
                                "--quality=" + quality,
                                store.toString(),
                                "outfile=" + store.resolveSibling("picture"),
                                "xres=1920",
                                "yres=1080")));
    }
}
