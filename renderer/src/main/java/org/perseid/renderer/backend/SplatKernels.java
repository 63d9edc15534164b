package org.perseid.renderer.backend;

/** Draws splats into a pyramid; with scratch memory of its own, for one thread at a time. */
public interface SplatKernels {
    /**
     * Adds w * light of each splat to the pixels x0..x1-1, y0..y1-1 and, on coarser levels, to
     * those that belong to them. A pixel gets its splats in their order by size class.
     */
    void draw(Splats splats, int x0, int y0, int x1, int y1, Pyramid into);
}
