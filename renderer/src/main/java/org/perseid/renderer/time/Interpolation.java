package org.perseid.renderer.time;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReference;
import org.perseid.renderer.model.FieldRange;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.RenderException;
import org.perseid.renderer.model.Workers;

/**
 * One particle type between two snapshots. Particles of the same id move from one place to the
 * other, over the nearer face where the box is periodic; size, intensity, colour and extra columns
 * change linearly, before any logarithm. A particle that is in one snapshot only fades; it stays
 * where it is, or drifts where velocities count. Reference: Splotch, section "Interpolation between
 * snapshots".
 *
 * <p>Holds the pairing; the two sets are the caller's and must stay open.
 */
public final class Interpolation {
    private static final int SLICE = 1 << 14;

    private final ParticleSet first;
    private final ParticleSet second;

    /** Row in the second set of each row of the first; -1 for none. */
    private final int[] partner;

    /** Rows of the second set that have no partner. */
    private final int[] onlySecond;

    /**
     * Pairs the particles by id.
     *
     * @param first with ids
     * @param second with ids, and the same kind of colour
     * @throws RenderException when there are too many particles for one process
     */
    public Interpolation(ParticleSet first, ParticleSet second, Workers workers) {
        this.first = first;
        this.second = second;
        if (first.count() + second.count() > Integer.MAX_VALUE - 8) {
            throw new RenderException(
                    "interpolation takes at most 2147483639 particles of a type, these are "
                            + (first.count() + second.count())
                            + "; set interpolation_mode=0");
        }
        partner = new int[(int) first.count()];
        IdIndex index = new IdIndex(second.ids(), (int) second.count(), workers);
        workers.runSlices(
                partner.length,
                SLICE,
                (a, b) -> {
                    for (int i = (int) a; i < b; i++) {
                        partner[i] = index.row(first.ids().getAtIndex(ParticleSet.ID, i));
                    }
                });
        onlySecond = settle();
    }

    /**
     * Leaves each row of the second set to the first claimant; returns those that nobody claimed.
     */
    private int[] settle() {
        boolean[] claimed = new boolean[(int) second.count()];
        int left = claimed.length;
        for (int i = 0; i < partner.length; i++) {
            int row = partner[i];
            if (row >= 0 && claimed[row]) {
                partner[i] = -1;
            } else if (row >= 0) {
                claimed[row] = true;
                left--;
            }
        }
        int[] out = new int[left];
        int n = 0;
        for (int row = 0; row < claimed.length; row++) {
            if (!claimed[row]) {
                out[n++] = row;
            }
        }
        return out;
    }

    /** Particles that are in both snapshots. */
    public long pairs() {
        return second.count() - onlySecond.length;
    }

    /**
     * The particles at a time between the snapshots; a new set, which the caller closes.
     *
     * @param fraction 0 at the first snapshot, 1 at the second
     * @param box period of the positions, 0 for none
     */
    public ParticleSet at(double fraction, double box, Workers workers) {
        return at(fraction, box, Motion.LINEAR, 0, 0, workers);
    }

    /**
     * The particles at a time between the snapshots, with or without their velocities.
     *
     * @param fraction 0 at the first snapshot, 1 at the second
     * @param box period of the positions, 0 for none
     * @param motion from one place to the other; needs velocities in both sets unless it is linear
     * @param step1 lengths that a velocity of 1 covers from the first snapshot to the second, at
     *     the first
     * @param step2 the same at the second
     */
    public ParticleSet at(
            double fraction,
            double box,
            Motion motion,
            double step1,
            double step2,
            Workers workers) {
        boolean fades = pairs() < first.count() || onlySecond.length > 0;
        boolean intensity = fades || first.hasIntensity() || second.hasIntensity();
        ParticleSet out =
                new ParticleSet(
                        first.count() + onlySecond.length,
                        new ParticleSet.Columns(
                                first.vectorColor(),
                                intensity,
                                false,
                                false,
                                first.columns().extras()));
        out.setOrigin(first.originX(), first.originY(), first.originZ());
        AtomicReference<FieldRange> colors = new AtomicReference<>(FieldRange.EMPTY);
        AtomicReference<FieldRange> intensities =
                new AtomicReference<>(intensity ? FieldRange.EMPTY : new FieldRange(1, 1, 1));
        workers.runSlices(
                out.count(),
                SLICE,
                (a, b) -> {
                    Writer writer = new Writer(out, fraction, box, motion, step1, step2);
                    for (long i = a; i < b; i++) {
                        writer.write((int) i);
                    }
                    colors.accumulateAndGet(writer.colors, FieldRange::merge);
                    intensities.accumulateAndGet(writer.intensities, FieldRange::merge);
                });
        out.setRanges(colors.get(), intensities.get());
        return out;
    }

