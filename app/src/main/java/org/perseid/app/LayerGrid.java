package org.perseid.app;

import org.perseid.io.image.PixelGrid;
import org.perseid.io.par.RenderJob;
import org.perseid.io.snapshot.FieldInfo;
import org.perseid.io.snapshot.SnapshotInfo;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.Measure;

/** Where the pixels of a float layer are, and in which units. */
final class LayerGrid {
    private LayerGrid() {}

    /** Lengths are along the picture's axes, 0 at the origin of the snapshot's coordinates. */
    static PixelGrid of(RenderJob job, Camera camera, Measure measure, SnapshotInfo info) {
        return of(job, camera, unit(job, measure, info), info);
    }

    /** Of light, which has no unit. */
    static PixelGrid ofLight(RenderJob job, Camera camera, SnapshotInfo info) {
        return of(job, camera, "", info);
    }

    private static PixelGrid of(RenderJob job, Camera camera, String valueUnit, SnapshotInfo info) {
        boolean flat = camera.projection().isFlat();
        return new PixelGrid(
                flat ? camera.widthAtTarget() / job.width() : 0,
                camera.axisX().dot(camera.lookAt()),
                camera.axisY().dot(camera.lookAt()),
                flat ? info.units().length().name() : "",
                valueUnit);
    }

    /** The unit of a layer's values; empty for none. */
    static String unit(RenderJob job, Measure measure, SnapshotInfo info) {
        String mass = info.units().mass().name();
        String length = info.units().length().name();
        return switch (measure.kind()) {
            case MASS -> mass;
            case COLUMN_DENSITY -> "(" + mass + ") / (" + length + ")^2";
            case DEPTH -> length;
            case HITS -> "";
            case MEAN, MAXIMUM -> {
                String name = job.numbers().fields().get(measure.field());
                yield info.fields().stream()
                        .filter(f -> f.name().equals(name))
                        .map(FieldInfo::unit)
                        .findFirst()
                        .orElse("");
            }
        };
    }
}
