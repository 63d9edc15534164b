package org.perseid.renderer.backend;

import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.StageTimes;

/**
 * Draws splats into an image. One frame uses one instance at a time; it may keep scratch memory
 * between calls. Every pixel gets its contributions in the order of the splats, so that the same
 * splats give the same bits.
 */
public interface SplatBackend {
    /** Adds w * colour of each splat to the image. */
    void add(Splats splats, LinearImage image, StageTimes times);

    /**
     * Lays each splat over the image, in order: L becomes q + (L - q) exp(-w e) with q = e / (e +
     * gray).
     *
     * @param gray at least 0
     */
    void absorb(Splats splats, double gray, LinearImage image, StageTimes times);

    /** Adds what the particles have in each pixel to the float layers, without losing mass. */
    void measure(
            Footprints particles, ProjectedKernel kernel, MeasureImage image, StageTimes times);
}
