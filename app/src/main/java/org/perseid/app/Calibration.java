package org.perseid.app;

import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.perseid.renderer.backend.BackendProvider;
import org.perseid.renderer.frame.FrameRenderer;
import org.perseid.renderer.frame.Layer;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.ColorMap;
import org.perseid.renderer.model.FieldRange;
import org.perseid.renderer.model.FrameSettings;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Shading;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.TypeStyle;
import org.perseid.renderer.model.Vec3;
import org.perseid.renderer.model.Workers;
import org.perseid.renderer.spatial.SpatialOrder;

/** Which of two back ends draws quicker here, by drawing the same particles with both. */
final class Calibration {
    private static final int PARTICLES = 1_000_000;
    private static final long NANOS_EACH = 500_000_000;

    private Calibration() {}

    /** The quicker one; says so in one line. Takes about a second. */
    static BackendProvider quicker(
            BackendProvider a, BackendProvider b, Workers workers, Reporter reporter) {
        try (ParticleSet cloud = cloud(workers)) {
            double millisA = millis(a, cloud, workers);
            double millisB = millis(b, cloud, workers);
            BackendProvider quick = millisA <= millisB ? a : b;
            reporter.note(
                    String.format(
                            Locale.ROOT,
                            "back end: %s (%s); a test of %.0e particles took %.0f ms by %s, %.0f by %s",
                            quick.name(),
                            quick.describe(),
                            (double) PARTICLES,
                            millisA,
                            a.name(),
                            millisB,
                            b.name()));
            return quick;
        }
    }

    /** A cloud of particles that are a few pixels wide. */
    private static ParticleSet cloud(Workers workers) {
        ParticleSet set = new ParticleSet(PARTICLES, new ParticleSet.Columns(false, false, false));
        SplittableRandom random = new SplittableRandom(1);
        for (long i = 0; i < PARTICLES; i++) {
            double near = random.nextDouble();
            set.x().setAtIndex(ParticleSet.FLOAT, i, (float) (near * random.nextDouble(-1, 1)));
            set.y().setAtIndex(ParticleSet.FLOAT, i, (float) (near * random.nextDouble(-1, 1)));
            set.z().setAtIndex(ParticleSet.FLOAT, i, (float) (near * random.nextDouble(-1, 1)));
            set.smoothingLength().setAtIndex(ParticleSet.FLOAT, i, (float) (0.004 * near));
            set.color(0).setAtIndex(ParticleSet.FLOAT, i, (float) near);
        }
        set.setRanges(new FieldRange(0, 1, 1e-6), new FieldRange(1, 1, 1));
        SpatialOrder.sort(set, workers);
        return set;
    }

    /** The best frame of those within the time; at least two, since the first is compiled. */
    private static double millis(BackendProvider provider, ParticleSet cloud, Workers workers) {
        FrameRenderer renderer =
                new FrameRenderer(provider, Quality.HIGH, workers, Reporter.SILENT);
        float[] ramp = {0.1f, 1};
        TypeStyle style = TypeStyle.plain("cloud", new ColorMap("ramp", ramp, ramp, ramp), 1);
        Camera camera =
                Camera.perspective(new Vec3(0, -3, 0), new Vec3(0, 0, 0), new Vec3(0, 0, 1), 45);
        FrameSettings frame = new FrameSettings(1920, 1080, 1, 0, new Shading.Emission(), 64);
        long start = System.nanoTime();
        double best = Double.POSITIVE_INFINITY;
        for (int n = 0; n < 2 || System.nanoTime() - start < NANOS_EACH; n++) {
            long before = System.nanoTime();
            LinearImage _ =
                    renderer.render(
                            List.of(new Layer(cloud, style)),
                            camera,
                            frame,
                            new StageTimes(System::nanoTime));
            best = Math.min(best, (System.nanoTime() - before) * 1e-6);
        }
        return best;
    }
}
