package org.perseid.renderer.frame;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.perseid.renderer.backend.Footprints;
import org.perseid.renderer.backend.Splats;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.ColorMap;
import org.perseid.renderer.model.FrameSettings;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Projection;
import org.perseid.renderer.model.ScalarMapping;
import org.perseid.renderer.model.Vec3;

/**
 * From particles to splats: periodic wrap, camera, size, intensity and colour. Reference: Splotch,
 * sections "Axes", "Size and intensity" and "Colour". Immutable; any thread may use it. Arithmetic
 * is in double precision, relative to the camera, results are floats.
 */
final class Projector {
    /** Beyond its angle a fisheye still draws particles whose splats may reach into it. */
    private static final double MARGIN = Math.toRadians(10);

    /** b = pi^(-5/6)/2: normalises a splat's intensity by its world size. */
    static final double INTENSITY_NORM = 0.5 * Math.pow(Math.PI, -5.0 / 6.0);

    private final ParticleSet set;
    private final ScalarMapping colorMapping;
    private final ScalarMapping intensityMapping;
    private final @Nullable ColorMap colorMap;
    private final double brightness;
    private final double smoothFactor;

    private final Projection projection;
    private final double zMin;
    private final double zMax;
    private final double box;
    private final double minRadiusSquared;
    private final int width;
    private final int height;

    /**
     * Particle position minus these is relative to the camera's eye (shift) and its target
     * (toTarget).
     */
    private final Vec3 shift;

    private final Vec3 toTarget;

    /** From a particle to its copy in another box. */
    private final Vec3 copy;

    private final double omniOffset;
    private final Vec3 omniUp;
    private final Vec3 axisX;
    private final Vec3 axisY;
    private final Vec3 axisZ;

    /**
     * Pixels a length unit at distance 1 (perspective), everywhere (orthographic), or a radian
     * (fisheye).
     */
    private final double scale;

    private final double middleX;
    private final double middleY;

    /** Largest angle from the view that is drawn by a fisheye. */
    private final double maxAngle;

    /**
     * @param copy from a particle to the copy that is drawn
     */
    Projector(Layer layer, Camera camera, FrameSettings frame, Vec3 copy) {
        this.copy = copy;
        set = layer.particles();
        colorMapping = layer.style().colorMapping(set);
        intensityMapping = layer.style().intensityMapping(set);
        colorMap = layer.style().colorMap();
        brightness = layer.style().brightness();
        smoothFactor = layer.style().smoothFactor();

        projection = camera.projection();
        boolean perspective = projection == Projection.PERSPECTIVE;
        omniOffset = camera.omniStereoOffset();
        omniUp = frame.omniUp() == null ? camera.axisY() : frame.omniUp();
        zMin = Math.max(0, camera.zMin());
        zMax = camera.zMax();
        box = frame.boxSize();
        minRadiusSquared = frame.minRadiusPx() * frame.minRadiusPx();
        width = frame.width();
        height = frame.height();

        Vec3 origin = new Vec3(set.originX(), set.originY(), set.originZ());
        shift = camera.eye().minus(origin);
        toTarget = camera.lookAt().minus(origin);
        axisZ = camera.axisZ();
        axisX = camera.axisX();
        axisY = camera.axisY();

        boolean fisheye = projection.isFisheye();
        double halfAngle = Math.toRadians(camera.fovDeg()) / 2;
        maxAngle = fisheye ? halfAngle : 0;
        double tangent = fisheye ? 1 : Math.tan(halfAngle);
        double atTarget = width / (2 * tangent * camera.distance());
        scale =
                fisheye
                        ? Math.min(width, height) / (2 * halfAngle)
                        : perspective ? width / (2 * tangent) : atTarget;
        Vec3 offAxis = camera.center().minus(camera.eye());
        double offX = perspective ? -atTarget * axisX.dot(offAxis) : 0;
        double offY = perspective ? -atTarget * axisY.dot(offAxis) : 0;
        middleX = width / 2.0 + offX;
        middleY = width / 2.0 + offY + (height - width) / 2.0;
    }

    /** Projects the particles first..end-1 into the slots from {@code slot} on. */
    void project(long first, long end, Splats out, int slot) {
        Place place = new Place();
        for (long i = first; i < end; i++) {
            double _ = project(i, out, slot + (int) (i - first), place);
        }
    }

    /** Where a particle is in the picture; scratch of one thread. */
    static final class Place {
        double x;
        double y;

        /** Along the view; from the eye where the view is all around. */
        double depth;

        double pixelsPerUnit;
    }

    /**
     * Projects particle i into a slot; the slot's radius is 0 when the particle is not visible.
     *
     * @param place scratch
     * @return depth in front of the camera, NaN when not visible
     */
    double project(long i, Splats out, int slot, Place place) {
        out.radius[slot] = 0f;
        if (!place(i, place)) {
            return Double.NaN;
        }
        double smoothingLength = get(set.smoothingLength(), i);
        double projectedPx = 2 * smoothingLength * place.pixelsPerUnit * smoothFactor;
        double radiusPx = Math.sqrt(projectedPx * projectedPx + minRadiusSquared);
        if (!reachesPicture(place, Splats.SUPPORT * radiusPx)) {
            return Double.NaN;
        }
        double intensity =
                intensityMapping.apply(set.hasIntensity() ? (float) get(set.intensity(), i) : 1f)
                        * INTENSITY_NORM
                        / (2 * smoothingLength)
                        * (projectedPx / radiusPx);
        out.x[slot] = (float) place.x;
        out.y[slot] = (float) place.y;
        out.radius[slot] = (float) radiusPx;
        color(i, (float) (intensity * brightness), out, slot);
        return place.depth;
    }

