package org.perseid.io.gadget;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import org.perseid.io.InputException;

/**
 * The 256-byte header of a Gadget-1/2 file.
 *
 * @param counts particles of the six types in this file
 * @param masses mass by type, 0 where a block holds it
 * @param time scale factor or time
 * @param redshift as written
 * @param totals particles of the six types in all files; all 0 in old initial conditions
 * @param cooling cooling flag: 1 when the blocks NE and NH are there, any other number but 0 is not
 *     known
 * @param files number of files, at least 1
 * @param boxSize period, 0 for none
 * @param omega0 matter density
 * @param omegaLambda vacuum density
 * @param hubble h
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record GadgetHeader(
        long[] counts,
        double[] masses,
        double time,
        double redshift,
        long[] totals,
        int cooling,
        int files,
        double boxSize,
        double omega0,
        double omegaLambda,
        double hubble) {
    static final int BYTES = 256;
    static final int TYPES = 6;
    static final int MAX_FILES = 65_536;

    /** Smallest number of bytes that a particle takes in a file: a position in single precision. */
    private static final int MIN_PARTICLE_BYTES = 12;

    /**
     * Reads the header at an offset.
     *
     * @throws InputException when its numbers cannot be
     */
    static GadgetHeader read(Path path, MemorySegment file, long offset, ByteOrder order) {
        Fields f = new Fields(file, offset, order);
        long[] counts = new long[TYPES];
        long[] totals = new long[TYPES];
        double[] masses = new double[TYPES];
        for (int t = 0; t < TYPES; t++) {
            counts[t] = f.u32(4L * t);
            masses[t] = f.f64(24 + 8L * t);
            totals[t] = f.u32(96 + 4L * t) + (f.u32(168 + 4L * t) << 32);
        }
        int files = f.i32(124) == 0 ? 1 : f.i32(124);
        GadgetHeader header =
                new GadgetHeader(
                        counts,
                        masses,
                        f.f64(72),
                        f.f64(80),
                        totals,
                        f.i32(120),
                        files,
                        f.f64(128),
                        f.f64(136),
                        f.f64(144),
                        f.f64(152));
        header.check(path, file.byteSize());
        return header;
    }

    private void check(Path path, long fileBytes) {
        long room = fileBytes / MIN_PARTICLE_BYTES;
        if (count() > room) {
            throw new InputException(
                    path,
                    "the header says "
                            + count()
                            + " particles, but the file of "
                            + fileBytes
                            + " bytes has room for at most "
                            + room
                            + ": it is truncated or damaged; copy it again");
        }
        if (files < 1 || files > MAX_FILES) {
            throw new InputException(
                    path,
                    "the header says "
                            + files
                            + " files; expected 1.."
                            + MAX_FILES
                            + "; the file is damaged");
        }
        if (!Double.isFinite(boxSize) || boxSize < 0) {
            throw new InputException(
                    path,
                    "the header says box size "
                            + boxSize
                            + "; expected 0 or more; the file is damaged");
        }
    }

    /** Particles of all types in this file. */
    long count() {
        return Arrays.stream(counts).sum();
    }

    boolean hasTotals() {
        return Arrays.stream(totals).anyMatch(n -> n > 0);
    }

    private record Fields(MemorySegment file, long base, ByteOrder order) {
        int i32(long at) {
            return file.get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(order), base + at);
        }

        long u32(long at) {
            return Integer.toUnsignedLong(i32(at));
        }

        double f64(long at) {
            return file.get(ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(order), base + at);
        }
    }
}
