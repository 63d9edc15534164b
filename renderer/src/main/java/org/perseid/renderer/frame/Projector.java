package org.perseid.renderer.frame;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.perseid.renderer.backend.Footprints;
import org.perseid.renderer.backend.PlaneProjection;
import org.perseid.renderer.backend.Reach;
import org.perseid.renderer.backend.Splats;
import org.perseid.renderer.model.Blocks;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.ColorMap;
import org.perseid.renderer.model.FrameSettings;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Projection;
import org.perseid.renderer.model.ScalarMapping;
import org.perseid.renderer.model.Transform;
import org.perseid.renderer.model.TypeStyle;
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

    /** On the square of a spread in pixels: what it adds to the square of R. */
    private static final double SPREAD = 2 / (Splats.WIDTH * Splats.WIDTH);

    /** Gives 1 to everything. */
    private static final ScalarMapping ONE = new ScalarMapping(Transform.LINEAR, 1, 1);

    private final ParticleSet set;

    /** Whether the colours are light, as those of nodes. */
    private final boolean lit;

    private final ScalarMapping colorMapping;
    private final ScalarMapping intensityMapping;
    private final @Nullable ColorMap colorMap;
    private final double brightness;
    private final double smoothFactor;

    private final Projection projection;
    private final boolean flat;
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
        this(layer, false, camera, frame, copy);
    }

    /** A projector of nodes in the style of the particles that they stand for. */
    static Projector ofNodes(
            ParticleSet nodes, TypeStyle style, Camera camera, FrameSettings frame, Vec3 copy) {
        return new Projector(new Layer(nodes, style), true, camera, frame, copy);
    }

    private Projector(Layer layer, boolean lit, Camera camera, FrameSettings frame, Vec3 copy) {
        this.copy = copy;
        this.lit = lit;
        set = layer.particles();
        colorMapping = lit ? ONE : layer.style().colorMapping(set).ofRaw(set.colorScale());
        intensityMapping = lit ? ONE : layer.style().intensityMapping(set);
        colorMap = lit ? null : layer.style().colorMap();
        // sizes appear times smoothFactor, and once more as a divisor of light
        brightness = layer.style().brightness() / set.sizeScale();
        smoothFactor = layer.style().smoothFactor() * set.sizeScale();

        projection = camera.projection();
        flat = camera.isFlat();
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
        // strict, so that peers on other processors find the same blocks
        double tangent = fisheye ? 1 : StrictMath.tan(halfAngle);
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
        double plainPx = Math.sqrt(projectedPx * projectedPx + minRadiusSquared);
        double spreadPx = lit ? get(set.intensity(), i) * place.pixelsPerUnit : 0;
        double wider = SPREAD * spreadPx * spreadPx;
        double radiusPx =
                lit
                        ? Math.sqrt(
                                Math.max(
                                        plainPx * plainPx + wider,
                                        PlaneProjection.Lit.SMOOTH * wider))
                        : plainPx;
        if (!reachesPicture(place, Splats.SUPPORT * radiusPx)) {
            return Double.NaN;
        }
        double intensity =
                intensityMapping.apply(set.hasIntensity() ? (float) get(set.intensity(), i) : 1f)
                        * INTENSITY_NORM
                        / (2 * smoothingLength)
                        * (projectedPx / radiusPx)
                        * (plainPx / radiusPx);
        out.x[slot] = (float) place.x;
        out.y[slot] = (float) place.y;
        out.radius[slot] = (float) radiusPx;
        color(i, (float) (intensity * brightness), out, slot);
        return place.depth;
    }

    /** Projects particles for measuring into the slots from one on. */
    void measure(SeenRows.Run run, double supportPerSize, Footprints out, int slot) {
        if (!set.admit(run.block())) {
            Arrays.fill(out.mass, slot, slot + run.count(), 0);
            return;
        }
        Place place = new Place();
        for (int k = 0; k < run.count(); k++) {
            measure(run.first() + k, supportPerSize, out, slot + k, place);
        }
    }

    /**
     * Projects particle i for measuring into a slot; the slot's mass is 0 when it does not count.
     *
     * @param supportPerSize radius of the kernel's support in units of the set's smoothing length
     * @param place scratch
     */
    private void measure(long i, double supportPerSize, Footprints out, int slot, Place place) {
        out.mass[slot] = 0;
        double mass = set.extra(0, i);
        if (!(mass > 0 && mass < Double.POSITIVE_INFINITY) || !place(i, place)) {
            return;
        }
        double size = get(set.smoothingLength(), i) * set.sizeScale();
        double radiusPx = supportPerSize * size * place.pixelsPerUnit;
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
            out.values[k][slot] = set.extra(1 + k, i);
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
        float[] light = out.light;
        int at = 4 * slot;
        if (lit) {
            for (int k = 0; k < 3; k++) {
                light[at + k] = factor * (float) get(set.color(k), i);
            }
            return;
        }
        float c = colorMapping.apply((float) get(set.color(0), i));
        if (colorMap == null) {
            light[at] = factor * c;
            light[at + 1] = factor * colorMapping.apply((float) get(set.color(1), i));
            light[at + 2] = factor * colorMapping.apply((float) get(set.color(2), i));
        } else {
            light[at] = factor * colorMap.at(0, c);
            light[at + 1] = factor * colorMap.at(1, c);
            light[at + 2] = factor * colorMap.at(2, c);
        }
    }

    ParticleSet particles() {
        return set;
    }

    /** Where a particle is that is drawn, in the file's length unit. */
    Vec3 position(long i) {
        return new Vec3(
                        wrap(get(set.x(), i), toTarget.x()) + set.originX(),
                        wrap(get(set.y(), i), toTarget.y()) + set.originY(),
                        wrap(get(set.z(), i), toTarget.z()) + set.originZ())
                .plus(copy);
    }

    /** Whether all of it can be left to a {@link PlaneProjection}. */
    boolean isPlane() {
        return flat && (lit || colorMap != null);
    }

    /** Pixels that a length covers at most that is in a block; infinite where that is not known. */
    double longestPx(Blocks blocks, int block, double length) {
        Vec3 toEye = toEye(blocks, block);
        if (toEye == null) {
            return Double.POSITIVE_INFINITY;
        }
        if (projection != Projection.PERSPECTIVE) {
            return length * scale;
        }
        Vec3 low = corner(blocks, block, true).plus(toEye);
        Vec3 high = corner(blocks, block, false).plus(toEye);
        double nearest =
                -axisZ.dot(low.plus(high).times(0.5)) - extent(high.minus(low).times(0.5), axisZ);
        return nearest > 0 ? length * scale / nearest : Double.POSITIVE_INFINITY;
    }

    /** The particles as numbers; only where {@link #isPlane}. */
    PlaneProjection.Columns columns() {
        return new PlaneProjection.Columns(
                set.x(),
                set.y(),
                set.z(),
                set.smoothingLength(),
                set.hasIntensity() && !lit ? set.intensity() : null,
                intensityMapping,
                colorMap != null
                        ? new PlaneProjection.Mapped(
                                set.color(0), colorMapping, colorMap.interleaved())
                        : new PlaneProjection.Lit(
                                set.color(0), set.color(1), set.color(2), set.intensity(), SPREAD),
                set.version());
    }

    /** The view as numbers; only where {@link #isPlane}. */
    PlaneProjection.Plane plane() {
        return new PlaneProjection.Plane(
                array(axisX),
                array(axisY),
                array(axisZ),
                projection == Projection.PERSPECTIVE,
                scale,
                middleX,
                middleY,
                zMin,
                zMax,
                smoothFactor,
                minRadiusSquared,
                INTENSITY_NORM * brightness,
                width,
                height);
    }

    private static double[] array(Vec3 v) {
        return new double[] {v.x(), v.y(), v.z()};
    }

    /**
     * What has to be added to the positions of a block to be relative to the eye; null when the
     * periodic box cuts it.
     */
    @Nullable Vec3 toEye(Blocks blocks, int block) {
        double x = wrapOf(blocks.min(block, 0), blocks.max(block, 0), toTarget.x());
        double y = wrapOf(blocks.min(block, 1), blocks.max(block, 1), toTarget.y());
        double z = wrapOf(blocks.min(block, 2), blocks.max(block, 2), toTarget.z());
        return Double.isNaN(x + y + z) ? null : new Vec3(x, y, z).plus(copy).minus(shift);
    }

    /** What {@link #wrap} adds to all coordinates between two; NaN when it is not one value. */
    private double wrapOf(double low, double high, double target) {
        double shift = wrapShift(low - target);
        return shift == wrapShift(high - target) ? shift : Double.NaN;
    }

    /**
     * How far particles reach from their middles.
     *
     * @param perSize in units of the set's smoothing lengths
     * @param leastPx in pixels
     */
    record Extent(double perSize, double leastPx) {}

    /** How far splats reach. */
    Extent splats() {
        return new Extent(
                2 * Splats.SUPPORT * smoothFactor, Splats.SUPPORT * Math.sqrt(minRadiusSquared));
    }

    /**
     * How far kernels reach that are measured.
     *
     * @param supportPerSize as in {@link #measure}
     */
    Extent kernels(double supportPerSize) {
        return new Extent(supportPerSize * set.sizeScale(), 1);
    }

    /** Where the splats of a block may be seen. */
    boolean reach(Blocks blocks, int block, Reach out) {
        return reach(blocks, block, splats(), out);
    }

    /**
     * Where a block may be seen: its box against the four sides of the view, then what the box
     * covers of the picture.
     *
     * @return false when none of its particles is visible
     */
    boolean reach(Blocks blocks, int block, Extent extent, Reach out) {
        out.all(width, height);
        out.radius = Math.sqrt(minRadiusSquared);
        Vec3 toEye = toEye(blocks, block);
        if (!flat || toEye == null) {
            return true;
        }
        Vec3 low = corner(blocks, block, true).plus(toEye);
        Vec3 high = corner(blocks, block, false).plus(toEye);
        Vec3 middle = low.plus(high).times(0.5);
        Vec3 half = high.minus(low).times(0.5);
        double size = extent.perSize * blocks.largestSize(block);
        double least = extent.leastPx;
        return projection == Projection.PERSPECTIVE
                ? reachInPerspective(middle, half, size, least, blocks.meanSize(block), out)
                : reachInParallel(middle, half, size, least, blocks.meanSize(block), out);
    }

    private static Vec3 corner(Blocks blocks, int block, boolean low) {
        return low
                ? new Vec3(blocks.min(block, 0), blocks.min(block, 1), blocks.min(block, 2))
                : new Vec3(blocks.max(block, 0), blocks.max(block, 1), blocks.max(block, 2));
    }

    /** Half of the extent of a box along a direction. */
    private static double extent(Vec3 half, Vec3 direction) {
        return half.x() * Math.abs(direction.x())
                + half.y() * Math.abs(direction.y())
                + half.z() * Math.abs(direction.z());
    }

    private boolean reachInParallel(
            Vec3 middle, Vec3 half, double size, double leastPx, double meanSize, Reach out) {
        double depth = -axisZ.dot(middle);
        double along = extent(half, axisZ);
        if (depth + along <= zMin || depth - along >= zMax) {
            return false;
        }
        double x = middleX + scale * axisX.dot(middle);
        double y = middleY + scale * axisY.dot(middle);
        double reach = reachPx(size * scale, leastPx);
        setRadius(meanSize * scale, out);
        out.largest = reach / Splats.SUPPORT;
        return set(
                x - scale * extent(half, axisX) - reach,
                x + scale * extent(half, axisX) + reach,
                y - scale * extent(half, axisY) - reach,
                y + scale * extent(half, axisY) + reach,
                out);
    }

    private boolean reachInPerspective(
            Vec3 middle, Vec3 half, double size, double leastPx, double meanSize, Reach out) {
        double depth = -axisZ.dot(middle);
        double along = extent(half, axisZ);
        double nearest = Math.max(depth - along, zMin);
        double farthest = Math.min(depth + along, zMax);
        if (farthest <= nearest && (farthest < nearest || farthest <= zMin)) {
            return false;
        }
        double margin = leastPx + 1;
        if (beyond(axisX, -(middleX + margin) / scale, middle, half, size)
                || beyond(axisX.times(-1), (middleX - width - margin) / scale, middle, half, size)
                || beyond(axisY, -(middleY + margin) / scale, middle, half, size)
                || beyond(
                        axisY.times(-1), (middleY - height - margin) / scale, middle, half, size)) {
            return false;
        }
        setRadius(meanSize * scale / Math.max(depth, along), out);
        if (nearest <= 0) {
            return true;
        }
        double x = axisX.dot(middle);
        double y = axisY.dot(middle);
        double across = extent(half, axisX);
        double down = extent(half, axisY);
        double reach = reachPx(size * scale / nearest, leastPx);
        out.largest = reach / Splats.SUPPORT;
        return set(
                middleX + scale * least(x - across, nearest, farthest) - reach,
                middleX - scale * least(-x - across, nearest, farthest) + reach,
                middleY + scale * least(y - down, nearest, farthest) - reach,
                middleY - scale * least(-y - down, nearest, farthest) + reach,
                out);
    }

    /**
     * Whether all of a box is on the wrong side of a plane through the eye: where along the
     * direction {@code side} it stays, with its size, below {@code slope} times the depth.
     */
    private boolean beyond(Vec3 side, double slope, Vec3 middle, Vec3 half, double size) {
        Vec3 normal = side.plus(axisZ.times(slope));
        return normal.dot(middle) + extent(half, normal) + size < 0;
    }

    /** The least quotient of a value and a distance. */
    private static double least(double value, double nearest, double farthest) {
        return value / (value < 0 ? nearest : farthest);
    }

    private static double reachPx(double supportPx, double leastPx) {
        return Math.sqrt(supportPx * supportPx + leastPx * leastPx) + 1;
    }

    private void setRadius(double sizePx, Reach out) {
        double px = 2 * smoothFactor * sizePx;
        out.radius = Math.sqrt(px * px + minRadiusSquared);
    }

    private boolean set(double x0, double x1, double y0, double y1, Reach out) {
        out.x0 = (int) Math.clamp(Math.floor(x0), 0, width);
        out.x1 = (int) Math.clamp(Math.ceil(x1) + 1, 0, width);
        out.y0 = (int) Math.clamp(Math.floor(y0), 0, height);
        out.y1 = (int) Math.clamp(Math.ceil(y1) + 1, 0, height);
        return out.x0 < out.x1 && out.y0 < out.y1;
    }

    /** The copy of a coordinate that is nearest to the target's, moving it by at most one box. */
    private double wrap(double p, double target) {
        return p + wrapShift(p - target);
    }

    private double wrapShift(double fromTarget) {
        if (box > 0 && fromTarget > box / 2) {
            return -box;
        }
        return box > 0 && fromTarget < -box / 2 ? box : 0;
    }

    private static double get(MemorySegment column, long i) {
        return column.getAtIndex(ParticleSet.FLOAT, i);
    }
}
