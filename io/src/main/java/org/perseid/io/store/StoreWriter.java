package org.perseid.io.store;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.perseid.io.AtomicFile;
import org.perseid.io.InputException;
import org.perseid.io.snapshot.ElementType;
import org.perseid.io.snapshot.Roles;
import org.perseid.io.snapshot.SnapshotInfo;
import org.perseid.io.snapshot.Units;
import org.perseid.renderer.model.Blocks;
import org.perseid.renderer.model.Detail;
import org.perseid.renderer.model.FieldRange;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Workers;

/**
 * Writes a store under another name, beside where it is to be: columns in any order by ranges of
 * blocks, then nodes; it gets its name at {@link #finish}. Used by one thread, but for {@link
 * #write}. What was written stays when the writer is closed before that, so that work can go on.
 */
public final class StoreWriter implements AutoCloseable {
    private static final int ZEROS = 1 << 20;

    private final Path file;
    private final Path part;
    private final FileChannel channel;
    private final List<Placed> types = new ArrayList<>();
    private final Map<Integer, List<Directory.Nodes>> nodes = new HashMap<>();
    private long end = StoreFile.PAGE;

    /** Of the newest level of nodes. */
    private List<PlacedLevel> levels = new ArrayList<>();

    /**
     * A field as it will be.
     *
     * @param formula that made it; empty for what the source has
     */
    public record FieldSpec(
            String name,
            ElementType element,
            int components,
            String unit,
            String description,
            String formula) {}

    /**
     * A type as it will be.
     *
     * @param size field with the smoothing lengths
     * @param fields the first is the position
     */
    public record TypeSpec(
            int index,
            String name,
            long count,
            double mass,
            double originX,
            double originY,
            double originZ,
            String size,
            List<FieldSpec> fields) {}

    /**
     * What was found in a field.
     *
     * @param finite whether all values are
     */
    public record Found(FieldRange range, boolean finite) {
        /** Of nothing. */
        public static final Found NOTHING = new Found(FieldRange.EMPTY, true);

        /** Of these and others. */
        public Found and(Found other) {
            return new Found(range.merge(other.range), finite && other.finite);
        }
    }

    /** What a store says beside its types. */
    public record About(
            String madeBy,
            String source,
            Map<String, String> parameters,
            SnapshotInfo.Header header,
            Units units,
            Roles roles) {}

    /** Where a column and its sums are. */
    private record PlacedColumn(long offset, long sums, int valueBytes) {}

    private record Placed(TypeSpec spec, List<PlacedColumn> columns, long blocks) {}

    private record PlacedLevel(
            long count, long sides, long blocks, List<PlacedColumn> columns, Arena arena) {}

