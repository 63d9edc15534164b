package org.perseid.io.ramses;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.perseid.io.InputException;
import org.perseid.io.snapshot.ColumnSnapshot;
import org.perseid.io.snapshot.FieldTable;
import org.perseid.io.snapshot.MappedFile;
import org.perseid.io.snapshot.ReadOptions;
import org.perseid.io.snapshot.Roles;
import org.perseid.io.snapshot.SnapshotFormat;
import org.perseid.io.snapshot.SnapshotInfo;
import org.perseid.io.snapshot.Units;

/**
 * A RAMSES output, by its folder or its info file: leaf cells of the gas as type 0, particles by
 * family as types 1 (dark matter), 2 (stars) and on.
 */
public final class RamsesFormat implements SnapshotFormat {
    private static final List<String> TYPES =
            List.of("gas cells", "dark matter", "stars", "clouds", "debris", "other", "tracers");

    @Override
    public String name() {
        return "RAMSES output (its folder, or info_NNNNN.txt)";
    }

    @Override
    public boolean recognises(ByteBuffer head, long fileBytes) {
        byte[] first = new byte[Math.min(64, head.remaining())];
        head.get(first);
        return new String(first, StandardCharsets.ISO_8859_1).matches("(?s)ncpu\\s+=\\s+\\d+.*");
    }

    @Override
    public boolean recognisesFolder(Path folder) {
        return infoFile(folder).isPresent();
    }

    private static Optional<Path> infoFile(Path folder) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "info_*.txt")) {
            for (Path file : files) {
                if (String.valueOf(file.getFileName()).matches("info_\\d{5}\\.txt")) {
                    return Optional.of(file);
                }
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    @Override
    public ColumnSnapshot open(Path path, ReadOptions options) {
        Path infoFile = Files.isDirectory(path) ? infoFile(path).orElse(path) : path;
        RamsesInfo info = RamsesInfo.read(infoFile);
        List<MappedFile> files = new ArrayList<>();
        try {
            List<FieldTable> tables = new ArrayList<>();
            boolean particles = Files.isRegularFile(info.file("part", 1));
            boolean cells =
                    Files.isRegularFile(info.file("amr", 1))
                            && Files.isRegularFile(info.file("hydro", 1));
            if (!particles && !cells) {
                throw new InputException(
                        infoFile,
                        "there is neither " + info.file("part", 1) + " nor amr and hydro files");
            }
            for (int cpu = 1; cpu <= info.cpus(); cpu++) {
                if (particles) {
                    tables.add(new ParticleFile(open(info, "part", cpu, files), info).table());
                }
                if (cells) {
                    MappedFile amr = open(info, "amr", cpu, files);
                    tables.add(
                            new LeafCells(amr, open(info, "hydro", cpu, files), info, cpu).table());
                }
            }
            return new ColumnSnapshot(
                    describe(info, infoFile, files, tables),
                    tables,
                    () -> files.forEach(MappedFile::close));
        } catch (RuntimeException | Error e) {
            files.forEach(MappedFile::close);
            throw e;
        }
    }

    private static MappedFile open(RamsesInfo info, String kind, int cpu, List<MappedFile> files) {
        Path path = info.file(kind, cpu);
        if (!Files.isRegularFile(path)) {
            throw new InputException(
                    path, "is missing; the info file says " + info.cpus() + " tasks, each has one");
        }
        MappedFile file = MappedFile.open(path);
        files.add(file);
        return file;
    }

    private static SnapshotInfo describe(
            RamsesInfo info, Path infoFile, List<MappedFile> files, List<FieldTable> tables) {
        double scaleFactor = info.value("aexp", 1);
        boolean cosmological = info.value("omega_m", 0) > 0 && scaleFactor < 1;
        SnapshotInfo.Header header =
                new SnapshotInfo.Header(
                        cosmological ? scaleFactor : info.value("time", 0),
                        cosmological ? 1 / scaleFactor - 1 : 0,
                        info.boxLength(),
                        info.value("H0", 0) / 100,
                        cosmological ? info.value("omega_m", 0) : 0,
                        info.value("omega_l", 0));
        double length = info.value("unit_l", Double.NaN);
        double density = info.value("unit_d", Double.NaN);
        double time = info.value("unit_t", Double.NaN);
        Units units =
                new Units(
                        Units.named(length, new String[] {"cm"}, "", 1),
                        Units.named(density * length * length * length, new String[] {"g"}, "", 1),
                        Units.named(length / time, new String[] {"cm / s"}, "", 1));
        List<Path> paths = new ArrayList<>(List.of(infoFile));
        files.forEach(f -> paths.add(f.path()));
        return SnapshotInfo.of(
                "RAMSES output " + info.number(),
                tables,
                paths,
                files.stream().mapToLong(MappedFile::size).sum(),
                TYPES,
                new double[0],
                Map.of(),
                header,
                new Roles("position", "velocity", "mass", "identity", LeafCells.SIZE, 1),
                Double.isNaN(length + density + time) ? Units.UNKNOWN : units);
    }
}
