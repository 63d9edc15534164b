package org.perseid.io.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.perseid.io.InputException;

/** Opens snapshots of any installed format. */
public final class Snapshots {
    private static final int HEAD_BYTES = 8192;

    private Snapshots() {}

    /** What may follow a name of several files or of a container. */
    private static final List<String> ENDINGS = List.of("", ".0", ".hdf5", ".0.hdf5", ".h5");

    /**
     * The file that a name stands for: itself, its first part {@code name.0}, either with {@code
     * .hdf5}; or a folder that is a snapshot.
     *
     * @throws InputException when there is none
     */
    public static Path locate(Path name) {
        return find(name).orElseThrow(() -> notThere(name));
    }

    /** Like {@link #locate}; empty when there is none. */
    public static Optional<Path> find(Path name) {
        for (String ending : ENDINGS) {
            Path file = ending.isEmpty() ? name : name.resolveSibling(name.getFileName() + ending);
            if (Files.isRegularFile(file)) {
                return Optional.of(file);
            }
        }
        boolean known =
                Files.isDirectory(name)
                        && formats().stream().anyMatch(f -> f.recognisesFolder(name));
        return known ? Optional.of(name) : Optional.empty();
    }

    private static InputException notThere(Path name) {
        return new InputException(
                name,
                Files.isDirectory(name)
                        ? "is a folder and no RAMSES output; give a snapshot file"
                        : "no such file, and no "
                                + name.getFileName()
                                + ".0 or .hdf5 either; check the path");
    }

    private static List<SnapshotFormat> formats() {
        return ServiceLoader.load(SnapshotFormat.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    /**
     * Opens a snapshot by its content; a format that nothing in a file tells, by its simtype.
     *
     * @param name a file, one part of a snapshot in several files, or their common name without
     *     {@code .0}
     * @throws InputException when there is no such file or no format knows it
     */
    public static Snapshot open(Path name, ReadOptions options) {
        Path file = locate(name);
        List<SnapshotFormat> formats = formats();
        for (SnapshotFormat format : formats) {
            if (format.onlyFor().contains(options.simtype())
                    || (Files.isDirectory(file) && format.recognisesFolder(file))) {
                return adjusted(format.open(file, options), options);
            }
        }
        ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
        long fileBytes;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            fileBytes = channel.size();
            while (head.hasRemaining() && channel.read(head) >= 0) {}
        } catch (IOException e) {
            throw new InputException(file, "cannot be read (" + e.getMessage() + ")", e);
        }
        head.flip();
        SnapshotFormat format =
                formats.stream()
                        .filter(f -> f.recognises(head.duplicate(), fileBytes))
                        .findFirst()
                        .orElseThrow(() ->
                                new InputException(
                                        file,
                                        unknown(head, fileBytes, formats)
                                                + ofFolder(file, formats)));
        return adjusted(format.open(file, options), options);
    }

    /** The snapshot under the roles and units that the parameter file gives. */
    private static Snapshot adjusted(ColumnSnapshot snapshot, ReadOptions options) {
        SnapshotInfo info = snapshot.info();
        Roles roles = info.roles();
        return snapshot.with(
                info.withRoles(
                                new Roles(
                                        options.text("position_label", roles.position()),
                                        options.orNull("velocity_label", roles.velocity()),
                                        options.orNull("mass_label", roles.mass()),
                                        options.orNull("id_label", roles.id()),
                                        roles.size(),
                                        roles.supportPerSize()))
                        .withUnits(
                                info.units()
                                        .with(
                                                options.text("unit_length", ""),
                                                options.text("unit_mass", ""),
                                                options.text("unit_velocity", ""),
                                                info.hubble(),
                                                info.scaleFactor())));
    }

    /** What to give instead of a file of a snapshot that is known by its folder. */
    private static String ofFolder(Path file, List<SnapshotFormat> formats) {
        Path folder = file.toAbsolutePath().getParent();
        return formats.stream()
                .filter(f -> folder != null && f.recognisesFolder(folder))
                .map(f -> f.name().replaceAll(" \\(.*", ""))
                .map(name -> "; the file lies in a folder of a " + name + ": give " + folder)
                .findFirst()
                .orElse("");
    }

    private static String unknown(ByteBuffer head, long fileBytes, List<SnapshotFormat> formats) {
        String names = formats.stream().map(SnapshotFormat::name).collect(Collectors.joining(", "));
        if (fileBytes == 0) {
            return "the file is empty; expected a snapshot (" + names + ")";
        }
        byte[] first = new byte[Math.min(8, head.remaining())];
        head.duplicate().get(first);
        String found = "begins with bytes " + HexFormat.ofDelimiter(" ").formatHex(first);
        return "unknown format: " + found + "; supported: " + names;
    }
}
