package org.perseid.renderer.frame;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.perseid.renderer.backend.Reach;
import org.perseid.renderer.backend.Splats;
import org.perseid.renderer.model.Blocks;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.FrameSettings;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Vec3;
import org.perseid.renderer.model.Workers;

/** Finds the particle that gives most light to a place of the picture. */
public final class Pick {
    private static final int BLOCKS_A_SLICE = 256;

    private Pick() {}

    /**
     * A particle under a place of the picture.
     *
     * @param layer number of its layer
     * @param index in the layer's set
     * @param position in the file's length unit
     * @param depth from the eye along the view
     * @param light that it gives there, all colours together
     */
    public record Hit(int layer, long index, Vec3 position, double depth, double light) {
        private boolean isBetterThan(@Nullable Hit other) {
            return other == null
                    || light > other.light
                    || (light == other.light
                            && (layer < other.layer
                                    || (layer == other.layer && index < other.index)));
        }
    }

    /**
     * The particle that gives most light to a place; null where none gives any. Looks only into
     * blocks that reach the place. The copies of a periodic box are not looked at.
     *
     * @param x column, 0 at the middle of the leftmost pixel
     * @param y row of the linear image, 0 at the middle of row 0
     */
    public static @Nullable Hit at(
            List<Layer> layers,
            Camera camera,
            FrameSettings frame,
            double x,
            double y,
            Workers workers) {
        Hit best = null;
        for (int n = 0; n < layers.size(); n++) {
            int layer = n;
            Projector projector = new Projector(layers.get(n), camera, frame, new Vec3(0, 0, 0));
            Blocks blocks = projector.particles().blocks(workers);
            int slices = Math.ceilDiv(blocks.count(), BLOCKS_A_SLICE);
            @Nullable Hit[] found = new Hit[slices];
            workers.run(
                    slices,
                    s ->
                            found[(int) s] =
                                    best(layer, projector, blocks, (int) s * BLOCKS_A_SLICE, x, y));
            for (Hit hit : found) {
                best = hit != null && hit.isBetterThan(best) ? hit : best;
            }
        }
        return best;
    }

    private static @Nullable Hit best(
            int layer, Projector projector, Blocks blocks, int firstBlock, double x, double y) {
        Hit best = null;
        Reach reach = new Reach();
        Splats one = new Splats(1);
        Projector.Place place = new Projector.Place();
        int end = Math.min(blocks.count(), firstBlock + BLOCKS_A_SLICE);
        for (int block = firstBlock; block < end; block++) {
            boolean here =
                    projector.reach(blocks, block, reach)
                            && x >= reach.x0
                            && x <= reach.x1
                            && y >= reach.y0
                            && y <= reach.y1;
            here = here && projector.particles().admit(block);
            for (long i = blocks.first(block); here && i < blocks.end(block); i++) {
                double depth = projector.project(i, one, 0, place);
                double light = Double.isNaN(depth) ? 0 : lightAt(one, x, y);
                if (light > 0 && (best == null || light > best.light)) {
                    best = new Hit(layer, i, projector.position(i), depth, light);
                }
            }
        }
        return best;
    }

    private static double lightAt(Splats splat, double x, double y) {
        double radius = splat.radius[0];
        double distance = Math.hypot(x - splat.x[0], y - splat.y[0]);
        if (distance > Splats.SUPPORT * radius) {
            return 0;
        }
        double widths = distance / (Splats.WIDTH * radius);
        double sum = (double) splat.light[0] + splat.light[1] + splat.light[2];
        return sum * Math.exp(-widths * widths);
    }

    /** The raw colour value of a hit. */
    public static float value(Hit hit, List<Layer> layers) {
        ParticleSet set = layers.get(hit.layer).particles();
        return (float) (set.colorScale() * set.color(0).getAtIndex(ParticleSet.FLOAT, hit.index));
    }

    /** The smoothing length of a hit, in the file's length unit. */
    public static float smoothingLength(Hit hit, List<Layer> layers) {
        ParticleSet set = layers.get(hit.layer).particles();
        return (float)
                (set.sizeScale() * set.smoothingLength().getAtIndex(ParticleSet.FLOAT, hit.index));
    }
}