    /**
     * Lays out the columns.
     *
     * @param file that is to be
     * @throws InputException when it cannot be written
     */
    public StoreWriter(Path file, List<TypeSpec> specs) {
        this.file = file;
        this.part = part(file);
        try {
            AtomicFile.createFolder(file);
            channel =
                    FileChannel.open(
                            part,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw AtomicFile.cannotWrite(file, e);
        }
        for (TypeSpec spec : specs) {
            List<PlacedColumn> columns = new ArrayList<>();
            for (FieldSpec field : spec.fields()) {
                for (int c = 0; c < field.components(); c++) {
                    columns.add(place(spec.count(), field.element().bytes()));
                }
            }
            types.add(new Placed(spec, columns, takeBlocks(spec.count())));
        }
    }

    /** The name that a store has until it is finished. */
    public static Path part(Path file) {
        return AtomicFile.part(file);
    }

    private PlacedColumn place(long rows, int bytes) {
        return new PlacedColumn(take(rows * bytes), take(4 * StoreFile.blocks(rows)), bytes);
    }

    private long takeBlocks(long rows) {
        return take(4L * Blocks.VALUES * StoreFile.blocks(rows));
    }

    /** A place of that many bytes. */
    private long take(long bytes) {
        long at = end;
        end = Math.ceilDiv(end + bytes, (long) StoreFile.PAGE) * StoreFile.PAGE;
        return at;
    }

    /** Bytes of the file without its nodes. */
    public long bytes() {
        return end;
    }

    /**
     * Writes particles of a type; several threads may write others at the same time.
     *
     * @param type number of its spec
     * @param from the spec's columns
     * @param firstRow a multiple of 1024; so is the number of rows, but for the last ones
     * @return what was found, by field
     */
    public List<Found> write(
            int type,
            List<MemorySegment> from,
            Blocks blocks,
            long firstRow,
            long rows,
            Workers workers) {
        Placed placed = types.get(type);
        Found[] found = new Found[from.size()];
        workers.run(
                from.size(),
                c -> {
                    int k = (int) c;
                    PlacedColumn column = placed.columns.get(k);
                    MemorySegment values = from.get(k).asSlice(0, rows * column.valueBytes);
                    put(values, column.offset + firstRow * column.valueBytes);
                    put(
                            sums(values, column.valueBytes),
                            column.sums + 4 * (firstRow / Blocks.SIZE));
                    found[k] = column.valueBytes == 4 ? find(values) : Found.NOTHING;
                });
        put(values(blocks), placed.blocks + 4L * Blocks.VALUES * (firstRow / Blocks.SIZE));
        List<Found> byField = new ArrayList<>();
        int at = 0;
        for (FieldSpec field : placed.spec.fields()) {
            Found of = Found.NOTHING;
            for (int c = 0; c < field.components(); c++) {
                of = of.and(found[at++]);
            }
            byField.add(of);
        }
        return byField;
    }

    private static Found find(MemorySegment values) {
        FieldRange range = FieldRange.EMPTY;
        boolean finite = true;
        for (long i = 0; i < values.byteSize() / 4; i++) {
            float v = values.getAtIndex(ParticleSet.FLOAT, i);
            finite &= Float.isFinite(v);
            range = range.with(v);
        }
        return new Found(range, finite);
    }

    private static MemorySegment sums(MemorySegment values, int valueBytes) {
        int blockBytes = valueBytes * Blocks.SIZE;
        ByteBuffer out =
                ByteBuffer.allocate(
                                Math.toIntExact(
                                        4 * Math.ceilDiv(values.byteSize(), (long) blockBytes)))
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (long at = 0; at < values.byteSize(); at += blockBytes) {
            CRC32C crc = new CRC32C();
            crc.update(
                    values.asSlice(at, Math.min(blockBytes, values.byteSize() - at))
                            .asByteBuffer());
            out.putInt((int) crc.getValue());
        }
        return MemorySegment.ofBuffer(out.flip());
    }

    private static MemorySegment values(Blocks blocks) {
        float[] out = new float[Blocks.VALUES * blocks.count()];
        for (int block = 0; block < blocks.count(); block++) {
            for (int k = 0; k < Blocks.VALUES; k++) {
                out[Blocks.VALUES * block + k] = blocks.value(block, k);
            }
        }
        return bytes(out);
    }

    private static MemorySegment bytes(float[] values) {
        ByteBuffer out = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        out.asFloatBuffer().put(values);
        return MemorySegment.ofBuffer(out);
    }

    private void put(MemorySegment values, long at) {
        long step = 1L << 26;
        try {
            for (long done = 0; done < values.byteSize(); done += step) {
                ByteBuffer buffer =
                        values.asSlice(done, Math.min(step, values.byteSize() - done))
                                .asByteBuffer();
                while (buffer.hasRemaining()) {
                    int _ = channel.write(buffer, at + done + buffer.position());
                }
            }
        } catch (IOException e) {
            throw AtomicFile.cannotWrite(file, e);
        }
    }

    /** Says that everything up to here has reached the disk. */
    public void force() {
        try {
            channel.force(false);
        } catch (IOException e) {
            throw AtomicFile.cannotWrite(file, e);
        }
    }

    /**
     * Makes room for a level of nodes, as a set over the file's own pages.
     *
     * @param count nodes
     */
    public ParticleSet level(long count) {
        List<PlacedColumn> columns = new ArrayList<>();
        for (int k = 0; k < Detail.COLUMNS.floats(); k++) {
            columns.add(place(count, 4));
        }
        long sides = take(4 * Detail.groups(count));
        long blocks = takeBlocks(count);
        Arena arena = Arena.ofShared();
        levels.add(new PlacedLevel(count, sides, blocks, columns, arena));
        List<MemorySegment> mapped = new ArrayList<>();
        for (PlacedColumn column : columns) {
            mapped.add(map(column.offset, 4 * count, arena));
        }
        return ParticleSet.over(count, Detail.COLUMNS, mapped, null);
    }

    /** Maps a range that is there: a full disk is found now, not when pages are written. */
    private MemorySegment map(long at, long bytes, Arena arena) {
        try {
            for (long done = 0; done < bytes; done += ZEROS) {
                ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(ZEROS, bytes - done));
                while (zeros.hasRemaining()) {
                    int _ = channel.write(zeros, at + done + zeros.position());
                }
            }
            return channel.map(FileChannel.MapMode.READ_WRITE, at, bytes, arena);
        } catch (IOException e) {
            throw AtomicFile.cannotWrite(file, e);
        }
    }

