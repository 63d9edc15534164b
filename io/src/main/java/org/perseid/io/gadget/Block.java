package org.perseid.io.gadget;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.perseid.io.snapshot.ElementType;
import org.perseid.io.snapshot.FieldData;
import org.perseid.io.snapshot.StridedData;

/**
 * A field in one file: the values of one type after the other.
 *
 * @param name label, or the usual name in format 1
 * @param element type of a value
 * @param components values a particle
 * @param rows particles of each of the six types that are in the block
 * @param extents where it lies in the file
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Block(String name, ElementType element, int components, long[] rows, List<Extent> extents) {

    /** The type of a value of that size. */
    static ElementType element(boolean integer, int bytes) {
        if (integer) {
            return bytes == 4 ? ElementType.U4 : ElementType.U8;
        }
        return bytes == 4 ? ElementType.F4 : ElementType.F8;
    }

    int bytesPerRow() {
        return element.bytes() * components;
    }

    /** Byte offset in the block of a row of a type. */
    long offset(int type, long row) {
        long before = 0;
        for (int t = 0; t < type; t++) {
            before += rows[t];
        }
        return (before + row) * bytesPerRow();
    }

    /** The values of one type. */
    FieldData data(MemorySegment file, ByteOrder order, int type) {
        return StridedData.packed(
                (row, n) -> slice(file, offset(type, row), (long) n * bytesPerRow()),
                element,
                order,
                components);
    }

    /**
     * Bytes from an offset of the block on; copied together when they lie in several pieces of the
     * file.
     */
    private MemorySegment slice(MemorySegment file, long at, long length) {
        long begin = at;
        for (int e = 0; e < extents.size(); e++) {
            Extent extent = extents.get(e);
            if (begin + length <= extent.length()) {
                return file.asSlice(extent.offset() + begin, length);
            }
            if (begin < extent.length()) {
                return joined(file, e, begin, length);
            }
            begin -= extent.length();
        }
        throw new IllegalArgumentException("beyond the block: " + at);
    }

    private MemorySegment joined(MemorySegment file, int firstExtent, long begin, long length) {
        MemorySegment out = MemorySegment.ofArray(new byte[(int) length]);
        long done = 0;
        long from = begin;
        for (int e = firstExtent; done < length; e++) {
            Extent extent = extents.get(e);
            long n = Math.min(length - done, extent.length() - from);
            MemorySegment.copy(file, extent.offset() + from, out, done, n);
            done += n;
            from = 0;
        }
        return out;
    }

    List<Integer> types() {
        List<Integer> out = new ArrayList<>();
        for (int t = 0; t < rows.length; t++) {
            if (rows[t] > 0) {
                out.add(t);
            }
        }
        return out;
    }
}
