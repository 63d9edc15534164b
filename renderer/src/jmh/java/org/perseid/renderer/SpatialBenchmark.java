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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.perseid.renderer.model.ColorMap;
import org.perseid.renderer.model.Detail;
import org.perseid.renderer.model.FieldRange;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.TypeStyle;
import org.perseid.renderer.model.Workers;
import org.perseid.renderer.spatial.DetailBuilder;
import org.perseid.renderer.spatial.SpatialOrder;

/**
 * Nanoseconds a particle, one thread, 1,000,000 particles in clumps: spatial order and nodes.
 * Hypothesis: both are a few passes over memory and stay below 150 ns.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class SpatialBenchmark {
    private static final int COUNT = 1_000_000;
    private static final float[] RAMP = {0, 1};
    private static final TypeStyle STYLE =
            TypeStyle.plain("clumps", new ColorMap("ramp", RAMP, RAMP, RAMP), 1);

    private final Workers workers = new Workers(1);
    private ParticleSet shuffled = empty();
    private ParticleSet ordered = empty();

    private static ParticleSet empty() {
        return new ParticleSet(COUNT, new ParticleSet.Columns(false, false, false));
    }

    private static void fill(ParticleSet set) {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < COUNT; i++) {
            double spread = Math.pow(random.nextDouble(), 3);
            set.x().setAtIndex(ParticleSet.FLOAT, i, (float) (spread * random.nextDouble()));
            set.y().setAtIndex(ParticleSet.FLOAT, i, (float) (spread * random.nextDouble()));
            set.z().setAtIndex(ParticleSet.FLOAT, i, (float) (spread * random.nextDouble()));
            set.smoothingLength().setAtIndex(ParticleSet.FLOAT, i, 0.01f);
            set.color(0).setAtIndex(ParticleSet.FLOAT, i, (float) random.nextDouble());
        }
        set.setRanges(new FieldRange(0, 1, 1e-6), new FieldRange(1, 1, 1));
    }

    /** Makes the particles that are ordered already. */
    @Setup
    public void order() {
        fill(ordered);
        SpatialOrder.sort(ordered, workers);
    }

    /** Makes particles that are not. */
    @Setup(Level.Invocation)
    public void shuffle() {
        shuffled.close();
        shuffled = empty();
        fill(shuffled);
    }

    /** Frees them, and ends the workers. */
    @TearDown
    public void close() {
        shuffled.close();
        ordered.close();
        workers.close();
    }

    /** Puts particles into spatial order. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public void sort() {
        SpatialOrder.sort(shuffled, workers);
        if (shuffled.count() != COUNT) {
            throw new IllegalStateException("particles were lost");
        }
    }

    /** Makes nodes. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public void nodes() {
        try (Detail detail =
                DetailBuilder.build(
                        ordered,
                        STYLE,
                        n -> new ParticleSet(n, Detail.COLUMNS),
                        workers,
                        Reporter.SILENT)) {
            if (detail.levels().getFirst().nodes().count() != Detail.nodesOf(COUNT)) {
                throw new IllegalStateException("nodes are missing");
            }
        }
    }
}
