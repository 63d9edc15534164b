package org.perseid.io.store;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.CRC32C;
import org.perseid.io.InputException;
import org.perseid.renderer.model.Blocks;

/**
 * A column of a store whose sums are compared when a block is first asked for. Any thread may ask.
 */
final class CheckedColumn {
    private static final String ADVICE =
            "; copy or convert the file again, or leave such blocks out with skip_damaged=true";

    private static final byte UNKNOWN = 0;
    private static final byte GOOD = 1;
    private static final byte BAD = 2;

    private static final ValueLayout.OfInt SUM =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path file;
    private final String name;
    private final MemorySegment values;
    private final MemorySegment sums;
    private final int blockBytes;

    /** Written by whoever comes first, twice the same at worst. */
    private final byte[] states;

    private final boolean skip;
    private final AtomicBoolean told = new AtomicBoolean();

    /**
     * @param name type and field, for messages
     * @param values all of the column
     * @param sums four bytes a block
     * @param skip whether a damaged block is left out; otherwise it is an error
     */
    CheckedColumn(
            Path file,
            String name,
            MemorySegment values,
            MemorySegment sums,
            int valueBytes,
            boolean skip) {
        this.file = file;
        this.name = name;
        this.values = values;
        this.sums = sums;
        this.skip = skip;
        blockBytes = valueBytes * Blocks.SIZE;
        states = new byte[Math.toIntExact(sums.byteSize() / 4)];
    }

    MemorySegment values() {
        return values;
    }

    int blocks() {
        return states.length;
    }

    /** Whether anything was left out. */
    boolean isDamaged() {
        return told.get();
    }

    /**
     * Whether a block is as it was written.
     *
     * @throws InputException when it is not and may not be left out
     */
    boolean admit(int block) {
        byte state = states[block];
        if (state == UNKNOWN) {
            state = isGood(block) ? GOOD : BAD;
            states[block] = state;
        }
        if (state == BAD) {
            told.set(true);
            if (!skip) {
                throw new InputException(file, damage(block) + ADVICE);
            }
        }
        return state == GOOD;
    }

    /** Compares the sum of a block, whatever is known of it. */
    boolean isGood(int block) {
        long at = (long) block * blockBytes;
        // not as a buffer: those keep a file from being closed meanwhile
        byte[] bytes = new byte[(int) Math.min(blockBytes, values.byteSize() - at)];
        MemorySegment.copy(values, ValueLayout.JAVA_BYTE, at, bytes, 0, bytes.length);
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue() == sums.get(SUM, 4L * block);
    }

    /** Says that a block is damaged. */
    String damage(int block) {
        long first = (long) block * Blocks.SIZE;
        return name
                + ": block "
                + block
                + " (rows "
                + first
                + " to "
                + (first + Blocks.SIZE - 1)
                + ", from byte "
                + (long) block * blockBytes
                + " of the column) is damaged: its sum is not the one that was written";
    }
}
