package org.perseid.renderer.backend.vector;

import org.perseid.renderer.backend.BackendProvider;
import org.perseid.renderer.backend.SplatBackend;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.Workers;

/** SIMD on the CPU, where the Java machine was started with the Vector API. */
public final class VectorProvider implements BackendProvider {
    private static final String MODULE = "jdk.incubator.vector";

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public int priority() {
        return 10;
    }

    @Override
    public String describe() {
        return available()
                ? "SIMD on the CPU, " + Lanes.FLOATS.length() + " pixels at a time"
                : "the Java machine was started without --add-modules " + MODULE;
    }

    @Override
    public boolean available() {
        return ModuleLayer.boot().findModule(MODULE).isPresent();
    }

    @Override
    public SplatBackend open(Workers workers, int tilePx, Quality quality) {
        return new VectorBackend(workers, tilePx, quality);
    }
}
