package org.perseid.io.snapshot;

import java.lang.foreign.MemorySegment;

/** Rows of bytes of one length: a mapped file, a record in pieces, or chunks that are unpacked. */
@FunctionalInterface
public interface RowBytes {
    /** The bytes of {@code rows} rows from {@code row} on, as they follow one another. */
    MemorySegment rows(long row, int rows);

    /** Rows of {@code rowBytes} each that begin at byte {@code start} of the data. */
    static RowBytes at(MemorySegment data, long start, long rowBytes) {
        return (row, rows) -> data.asSlice(start + row * rowBytes, rows * rowBytes);
    }
}
