package org.perseid.io.snapshot;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * A format that {@link java.util.ServiceLoader} finds and that is recognised by content, never by
 * name.
 */
public interface SnapshotFormat {
    /** Name for messages. */
    String name();

    /**
     * Whether a file that begins so has this format.
     *
     * @param head the first bytes, 0 to 512 of them, as many as there are
     * @param fileBytes size of the file
     */
    boolean recognises(ByteBuffer head, long fileBytes);

    /**
     * Opens the snapshot that the file belongs to, with all its parts.
     *
     * @param blockOrder names of the blocks, in order, for files that do not name them; empty for
     *     the usual order
     * @throws org.perseid.io.InputException when it is damaged or a part is missing
     */
    Snapshot open(Path file, List<String> blockOrder);
}
