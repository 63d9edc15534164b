package org.perseid.renderer.model;

/** A rotation: unit quaternion w + xi + yj + zk. */
public record Quaternion(double w, double x, double y, double z) {

    /**
     * From -z as forward and y as up to a direction of view and the sky direction nearest to it.
     */
    public static Quaternion looking(Vec3 forward, Vec3 sky) {
        Vec3 back = forward.times(-1);
        Vec3 right = sky.cross(back).normalized();
        Vec3 up = back.cross(right);
        double trace = right.x() + up.y() + back.z();
        if (trace > 0) {
            double s = 2 * Math.sqrt(trace + 1);
            return new Quaternion(
                    s / 4,
                    (up.z() - back.y()) / s,
                    (back.x() - right.z()) / s,
                    (right.y() - up.x()) / s);
        }
        if (right.x() >= up.y() && right.x() >= back.z()) {
            double s = 2 * Math.sqrt(1 + right.x() - up.y() - back.z());
            return new Quaternion(
                    (up.z() - back.y()) / s,
                    s / 4,
                    (up.x() + right.y()) / s,
                    (back.x() + right.z()) / s);
        }
        if (up.y() >= back.z()) {
            double s = 2 * Math.sqrt(1 + up.y() - right.x() - back.z());
            return new Quaternion(
                    (back.x() - right.z()) / s,
                    (up.x() + right.y()) / s,
                    s / 4,
                    (back.y() + up.z()) / s);
        }
        double s = 2 * Math.sqrt(1 + back.z() - right.x() - up.y());
        return new Quaternion(
                (right.y() - up.x()) / s,
                (back.x() + right.z()) / s,
                (back.y() + up.z()) / s,
                s / 4);
    }

    /** The rotation at a part of the shortest way to another, at even speed (Shoemake, 1985). */
    public Quaternion slerp(Quaternion to, double t) {
        double dot = w * to.w + x * to.x + y * to.y + z * to.z;
        double sign = dot < 0 ? -1 : 1;
        double angle = Math.acos(Math.min(1, Math.abs(dot)));
        double sine = Math.sin(angle);
        double a = sine < 1e-9 ? 1 - t : Math.sin((1 - t) * angle) / sine;
        double b = sign * (sine < 1e-9 ? t : Math.sin(t * angle) / sine);
        double qw = a * w + b * to.w;
        double qx = a * x + b * to.x;
        double qy = a * y + b * to.y;
        double qz = a * z + b * to.z;
        double norm = Math.sqrt(qw * qw + qx * qx + qy * qy + qz * qz);
        return new Quaternion(qw / norm, qx / norm, qy / norm, qz / norm);
    }

    /** Where -z goes. */
    public Vec3 forward() {
        return new Vec3(-2 * (x * z + w * y), -2 * (y * z - w * x), -(1 - 2 * (x * x + y * y)));
    }

    /** Where y goes. */
    public Vec3 up() {
        return new Vec3(2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x));
    }
}
