package org.perseid.io.snapshot;

/**
 * A part of space: a box or a sphere around a centre, over the faces of a periodic box.
 *
 * @param x centre, in the file's length unit
 * @param y centre
 * @param z centre
 * @param halfX half width of the box; the radius of a sphere
 * @param halfY half width
 * @param halfZ half width
 * @param sphere whether it is a sphere
 */
public record Region(
        double x, double y, double z, double halfX, double halfY, double halfZ, boolean sphere) {

    /**
     * Whether a point is in it.
     *
     * @param period of the coordinates, 0 for none
     */
    public boolean contains(double px, double py, double pz, double period) {
        double dx = distance(px, x, period);
        double dy = distance(py, y, period);
        double dz = distance(pz, z, period);
        return sphere
                ? dx * dx + dy * dy + dz * dz <= halfX * halfX
                : dx <= halfX && dy <= halfY && dz <= halfZ;
    }

    /** Whether a box around a centre can have points in it. */
    public boolean touches(double[] centre, double[] halfWidth, double period) {
        return distance(centre[0], x, period) <= halfX + halfWidth[0]
                && distance(centre[1], y, period) <= halfY + halfWidth[1]
                && distance(centre[2], z, period) <= halfZ + halfWidth[2];
    }

    private static double distance(double a, double b, double period) {
        double d = Math.abs(a - b);
        return period > 0 ? Math.min(d, Math.abs(period - d)) : d;
    }
}
