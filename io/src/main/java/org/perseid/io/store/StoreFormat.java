package org.perseid.io.store;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.perseid.io.snapshot.ColumnSnapshot;
import org.perseid.io.snapshot.FieldInfo;
import org.perseid.io.snapshot.ReadOptions;
import org.perseid.io.snapshot.SnapshotFormat;
import org.perseid.io.snapshot.SnapshotInfo;

/** Particle stores as snapshots. */
public final class StoreFormat implements SnapshotFormat {
    /** Key of a parameter file: whether damaged blocks are left out. */
    public static final String SKIP = "skip_damaged";

    /** A field of a store that is 1 for every particle. */
    public static final String ONE = "one";

    /** A field of a store with smoothing lengths that the source has not. */
    public static final String COMPUTED_SIZE = "smoothing_length";

    /** Whether a file that begins so is a store. */
    public static boolean begins(byte[] head) {
        return StoreFile.recognises(ByteBuffer.wrap(head));
    }

    @Override
    public String name() {
        return "particle store";
    }

    @Override
    public boolean recognises(ByteBuffer head, long fileBytes) {
        return StoreFile.recognises(head);
    }

    @Override
    public ColumnSnapshot open(Path path, ReadOptions options) {
        StoreFile store = StoreFile.open(path);
        try {
            StorePart part = new StorePart(store, options.bool(SKIP, false));
            return new ColumnSnapshot(info(store), List.of(part), store::close);
        } catch (RuntimeException | Error e) {
            store.close();
            throw e;
        }
    }

    private static SnapshotInfo info(StoreFile store) {
        Directory directory = store.directory();
        List<SnapshotInfo.TypeInfo> types = new ArrayList<>();
        Map<String, FieldInfo> fields = new LinkedHashMap<>();
        for (Directory.Type type : directory.types()) {
            types.add(
                    new SnapshotInfo.TypeInfo(
                            type.index(), type.name(), type.count(), type.mass()));
            for (Directory.Field field : type.fields()) {
                FieldInfo before = fields.get(field.name());
                List<Integer> of = new ArrayList<>(before == null ? List.of() : before.types());
                of.add(type.index());
                fields.put(
                        field.name(),
                        new FieldInfo(
                                field.name(),
                                field.description(),
                                field.unit(),
                                field.element().code(),
                                field.columns().size(),
                                List.copyOf(of)));
            }
        }
        SnapshotInfo.Header header = directory.header();
        return new SnapshotInfo(
                "particle store 1, of " + directory.source(),
                List.of(store.file().path()),
                store.file().size(),
                List.copyOf(types),
                List.copyOf(fields.values()),
                header.time(),
                header.redshift(),
                header.boxSize(),
                header.hubble(),
                header.omega0(),
                header.omegaLambda(),
                directory.roles(),
                directory.units());
    }
}
