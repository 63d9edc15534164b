package org.perseid.renderer.frame;

import java.util.Arrays;
import java.util.List;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Percentiles;
import org.perseid.renderer.model.Transform;
import org.perseid.renderer.model.Vec3;

/** Finds a camera from which the data is seen well. */
public final class AutoView {
    /** Horizontal angle of the view in degrees. */
    public static final double FOV_DEG = 45;

    /** Part of the particles that lie within the view. */
    private static final double PART = 0.9;

    /** All are in view when the farthest is not farther than this, in radii of that part. */
    private static final double COMPACT = 1.5;

    /** Direction from the target to the eye: a little from above. */
    private static final Vec3 DIRECTION = new Vec3(0.25, -0.8, 0.55).normalized();

    private static final Vec3 UP = new Vec3(0, 0, 1);

    private AutoView() {}

    /**
     * A perspective camera, z up: looks at the middle of the box when the data fills one, else at
     * the median of the positions, from where 90 % of the particles are in view, or all where none
     * is far out.
     *
     * @param sets at least one with particles
     * @param boxSize side of the periodic box, 0 for none
     */
    public static Camera find(List<ParticleSet> sets, double boxSize) {
        List<ParticleSet> shown = sets.stream().filter(s -> s.count() > 0).toList();
        boolean fillsBox = shown.stream().anyMatch(s -> fills(s, boxSize));
        Vec3 middle = fillsBox ? new Vec3(boxSize / 2, boxSize / 2, boxSize / 2) : median(shown);
        double radius = fillsBox ? 0.62 * boxSize : radius(shown, middle);
        double distance =
                1.1
                        * Math.max(radius, 1e-6 * (middle.length() + 1e-20))
                        / Math.tan(Math.toRadians(FOV_DEG / 2));
        return Camera.perspective(middle.plus(DIRECTION.times(distance)), middle, UP, FOV_DEG);
    }

    private static boolean fills(ParticleSet set, double boxSize) {
        for (int axis = 0; axis < 3; axis++) {
            if (!(set.extent(axis).max() - set.extent(axis).min() > 0.9 * boxSize)
                    || boxSize <= 0) {
                return false;
            }
        }
        return true;
    }

    private static Vec3 median(List<ParticleSet> sets) {
        ParticleSet largest =
                sets.stream().max((a, b) -> Long.compare(a.count(), b.count())).orElseThrow();
        return new Vec3(
                largest.originX() + median(largest.x(), largest.count()),
                largest.originY() + median(largest.y(), largest.count()),
                largest.originZ() + median(largest.z(), largest.count()));
    }

    private static double median(java.lang.foreign.MemorySegment column, long count) {
        return Percentiles.at(Percentiles.sample(column, count, Transform.LINEAR), 0.5);
    }

    private static double radius(List<ParticleSet> sets, Vec3 middle) {
        double largest = 0;
        for (ParticleSet set : sets) {
            long stride = Math.max(1, set.count() >> 18);
            double[] distances = new double[(int) Math.ceilDiv(set.count(), stride)];
            for (int k = 0; k < distances.length; k++) {
                long i = k * stride;
                double dx = set.originX() + set.x().getAtIndex(ParticleSet.FLOAT, i) - middle.x();
                double dy = set.originY() + set.y().getAtIndex(ParticleSet.FLOAT, i) - middle.y();
                double dz = set.originZ() + set.z().getAtIndex(ParticleSet.FLOAT, i) - middle.z();
                distances[k] = Math.sqrt(dx * dx + dy * dy + dz * dz);
            }
            Arrays.sort(distances);
            double most = distances[(int) (PART * (distances.length - 1))];
            double all = distances[distances.length - 1];
            largest = Math.max(largest, all < COMPACT * most ? all : most);
        }
        return largest;
    }
}
