package org.perseid.renderer;

import org.perseid.renderer.model.ColorMap;
import org.perseid.renderer.model.FieldRange;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Transform;
import org.perseid.renderer.model.TypeStyle;

/** Small particle sets for tests. */
public final class TestParticles {
    private TestParticles() {}

    /** Rows of x, y, z, smoothing length, intensity, colour and, if given, id and mass. */
    public static ParticleSet of(double[]... rows) {
        int extras = rows.length > 0 && rows[0].length > 7 ? 1 : 0;
        ParticleSet set =
                new ParticleSet(
                        rows.length, new ParticleSet.Columns(false, true, true, false, extras));
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < rows.length; i++) {
            set.x().setAtIndex(ParticleSet.FLOAT, i, (float) rows[i][0]);
            set.y().setAtIndex(ParticleSet.FLOAT, i, (float) rows[i][1]);
            set.z().setAtIndex(ParticleSet.FLOAT, i, (float) rows[i][2]);
            set.smoothingLength().setAtIndex(ParticleSet.FLOAT, i, (float) rows[i][3]);
            set.intensity().setAtIndex(ParticleSet.FLOAT, i, (float) rows[i][4]);
            set.color(0).setAtIndex(ParticleSet.FLOAT, i, (float) rows[i][5]);
            set.ids().setAtIndex(ParticleSet.ID, i, rows[i].length > 6 ? (long) rows[i][6] : i);
            if (extras > 0) {
                set.extra(0).setAtIndex(ParticleSet.FLOAT, i, (float) rows[i][7]);
            }
            min = Math.min(min, rows[i][5]);
            max = Math.max(max, rows[i][5]);
        }
        set.setRanges(new FieldRange(min, max, Math.max(min, 1e-30)), new FieldRange(0, 1, 1));
        return set;
    }

    /**
     * Colour from black to red, green and blue at equal strength; ranges fixed to 0..1; brightness
     * 1.
     */
    public static TypeStyle plain() {
        float[] ramp = {0, 1};
        return new TypeStyle(
                "test",
                new ColorMap("ramp", ramp, ramp, ramp),
                Transform.LINEAR,
                0,
                1,
                Transform.LINEAR,
                0,
                1,
                1,
                1);
    }
}
