package org.perseid.renderer.backend.vector;

import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.perseid.renderer.backend.Splats;

/** The vectors of this machine, and the exponential function on them. */
final class Lanes {
    static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;

    /** As many floats as there are doubles in a vector. */
    static final VectorSpecies<Float> HALF =
            VectorSpecies.of(float.class, VectorShape.forBitSize(DOUBLES.vectorBitSize() / 2));

    /** One pixel: red, green, blue and a fourth value. */
    static final VectorSpecies<Float> PIXEL = FloatVector.SPECIES_128;

    static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private static final float LN_2 = 0.6931472f;

    /** The bits of sqrt(1/2). */
    private static final int SQRT_HALF = 0x3f3504f3;

    /** 0, 1, 2, ... */
    static final FloatVector STEPS = FloatVector.zero(FLOATS).addIndex(1);

    private Lanes() {}

    /** exp(-8 u) for u in [0, {@link Splats#EXP_MAX}], clamped beyond. */
    static FloatVector exp(FloatVector u) {
        FloatVector v = u.min(Splats.EXP_MAX);
        FloatVector e =
                v.mul(Splats.EXP_4)
                        .add(Splats.EXP_3)
                        .mul(v)
                        .add(Splats.EXP_2)
                        .mul(v)
                        .add(Splats.EXP_1)
                        .mul(v)
                        .add(Splats.EXP_0);
        e = e.mul(e);
        e = e.mul(e);
        return e.mul(e);
    }

    /**
     * exp(-t) - 1 for t at least 0, to 1e-7 of its value (Cody and Waite's reduction to |r| below
     * ln(2)/2, Chebyshev interpolation there). Of the JDK's own function the bits depend on whether
     * a method is compiled.
     */
    static FloatVector expm1OfNegative(FloatVector t) {
        FloatVector v = t.min(87);
        IntVector n =
                (IntVector) v.mul(1.442695f).add(0.5f).convertShape(VectorOperators.F2I, INTS, 0);
        FloatVector k = (FloatVector) n.convertShape(VectorOperators.I2F, FLOATS, 0);
        FloatVector r = v.sub(k.mul(0.6933594f)).sub(k.mul(-2.1219444e-4f));
        FloatVector q =
                r.mul(-0.0013926177f)
                        .add(0.008363174f)
                        .mul(r)
                        .add(-0.041666556f)
                        .mul(r)
                        .add(0.16666578f)
                        .mul(r)
                        .add(-0.5f);
        FloatVector less = r.add(r.mul(r).mul(q)).neg();
        FloatVector power =
                n.neg().add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        return power.mul(less).add(power.sub(1));
    }

    /** The natural logarithm of finite values above 0, to 2e-7 of it or of 1. */
    static FloatVector log(FloatVector v) {
        VectorMask<Float> tiny = v.compare(VectorOperators.LT, Float.MIN_NORMAL);
        IntVector bits = v.blend(v.mul(0x1p24f), tiny).reinterpretAsInts();
        IntVector exponent = bits.sub(SQRT_HALF).lanewise(VectorOperators.ASHR, 23);
        FloatVector m = bits.sub(exponent.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
        FloatVector e = (FloatVector) exponent.convertShape(VectorOperators.I2F, FLOATS, 0);
        return logOf(m.sub(1).div(m.add(1))).add(e.sub(zeroOr24(tiny)).mul(LN_2));
    }

    private static FloatVector zeroOr24(VectorMask<Float> m) {
        return FloatVector.zero(FLOATS).blend(24, m);
    }

    /** log((1 + s)/(1 - s)) for |s| up to 0.172. */
    private static FloatVector logOf(FloatVector s) {
        FloatVector z = s.mul(s);
        return z.mul(0.295804f).add(0.3998877f).mul(z).add(0.6666669f).mul(z).add(2).mul(s);
    }

    /** The inverse hyperbolic sine of values of at least 0. */
    static FloatVector asinh(FloatVector a) {
        FloatVector squared = a.mul(a);
        FloatVector above = a.add(squared.div(squared.add(1).sqrt().add(1))); // e^asinh(a) - 1
        FloatVector general = log(above.add(1));
        FloatVector small = logOf(above.div(above.add(2)));
        FloatVector large = log(a).add(LN_2);
        return general.blend(small, above.compare(VectorOperators.LT, 0.4f))
                .blend(large, a.compare(VectorOperators.GT, 1e6f));
    }
}
