package org.perseid.examples.nbody;

import static org.perseid.renderer.model.ParticleSet.FLOAT;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.perseid.renderer.model.FieldRange;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Workers;

/**
 * Two discs of bodies that fall into each other: direct sums, leapfrog, softened gravity with G = 1
 * and a mass of 1 in all. The renderer's columns are the simulation's own arrays, so that nothing
 * is copied to be seen. The colour is the speed.
 */
final class Bodies implements AutoCloseable {
    private static final int SLICE = 64;

    final ParticleSet set;
    private final int n;
    private final float[] vx;
    private final float[] vy;
    private final float[] vz;
    private double kinetic;

    Bodies(int n, long seed) {
        this.n = n;
        set = new ParticleSet(n, new ParticleSet.Columns(false, false, false));
        vx = new float[n];
        vy = new float[n];
        vz = new float[n];
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < n; i++) {
            int side = i % 2 == 0 ? 1 : -1;
            double r = 0.05 + 0.6 * Math.sqrt(random.nextDouble());
            double angle = 2 * Math.PI * random.nextDouble();
            double speed = Math.sqrt(0.5 * r / 0.65 / 0.65); // half the mass in each disc
            put(set.x(), i, 1.2 * side + r * Math.cos(angle));
            put(set.y(), i, 0.3 * side + r * Math.sin(angle));
            put(set.z(), i, 0.04 * (random.nextDouble() - 0.5));
            put(set.smoothingLength(), i, 0.02);
            vx[i] = (float) (-speed * Math.sin(angle) - 0.15 * side);
            vy[i] = (float) (speed * Math.cos(angle));
        }
        set.setRanges(new FieldRange(0, 1.5, 1e-3), new FieldRange(1, 1, 1));
    }

    private static void put(MemorySegment column, int i, double value) {
        column.setAtIndex(FLOAT, i, (float) value);
    }

    /** One step for all bodies. */
    void step(double dt, double softening, double gravity, Workers workers) {
        float[] x = set.x().toArray(FLOAT);
        float[] y = set.y().toArray(FLOAT);
        float[] z = set.z().toArray(FLOAT);
        float soft = (float) (softening * softening);
        float kick = (float) (dt * gravity / n);
        workers.runSlices(
                n,
                SLICE,
                (first, end) -> {
                    for (int i = (int) first; i < end; i++) {
                        accelerate(i, x, y, z, soft, kick);
                    }
                });
        double energy = 0;
        for (int i = 0; i < n; i++) {
            put(set.x(), i, x[i] + dt * vx[i]);
            put(set.y(), i, y[i] + dt * vy[i]);
            put(set.z(), i, z[i] + dt * vz[i]);
            double v2 = vx[i] * (double) vx[i] + vy[i] * vy[i] + vz[i] * vz[i];
            put(set.color(0), i, Math.sqrt(v2));
            energy += v2 / (2 * n);
        }
        kinetic = energy;
        set.moved();
    }

    private void accelerate(int i, float[] x, float[] y, float[] z, float soft, float kick) {
        float ax = 0;
        float ay = 0;
        float az = 0;
        for (int j = 0; j < x.length; j++) {
            float dx = x[j] - x[i];
            float dy = y[j] - y[i];
            float dz = z[j] - z[i];
            float r2 = dx * dx + dy * dy + dz * dz + soft;
            float pull = 1 / (r2 * (float) Math.sqrt(r2));
            ax += pull * dx;
            ay += pull * dy;
            az += pull * dz;
        }
        vx[i] += kick * ax;
        vy[i] += kick * ay;
        vz[i] += kick * az;
    }

    double kineticEnergy() {
        return kinetic;
    }

    @Override
    public void close() {
        set.close();
    }
}
