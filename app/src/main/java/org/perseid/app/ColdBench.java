package org.perseid.app;

import static org.perseid.app.BenchCommand.text;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.Workers;

/** Whole runs of {@code render} in fresh Java machines, from start to the written picture. */
final class ColdBench implements BenchCommand.Bench {
    private static final Path HOME = Path.of(System.getProperty("perseid.home", "."));

    private final int runs;

    /**
     * @param runs of each kind, of which the best counts
     */
    ColdBench(int runs) {
        this.runs = runs;
    }

    @Override
    public List<String> header() {
        return List.of("particles", "picture", "quality", "cache", "whole run s", "particles/s");
    }

    @Override
    public void rows(Path snapshot, long n, Workers workers, Consumer<List<String>> out) {
        Path cache = HOME.resolve("app/target/perseid.aot");
        for (Quality quality : List.of(Quality.EXACT, Quality.HIGH)) {
            String name = quality.name().toLowerCase(Locale.ROOT);
            out.accept(row(snapshot, n, name, "no", List.of(), workers));
            if (Files.isReadable(cache)) {
                out.accept(
                        row(snapshot, n, name, "yes", List.of("-XX:AOTCache=" + cache), workers));
            }
        }
    }

    private List<String> row(
            Path snapshot,
            long n,
            String quality,
            String cache,
            List<String> options,
            Workers workers) {
        double best = Double.POSITIVE_INFINITY;
        for (int run = 0; run < runs; run++) {
            best =
                    Math.min(
                            best,
                            BenchCommand.seconds(command(snapshot, quality, options, workers)));
        }
        return List.of(
                text("%.0e", (double) n),
                "1024x1024",
                quality,
                cache,
                text("%.2f", best),
                text("%.3g", n / best));
    }

    private static List<String> command(
            Path snapshot, String quality, List<String> options, Workers workers) {
        return BenchCommand.java(
                options,
                List.of(
                        "render",
                        "--quiet",
                        "--threads=" + workers.threads(),
                        "--backend=scalar",
                        "--quality=" + quality,
                        HOME.resolve("configs/demo.par").toString(),
                        "infile=" + snapshot.toAbsolutePath(),
                        "outfile=" + snapshot.resolveSibling("cold").toAbsolutePath(),
                        "xres=1024",
                        "yres=1024"));
    }
}
