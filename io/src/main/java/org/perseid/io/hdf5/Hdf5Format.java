package org.perseid.io.hdf5;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.perseid.io.snapshot.ColumnSnapshot;
import org.perseid.io.snapshot.ReadOptions;
import org.perseid.io.snapshot.SnapshotFormat;

/** HDF5 of any kind: Gadget's, AREPO's, SWIFT's ... groups of types, openPMD, H5Part, or plain. */
public final class Hdf5Format implements SnapshotFormat {
    private static final long SIGNATURE = 0x894844460d0a1a0aL;

    @Override
    public String name() {
        return "HDF5 (Gadget, AREPO, EAGLE, GIZMO, SWIFT, Phantom, openPMD, H5Part, plain)";
    }

    @Override
    public boolean recognises(ByteBuffer head, long fileBytes) {
        return head.remaining() >= 8 && head.getLong(0) == SIGNATURE;
    }

    @Override
    public ColumnSnapshot open(Path path, ReadOptions options) {
        List<Hdf5File> files = new ArrayList<>();
        try {
            return Hdf5File.guarded(
                    path,
                    () -> {
                        Hdf5File file = Hdf5File.open(path);
                        files.add(file);
                        return GadgetHdf5.knows(file)
                                ? GadgetHdf5.open(file, files)
                                : PlainHdf5.open(
                                        file, options, () -> files.forEach(Hdf5File::close));
                    });
        } catch (RuntimeException | Error e) {
            files.forEach(Hdf5File::close);
            throw e;
        }
    }
}
