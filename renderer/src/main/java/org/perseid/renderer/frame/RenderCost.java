package org.perseid.renderer.frame;

import java.util.function.LongToDoubleFunction;
import org.perseid.renderer.backend.Splats;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.FrameSettings;
import org.perseid.renderer.model.Projection;
import org.perseid.renderer.model.Vec3;

/**
 * What drawing a particle costs, in units of what projecting it costs: 1 where it is not seen, and
 * up to 2 with the pixels that it covers. More pixels cost more, but a bounded weight bounds how
 * many particles a peer holds. Used by one thread.
 */
public final class RenderCost implements LongToDoubleFunction {
    /** Pixels that are as much work as projecting a particle. */
    private static final double PIXELS = 15;

    private final Projector projector;
    private final boolean wholeSky;
    private final Splats one = new Splats(1);
    private final Projector.Place place = new Projector.Place();

    /** The cost of the particles of a layer in a picture. */
    public RenderCost(Layer layer, Camera camera, FrameSettings frame) {
        projector = new Projector(layer, camera, frame, new Vec3(0, 0, 0));
        wholeSky = camera.projection() == Projection.EQUIRECTANGULAR;
    }

    @Override
    public double applyAsDouble(long particle) {
        double pixels = pixels(particle);
        return 1 + pixels / (pixels + PIXELS);
    }

    /** Pixels that a particle covers, also outside of the picture; 0 where it is not seen. */
    public double pixels(long particle) {
        if (wholeSky) {
            return 0;
        }
        double _ = projector.project(particle, one, 0, place);
        double reach = Splats.SUPPORT * one.radius[0];
        return Math.PI * reach * reach;
    }
}
