package org.perseid.io.gadget;

import java.util.List;

/**
 * A record as it stands in the file.
 *
 * @param label its name in format 2; empty in format 1
 * @param extents its payload
 * @param end offset of what follows
 */
record RawRecord(String label, List<Extent> extents, long end) {
    long length() {
        return extents.stream().mapToLong(Extent::length).sum();
    }

    long offset() {
        return extents.getFirst().offset();
    }
}
