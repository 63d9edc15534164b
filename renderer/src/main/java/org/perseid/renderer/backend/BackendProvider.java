package org.perseid.renderer.backend;

import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.Workers;

/** A back end that {@link java.util.ServiceLoader} finds. */
public interface BackendProvider {
    /** The name for {@code --backend}. */
    String name();

    /** Higher is preferred by {@code auto}. */
    int priority();

    /** One line on where it would run, or why it cannot. */
    String describe();

    /** Whether it can run here. */
    boolean available();

    /**
     * The same on another device, where there are several.
     *
     * @param number from 0, counted round; of a provider that has a number already nothing changes
     */
    default BackendProvider onDevice(int number) {
        return this;
    }

    /**
     * Opens an instance.
     *
     * @param workers threads to use; not closed by the back end
     * @param tilePx side of a tile, where the back end has tiles
     * @param quality how close emission is to the sum over all particles
     */
    SplatBackend open(Workers workers, int tilePx, Quality quality);
}
