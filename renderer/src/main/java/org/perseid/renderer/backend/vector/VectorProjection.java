package org.perseid.renderer.backend.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.perseid.renderer.backend.PlaneProjection;
import org.perseid.renderer.backend.Reach;
import org.perseid.renderer.backend.Splats;
import org.perseid.renderer.model.ScalarMapping;
import org.perseid.renderer.model.Transform;

/**
 * The projection onto a plane, in double precision like the scalar one and to the same bits, some
 * particles at a time; colours in single precision.
 */
final class VectorProjection implements PlaneProjection {
    private static final VectorSpecies<Double> D = Lanes.DOUBLES;
    private static final VectorSpecies<Float> H = Lanes.HALF;
    private static final VectorSpecies<Float> F = Lanes.FLOATS;

    private static final float LOG10_E = 0.4342945f;

    /** Particles at a time. */
    private static final int ROOM = 1024;

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    /** Values between the passes, for one thread. */
    private static final class Scratch {
        final double[] x = new double[ROOM];
        final double[] y = new double[ROOM];
        final double[] depth = new double[ROOM];
        final double[] perUnit = new double[ROOM];
        final float[] strength = new float[ROOM];
        final float[] fraction = new float[ROOM];
        final int[] step = new int[ROOM];
    }

    @Override
    public long project(
            Columns columns,
            Plane plane,
            double dx,
            double dy,
            double dz,
            long first,
            long end,
            Reach within,
            Splats out,
            int slot) {
        Scratch scratch = SCRATCH.get();
        int lanes = F.length();
        long i = first;
        while (end - i >= lanes) {
            int n = (int) Math.min(ROOM, end - i) / lanes * lanes;
            int at = slot + (int) (i - first);
            turn(columns, plane, dx, dy, dz, i, n, scratch);
            place(columns, plane, within, i, n, scratch, out, at);
            brighten(columns, i, n, scratch.strength);
            switch (columns.colors()) {
                case Mapped mapped -> {
                    chooseColors(mapped, i, n, scratch);
                    color(mapped.colors(), n, scratch, out, at);
                }
                case Lit lit -> light(lit, i, n, scratch, out, at);
            }
            i += n;
        }
        return i;
    }

    private static DoubleVector load(MemorySegment column, long i) {
        return (DoubleVector)
                FloatVector.fromMemorySegment(H, column, 4 * i, Lanes.ORDER)
                        .convertShape(VectorOperators.F2D, D, 0);
    }

    /** Coordinates along the camera's axes, and the pixels that a unit covers there. */
    private static void turn(
            Columns columns,
            Plane plane,
            double dx,
            double dy,
            double dz,
            long first,
            int n,
            Scratch out) {
        double[] right = plane.right();
        double[] up = plane.up();
        double[] back = plane.back();
        double perspective = plane.perspective() ? 1 : 0;
        DoubleVector scale = DoubleVector.broadcast(D, plane.scale());
        for (int k = 0; k < n; k += D.length()) {
            DoubleVector x = load(columns.x(), first + k).add(dx);
            DoubleVector y = load(columns.y(), first + k).add(dy);
            DoubleVector z = load(columns.z(), first + k).add(dz);
            DoubleVector depth = x.mul(back[0]).add(y.mul(back[1])).add(z.mul(back[2])).neg();
            depth.intoArray(out.depth, k);
            x.mul(right[0]).add(y.mul(right[1])).add(z.mul(right[2])).intoArray(out.x, k);
            x.mul(up[0]).add(y.mul(up[1])).add(z.mul(up[2])).intoArray(out.y, k);
            scale.div(depth.mul(perspective).add(1 - perspective)).intoArray(out.perUnit, k);
        }
    }

    /** Pixels, radius and strength of those that are visible. */
    private static void place(
            Columns columns,
            Plane plane,
            Reach within,
            long first,
            int n,
            Scratch scratch,
            Splats out,
            int slot) {
        Lit lit = columns.colors() instanceof Lit spread ? spread : null;
        double left = within.x0;
        double top = within.y0;
        double right = Math.min(within.x1, plane.width() - 1);
        double bottom = Math.min(within.y1, plane.height() - 1);
        for (int k = 0; k < n; k += D.length()) {
            DoubleVector perUnit = DoubleVector.fromArray(D, scratch.perUnit, k);
            DoubleVector depth = DoubleVector.fromArray(D, scratch.depth, k);
            DoubleVector x =
                    DoubleVector.fromArray(D, scratch.x, k).mul(perUnit).add(plane.middleX());
            DoubleVector y =
                    DoubleVector.fromArray(D, scratch.y, k).mul(perUnit).add(plane.middleY());
            DoubleVector size = load(columns.size(), first + k).mul(2);
            DoubleVector projected = size.mul(perUnit).mul(plane.sizeFactor());
            DoubleVector plain = projected.mul(projected).add(plane.minRadiusSquared()).sqrt();
            DoubleVector radius = lit == null ? plain : spread(lit, plain, perUnit, first + k);
            DoubleVector reach = radius.mul(Splats.SUPPORT);
            VectorMask<Double> visible =
                    depth.compare(VectorOperators.GT, plane.depthMin())
                            .and(depth.compare(VectorOperators.LT, plane.depthMax()))
                            .and(x.add(reach).compare(VectorOperators.GE, left))
                            .and(x.sub(reach).compare(VectorOperators.LT, right))
                            .and(y.add(reach).compare(VectorOperators.GE, top))
                            .and(y.sub(reach).compare(VectorOperators.LT, bottom));
            store(x, out.x, slot + k);
            store(y, out.y, slot + k);
            store(radius.blend(0, visible.not()), out.radius, slot + k);
            DoubleVector strength = projected.div(size.mul(radius)).mul(plane.strength());
            store(lit == null ? strength : strength.mul(plain).div(radius), scratch.strength, k);
        }
    }

