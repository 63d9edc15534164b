package org.perseid.io.gadget;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.perseid.io.AtomicFile;
import org.perseid.io.InputException;

/**
 * Writes one Gadget-2 file. The blocks are laid out at once in a mapped file; any number of threads
 * then fills them. The file gets its name at {@link #finish}; closed before that, nothing is left.
 */
public final class GadgetWriter implements AutoCloseable {
    private final Path file;
    private final Path part;
    private final Layout layout;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment data;
    private final Map<String, Placed> blocks = new LinkedHashMap<>();
    private boolean finished;

    private record Placed(BlockSpec spec, long offset) {
        long at(long row, int component) {
            return offset + (row * spec.components + component) * spec.type.bytes;
        }
    }

    /** A value's type in the file. */
    public enum Type {
        FLOAT("FLOAT", 4),
        DOUBLE("DOUBLE", 8),
        UINT("LONG", 4),
        ULONG("LLONG", 8);

        private final String infoName;
        private final int bytes;

        Type(String infoName, int bytes) {
            this.infoName = infoName;
            this.bytes = bytes;
        }
    }

    /**
     * A block.
     *
     * @param name at most four letters
     * @param type of a value
     * @param components values a particle
     * @param types bit t is set when particle type t is in the block
     */
    public record BlockSpec(String name, Type type, int components, int types) {}

    /**
     * What the file is like.
     *
     * @param format 1 (no names) or 2 (names)
     * @param info whether format 2 gets a block INFO, which declares the others
     * @param counts particles of the six types in this file
     * @param totals particles of the six types in all files
     * @param masses masses of the six types
     * @param files number of files
     * @param boxSize 0 for none
     * @param time scale factor or time
     * @param redshift z
     * @param blocks in order
     */
    @SuppressWarnings("ArrayRecordComponent") // a parameter object
    public record Layout(
            int format,
            ByteOrder order,
            boolean info,
            long[] counts,
            long[] totals,
            double[] masses,
            int files,
            double boxSize,
            double time,
            double redshift,
            List<BlockSpec> blocks) {

        long rows(BlockSpec block) {
            long n = 0;
            for (int t = 0; t < GadgetHeader.TYPES; t++) {
                n += (block.types() >> t & 1) == 1 ? counts[t] : 0;
            }
            return n;
        }

        long bytes(BlockSpec block) {
            return rows(block) * block.components() * block.type().bytes;
        }
    }

    /**
     * Lays out a file.
     *
     * @throws InputException when it cannot be written
     */
    public GadgetWriter(Path file, Layout layout) {
        this.file = file;
        this.part = AtomicFile.part(file);
        this.layout = layout;
        try {
            AtomicFile.createFolder(file);
            data = create();
            place();
        } catch (IOException e) {
            arena.close();
            AtomicFile.discard(part);
            throw AtomicFile.cannotWrite(file, e);
        }
    }

