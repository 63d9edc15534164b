package org.perseid.renderer.backend;

/** Splats that are there already, in chunks of a given size; chunks without any are not seen. */
public record FixedSplats(Splats splats, int chunk) implements SplatSource {
    @Override
    public int chunks() {
        return Math.ceilDiv(splats.count(), chunk);
    }

    @Override
    public int size(int c) {
        return Math.min(splats.count(), (c + 1) * chunk) - c * chunk;
    }

    @Override
    public int capacity() {
        return chunk;
    }

    @Override
    public boolean reach(int c, Reach out) {
        out.all(Integer.MAX_VALUE / 2, Integer.MAX_VALUE / 2);
        return size(c) > 0;
    }

    @Override
    public void project(int c, Reach within, Splats out, int slot) {
        int first = c * chunk;
        System.arraycopy(splats.x, first, out.x, slot, size(c));
        System.arraycopy(splats.y, first, out.y, slot, size(c));
        System.arraycopy(splats.radius, first, out.radius, slot, size(c));
        System.arraycopy(splats.light, 4 * first, out.light, 4 * slot, 4 * size(c));
    }
}
