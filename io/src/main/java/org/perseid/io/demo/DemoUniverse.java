package org.perseid.io.demo;

import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.perseid.io.gadget.GadgetWriter;
import org.perseid.io.gadget.GadgetWriter.BlockSpec;
import org.perseid.renderer.model.Workers;

/**
 * The built-in data set: a spiral galaxy (gas of type 0, stars of type 4) in the middle of a
 * periodic box of 200 kpc with a web of filaments (type 1), as a Gadget-2 snapshot of format 2. The
 * same seed and number give the same file, whatever the number of workers.
 */
public final class DemoUniverse {
    /** Side of the box in kpc; the galaxy is in its middle. */
    public static final double BOX_KPC = 200;

    private static final int GAS = 0b000001;
    private static final int GAS_AND_WEB = 0b000011;
    private static final int STARS = 0b010000;
    private static final int ALL = 0b010011;
    private static final int CHUNK = 1 << 14;

    private final GadgetWriter writer;
    private final long seed;
    private final long gas;
    private final long web;
    private final long stars;
    private final CosmicWeb cosmicWeb;
    private final boolean whole;

    private DemoUniverse(
            GadgetWriter writer, long seed, long gas, long web, long stars, boolean whole) {
        this.whole = whole;
        this.writer = writer;
        this.seed = seed;
        this.gas = gas;
        this.web = web;
        this.stars = stars;
        this.cosmicWeb = new CosmicWeb(new SplittableRandom(seed), BOX_KPC);
    }

    /**
     * Writes the snapshot.
     *
     * @param particles in all, at least 3
     * @throws org.perseid.io.InputException when the file cannot be written
     */
    public static void write(Path file, long particles, long seed, Workers workers) {
        write(file, particles, seed, true, workers);
    }

    /**
     * Writes the snapshot, or one without velocities and ids, which no picture needs.
     *
     * @param particles in all, at least 3
     */
    public static void write(Path file, long particles, long seed, boolean whole, Workers workers) {
        long stars = particles * 2 / 5;
        long gas = particles * 3 / 10;
        long web = particles - stars - gas;
        long[] counts = {gas, web, 0, 0, stars, 0};
        double[] masses = {4e10 / Math.max(1, gas), 1e12 / web, 0, 0, 6e10 / Math.max(1, stars), 0};
        for (int t = 0; t < masses.length; t++) {
            masses[t] *= 1e-10;
        }
        List<BlockSpec> blocks =
                List.of(
                        new BlockSpec("POS", GadgetWriter.Type.FLOAT, 3, ALL),
                        new BlockSpec("VEL", GadgetWriter.Type.FLOAT, 3, whole ? ALL : 0),
                        new BlockSpec("ID", GadgetWriter.Type.UINT, 1, whole ? ALL : 0),
                        new BlockSpec("U", GadgetWriter.Type.FLOAT, 1, GAS),
                        new BlockSpec("RHO", GadgetWriter.Type.FLOAT, 1, GAS_AND_WEB),
                        new BlockSpec("HSML", GadgetWriter.Type.FLOAT, 1, ALL),
                        new BlockSpec("AGE", GadgetWriter.Type.FLOAT, 1, STARS));
        try (GadgetWriter writer =
                new GadgetWriter(
                        file,
                        new GadgetWriter.Layout(
                                2,
                                ByteOrder.LITTLE_ENDIAN,
                                true,
                                counts,
                                counts,
                                masses,
                                1,
                                BOX_KPC,
                                1,
                                0,
                                blocks))) {
            new DemoUniverse(writer, seed, gas, web, stars, whole).fill(workers);
            writer.finish();
        }
    }

    private void fill(Workers workers) {
        workers.runSlices(gas, CHUNK, this::fillGas);
        workers.runSlices(web, CHUNK, this::fillWeb);
        workers.runSlices(stars, CHUNK, this::fillStars);
    }

    private SplittableRandom random(int type, long first) {
        return new SplittableRandom(seed * 31 + type * 1_000_003L + first * 7_919L);
    }

    private void fillGas(long first, long end) {
        SplittableRandom random = random(0, first);
        Galaxy.Sample s = new Galaxy.Sample();
        for (long i = first; i < end; i++) {
            Galaxy.gas(random, gas, s);
            putBody(i, s);
            writer.put("U", i, 0, s.energy);
            writer.put("RHO", i, 0, s.density);
        }
    }

    private void fillWeb(long first, long end) {
        SplittableRandom random = random(1, first);
        Galaxy.Sample s = new Galaxy.Sample();
        for (long i = first; i < end; i++) {
            cosmicWeb.particle(random, web, s);
            putBody(gas + i, s);
            writer.put("RHO", gas + i, 0, s.density);
        }
    }

    private void fillStars(long first, long end) {
        SplittableRandom random = random(4, first);
        Galaxy.Sample s = new Galaxy.Sample();
        for (long i = first; i < end; i++) {
            Galaxy.star(random, stars, s);
            putBody(gas + web + i, s);
            writer.put("AGE", i, 0, s.formationTime);
        }
    }

    private void putBody(long row, Galaxy.Sample s) {
        double[] position = {s.x, s.y, s.z};
        double[] velocity = {s.vx, s.vy, s.vz};
        for (int c = 0; c < 3; c++) {
            double p = position[c] + BOX_KPC / 2;
            writer.put("POS", row, c, p - BOX_KPC * Math.floor(p / BOX_KPC));
            if (whole) {
                writer.put("VEL", row, c, velocity[c]);
            }
        }
        if (whole) {
            writer.putId("ID", row, row + 1);
        }
        writer.put("HSML", row, 0, s.smoothingLength);
    }
}