    /**
     * Takes nodes whose sets {@link #level} made.
     *
     * @param type number of its spec
     */
    public void add(int type, Directory.Light light, Detail detail, Workers workers) {
        List<Directory.Level> out = new ArrayList<>();
        for (int k = 0; k < levels.size(); k++) {
            PlacedLevel placed = levels.get(k);
            Detail.Level level = detail.levels().get(k);
            List<Directory.Column> columns = new ArrayList<>();
            List<MemorySegment> values = level.nodes().floatColumns();
            for (int c = 0; c < values.size(); c++) {
                PlacedColumn column = placed.columns.get(c);
                MemorySegment sums = sums(values.get(c), 4);
                put(sums, column.sums);
                columns.add(
                        new Directory.Column(
                                column.offset,
                                new Directory.Section(column.sums, StoreFile.sum(sums))));
            }
            out.add(
                    new Directory.Level(
                            placed.count,
                            written(bytes(level.sides()), placed.sides),
                            written(values(level.nodes().blocks(workers)), placed.blocks),
                            columns));
            placed.arena.close();
        }
        levels = new ArrayList<>();
        nodes.computeIfAbsent(type, _ -> new ArrayList<>()).add(new Directory.Nodes(light, out));
    }

    private Directory.Section written(MemorySegment values, long at) {
        put(values, at);
        return new Directory.Section(at, StoreFile.sum(values));
    }

    /**
     * Writes what the store says of itself; it can be opened under its {@link #part} name then.
     *
     * @param found by type and field
     */
    public void describe(About about, List<List<Found>> found) {
        List<Directory.Type> described = new ArrayList<>();
        for (int t = 0; t < types.size(); t++) {
            described.add(type(t, found.get(t)));
        }
        String text =
                DirectoryText.of(
                        new Directory(
                                about.madeBy(),
                                about.source(),
                                about.parameters(),
                                about.header(),
                                about.units(),
                                about.roles(),
                                described));
        byte[] directory = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer head =
                ByteBuffer.allocate(StoreFile.PAGE)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .put(StoreFile.MAGIC)
                        .putLong(end)
                        .putLong(directory.length)
                        .putInt(StoreFile.sum(MemorySegment.ofArray(directory)));
        put(MemorySegment.ofArray(directory), end);
        try {
            channel.truncate(end + directory.length);
        } catch (IOException e) {
            throw AtomicFile.cannotWrite(file, e);
        }
        force();
        put(MemorySegment.ofBuffer(head.clear()), 0);
        force();
    }

    private Directory.Type type(int t, List<Found> found) {
        Placed placed = types.get(t);
        TypeSpec spec = placed.spec;
        List<Directory.Field> fields = new ArrayList<>();
        int at = 0;
        for (int f = 0; f < spec.fields().size(); f++) {
            FieldSpec field = spec.fields().get(f);
            List<Directory.Column> columns = new ArrayList<>();
            for (int c = 0; c < field.components(); c++) {
                PlacedColumn column = placed.columns.get(at++);
                columns.add(
                        new Directory.Column(
                                column.offset,
                                section(column.sums, 4 * StoreFile.blocks(spec.count()))));
            }
            fields.add(
                    new Directory.Field(
                            field.name(),
                            field.element(),
                            field.unit(),
                            field.description(),
                            field.formula(),
                            found.get(f).range(),
                            found.get(f).finite(),
                            columns));
        }
        return new Directory.Type(
                spec.index(),
                spec.name(),
                spec.count(),
                spec.mass(),
                spec.originX(),
                spec.originY(),
                spec.originZ(),
                section(placed.blocks, 4L * Blocks.VALUES * StoreFile.blocks(spec.count())),
                spec.size(),
                fields,
                nodes.getOrDefault(t, List.of()));
    }

    /** The sum of what is in the file. */
    private Directory.Section section(long at, long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            return new Directory.Section(
                    at,
                    StoreFile.sum(channel.map(FileChannel.MapMode.READ_ONLY, at, bytes, arena)));
        } catch (IOException e) {
            throw AtomicFile.cannotWrite(file, e);
        }
    }

    /** Gives the file its name; {@link #describe} comes first. */
    public void finish() {
        try {
            close();
            AtomicFile.move(part, file);
        } catch (IOException e) {
            throw AtomicFile.cannotWrite(file, e);
        }
    }

    @Override
    public void close() {
        try {
            levels.forEach(level -> level.arena.close());
            levels = new ArrayList<>();
            channel.close();
        } catch (IOException e) {
            throw AtomicFile.cannotWrite(file, e);
        }
    }
}