    private static DoubleVector spread(Lit lit, DoubleVector plain, DoubleVector perUnit, long i) {
        DoubleVector px = load(lit.spread(), i).mul(perUnit);
        DoubleVector wider = px.mul(px).mul(lit.spreadFactor());
        return wider.add(plain.mul(plain)).max(wider.mul(Lit.SMOOTH)).sqrt();
    }

    private static void store(DoubleVector v, float[] out, int at) {
        ((FloatVector) v.convertShape(VectorOperators.D2F, H, 0)).intoArray(out, at);
    }

    private static void brighten(Columns columns, long first, int n, float[] strength) {
        MemorySegment column = columns.intensity();
        ScalarMapping mapping = columns.intensityMapping();
        if (column == null) {
            float all = mapping.apply(1);
            for (int k = 0; k < n; k++) {
                strength[k] *= all;
            }
        } else if (mapping.min() != mapping.max()) {
            for (int k = 0; k < n; k += F.length()) {
                FloatVector v =
                        FloatVector.fromMemorySegment(F, column, 4 * (first + k), Lanes.ORDER);
                FloatVector.fromArray(F, strength, k)
                        .mul(mapped(transformed(v, mapping.transform()), mapping))
                        .intoArray(strength, k);
            }
        }
    }

    private static FloatVector mapped(FloatVector v, ScalarMapping mapping) {
        return v.min(mapping.max())
                .max(mapping.min())
                .sub(mapping.min())
                .div(mapping.max() - mapping.min());
    }

    private static FloatVector transformed(FloatVector v, Transform transform) {
        return switch (transform) {
            case LINEAR -> v;
            case LOG10 ->
                    Lanes.log(v)
                            .mul(LOG10_E)
                            .blend(
                                    Transform.LOG_OF_NON_POSITIVE,
                                    v.compare(VectorOperators.GT, 0).not());
            case ASINH -> {
                FloatVector of = Lanes.asinh(v.abs());
                yield of.blend(of.neg(), v.compare(VectorOperators.LT, 0));
            }
        };
    }

    /** Which two colours, and where between them. */
    private static void chooseColors(Mapped columns, long first, int n, Scratch out) {
        ScalarMapping mapping = columns.mapping();
        int last = columns.colors().length / 4 - 2;
        if (mapping.min() == mapping.max()) {
            Arrays.fill(out.step, 0, n, last);
            Arrays.fill(out.fraction, 0, n, 0f);
            return;
        }
        for (int k = 0; k < n; k += F.length()) {
            FloatVector v =
                    FloatVector.fromMemorySegment(
                            F, columns.scalar(), 4 * (first + k), Lanes.ORDER);
            FloatVector position = mapped(transformed(v, mapping.transform()), mapping).mul(last);
            IntVector step = (IntVector) position.convertShape(VectorOperators.F2I, Lanes.INTS, 0);
            step.intoArray(out.step, k);
            position.sub((FloatVector) step.convertShape(VectorOperators.I2F, F, 0))
                    .intoArray(out.fraction, k);
        }
    }

    private static void color(float[] colors, int n, Scratch scratch, Splats out, int slot) {
        for (int k = 0; k < n; k++) {
            if (out.radius[slot + k] > 0) {
                int at = 4 * scratch.step[k];
                FloatVector low = FloatVector.fromArray(Lanes.PIXEL, colors, at);
                FloatVector high = FloatVector.fromArray(Lanes.PIXEL, colors, at + 4);
                high.sub(low)
                        .mul(scratch.fraction[k])
                        .add(low)
                        .mul(scratch.strength[k])
                        .intoArray(out.light, 4 * (slot + k));
            }
        }
    }

    /** The light of nodes: three columns, one after the other, to pixels' components. */
    private static void light(Lit from, long first, int n, Scratch scratch, Splats out, int slot) {
        component(from.red(), first, n, scratch, out.light, 4 * slot);
        component(from.green(), first, n, scratch, out.light, 4 * slot + 1);
        component(from.blue(), first, n, scratch, out.light, 4 * slot + 2);
    }

    private static void component(
            MemorySegment column, long first, int n, Scratch scratch, float[] light, int at) {
        MemorySegment.copy(column, ValueLayout.JAVA_FLOAT, 4 * first, scratch.fraction, 0, n);
        for (int k = 0; k < n; k++) {
            light[at + 4 * k] = scratch.fraction[k] * scratch.strength[k];
        }
    }
}
