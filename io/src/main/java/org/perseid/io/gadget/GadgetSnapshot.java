package org.perseid.io.gadget;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.perseid.io.InputException;
import org.perseid.io.Nearest;
import org.perseid.io.snapshot.FieldInfo;
import org.perseid.io.snapshot.LoadRequest;
import org.perseid.io.snapshot.Loaded;
import org.perseid.io.snapshot.Share;
import org.perseid.io.snapshot.Snapshot;
import org.perseid.io.snapshot.SnapshotInfo;
import org.perseid.renderer.model.FieldRange;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Workers;

/** A Gadget snapshot in one or many files. */
final class GadgetSnapshot implements Snapshot {
    private static final Pattern PART = Pattern.compile("(.*)\\.(\\d{1,5})");
    private static final List<String> TYPE_NAMES =
            List.of("gas", "halo", "disk", "bulge", "stars", "boundary");
    private static final int IDENTITY_SAMPLES = 64;
    private static final int IDENTITY_SAMPLE_BYTES = 4096;

    private final List<GadgetFile> parts;

    private GadgetSnapshot(List<GadgetFile> parts) {
        this.parts = parts;
    }

    static GadgetSnapshot open(Path file, List<String> blockOrder) {
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
            return new GadgetSnapshot(List.copyOf(parts));
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

    @Override
    public SnapshotInfo info() {
        GadgetFile first = parts.getFirst();
        GadgetHeader header = first.header();
        return new SnapshotInfo(
                first.variant(),
                parts.stream().map(GadgetFile::path).toList(),
                parts.stream().mapToLong(p -> p.data().byteSize()).sum(),
                IntStream.range(0, GadgetHeader.TYPES)
                        .mapToObj(t ->
                                new SnapshotInfo.TypeInfo(
                                        t, TYPE_NAMES.get(t), count(t), header.masses()[t]))
                        .toList(),
                fields(),
                header.time(),
                header.redshift(),
                header.boxSize(),
                header.hubble(),
                header.omega0(),
                header.omegaLambda());
    }

    private List<FieldInfo> fields() {
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
                            block.element().name().toLowerCase(Locale.ROOT),
                            block.components(),
                            List.copyOf(types.getOrDefault(name, Set.of()))));
        });
        return out;
    }

    long count(int type) {
        return parts.stream().mapToLong(p -> p.header().counts()[type]).sum();
    }

    List<GadgetFile> parts() {
        return parts;
    }

    @Override
    public String identity() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (GadgetFile part : parts) {
                long size = part.data().byteSize();
                digest.update(
                        Long.toString(size).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                for (int s = 0; s < IDENTITY_SAMPLES; s++) {
                    long at = new Share(s, IDENTITY_SAMPLES).first(size);
                    long length = Math.min(IDENTITY_SAMPLE_BYTES, size - at);
                    digest.update(part.data().asSlice(at, length).asByteBuffer());
                }
            }
            return "sha256-sampled:" + HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        } catch (InternalError e) {
            throw changed(e);
        }
    }

    @Override
    public OptionalLong fieldBytes(String field, int type) {
        long bytes = 0;
        for (GadgetFile part : parts) {
            Block block = part.blocks().get(field);
            bytes += block == null ? 0 : block.rows()[type] * block.bytesPerRow();
        }
        return bytes == 0 ? OptionalLong.empty() : OptionalLong.of(bytes);
    }

    @Override
    public FieldRange range(String field, int type, Workers workers) {
        try {
            FieldRange range = FieldRange.EMPTY;
            for (GadgetFile part : parts) {
                if (part.header().counts()[type] > 0) {
                    range =
                            range.merge(
                                    ColumnLoader.range(
                                            part,
                                            requireBlock(part, field, type, Map.of()),
                                            type,
                                            workers));
                }
            }
            return range;
        } catch (InternalError e) {
            throw changed(e);
        }
    }

    @Override
    public List<Loaded> load(
            List<LoadRequest> requests, Share share, Workers workers, Reporter reporter) {
        try {
            return new ColumnLoader(this, requests, share, workers, reporter).load();
        } catch (InternalError e) {
            throw changed(e);
        }
    }

    /** What the JVM makes of a mapped page that is no longer there. */
    private InputException changed(InternalError e) {
        return new InputException(
                parts.getFirst().path(),
                "a file of the snapshot became shorter or unreadable while it was read; wait until it is complete and"
                        + " start again",
                e);
    }

    /**
     * The block of a field that has the type.
     *
     * @param present masks for names whose types the file does not tell
     * @throws InputException when there is none
     */
    static Block requireBlock(
            GadgetFile part, String field, int type, Map<String, Integer> present) {
        Block block = part.blocks().get(field);
        Integer mask = present.get(field);
        if (block != null && mask != null) {
            Block masked = BlockRules.withTypes(block, part.header(), mask);
            block = masked == null ? block : masked;
        }
        if (block != null && block.rows()[type] > 0) {
            return block;
        }
        throw new InputException(part.path(), missing(part, field, type));
    }

    private static String missing(GadgetFile part, String field, int type) {
        Set<String> names = new LinkedHashSet<>();
        part.blocks().forEach((name, b) -> addIf(b.rows()[type] > 0, name, names));
        Long length = part.unreadable().get(field);
        String what =
                length != null
                        ? "block '"
                                + field
                                + "' of "
                                + length
                                + " bytes fits no set of the particle types in the header"
                        : "type "
                                + type
                                + " ("
                                + TYPE_NAMES.get(type)
                                + ") has no field '"
                                + field
                                + "'";
        return what
                + Nearest.to(field, names).map(n -> "; did you mean " + n + "?").orElse("")
                + "; it has: "
                + String.join(", ", names);
    }

    private static void addIf(boolean condition, String name, Set<String> names) {
        if (condition) {
            names.add(name);
        }
    }

    @Override
    public void close() {
        parts.forEach(GadgetFile::close);
    }
}
