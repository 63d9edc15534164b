package org.perseid.renderer.frame;

import java.util.ArrayList;
import java.util.List;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.Detail;
import org.perseid.renderer.model.FrameSettings;
import org.perseid.renderer.model.Vec3;

/**
 * A layer in one of its copies as a camera sees it.
 *
 * @param particles projects them
 * @param nodes that may stand for them, the finest first; none where all particles are drawn
 * @param detailPx longest side of such a node in pixels
 */
record View(Projector particles, List<Nodes> nodes, double detailPx) {

    /**
     * A level of nodes.
     *
     * @param sides as in {@link Detail.Level}
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Nodes(Projector projector, float[] sides) {}

    /**
     * @param copy from a particle to the copy that is drawn
     */
    static View of(Layer layer, Camera camera, FrameSettings frame, Vec3 copy) {
        Projector particles = new Projector(layer, camera, frame, copy);
        List<Nodes> nodes = new ArrayList<>();
        Detail detail = layer.usableDetail();
        if (frame.detailPx() > 0 && detail != null && camera.isFlat()) {
            for (Detail.Level level : detail.levels()) {
                nodes.add(
                        new Nodes(
                                Projector.ofNodes(
                                        level.nodes(), layer.style(), camera, frame, copy),
                                level.sides()));
            }
        }
        return new View(particles, nodes, frame.detailPx());
    }
}
