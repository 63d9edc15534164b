package org.perseid.renderer.backend.vector;

import org.jspecify.annotations.Nullable;
import org.perseid.renderer.backend.Emission;
import org.perseid.renderer.backend.PlaneProjection;
import org.perseid.renderer.backend.SplatBackend;
import org.perseid.renderer.backend.SplatSource;
import org.perseid.renderer.backend.Splats;
import org.perseid.renderer.backend.Tiles;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Workers;

/** SIMD kernels; the rest is like the other back ends'. */
final class VectorBackend implements SplatBackend {
    private final Emission emission;
    private final Tiles tiles;
    private final PlaneProjection projection = new VectorProjection();

    VectorBackend(Workers workers, int tilePx, Quality quality) {
        this.tiles = new Tiles(workers, tilePx, Tiles.MAX_ENTRIES);
        this.emission = new Emission(workers, quality, VectorKernels::new);
    }

    @Override
    public void add(SplatSource source, LinearImage image, StageTimes times) {
        emission.add(source, image, times);
    }

    @Override
    public void absorb(Splats splats, double gray, LinearImage image, StageTimes times) {
        tiles.draw(splats, image, new VectorAbsorption(gray), times);
    }

    @Override
    public @Nullable PlaneProjection planeProjection() {
        return projection;
    }
}
