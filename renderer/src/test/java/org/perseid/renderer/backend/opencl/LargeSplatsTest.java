package org.perseid.renderer.backend.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.perseid.renderer.backend.Backends;
import org.perseid.renderer.backend.FixedSplats;
import org.perseid.renderer.backend.SplatBackend;
import org.perseid.renderer.backend.Splats;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Workers;

/** Splats in tiles, a few at a time or all at once. */
class LargeSplatsTest {
    private static final int WIDTH = 301;
    private static final int HEIGHT = 203;
    private static final int COUNT = 3000;

    /** From a pixel to more than the picture, in it and round it; many of them in one tile. */
    private static Splats splats() {
        SplittableRandom random = new SplittableRandom(12);
        Splats out = new Splats(COUNT);
        for (int i = 0; i < COUNT; i++) {
            boolean crowd = i % 3 == 0;
            out.x[i] = crowd ? 40 : (float) random.nextDouble(-100, 400);
            out.y[i] = crowd ? 40 : (float) random.nextDouble(-100, 300);
            out.radius[i] = (float) Math.exp(random.nextDouble(0, crowd ? 3 : 6));
            for (int c = 0; c < 3; c++) {
                out.light[4 * i + c] = (float) random.nextDouble();
            }
        }
        out.setCount(COUNT);
        return out;
    }

    private static LinearImage drawn(SplatBackend backend) {
        LinearImage image = new LinearImage(WIDTH, HEIGHT);
        backend.add(new FixedSplats(splats(), 1000), image, new StageTimes(System::nanoTime));
        return image;
    }

    /** The greatest difference, as a part of the greatest value. */
    private static double error(float[] a, float[] expected) {
        double most = 0;
        double value = 0;
        for (int p = 0; p < a.length; p++) {
            most = Math.max(most, Math.abs(a[p] - (double) expected[p]));
            value = Math.max(value, expected[p]);
        }
        return most / value;
    }

    @ParameterizedTest
    @EnumSource(names = {"EXACT", "HIGH"})
    void howManyAreTakenAtATimeChangesNoBit(Quality quality) {
        assumeTrue(new OpenClProvider().available(), "needs an OpenCL driver");
        OpenCl cl = Objects.requireNonNull(OpenCl.installed());
        Device device = cl.devices().stream().filter(Device::isUsable).findFirst().orElseThrow();
        try (Workers workers = new Workers(2)) {
            DeviceQueue queue = new DeviceQueue(cl, device);
            LinearImage all =
                    drawn(new OpenClBackend(new OpenClBackend.Shared(queue), workers, 64, quality));
            LinearImage few =
                    drawn(
                            new OpenClBackend(
                                    new OpenClBackend.Shared(queue, 400), workers, 64, quality));
            assertThat(Arrays.equals(all.red(), few.red())).isTrue();
            assertThat(Arrays.equals(all.green(), few.green())).isTrue();
            assertThat(Arrays.equals(all.blue(), few.blue())).isTrue();
            LinearImage expected = drawn(Backends.choose("scalar").open(workers, 64, quality));
            assertThat(error(all.red(), expected.red())).isLessThan(5e-6);
            assertThat(error(all.blue(), expected.blue())).isLessThan(5e-6);
        }
    }
}