    /**
     * Projects particle i for measuring into a slot; the slot's mass is 0 when it does not count.
     *
     * @param supportPerSize radius of the kernel's support in units of the set's smoothing length
     * @param place scratch
     */
    void measure(long i, double supportPerSize, Footprints out, int slot, Place place) {
        out.mass[slot] = 0;
        double mass = get(set.extra(0), i);
        if (!(mass > 0 && mass < Double.POSITIVE_INFINITY) || !place(i, place)) {
            return;
        }
        double radiusPx = supportPerSize * get(set.smoothingLength(), i) * place.pixelsPerUnit;
        if (!reachesPicture(place, Math.max(1, radiusPx))) {
            return;
        }
        out.x[slot] = place.x;
        out.y[slot] = place.y;
        out.radius[slot] = radiusPx;
        out.mass[slot] = mass;
        out.unitsPerPixel[slot] = 1 / place.pixelsPerUnit;
        out.depth[slot] = place.depth;
        for (int k = 0; k < out.values.length; k++) {
            out.values[k][slot] = (float) get(set.extra(1 + k), i);
        }
    }

    private boolean reachesPicture(Place place, double reach) {
        return place.x + reach >= 0
                && place.x - reach < width - 1
                && place.y + reach >= 0
                && place.y - reach < height - 1;
    }

    /** Finds a particle in the picture; false when it is outside of the depths that are drawn. */
    private boolean place(long i, Place out) {
        double dx = wrap(get(set.x(), i), toTarget.x()) + copy.x() - shift.x();
        double dy = wrap(get(set.y(), i), toTarget.y()) + copy.y() - shift.y();
        double dz = wrap(get(set.z(), i), toTarget.z()) + copy.z() - shift.z();
        if (omniOffset != 0) {
            Vec3 turned = turned(dx, dy, dz);
            dx = turned.x();
            dy = turned.y();
            dz = turned.z();
        }
        double depth = -(axisZ.x() * dx + axisZ.y() * dy + axisZ.z() * dz);
        double x = axisX.x() * dx + axisX.y() * dy + axisX.z() * dz;
        double y = axisY.x() * dx + axisY.y() * dy + axisY.z() * dz;
        if (projection.isFisheye()) {
            return projection == Projection.DOME
                    ? placeOnFisheye(y, x, depth, out)
                    : placeOnFisheye(x, y, depth, out);
        }
        out.depth = depth;
        out.pixelsPerUnit = projection == Projection.PERSPECTIVE ? scale / depth : scale;
        out.x = middleX + x * out.pixelsPerUnit;
        out.y = middleY + y * out.pixelsPerUnit;
        return depth > zMin && depth < zMax;
    }

    /**
     * Equidistant: r = scale * angle. Along the radius a radian is {@code scale} pixels, across it
     * {@code scale * angle / sin(angle)}; a splat is a circle of the same area.
     */
    private boolean placeOnFisheye(double x, double y, double depth, Place out) {
        double across = Math.hypot(x, y);
        double distance = Math.hypot(across, depth);
        double angle = Math.atan2(across, depth);
        double perUnit = across > 0 ? scale * angle / across : 0;
        double stretch = angle > 1e-6 ? angle / Math.max(1e-3, Math.sin(angle)) : 1;
        out.depth = distance;
        out.pixelsPerUnit = scale / distance * Math.sqrt(stretch);
        out.x = middleX + x * perUnit;
        out.y = middleY + y * perUnit;
        return distance > zMin && distance < zMax && angle <= maxAngle + MARGIN;
    }

    /**
     * The direction in which an eye sees a particle that sits beside the centre, to the right of
     * its own view: turned round the vertical by asin(offset / horizontal distance), and nearer.
     * Reference: Peleg, Ben-Ezra and Pritch, "Omnistereo" (2001).
     */
    private Vec3 turned(double dx, double dy, double dz) {
        Vec3 d = new Vec3(dx, dy, dz);
        double height = d.dot(omniUp);
        Vec3 level = d.minus(omniUp.times(height));
        double distance = level.length();
        double sine = Math.clamp(omniOffset / Math.max(distance, 1e-300), -1, 1);
        double cosine = Math.sqrt(1 - sine * sine);
        Vec3 left = omniUp.cross(level);
        return level.times(cosine).plus(left.times(sine)).times(cosine).plus(omniUp.times(height));
    }

    private void color(long i, float factor, Splats out, int slot) {
        float c = colorMapping.apply((float) get(set.color(0), i));
        if (colorMap == null) {
            out.red[slot] = factor * c;
            out.green[slot] = factor * colorMapping.apply((float) get(set.color(1), i));
            out.blue[slot] = factor * colorMapping.apply((float) get(set.color(2), i));
        } else {
            out.red[slot] = factor * colorMap.at(0, c);
            out.green[slot] = factor * colorMap.at(1, c);
            out.blue[slot] = factor * colorMap.at(2, c);
        }
    }

    /** The copy of a coordinate that is nearest to the target's, moving it by at most one box. */
    private double wrap(double p, double target) {
        double d = p - target;
        if (box > 0 && d > box / 2) {
            return p - box;
        }
        return box > 0 && d < -box / 2 ? p + box : p;
    }

    private static double get(MemorySegment column, long i) {
        return column.getAtIndex(ParticleSet.FLOAT, i);
    }
}
