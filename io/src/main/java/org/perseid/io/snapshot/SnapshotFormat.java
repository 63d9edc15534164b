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
     * @param head the first bytes, 0 to 8192 of them, as many as there are
     * @param fileBytes size of the file
     */
    boolean recognises(ByteBuffer head, long fileBytes);

    /**
     * Splotch's numbers of the readers that this stands for, when nothing in the file tells: such a
     * format is used only when it is asked for.
     */
    default List<Integer> onlyFor() {
        return List.of();
    }

    /** Whether a folder is a snapshot of this format. */
    default boolean recognisesFolder(Path folder) {
        return false;
    }

    /**
     * Opens the snapshot that the file belongs to, with all its parts.
     *
     * @param options what the parameter file says of it
     * @throws org.perseid.io.InputException when it is damaged or a part is missing
     */
    ColumnSnapshot open(Path file, ReadOptions options);
}
