package org.perseid.renderer.frame;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.perseid.renderer.model.Detail;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.TypeStyle;
import org.perseid.renderer.model.Workers;
import org.perseid.renderer.spatial.DetailBuilder;

/** Particles and how they are shown. */
public record Layer(ParticleSet particles, TypeStyle style) {
    /** The particles' nodes when their light is of this style; null when there are none. */
    public @Nullable Detail usableDetail() {
        List<Detail> all = particles.details();
        String light = all.isEmpty() ? "" : style.light(particles);
        return all.stream().filter(d -> d.light().equals(light)).findFirst().orElse(null);
    }

    /** Makes the particles' nodes in this style; they have to be in spatial order. */
    public void makeDetail(Workers workers) {
        particles.setDetails(
                List.of(
                        DetailBuilder.build(
                                particles,
                                style,
                                n -> new ParticleSet(n, Detail.COLUMNS),
                                workers,
                                Reporter.SILENT)));
    }
}
