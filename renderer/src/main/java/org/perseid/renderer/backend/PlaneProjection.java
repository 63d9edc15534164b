package org.perseid.renderer.backend;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.perseid.renderer.model.ScalarMapping;

/** Projects many particles at once; any thread may call. */
public interface PlaneProjection {
    /**
     * Particles as numbers: float columns, and what is done to them.
     *
     * @param x column of positions, likewise y and z
     * @param size column of smoothing lengths
     * @param intensity column, null when all are 1
     * @param version changes when the same columns hold other values
     */
    record Columns(
            MemorySegment x,
            MemorySegment y,
            MemorySegment z,
            MemorySegment size,
            @Nullable MemorySegment intensity,
            ScalarMapping intensityMapping,
            Colors colors,
            int version) {}

    /** Where the colours of particles come from. */
    sealed interface Colors {}

    /**
     * A value that is coloured.
     *
     * @param scalar its column
     * @param colors four floats a step (red, green, blue, 0) at equal steps from 0 to 1, the last
     *     one twice
     */
    @SuppressWarnings("ArrayRecordComponent") // written once
    record Mapped(MemorySegment scalar, ScalarMapping mapping, float[] colors) implements Colors {}

    /**
     * Light as it is, spread round its place: the splat is wider, so much at least that no grid of
     * nodes is seen, and as much dimmer.
     *
     * @param red column, likewise green and blue
     * @param spread column of lengths
     * @param spreadFactor on the square of the spread in pixels, to be added to the square of R
     */
    record Lit(
            MemorySegment red,
            MemorySegment green,
            MemorySegment blue,
            MemorySegment spread,
            double spreadFactor)
            implements Colors {
        /**
         * The square of R is at least this times what the spread adds. Cells side by side have a
         * spread of their side by the root of 12; Gaussians of that width at that distance add up
         * with ripples of 39 %, of this one with 3 %.
         */
        public static final double SMOOTH = 2.5;
    }

    /**
     * A plane and what is drawn in front of it.
     *
     * @param right unit vector, three values; likewise up and back (against the view)
     * @param perspective whether scale is divided by the depth
     * @param scale pixels a unit at depth 1, or everywhere
     * @param middleX pixels at which the axis of view is
     * @param middleY likewise, downwards
     * @param depthMin exclusive, at least 0
     * @param depthMax exclusive
     * @param sizeFactor on R, before the minimum
     * @param minRadiusSquared soft minimum of R in pixels, squared
     * @param strength factor on the light of a size of 1
     * @param width of the picture in pixels
     * @param height of the picture in pixels
     */
    @SuppressWarnings("ArrayRecordComponent") // written once
    record Plane(
            double[] right,
            double[] up,
            double[] back,
            boolean perspective,
            double scale,
            double middleX,
            double middleY,
            double depthMin,
            double depthMax,
            double sizeFactor,
            double minRadiusSquared,
            double strength,
            int width,
            int height) {}

    /**
     * Projects the particles first..end-1 into the slots from {@code slot} on, but for a few at the
     * end.
     *
     * @param dx added to x to be relative to the eye, in the columns' unit; likewise dy, dz
     * @param within splats that do not reach into it get no radius
     * @return the first particle that is left to the caller
     */
    long project(
            Columns columns,
            Plane plane,
            double dx,
            double dy,
            double dz,
            long first,
            long end,
            Reach within,
            Splats out,
            int slot);
}
