package org.perseid.renderer.backend;

import org.jspecify.annotations.Nullable;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.StageTimes;

/**
 * Draws splats into an image. One frame uses one instance at a time; it may keep scratch memory
 * between calls. Every pixel gets its contributions in an order that depends on the splats only, so
 * that the same splats give the same bits, whatever the number of threads.
 */
public interface SplatBackend {
    /** Adds w * light of each splat to the image. */
    void add(SplatSource source, LinearImage image, StageTimes times);

    /**
     * Lays each splat over the image, in order: L becomes q + (L - q) exp(-w e) with q = e / (e +
     * gray).
     *
     * @param gray at least 0
     */
    void absorb(Splats splats, double gray, LinearImage image, StageTimes times);

    /** A faster projection onto a plane than one particle after the other; null for none. */
    default @Nullable PlaneProjection planeProjection() {
        return null;
    }
}
