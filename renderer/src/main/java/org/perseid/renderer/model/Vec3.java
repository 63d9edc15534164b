package org.perseid.renderer.model;

/** A point or direction in the file's length unit. */
public record Vec3(double x, double y, double z) {
    public Vec3 minus(Vec3 o) {
        return new Vec3(x - o.x, y - o.y, z - o.z);
    }

    public Vec3 plus(Vec3 o) {
        return new Vec3(x + o.x, y + o.y, z + o.z);
    }

    public Vec3 times(double s) {
        return new Vec3(x * s, y * s, z * s);
    }

    public double dot(Vec3 o) {
        return x * o.x + y * o.y + z * o.z;
    }

    public Vec3 cross(Vec3 o) {
        return new Vec3(y * o.z - z * o.y, z * o.x - x * o.z, x * o.y - y * o.x);
    }

    public double length() {
        return Math.sqrt(dot(this));
    }

    public Vec3 normalized() {
        return times(1 / length());
    }

    /**
     * Turned about an axis, counter-clockwise as seen from where the axis points to (Rodrigues).
     *
     * @param axis unit vector
     * @param angle in radians
     */
    public Vec3 rotated(Vec3 axis, double angle) {
        double cos = Math.cos(angle);
        return times(cos)
                .plus(axis.cross(this).times(Math.sin(angle)))
                .plus(axis.times(axis.dot(this) * (1 - cos)));
    }
}
