package org.perseid.io.gadget;

import java.util.ArrayList;
import java.util.List;

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
record Block(String name, Element element, int components, long[] rows, List<Extent> extents) {

    /** Type of a value in the file. */
    enum Element {
        F4(4),
        F8(8),
        U4(4),
        U8(8);

        final int bytes;

        Element(int bytes) {
            this.bytes = bytes;
        }

        static Element of(boolean integer, int bytes) {
            if (integer) {
                return bytes == 4 ? U4 : U8;
            }
            return bytes == 4 ? F4 : F8;
        }
    }

    int bytesPerRow() {
        return element.bytes * components;
    }

    /** Byte offset in the block of a row of a type. */
    long offset(int type, long row) {
        long before = 0;
        for (int t = 0; t < type; t++) {
            before += rows[t];
        }
        return (before + row) * bytesPerRow();
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
