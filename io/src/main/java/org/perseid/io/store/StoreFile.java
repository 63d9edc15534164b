package org.perseid.io.store;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.perseid.io.InputException;
import org.perseid.io.snapshot.MappedFile;
import org.perseid.renderer.model.Blocks;
import org.perseid.renderer.model.Detail;

/**
 * A store that is mapped: its directory, and the places that it names, all of which lie in the
 * file. Whoever opens it closes it.
 *
 * @param file mapped
 * @param directory checked
 */
record StoreFile(MappedFile file, Directory directory) implements AutoCloseable {
    /** The first bytes of a store; the last one before the end of the line is the version. */
    static final byte[] MAGIC = "perseid-store 1\n".getBytes(StandardCharsets.US_ASCII);

    /** Without the version. */
    private static final int NAME_BYTES = 14;

    /** Bytes before the first section, and what sections begin at multiples of. */
    static final int PAGE = 4096;

    /** Where the header tells place, length and sum of the directory. */
    static final int DIRECTORY_AT = 16;

    private static final long MAX_DIRECTORY = 16L << 20;
    private static final long MAX_COUNT = (long) Integer.MAX_VALUE * Blocks.SIZE;

    static boolean recognises(ByteBuffer head) {
        for (int k = 0; k < NAME_BYTES; k++) {
            if (head.remaining() <= k || head.get(head.position() + k) != MAGIC[k]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Maps a store.
     *
     * @throws InputException when it is none, of another version, cut off or damaged where it tells
     *     what is in it
     */
    static StoreFile open(Path path) {
        MappedFile file = MappedFile.open(path);
        try {
            StoreFile store = new StoreFile(file, directory(file));
            store.check();
            return store;
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    private static Directory directory(MappedFile file) {
        if (file.size() < PAGE) {
            throw new InputException(file.path(), "is cut off: a store has at least 4096 bytes");
        }
        byte[] magic = file.data().asSlice(0, MAGIC.length).toArray(ValueLayout.JAVA_BYTE);
        if (!java.util.Arrays.equals(magic, MAGIC)) {
            throw new InputException(
                    file.path(),
                    "is a store of another version: it begins with '"
                            + new String(magic, StandardCharsets.ISO_8859_1).strip()
                            + "', this program reads 'perseid-store 1'; convert the snapshot again");
        }
        ByteBuffer head =
                file.data().asSlice(DIRECTORY_AT, 24).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        long at = head.getLong();
        long bytes = head.getLong();
        int sum = head.getInt();
        if (at < PAGE || bytes < 0 || bytes > MAX_DIRECTORY || at > file.size() - bytes) {
            throw new InputException(
                    file.path(),
                    "is cut off or was never finished: its directory should be "
                            + bytes
                            + " bytes at "
                            + at
                            + ", the file has "
                            + file.size()
                            + "; copy or convert it again");
        }
        MemorySegment text = file.data().asSlice(at, bytes);
        if (sum(text) != sum) {
            throw new InputException(
                    file.path(), "its directory is damaged; copy or convert it again");
        }
        try {
            return DirectoryText.parse(
                    new String(text.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new InputException(
                    file.path(), "its directory cannot be understood: " + e.getMessage(), e);
        }
    }

    /** CRC-32C of a segment of any size. */
    static int sum(MemorySegment of) {
        CRC32C crc = new CRC32C();
        long step = 1L << 30;
        for (long at = 0; at < of.byteSize(); at += step) {
            crc.update(of.asSlice(at, Math.min(step, of.byteSize() - at)).asByteBuffer());
        }
        return (int) crc.getValue();
    }

    /** Blocks of that many rows. */
    static long blocks(long rows) {
        return Math.ceilDiv(rows, (long) Blocks.SIZE);
    }

    private void check() {
        for (Directory.Type type : directory.types()) {
            checkCount(type.count());
            section(type.blocks(), 4L * Blocks.VALUES * blocks(type.count()), type.name());
            for (Directory.Field field : type.fields()) {
                field.columns().forEach(c -> check(c, type.count(), field.element().bytes()));
            }
            for (Directory.Nodes nodes : type.nodes()) {
                long below = type.count();
                for (Directory.Level level : nodes.levels()) {
                    below = Detail.nodesOf(below);
                    if (level.count() != below) {
                        throw new InputException(
                                file.path(),
                                "a level of "
                                        + type.name()
                                        + " has "
                                        + level.count()
                                        + " nodes, expected "
                                        + below);
                    }
                    section(level.sides(), 4 * Detail.groups(below), "sides of " + type.name());
                    section(level.blocks(), 4L * Blocks.VALUES * blocks(below), type.name());
                    level.columns().forEach(c -> check(c, level.count(), 4));
                }
            }
        }
    }

    private void checkCount(long count) {
        if (count > MAX_COUNT) {
            throw new InputException(
                    file.path(),
                    "tells of " + count + " particles of a type; at most " + MAX_COUNT);
        }
    }

    private void check(Directory.Column column, long rows, int bytes) {
        MemorySegment _ = values(column, rows, bytes);
        section(column.sums(), 4 * blocks(rows), "sums of a column");
    }

    /** The bytes of a section, whose sum was compared when the file was opened. */
    MemorySegment place(Directory.Section section, long bytes) {
        return place(section.offset(), bytes);
    }

    /** Compares the sum of a section. */
    private void section(Directory.Section section, long bytes, String what) {
        if (sum(place(section, bytes)) != section.sum()) {
            throw new InputException(
                    file.path(),
                    "what tells where its parts are is damaged ("
                            + what
                            + ", at byte "
                            + section.offset()
                            + "); copy or convert it again");
        }
    }

    /** The values of a column. */
    MemorySegment values(Directory.Column column, long rows, int bytes) {
        if (column.offset() % PAGE != 0) {
            throw new InputException(
                    file.path(),
                    "a column begins at byte " + column.offset() + ", no multiple of 4096");
        }
        return place(column.offset(), rows * bytes);
    }

    private MemorySegment place(long offset, long bytes) {
        if (bytes < 0 || offset > file.size() - bytes) {
            throw new InputException(
                    file.path(),
                    "is cut off: it should have "
                            + bytes
                            + " bytes at "
                            + offset
                            + ", the file has "
                            + file.size()
                            + "; copy or convert it again");
        }
        return file.data().asSlice(offset, bytes);
    }

    @Override
    public void close() {
        file.close();
    }
}
