package org.perseid.renderer.backend.scalar;

import org.perseid.renderer.backend.BackendProvider;
import org.perseid.renderer.backend.SplatBackend;
import org.perseid.renderer.backend.Tiles;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.Workers;

/** The scalar back end: plain Java on the CPU, always there. */
public final class ScalarProvider implements BackendProvider {
    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public int priority() {
        return 0;
    }

    @Override
    public String describe() {
        return "plain Java on the CPU, the specification of all back ends";
    }

    @Override
    public boolean available() {
        return true;
    }

    @Override
    public SplatBackend open(Workers workers, int tilePx, Quality quality) {
        return new ScalarBackend(workers, tilePx, Tiles.MAX_ENTRIES, quality);
    }
}
