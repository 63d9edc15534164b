package org.perseid.renderer;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.perseid.renderer.backend.Backends;
import org.perseid.renderer.backend.FixedSplats;
import org.perseid.renderer.backend.SplatBackend;
import org.perseid.renderer.backend.Splats;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Workers;

/**
 * Nanoseconds a splat, one thread, 100,000 splats of one size in a picture of 512x512. Hypothesis:
 * a splat of R pixels costs in {@code exact} about its pixels, pi (0.75 R)^2, beyond a fixed part;
 * in {@code high} no more than one of 10 pixels.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class SplatKernelBenchmark {
    private static final int COUNT = 100_000;
    private static final int SIDE = 512;
    private static final int CHUNK = 1024;
    private static final long SEED = 5;

    /** Back end and quality. */
    @Param({"scalar_exact", "vector_exact", "vector_high"})
    public String way = "";

    /** R in pixels. */
    @Param({"1", "3", "8", "32"})
    public float radius;

    private final Workers workers = new Workers(1);
    private final Splats splats = new Splats(COUNT);
    private final LinearImage image = new LinearImage(SIDE, SIDE);
    private SplatBackend backend = Backends.choose("scalar").open(workers, 64, Quality.EXACT);

    /** Makes the splats, one after the other in place as those of particles in spatial order. */
    @Setup
    public void splats() {
        String[] words = way.split("_", -1);
        Quality quality = words[1].equals("high") ? Quality.HIGH : Quality.EXACT;
        backend = Backends.choose(words[0]).open(workers, 64, quality);
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < COUNT; i++) {
            int cell = i / 25;
            int row = cell / 64;
            splats.x[i] = (float) (8 * (cell % 64) + 8 * random.nextDouble());
            splats.y[i] = (float) (8 * row + 8 * random.nextDouble());
            splats.radius[i] = radius;
            for (int c = 0; c < 3; c++) {
                splats.light[4 * i + c] = 1e-3f;
            }
        }
        splats.setCount(COUNT);
    }

    /** What was drawn has light. */
    @TearDown(Level.Iteration)
    public void check() {
        double sum = 0;
        for (float v : image.red()) {
            sum += v;
        }
        if (!(sum > 0)) {
            throw new IllegalStateException("no light");
        }
        image.clear();
    }

    /** Ends the workers. */
    @TearDown
    public void close() {
        workers.close();
    }

    /** Draws all splats. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public void draw() {
        backend.add(new FixedSplats(splats, CHUNK), image, new StageTimes(System::nanoTime));
    }
}
