package org.perseid.io.formats;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.perseid.io.TestReporter;
import org.perseid.io.snapshot.LoadRequest;
import org.perseid.io.snapshot.Loaded;
import org.perseid.io.snapshot.ReadOptions;
import org.perseid.io.snapshot.Region;
import org.perseid.io.snapshot.Share;
import org.perseid.io.snapshot.Snapshot;
import org.perseid.io.snapshot.SnapshotInfo;
import org.perseid.io.snapshot.Snapshots;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Workers;

/** Reads small snapshots into arrays. */
final class Reading {
    private Reading() {}

    /**
     * What was read of one type.
     *
     * @param position {@code [row][axis]} in the file's coordinates
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Rows(
            double[][] position,
            float[] size,
            float[] color,
            float[][] extras,
            long[] ids,
            float[][] velocity) {}

    static ReadOptions options(int simtype, Map<String, String> keys) {
        return new ReadOptions(List.of(), simtype, keys);
    }

    static SnapshotInfo info(Path file) {
        try (Snapshot snapshot = Snapshots.open(file, ReadOptions.NONE)) {
            return snapshot.info();
        }
    }

    /** A request of one type's positions, a size and a colour. */
    static LoadRequest request(int type, @Nullable String size, @Nullable String color) {
        return new LoadRequest(
                type, size == null ? 1 : 0, size, 1, color, false, 1, null, false, Map.of());
    }

    static LoadRequest with(LoadRequest r, boolean motion, LoadRequest.More more) {
        return new LoadRequest(
                r.fileType(),
                r.fixedSize(),
                r.sizeField(),
                r.sizeFactor(),
                r.colorField(),
                r.vectorColor(),
                r.colorFactor(),
                r.intensityField(),
                motion,
                r.present(),
                more);
    }

    static LoadRequest.More more(
            List<String> extras,
            Map<String, String> derived,
            String select,
            @Nullable Region region) {
        return new LoadRequest.More(false, extras, derived, select, region);
    }

    static Rows read(Path file, LoadRequest request) {
        return read(file, ReadOptions.NONE, request, new TestReporter());
    }

    static Rows read(Path file, ReadOptions options, LoadRequest request, TestReporter reporter) {
        try (Workers workers = new Workers(2);
                Snapshot snapshot = Snapshots.open(file, options)) {
            Loaded loaded =
                    snapshot.load(List.of(request), Share.ALL, workers, reporter).getFirst();
            try (ParticleSet set = loaded.particles()) {
                return rows(set);
            }
        }
    }

    private static Rows rows(ParticleSet set) {
        int n = (int) set.count();
        double[][] position = new double[n][3];
        float[] x = floats(set.x(), n);
        float[] y = floats(set.y(), n);
        float[] z = floats(set.z(), n);
        for (int i = 0; i < n; i++) {
            position[i] =
                    new double[] {x[i] + set.originX(), y[i] + set.originY(), z[i] + set.originZ()};
        }
        float[][] extras = new float[set.columns().extras()][];
        for (int k = 0; k < extras.length; k++) {
            extras[k] = floats(set.extra(k), n);
        }
        float[][] velocity = new float[set.columns().velocities() ? 3 : 0][];
        for (int k = 0; k < velocity.length; k++) {
            velocity[k] = floats(set.velocity(k), n);
        }
        long[] ids = new long[set.columns().ids() ? n : 0];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = set.ids().getAtIndex(ParticleSet.ID, i);
        }
        return new Rows(
                position,
                floats(set.smoothingLength(), n),
                floats(set.color(0), n),
                extras,
                ids,
                velocity);
    }

    private static float[] floats(MemorySegment column, int n) {
        float[] out = new float[n];
        for (int i = 0; i < n; i++) {
            out[i] = column.getAtIndex(ParticleSet.FLOAT, i);
        }
        return out;
    }
}
