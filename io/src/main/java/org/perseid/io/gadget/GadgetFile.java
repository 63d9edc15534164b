package org.perseid.io.gadget;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.perseid.io.InputException;
import org.perseid.io.snapshot.ElementType;
import org.perseid.io.snapshot.FieldData;
import org.perseid.io.snapshot.SnapshotPart;

/** One file of a snapshot, mapped: its header and where its blocks lie. Closing it unmaps it. */
final class GadgetFile implements SnapshotPart, AutoCloseable {
    private static final int INFO_ENTRY = 40;

    private final Path path;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment data;
    private final ByteOrder order;
    private final boolean labelled;
    private final GadgetHeader header;
    private final Map<String, Block> blocks = new LinkedHashMap<>();
    private final Map<String, Long> unreadable = new LinkedHashMap<>();

    /**
     * @throws InputException when it is no Gadget file or damaged
     */
    GadgetFile(Path path, List<String> blockOrder) {
        this.path = path;
        try {
            data = map();
            order = byteOrder();
            labelled = data.get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(order), 0) == 8;
            List<RawRecord> records = new RecordScanner(path, data, order, labelled).scan();
            header = readHeader(records.getFirst());
            name(records.subList(1, records.size()), blockOrder);
            if (header.count() > 0) {
                requirePositions(records);
            }
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    private MemorySegment map() {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (IOException e) {
            throw new InputException(path, "cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private ByteOrder byteOrder() {
        ByteOrder found = data.byteSize() < 4 ? null : byteOrder(data.asSlice(0, 4).asByteBuffer());
        if (found == null) {
            throw new InputException(
                    path,
                    "is no Gadget-2 file: the first word is neither 8 nor 256 in either byte order");
        }
        return found;
    }

    /**
     * The byte order in which the first word is 256 (format 1) or 8 (format 2); null when there is
     * none.
     */
    static @Nullable ByteOrder byteOrder(ByteBuffer head) {
        if (head.remaining() < 4) {
            return null;
        }
        for (ByteOrder candidate : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            int word = head.duplicate().order(candidate).getInt();
            if (word == GadgetHeader.BYTES || word == 8) {
                return candidate;
            }
        }
        return null;
    }

    private GadgetHeader readHeader(RawRecord record) {
        if (record.length() != GadgetHeader.BYTES || (labelled && !record.label().equals("HEAD"))) {
            throw new InputException(
                    path,
                    "the first block is '"
                            + record.label()
                            + "' of "
                            + record.length()
                            + " bytes; expected the header of 256 bytes");
        }
        return GadgetHeader.read(path, data, record.offset(), order);
    }

    private void name(List<RawRecord> records, List<String> blockOrder) {
        Map<String, BlockRules.Declared> declared = declarations(records);
        List<String> names = blockOrder.isEmpty() ? BlockRules.usualOrder(header) : blockOrder;
        int next = 0;
        for (int i = 0; i < records.size(); i++) {
            RawRecord record = records.get(i);
            String name = record.label();
            if (!labelled) {
                int fitting =
                        blockOrder.isEmpty()
                                ? firstFitting(names, next, record)
                                : Math.min(next, names.size());
                name = fitting < names.size() ? names.get(fitting) : "BLK" + (i + 1);
                next = fitting < names.size() ? fitting + 1 : next;
            }
            if (!name.equals("INFO")) {
                addBlock(name, record, declared.get(name));
            }
        }
    }

    /** POS, VEL and ID stand where they must; of the others the first whose length is right. */
    private int firstFitting(List<String> names, int next, RawRecord record) {
        for (int k = next; k < names.size(); k++) {
            String name = names.get(k);
            Block block = BlockRules.resolve(name, record, header, null, positionBytes());
            if (k < 3 || (block != null && usual(name, block))) {
                return k;
            }
        }
        return names.size();
    }

    private static boolean usual(String name, Block block) {
        BlockRules.Rule rule = BlockRules.rule(name);
        int types = rule.types();
        return block.components() == rule.components()
                && (types == 0 || block.types().stream().allMatch(t -> (types >> t & 1) == 1));
    }

    private void addBlock(String name, RawRecord record, BlockRules.@Nullable Declared declared) {
        Block block = BlockRules.resolve(name, record, header, declared, positionBytes());
        if (block == null) {
            unreadable.put(name, record.length());
        } else {
            blocks.putIfAbsent(name, block);
        }
    }

    private int positionBytes() {
        Block position = blocks.get("POS");
        return position == null ? 0 : position.element().bytes();
    }

    private void requirePositions(List<RawRecord> records) {
        if (blocks.containsKey("POS")) {
            return;
        }
        Long length = unreadable.get("POS");
        long n = header.count();
        throw new InputException(
                path,
                length == null
                        ? "has no block POS after the header ("
                                + records.size()
                                + " records); nothing can be drawn"
                        : "the header says "
                                + n
                                + " particles, so POS must have "
                                + 12 * n
                                + " (float32) or "
                                + 24 * n
                                + " bytes (float64), but it has "
                                + length
                                + "; header and data do not belong together");
    }

    /** The entries of the INFO block, by name; empty when there is none. */
    private Map<String, BlockRules.Declared> declarations(List<RawRecord> records) {
        Map<String, BlockRules.Declared> out = new HashMap<>();
        for (RawRecord record : records) {
            if (!record.label().equals("INFO") || record.length() % INFO_ENTRY != 0) {
                continue;
            }
            for (long at = 0;
                    at + INFO_ENTRY <= Math.min(record.length(), 1L << 16);
                    at += INFO_ENTRY) {
                declare(record.offset() + at, out);
            }
        }
        return out;
    }

    /**
     * An entry: 4 letters name, 8 letters type, components, and for each of six types whether it is
     * in the block.
     */
    private void declare(long at, Map<String, BlockRules.Declared> out) {
        String type = text(at + 4, 8);
        ValueLayout.OfInt int32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
        int types = 0;
        for (int t = 0; t < GadgetHeader.TYPES; t++) {
            types |= data.get(int32, at + 16 + 4L * t) != 0 ? 1 << t : 0;
        }
        int components = type.endsWith("N") ? data.get(int32, at + 12) : 1;
        boolean integer = type.startsWith("LONG") || type.startsWith("LLONG");
        int bytes = type.startsWith("DOUBLE") || type.startsWith("LLONG") ? 8 : 4;
        if (components >= 1 && components <= 64) {
            out.put(text(at, 4), new BlockRules.Declared(integer, bytes, components, types));
        }
    }

    private String text(long at, int length) {
        byte[] bytes = new byte[length];
        MemorySegment.copy(data, ValueLayout.JAVA_BYTE, at, bytes, 0, length);
        return new String(bytes, StandardCharsets.ISO_8859_1).replace('\0', ' ').strip();
    }

    @Override
    public Path path() {
        return path;
    }

    MemorySegment data() {
        return data;
    }

    ByteOrder order() {
        return order;
    }

    GadgetHeader header() {
        return header;
    }

    /** Blocks that can be read, in the order of the file. */
    Map<String, Block> blocks() {
        return blocks;
    }

    @Override
    public long rows(int type) {
        return type < GadgetHeader.TYPES ? header.counts()[type] : 0;
    }

    @Override
    public @Nullable FieldData field(String name, int type, Map<String, Integer> present) {
        Block block = blocks.get(name);
        Integer mask = present.get(name);
        if (block != null && mask != null) {
            Block masked = BlockRules.withTypes(block, header, mask);
            block = masked == null ? block : masked;
        }
        if (block == null || type >= GadgetHeader.TYPES || block.rows()[type] == 0) {
            return null;
        }
        FieldData data = block.data(this.data, order, type);
        return name.equals("ID") && type == 0 ? new GasIds(data) : data;
    }

    /**
     * Of a gas particle's id only the low 30 or 60 bits count: codes put the generation of a split
     * particle above them.
     */
    private record GasIds(FieldData field) implements FieldData {
        @Override
        public ElementType element() {
            return field.element();
        }

        @Override
        public int components() {
            return 1;
        }

        @Override
        public void doubles(long row, int rows, double[] out) {
            field.doubles(row, rows, out);
        }

        @Override
        public void longs(long row, int rows, long[] out) {
            field.longs(row, rows, out);
            long mask = element() == ElementType.U8 ? (1L << 60) - 1 : (1L << 30) - 1;
            for (int i = 0; i < rows; i++) {
                out[i] &= mask;
            }
        }
    }

    @Override
    public Set<String> fieldNames(int type) {
        Set<String> names = new LinkedHashSet<>();
        blocks.forEach((name, block) -> {
            if (block.rows()[type] > 0) {
                names.add(name);
            }
        });
        return names;
    }

    @Override
    public String trouble(String field) {
        Long length = unreadable.get(field);
        return length == null
                ? ""
                : "block '"
                        + field
                        + "' of "
                        + length
                        + " bytes fits no set of the particle types in the header";
    }

    String variant() {
        return "Gadget-2 binary, format "
                + (labelled ? 2 : 1)
                + (order == ByteOrder.LITTLE_ENDIAN ? ", little-endian" : ", big-endian");
    }

    @Override
    public void close() {
        arena.close();
    }
}
