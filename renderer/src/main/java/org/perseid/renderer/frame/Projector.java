package org.perseid.renderer.frame;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
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
    /** b = pi^(-5/6)/2: normalises a splat's intensity by its world size. */
    static final double INTENSITY_NORM = 0.5 * Math.pow(Math.PI, -5.0 / 6.0);

    private final ParticleSet set;
    private final ScalarMapping colorMapping;
    private final ScalarMapping intensityMapping;
    private final @Nullable ColorMap colorMap;
    private final double brightness;
    private final double smoothFactor;

    private final boolean perspective;
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
    private final Vec3 axisX;
    private final Vec3 axisY;
    private final Vec3 axisZ;

    /** Pixels a length unit at distance 1 (perspective), or everywhere (orthographic). */
    private final double scale;

    private final double middleX;
    private final double middleY;

    Projector(Layer layer, Camera camera, FrameSettings frame) {
        set = layer.particles();
        colorMapping = layer.style().colorMapping(set);
        intensityMapping = layer.style().intensityMapping(set);
        colorMap = layer.style().colorMap();
        brightness = layer.style().brightness();
        smoothFactor = layer.style().smoothFactor();

        perspective = camera.projection() == Projection.PERSPECTIVE;
        zMin = Math.max(0, camera.zMin());
        zMax = camera.zMax();
        box = frame.boxSize();
        minRadiusSquared = frame.minRadiusPx() * frame.minRadiusPx();
        width = frame.width();
        height = frame.height();

        Vec3 origin = new Vec3(set.originX(), set.originY(), set.originZ());
        shift = camera.eye().minus(origin);
        toTarget = camera.lookAt().minus(origin);
        axisZ = camera.center().minus(camera.lookAt()).normalized();
        axisX = camera.sky().normalized().cross(axisZ).normalized();
        axisY = axisZ.cross(axisX);

        double tangent = Math.tan(Math.toRadians(camera.fovDeg()) / 2);
        double atTarget = width / (2 * tangent * camera.distance());
        scale = perspective ? width / (2 * tangent) : atTarget;
        Vec3 offAxis = camera.center().minus(camera.eye());
        double offX = perspective ? -atTarget * axisX.dot(offAxis) : 0;
        double offY = perspective ? -atTarget * axisY.dot(offAxis) : 0;
        middleX = width / 2.0 + offX;
        middleY = width / 2.0 + offY + (height - width) / 2.0;
    }

    /** Projects the particles first..end-1 into the slots from {@code slot} on. */
    void project(long first, long end, Splats out, int slot) {
        for (long i = first; i < end; i++) {
            project(i, out, slot + (int) (i - first));
        }
    }

    /**
     * Projects particle i into a slot; the slot's radius is 0 when the particle is not visible.
     *
     * @return depth in front of the camera, NaN when not visible
     */
    double project(long i, Splats out, int slot) {
        out.radius[slot] = 0f;
        double px = wrap(get(set.x(), i), toTarget.x());
        double py = wrap(get(set.y(), i), toTarget.y());
        double pz = wrap(get(set.z(), i), toTarget.z());
        double dx = px - shift.x();
        double dy = py - shift.y();
        double dz = pz - shift.z();
        double depth = -(axisZ.x() * dx + axisZ.y() * dy + axisZ.z() * dz);
        if (!(depth > zMin && depth < zMax)) {
            return Double.NaN;
        }
        double pixelsPerUnit = perspective ? scale / depth : scale;
        double x = middleX + (axisX.x() * dx + axisX.y() * dy + axisX.z() * dz) * pixelsPerUnit;
        double y = middleY + (axisY.x() * dx + axisY.y() * dy + axisY.z() * dz) * pixelsPerUnit;

        double smoothingLength = get(set.smoothingLength(), i);
        double projectedPx = 2 * smoothingLength * pixelsPerUnit * smoothFactor;
        double radiusPx = Math.sqrt(projectedPx * projectedPx + minRadiusSquared);
        double reach = Splats.SUPPORT * radiusPx;
        if (!(x + reach >= 0
                && x - reach < width - 1
                && y + reach >= 0
                && y - reach < height - 1)) {
            return Double.NaN;
        }
        double intensity =
                intensityMapping.apply(set.hasIntensity() ? (float) get(set.intensity(), i) : 1f)
                        * INTENSITY_NORM
                        / (2 * smoothingLength)
                        * (projectedPx / radiusPx);
        out.x[slot] = (float) x;
        out.y[slot] = (float) y;
        out.radius[slot] = (float) radiusPx;
        color(i, (float) (intensity * brightness), out, slot);
        return depth;
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