    private MemorySegment create() throws IOException {
        long bytes =
                recordBytes(GadgetHeader.BYTES)
                        + layout.blocks().stream().mapToLong(this::recordBytes).sum();
        bytes += layout.info() ? recordBytes(40L * layout.blocks().size()) : 0;
        long free =
                java.nio.file.Files.getFileStore(part.toAbsolutePath().getParent())
                        .getUsableSpace();
        if (bytes > free) {
            throw new IOException("needs " + bytes + " bytes, " + free + " are free");
        }
        try (FileChannel channel =
                FileChannel.open(
                        part,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
        }
    }

    private long recordBytes(BlockSpec block) {
        return recordBytes(layout.bytes(block));
    }

    private long recordBytes(long payload) {
        return payload + 8 + (layout.format() == 2 ? 16 : 0);
    }

    private void place() {
        long at = placeRecord("HEAD", 0, GadgetHeader.BYTES);
        writeHeader(at);
        long next = at + GadgetHeader.BYTES + 4;
        for (BlockSpec block : layout.blocks()) {
            long payload = placeRecord(block.name(), next, layout.bytes(block));
            blocks.put(block.name(), new Placed(block, payload));
            next = payload + layout.bytes(block) + 4;
        }
        if (layout.info()) {
            writeInfo(placeRecord("INFO", next, 40L * layout.blocks().size()));
        }
    }

    /** Writes what stands round a payload; returns the payload's offset. */
    private long placeRecord(String name, long at, long payload) {
        long start = at;
        if (layout.format() == 2) {
            putInt(at, 8);
            putText(at + 4, name, 4);
            putInt(at + 8, (int) (payload + 8));
            putInt(at + 12, 8);
            start += 16;
        }
        putInt(start, (int) payload);
        putInt(start + 4 + payload, (int) payload);
        return start + 4;
    }

    private void writeHeader(long at) {
        for (int t = 0; t < GadgetHeader.TYPES; t++) {
            putInt(at + 4L * t, (int) layout.counts()[t]);
            putDouble(at + 24 + 8L * t, layout.masses()[t]);
            putInt(at + 96 + 4L * t, (int) layout.totals()[t]);
            putInt(at + 168 + 4L * t, (int) (layout.totals()[t] >>> 32));
        }
        putDouble(at + 72, layout.time());
        putDouble(at + 80, layout.redshift());
        putInt(at + 124, layout.files());
        putDouble(at + 128, layout.boxSize());
    }

    private void writeInfo(long payload) {
        long at = payload;
        for (BlockSpec block : layout.blocks()) {
            putText(at, block.name(), 4);
            putText(at + 4, block.type().infoName + (block.components() > 1 ? "N" : ""), 8);
            putInt(at + 12, block.components());
            for (int t = 0; t < GadgetHeader.TYPES; t++) {
                putInt(at + 16 + 4L * t, block.types() >> t & 1);
            }
            at += 40;
        }
    }

    /**
     * Writes one value.
     *
     * @param row in the block, all its types counted through
     */
    public void put(String block, long row, int component, double value) {
        Placed placed = placed(block);
        long at = placed.at(row, component);
        switch (placed.spec.type) {
            case FLOAT ->
                    data.set(
                            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(layout.order()),
                            at,
                            (float) value);
            case DOUBLE -> putDouble(at, value);
            case UINT, ULONG -> putId(block, row, (long) value);
        }
    }

    /**
     * Writes one id.
     *
     * @param row in the block, all its types counted through
     */
    public void putId(String block, long row, long id) {
        Placed placed = placed(block);
        long at = placed.at(row, 0);
        if (placed.spec.type == Type.ULONG) {
            data.set(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(layout.order()), at, id);
        } else {
            putInt(at, (int) id);
        }
    }

    private Placed placed(String block) {
        Placed placed = blocks.get(block);
        if (placed == null) {
            throw new IllegalArgumentException(block);
        }
        return placed;
    }

    private void putInt(long at, int value) {
        data.set(ValueLayout.JAVA_INT_UNALIGNED.withOrder(layout.order()), at, value);
    }

    private void putDouble(long at, double value) {
        data.set(ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(layout.order()), at, value);
    }

    private void putText(long at, String text, int length) {
        byte[] bytes =
                (text + " ".repeat(length))
                        .substring(0, length)
                        .getBytes(StandardCharsets.US_ASCII);
        MemorySegment.copy(bytes, 0, data, ValueLayout.JAVA_BYTE, at, length);
    }

    /**
     * Gives the file its name.
     *
     * @throws InputException when that fails
     */
    public void finish() {
        arena.close();
        finished = true;
        try {
            AtomicFile.move(part, file);
        } catch (IOException e) {
            throw AtomicFile.cannotWrite(file, e);
        }
    }

    @Override
    public void close() {
        if (!finished) {
            arena.close();
            AtomicFile.discard(part);
        }
    }
}
