package org.perseid.io.gadget;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.perseid.io.InputException;
import org.perseid.io.snapshot.ColumnSnapshot;
import org.perseid.io.snapshot.FieldInfo;
import org.perseid.io.snapshot.Roles;
import org.perseid.io.snapshot.SnapshotInfo;
import org.perseid.io.snapshot.Units;

/** Opens a Gadget snapshot in one or many files. */
final class GadgetSnapshot {
    private static final Pattern PART = Pattern.compile("(.*)\\.(\\d{1,5})");
    private static final List<String> TYPE_NAMES =
            List.of("gas", "halo", "disk", "bulge", "stars", "boundary");

    private GadgetSnapshot() {}

    static ColumnSnapshot open(Path file, List<String> blockOrder) {
        List<GadgetFile> parts = new ArrayList<>();
        try {
            GadgetFile first = new GadgetFile(file, blockOrder);
            parts.add(first);
            int files = first.header().files();
            Matcher name = PART.matcher(String.valueOf(file.getFileName()));
            if (files > 1 && name.matches()) {
                parts.clear();
                for (int k = 0; k < files; k++) {
                    parts.add(
                            part(
                                    first,
                                    file.resolveSibling(name.group(1) + "." + k),
                                    files,
                                    blockOrder));
                }
                if (!parts.contains(first)) {
                    first.close();
                    throw new InputException(
                            file,
                            "the header says "
                                    + files
                                    + " files, but this is number "
                                    + name.group(2));
                }
            } else if (files > 1) {
                throw new InputException(
                        file,
                        "the header says "
                                + files
                                + " files, but the name has no part number (name.0, name.1 ...)");
            }
            checkTotals(parts);
            return new ColumnSnapshot(info(parts), parts, () -> parts.forEach(GadgetFile::close));
        } catch (RuntimeException | Error e) {
            parts.forEach(GadgetFile::close);
            throw e;
        }
    }

    private static GadgetFile part(
            GadgetFile first, Path path, int files, List<String> blockOrder) {
        if (path.equals(first.path())) {
            return first;
        }
        if (!Files.isRegularFile(path)) {
            throw new InputException(
                    first.path(),
                    "the header says "
                            + files
                            + " files, but "
                            + path
                            + " is not there; copy all parts to one folder");
        }
        GadgetFile part = new GadgetFile(path, blockOrder);
        if (part.header().files() != files) {
            int found = part.header().files();
            part.close();
            throw new InputException(
                    path,
                    "says it is one of " + found + " files, " + first.path() + " says " + files);
        }
        return part;
    }

    private static void checkTotals(List<GadgetFile> parts) {
        GadgetHeader first = parts.getFirst().header();
        if (parts.size() == 1 || !first.hasTotals()) {
            return;
        }
        for (int t = 0; t < GadgetHeader.TYPES; t++) {
            int type = t;
            long sum = parts.stream().mapToLong(p -> p.header().counts()[type]).sum();
            if (sum != first.totals()[t]) {
                throw new InputException(
                        parts.getFirst().path(),
                        "the header says "
                                + first.totals()[t]
                                + " particles of type "
                                + t
                                + " in all, the "
                                + parts.size()
                                + " files hold "
                                + sum
                                + "; a file belongs to another snapshot");
            }
        }
    }

    private static SnapshotInfo info(List<GadgetFile> parts) {
        GadgetFile first = parts.getFirst();
        GadgetHeader header = first.header();
        return new SnapshotInfo(
                first.variant(),
                parts.stream().map(GadgetFile::path).toList(),
                parts.stream().mapToLong(p -> p.data().byteSize()).sum(),
                IntStream.range(0, GadgetHeader.TYPES)
                        .mapToObj(t ->
                                new SnapshotInfo.TypeInfo(
                                        t,
                                        TYPE_NAMES.get(t),
                                        parts.stream().mapToLong(p -> p.rows(t)).sum(),
                                        header.masses()[t]))
                        .toList(),
                fields(parts),
                header.time(),
                header.redshift(),
                header.boxSize(),
                header.hubble(),
                header.omega0(),
                header.omegaLambda(),
                new Roles("POS", "VEL", "MASS", "ID", "HSML", 1),
                Units.UNKNOWN);
    }

    private static List<FieldInfo> fields(List<GadgetFile> parts) {
        Map<String, Block> firstOf = new LinkedHashMap<>();
        Map<String, Set<Integer>> types = new LinkedHashMap<>();
        for (GadgetFile part : parts) {
            part.blocks()
                    .forEach((name, block) -> {
                        if (!block.types().isEmpty()) {
                            firstOf.putIfAbsent(name, block);
                            types.computeIfAbsent(name, n -> new TreeSet<>()).addAll(block.types());
                        }
                    });
        }
        List<FieldInfo> out = new ArrayList<>();
        firstOf.forEach((name, block) -> {
            BlockRules.Rule rule = BlockRules.rule(name);
            out.add(
                    new FieldInfo(
                            name,
                            rule.description(),
                            rule.unit().isEmpty() ? "" : "code " + rule.unit(),
                            block.element().code(),
                            block.components(),
                            List.copyOf(types.getOrDefault(name, Set.of()))));
        });
        return out;
    }
}
