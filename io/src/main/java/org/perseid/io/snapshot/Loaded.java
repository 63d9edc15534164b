package org.perseid.io.snapshot;

import org.perseid.renderer.model.ParticleSet;

/**
 * What was read for one displayed type. Whoever gets it closes the particles.
 *
 * @param particles with all columns filled, but for the smoothing length where it is missing
 * @param sizeMissing the smoothing length was to be read and the file has none for this type
 * @param bytesRead bytes of the file that were used
 */
public record Loaded(ParticleSet particles, boolean sizeMissing, long bytesRead) {
    /** The same with other particles. */
    public Loaded with(ParticleSet others) {
        return new Loaded(others, sizeMissing, bytesRead);
    }
}
