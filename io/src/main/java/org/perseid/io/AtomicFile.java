package org.perseid.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.stream.Stream;

/** Writes files that are complete or not there: to a neighbour first, which then takes the name. */
public final class AtomicFile {
    private AtomicFile() {}

    /** What is written. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes a file; folders that are missing are made.
     *
     * @throws InputException when it cannot be written; nothing is left behind then
     */
    public static void write(Path file, Content content) {
        Path part = part(file);
        try {
            createFolder(file);
            try (OutputStream out =
                    new BufferedOutputStream(Files.newOutputStream(part), 1 << 16)) {
                content.writeTo(out);
            }
            move(part, file);
        } catch (IOException e) {
            discard(part);
            throw cannotWrite(file, e);
        }
    }

    /** The neighbour that a file is written to before it takes its name. */
    public static Path part(Path file) {
        return file.resolveSibling(file.getFileName() + ".part");
    }

    /** Makes the folders above a file. */
    public static void createFolder(Path file) throws IOException {
        Path folder = file.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
    }

    /** Removes a folder with what is in it, where there is one. */
    public static void deleteFolder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** Gives a complete neighbour its name. */
    public static void move(Path part, Path file) throws IOException {
        try {
            Files.move(
                    part,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Deletes an incomplete neighbour, if it is there. */
    public static void discard(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            part.toFile().deleteOnExit();
        }
    }

    /** The error for a file that could not be written. */
    public static InputException cannotWrite(Path file, IOException e) {
        return new InputException(
                file,
                "cannot be written ("
                        + reason(e)
                        + "); check the folder, its permissions and the free space",
                e);
    }

    /** What the system said, under what was said of it since. */
    private static String reason(IOException e) {
        Throwable first = e;
        while (first.getCause() instanceof IOException cause) {
            first = cause;
        }
        return switch (first) {
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException f when f.getReason() != null -> f.getReason();
            default -> String.valueOf(first.getMessage());
        };
    }
}
