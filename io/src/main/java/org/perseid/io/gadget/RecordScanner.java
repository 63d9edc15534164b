package org.perseid.io.gadget;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.perseid.io.InputException;

/**
 * Walks the records of a file: a 4-byte length, the payload, the length again. A payload of 4 GiB
 * and more has a length that wrapped round, or is written in pieces with signed lengths (gfortran);
 * both are followed. The payload itself is not touched.
 */
final class RecordScanner {
    private static final long WRAP = 1L << 32;
    private static final int LABEL_RECORD = 16;
    private static final int MAX_RECORDS = 10_000;

    private final Path path;
    private final MemorySegment file;
    private final ValueLayout.OfInt int32;
    private final boolean labelled;

    RecordScanner(Path path, MemorySegment file, ByteOrder order, boolean labelled) {
        this.path = path;
        this.file = file;
        this.int32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
        this.labelled = labelled;
    }

    /**
     * All records.
     *
     * @throws InputException at the first that does not close
     */
    List<RawRecord> scan() {
        List<RawRecord> records = new ArrayList<>();
        long at = 0;
        while (at < file.byteSize()) {
            RawRecord record = record(at, records.size());
            records.add(record);
            at = record.end();
            if (records.size() > MAX_RECORDS) {
                throw new InputException(
                        path, "more than " + MAX_RECORDS + " records; this is no Gadget snapshot");
            }
        }
        return records;
    }

    private RawRecord record(long at, int index) {
        if (!labelled) {
            return payload("", at, "record " + (index + 1));
        }
        if (at + LABEL_RECORD > file.byteSize() || i32(at) != 8 || i32(at + 12) != 8) {
            throw damaged(
                    at,
                    "expected the 16 bytes of a block's label after "
                            + index
                            + " blocks, found "
                            + (file.byteSize() - at)
                            + " bytes that are none");
        }
        byte[] name = new byte[4];
        MemorySegment.copy(file, ValueLayout.JAVA_BYTE, at + 4, name, 0, 4);
        String label = printable(name);
        return payload(label, at + LABEL_RECORD, "block '" + label + "'");
    }

    private static String printable(byte[] name) {
        StringBuilder out = new StringBuilder();
        for (char c : new String(name, StandardCharsets.ISO_8859_1).toCharArray()) {
            out.append(c > ' ' && c < 127 ? c : ' ');
        }
        return out.toString().strip();
    }

    private RawRecord payload(String label, long at, String what) {
        if (at + 8 > file.byteSize()) {
            throw truncated(what, at, 8);
        }
        long marker = Integer.toUnsignedLong(i32(at));
        for (long length = marker; at + 8 + length <= file.byteSize(); length += WRAP) {
            long end = at + 8 + length;
            if (Integer.toUnsignedLong(i32(end - 4)) == marker && plausible(end)) {
                return new RawRecord(label, List.of(new Extent(at + 4, length)), end);
            }
        }
        if (i32(at) < 0 && at + 8 - (long) i32(at) <= file.byteSize()) {
            return pieces(label, at, what);
        }
        if (at + 8 + marker > file.byteSize()) {
            throw truncated(what, at, marker + 8);
        }
        throw damaged(
                at,
                what
                        + " has length "
                        + marker
                        + " in front, but "
                        + Integer.toUnsignedLong(i32(at + 4 + marker))
                        + " behind it (at byte "
                        + (at + 4 + marker)
                        + ")");
    }

    /** Whether a record, a label or the end of the file may stand there. */
    private boolean plausible(long at) {
        long left = file.byteSize() - at;
        if (left == 0 || file.byteSize() < WRAP / 2) {
            return true;
        }
        return left >= 8 && (!labelled || i32(at) == 8);
    }

    /**
     * Pieces with signed lengths: negative in front when another piece follows, negative behind
     * when one precedes.
     */
    private RawRecord pieces(String label, long at, String what) {
        List<Extent> extents = new ArrayList<>();
        boolean more = true;
        long next = at;
        while (more) {
            if (next + 8 > file.byteSize()) {
                throw truncated(what, next, 8);
            }
            int front = i32(next);
            long length = Math.abs((long) front);
            if (next + 8 + length > file.byteSize()) {
                throw truncated(what, next, length + 8);
            }
            int behind = i32(next + 4 + length);
            if (Math.abs((long) behind) != length || behind < 0 == extents.isEmpty()) {
                throw damaged(
                        next,
                        what
                                + ": a piece has length "
                                + front
                                + " in front and "
                                + behind
                                + " behind");
            }
            extents.add(new Extent(next + 4, length));
            more = front < 0;
            next += length + 8;
        }
        return new RawRecord(label, extents, next);
    }

    private int i32(long at) {
        return file.get(int32, at);
    }

    private InputException truncated(String what, long at, long needed) {
        return new InputException(
                path,
                "truncated: "
                        + what
                        + " at byte "
                        + at
                        + " needs "
                        + needed
                        + " bytes, the file ends after "
                        + (file.byteSize() - at)
                        + "; copy it again");
    }

    private InputException damaged(long at, String problem) {
        return new InputException(
                path, "damaged at byte " + at + ": " + problem + "; copy the file again");
    }
}
