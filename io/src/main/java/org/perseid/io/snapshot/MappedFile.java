package org.perseid.io.snapshot;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.perseid.io.InputException;

/**
 * A file mapped for reading, by any number of threads. Whoever opens it closes it.
 *
 * @param path of the file
 * @param data all of its bytes
 * @param arena that holds the mapping
 */
public record MappedFile(Path path, MemorySegment data, Arena arena) implements AutoCloseable {
    /**
     * Maps a file.
     *
     * @throws InputException when it cannot be read
     */
    public static MappedFile open(Path path) {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return new MappedFile(
                    path,
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena),
                    arena);
        } catch (IOException e) {
            arena.close();
            throw new InputException(path, "cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /** Size in bytes. */
    public long size() {
        return data.byteSize();
    }

    @Override
    public void close() {
        arena.close();
    }
}
