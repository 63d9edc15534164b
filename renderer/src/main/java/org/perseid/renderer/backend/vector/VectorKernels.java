package org.perseid.renderer.backend.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.perseid.renderer.backend.Emission;
import org.perseid.renderer.backend.PlainKernels;
import org.perseid.renderer.backend.Pyramid;
import org.perseid.renderer.backend.SplatKernels;
import org.perseid.renderer.backend.Splats;

/**
 * Splats by size class: within 2x2 pixels, 4x4, 8x8, and larger ones by rows, on a coarser level
 * where there is one.
 */
final class VectorKernels implements SplatKernels {
    private static final VectorSpecies<Float> F = Lanes.FLOATS;
    private static final VectorSpecies<Integer> I = Lanes.INTS;
    private static final int LANES = F.length();
    private static final IntVector STEPS = IntVector.zero(I).addIndex(1);

    /** Up to this R in pixels a splat lies within 2x2 pixels. */
    private static final float SMALL_PX = PlainKernels.SMALL_PX;

    /** Up to this R within 4x4, which need a vector of four pixels; else they go by rows. */
    private static final float MIDDLE_PX = LANES == 16 ? 2 * SMALL_PX : SMALL_PX;

    /** Up to this R within 8x8 of the picture's grid, where a vector is longer. */
    private static final float EIGHT_PX =
            LANES == 16
                    ? Math.min(EightSplats.LARGEST_PX, Math.nextDown(Emission.COARSE_FROM_PX))
                    : MIDDLE_PX;

    private final SmallSplats small = new SmallSplats();
    private final MiddleSplats middle = new MiddleSplats();
    private final EightSplats eight = new EightSplats(new PlainKernels());
    private final RowSplats rows = new RowSplats();

    /** Indices of the splats of a class. */
    private int[] list = new int[0];

    @Override
    public void draw(Splats splats, int x0, int y0, int x1, int y1, Pyramid into) {
        if (list.length < splats.count() + LANES) {
            list = new int[splats.count() + LANES];
        }
        int n = choose(splats, 0, SMALL_PX);
        small.draw(splats, list, n, x0, y0, x1, y1, into);
        n = choose(splats, SMALL_PX, MIDDLE_PX);
        middle.draw(splats, list, n, x0, y0, x1, y1, into);
        n = choose(splats, MIDDLE_PX, EIGHT_PX);
        eight.draw(splats, list, n, x0, y0, x1, y1, into);
        n = choose(splats, EIGHT_PX, Float.POSITIVE_INFINITY);
        rows.draw(splats, list, n, x0, y0, x1, y1, into);
    }

    /** Lists the splats with above &lt; R &lt;= atMost in their order. */
    private int choose(Splats splats, float above, float atMost) {
        int whole = splats.count() - splats.count() % LANES;
        int n = 0;
        for (int i = 0; i < whole; i += LANES) {
            FloatVector radius = FloatVector.fromArray(F, splats.radius, i);
            VectorMask<Integer> chosen =
                    radius.compare(VectorOperators.GT, above)
                            .and(radius.compare(VectorOperators.LE, atMost))
                            .cast(I);
            STEPS.add(i).compress(chosen).intoArray(list, n);
            n += chosen.trueCount();
        }
        for (int i = whole; i < splats.count(); i++) {
            if (splats.radius[i] > above && splats.radius[i] <= atMost) {
                list[n++] = i;
            }
        }
        return n;
    }
}