    /** Writes particles for one worker, and finds their ranges. */
    private final class Writer {
        private final ParticleSet out;
        private final double fraction;
        private final double box;
        private final Motion motion;
        private final double step1;
        private final double step2;
        private FieldRange colors = FieldRange.EMPTY;
        private FieldRange intensities = FieldRange.EMPTY;

        Writer(
                ParticleSet out,
                double fraction,
                double box,
                Motion motion,
                double step1,
                double step2) {
            this.motion = motion;
            this.step1 = step1;
            this.step2 = step2;
            this.out = out;
            this.fraction = fraction;
            this.box = box;
        }

        void write(int i) {
            boolean isFirst = i < partner.length;
            int a = isFirst ? i : -1;
            int b = isFirst ? partner[i] : onlySecond[i - partner.length];
            position(
                    i, a, b, 0, first.x(), second.x(), second.originX() - first.originX(), out.x());
            position(
                    i, a, b, 1, first.y(), second.y(), second.originY() - first.originY(), out.y());
            position(
                    i, a, b, 2, first.z(), second.z(), second.originZ() - first.originZ(), out.z());
            for (int k = 0; k < out.columns().extras(); k++) {
                set(out.extra(k), i, between(a, b, first.extra(k), second.extra(k)));
            }
            set(
                    out.smoothingLength(),
                    i,
                    between(a, b, first.smoothingLength(), second.smoothingLength()));
            for (int k = 0; k < (out.vectorColor() ? 3 : 1); k++) {
                float c = between(a, b, first.color(k), second.color(k));
                set(out.color(k), i, c);
                colors = colors.with(c);
            }
            if (out.hasIntensity()) {
                float v = (float) (weight(a, 1 - fraction, first) + weight(b, fraction, second));
                set(out.intensity(), i, v);
                intensities = intensities.with(v);
            }
        }

        private static double weight(int row, double part, ParticleSet set) {
            if (row < 0) {
                return 0;
            }
            return part
                    * (set.hasIntensity() ? set.intensity().getAtIndex(ParticleSet.FLOAT, row) : 1);
        }

        /** In both: on the way from one to the other; in one: its own value. */
        private float between(int a, int b, MemorySegment one, MemorySegment two) {
            if (b < 0) {
                return one.getAtIndex(ParticleSet.FLOAT, a);
            }
            float v = two.getAtIndex(ParticleSet.FLOAT, b);
            if (a < 0) {
                return v;
            }
            float u = one.getAtIndex(ParticleSet.FLOAT, a);
            return (float) (u + fraction * (v - u));
        }

        /**
         * Writes a coordinate.
         *
         * @param shift from the second set's origin to the first's
         */
        private void position(
                int i,
                int a,
                int b,
                int axis,
                MemorySegment one,
                MemorySegment two,
                double shift,
                MemorySegment target) {
            double v1 = velocity(first, a, axis) * step1;
            double v2 = velocity(second, b, axis) * step2;
            if (b < 0) {
                double place = one.getAtIndex(ParticleSet.FLOAT, a);
                set(target, i, (float) (place + motion.alone(fraction, v1)));
                return;
            }
            double v = two.getAtIndex(ParticleSet.FLOAT, b) + shift;
            if (a < 0) {
                set(target, i, (float) (v - motion.alone(1 - fraction, v2)));
                return;
            }
            double u = one.getAtIndex(ParticleSet.FLOAT, a);
            double way = v - u;
            if (box > 0 && Math.abs(way) > box / 2) {
                way -= Math.copySign(box, way);
            }
            set(target, i, (float) (u + motion.at(fraction, way, v1, v2)));
        }

        private double velocity(ParticleSet set, int row, int axis) {
            return row < 0 || motion == Motion.LINEAR
                    ? 0
                    : set.velocity(axis).getAtIndex(ParticleSet.FLOAT, row);
        }

        private static void set(MemorySegment column, long i, float v) {
            column.setAtIndex(ParticleSet.FLOAT, i, v);
        }
    }
}
