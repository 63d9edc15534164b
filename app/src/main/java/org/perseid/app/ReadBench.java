package org.perseid.app;

import static org.perseid.app.BenchCommand.text;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.perseid.io.InputException;
import org.perseid.io.par.RenderJob;
import org.perseid.io.snapshot.ReadOptions;
import org.perseid.io.snapshot.Share;
import org.perseid.io.snapshot.Snapshot;
import org.perseid.io.snapshot.Snapshots;
import org.perseid.renderer.model.OffHeap;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Workers;

/**
 * From a file in the page cache to columns, in turns with {@code cat FILE >/dev/null}; the best of
 * each.
 */
final class ReadBench implements BenchCommand.Bench {
    private static final int TURNS = 15;

    @Override
    public List<String> header() {
        return List.of(
                "particles",
                "file",
                "bytes used",
                "read s",
                "file MB/s",
                "used MB/s",
                "cat s",
                "cat MB/s",
                "file / cat",
                "used / cat",
                "read ns a particle",
                "bytes a particle",
                "order ns a particle");
    }

    @Override
    public void rows(Path snapshot, long n, Workers workers, Consumer<List<String>> out) {
        RenderJob job = BenchCommand.job(snapshot);
        double bestRead = Double.POSITIVE_INFINITY;
        double bestOrder = Double.POSITIVE_INFINITY;
        double bestCat = Double.POSITIVE_INFINITY;
        long used = 0;
        long columns = 0;
        for (int turn = 0; turn < TURNS; turn++) {
            bestCat = Math.min(bestCat, secondsOfCat(snapshot));
            StageTimes times = new StageTimes(System::nanoTime);
            long before = OffHeap.everAllocatedBytes();
            try (Snapshot open =
                            times.time("read", () -> Snapshots.open(snapshot, ReadOptions.NONE));
                    LoadedData data =
                            LoadedData.load(
                                    open,
                                    Share.ALL,
                                    job.types(),
                                    32,
                                    0,
                                    workers,
                                    Reporter.SILENT,
                                    times)) {
                used = data.bytesRead();
                columns = OffHeap.everAllocatedBytes() - before;
                data.order(workers, times);
            }
            bestOrder = Math.min(bestOrder, times.seconds().getOrDefault("order", 0.0));
            bestRead = Math.min(bestRead, times.seconds().getOrDefault("read", 0.0));
        }
        long fileBytes = snapshot.toFile().length();
        out.accept(
                List.of(
                        text("%.0e", (double) n),
                        InfoCommand.size(fileBytes),
                        InfoCommand.size(used),
                        text("%.4f", bestRead),
                        text("%.0f", fileBytes / bestRead / 1e6),
                        text("%.0f", used / bestRead / 1e6),
                        text("%.4f", bestCat),
                        text("%.0f", fileBytes / bestCat / 1e6),
                        text("%.0f %%", 100 * bestCat / bestRead),
                        text("%.0f %%", 100 * bestCat / bestRead * used / fileBytes),
                        text("%.1f", bestRead / n * 1e9),
                        text("%.1f", (double) columns / n),
                        text("%.1f", bestOrder / n * 1e9)));
    }

    static double secondsOfCat(Path file) {
        try {
            long start = System.nanoTime();
            int code =
                    new ProcessBuilder("sh", "-c", "exec cat \"$0\" >/dev/null", file.toString())
                            .start()
                            .waitFor();
            if (code != 0) {
                throw new InputException(file, "cat ended with " + code);
            }
            return (System.nanoTime() - start) * 1e-9;
        } catch (IOException | InterruptedException e) {
            throw new InputException(file, "cat cannot be started (" + e.getMessage() + ")", e);
        }
    }
}
