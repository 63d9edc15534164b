package org.perseid.renderer.backend.vector;

import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
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

    /** The factor of d^2 in {@link #exp} for a splat. */
    static float falloff(float radius) {
        return (float) (1 / (8 * Splats.WIDTH * Splats.WIDTH)) / (radius * radius);
    }
}
