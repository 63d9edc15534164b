package org.perseid.io.ramses;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.perseid.io.InputException;
import org.perseid.io.snapshot.MappedFile;

/** Walks the records of a Fortran file: each has its length in four bytes before and behind it. */
final class FortranRecords {
    private final MappedFile file;
    private long at;

    FortranRecords(MappedFile file) {
        this.file = file;
    }

    /** Another walk from the same place on. */
    FortranRecords copy() {
        FortranRecords copy = new FortranRecords(file);
        copy.at = at;
        return copy;
    }

    boolean atEnd() {
        return at >= file.size();
    }

    /** Byte at which the data of the next record begins; its length must be that. */
    long next(long expected, String what) {
        long length = length();
        if (length != expected) {
            throw new InputException(
                    file.path(),
                    "record of "
                            + what
                            + " at byte "
                            + at
                            + " has "
                            + length
                            + " bytes, expected "
                            + expected
                            + "; damaged, or another version of RAMSES");
        }
        return take(length);
    }

    /** Passes over records. */
    void skip(int records) {
        for (int k = 0; k < records; k++) {
            long _ = take(length());
        }
    }

    /** The first whole number of the next record. */
    int integer(String what) {
        long length = length();
        if (length < 4) {
            throw new InputException(
                    file.path(),
                    "record of " + what + " at byte " + at + " has " + length + " bytes");
        }
        long start = take(length);
        return file.data()
                .get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), start);
    }

    /** Length of the next record. */
    long length() {
        if (at + 8 > file.size()) {
            throw new InputException(
                    file.path(),
                    "truncated: a record is expected at byte "
                            + at
                            + ", the file has "
                            + file.size());
        }
        return marker(at);
    }

    private long marker(long where) {
        return Integer.toUnsignedLong(
                file.data()
                        .get(
                                ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN),
                                where));
    }

    private long take(long length) {
        long start = at + 4;
        if (length > file.size() - start - 4) {
            throw new InputException(
                    file.path(),
                    "truncated or damaged: the record at byte "
                            + at
                            + " says "
                            + length
                            + " bytes, the file has "
                            + file.size());
        }
        if (marker(start + length) != length) {
            throw new InputException(
                    file.path(),
                    "damaged: the record at byte "
                            + at
                            + " begins with length "
                            + length
                            + " and ends with "
                            + marker(start + length));
        }
        at = start + length + 4;
        return start;
    }
}
