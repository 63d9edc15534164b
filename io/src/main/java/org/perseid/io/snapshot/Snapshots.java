package org.perseid.io.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.perseid.io.InputException;

/** Opens snapshots of any installed format. */
public final class Snapshots {
    private static final int HEAD_BYTES = 512;

    private Snapshots() {}

    /**
     * The file that a name stands for: itself, or its first part {@code name.0}.
     *
     * @throws InputException when there is neither
     */
    public static Path locate(Path name) {
        if (Files.isRegularFile(name)) {
            return name;
        }
        Path first = name.resolveSibling(name.getFileName() + ".0");
        if (Files.isRegularFile(first)) {
            return first;
        }
        throw new InputException(
                name,
                Files.isDirectory(name)
                        ? "is a folder; give a snapshot file"
                        : "no such file, and no "
                                + first.getFileName()
                                + " either; check the path");
    }

    /**
     * Opens a snapshot by its content.
     *
     * @param name a file, one part of a snapshot in several files, or their common name without
     *     {@code .0}
     * @param blockOrder see {@link SnapshotFormat#open}
     * @throws InputException when there is no such file or no format knows it
     */
    public static Snapshot open(Path name, List<String> blockOrder) {
        Path file = locate(name);
        ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
        long fileBytes;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            fileBytes = channel.size();
            while (head.hasRemaining() && channel.read(head) >= 0) {}
        } catch (IOException e) {
            throw new InputException(file, "cannot be read (" + e.getMessage() + ")", e);
        }
        head.flip();
        List<SnapshotFormat> formats =
                ServiceLoader.load(SnapshotFormat.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .toList();
        return formats.stream()
                .filter(f -> f.recognises(head.duplicate(), fileBytes))
                .findFirst()
                .orElseThrow(() -> new InputException(file, unknown(head, fileBytes, formats)))
                .open(file, blockOrder);
    }

    private static String unknown(ByteBuffer head, long fileBytes, List<SnapshotFormat> formats) {
        String names = formats.stream().map(SnapshotFormat::name).collect(Collectors.joining(", "));
        if (fileBytes == 0) {
            return "the file is empty; expected a snapshot (" + names + ")";
        }
        byte[] first = new byte[Math.min(8, head.remaining())];
        head.duplicate().get(first);
        String found = "begins with bytes " + HexFormat.ofDelimiter(" ").formatHex(first);
        if (found.startsWith("begins with bytes 89 48 44 46")) {
            found = "is an HDF5 file, which is not supported yet";
        }
        return "unknown format: " + found + "; supported: " + names;
    }
}
