package org.perseid.renderer.backend.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.perseid.renderer.backend.Emission;
import org.perseid.renderer.backend.Pyramid;
import org.perseid.renderer.backend.SplatKernels;
import org.perseid.renderer.backend.Splats;

/**
 * Splats by size class: within 2x2 pixels, within 4x4, and larger ones by rows, on a coarser level
 * where there is one.
 */
final class VectorKernels implements SplatKernels {
    private static final VectorSpecies<Float> F = Lanes.FLOATS;
    private static final VectorSpecies<Integer> I = Lanes.INTS;
    private static final int LANES = F.length();

    /** Up to this R in pixels a splat lies within 2x2 pixels. */
    private static final float SMALL_PX = 1 / Splats.SUPPORT;

    /** Up to this R within 4x4, which need a vector of four pixels; else they go by rows. */
    private static final float MIDDLE_PX = LANES == 16 ? 2 * SMALL_PX : SMALL_PX;

    private int[] smallList = new int[0];
    private int[] otherList = new int[0];
    private final SmallSplats small = new SmallSplats();
    private final MiddleSplats middle = new MiddleSplats();
    private final RowSplats rows = new RowSplats();

    @Override
    public void draw(Splats splats, int x0, int y0, int x1, int y1, Pyramid into) {
        int n = splats.count();
        if (smallList.length < n + LANES) {
            smallList = new int[n + LANES];
            otherList = new int[n + LANES];
        }
        // beyond the picture's edges a region has the margins of coarser levels
        float left = x0 == 0 ? Float.NEGATIVE_INFINITY : x0;
        float top = y0 == 0 ? Float.NEGATIVE_INFINITY : y0;
        float right = x1 == into.width() ? Float.POSITIVE_INFINITY : x1;
        float bottom = y1 == into.height() ? Float.POSITIVE_INFINITY : y1;
        int whole = n - n % LANES;
        int smalls = list(splats, whole, 0, SMALL_PX, left, top, right, bottom, smallList);
        int others =
                list(
                        splats,
                        whole,
                        SMALL_PX,
                        Float.POSITIVE_INFINITY,
                        left,
                        top,
                        right,
                        bottom,
                        otherList);
        for (int i = whole; i < n; i++) {
            if (splats.radius[i] > SMALL_PX) {
                otherList[others++] = i;
            } else if (splats.radius[i] > 0) {
                smallList[smalls++] = i;
            }
        }
        small.draw(splats, smallList, smalls, x0, y0, x1, y1, into);
        drawOthers(splats, others, x0, y0, x1, y1, into);
    }

    private void drawOthers(Splats splats, int n, int x0, int y0, int x1, int y1, Pyramid into) {
        for (int k = 0; k < n; k++) {
            int i = otherList[k];
            float radius = splats.radius[i];
            if (radius <= MIDDLE_PX) {
                middle.draw(splats, i, x0, y0, x1, y1, into);
            } else {
                rows.draw(splats, i, levelOf(radius, into.levels()), x0, y0, x1, y1, into);
            }
        }
    }

    private static int levelOf(float radius, int levels) {
        return radius < Emission.COARSE_FROM_PX
                ? 0
                : Math.clamp(Math.getExponent(radius / Emission.COARSE_FROM_PX), 0, levels - 1);
    }

    /** The splats with above &lt; R &lt;= atMost that may reach into the region, in their order. */
    private static int list(
            Splats splats,
            int end,
            float above,
            float atMost,
            float left,
            float top,
            float right,
            float bottom,
            int[] out) {
        int n = 0;
        IntVector steps = IntVector.zero(I).addIndex(1);
        for (int i = 0; i < end; i += LANES) {
            FloatVector radius = FloatVector.fromArray(F, splats.radius, i);
            FloatVector reach = radius.mul(Splats.SUPPORT);
            FloatVector x = FloatVector.fromArray(F, splats.x, i);
            FloatVector y = FloatVector.fromArray(F, splats.y, i);
            VectorMask<Float> inside =
                    radius.compare(VectorOperators.GT, above)
                            .and(radius.compare(VectorOperators.LE, atMost))
                            .and(x.add(reach).compare(VectorOperators.GE, left))
                            .and(x.sub(reach).compare(VectorOperators.LT, right))
                            .and(y.add(reach).compare(VectorOperators.GE, top))
                            .and(y.sub(reach).compare(VectorOperators.LT, bottom));
            steps.add(i).compress(inside.cast(I)).intoArray(out, n);
            n += inside.trueCount();
        }
        return n;
    }
}
