package org.perseid.io.gadget;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.perseid.io.snapshot.ColumnSnapshot;
import org.perseid.io.snapshot.ReadOptions;
import org.perseid.io.snapshot.SnapshotFormat;

/** Gadget-2 binary: SnapFormat 1 and 2, either byte order, one or many files. */
public final class GadgetFormat implements SnapshotFormat {
    @Override
    public String name() {
        return "Gadget-2 binary (format 1 or 2)";
    }

    @Override
    public boolean recognises(ByteBuffer head, long fileBytes) {
        return GadgetFile.byteOrder(head) != null;
    }

    @Override
    public ColumnSnapshot open(Path file, ReadOptions options) {
        return GadgetSnapshot.open(file, options.blockOrder());
    }
}
