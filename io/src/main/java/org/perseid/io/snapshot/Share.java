package org.perseid.io.snapshot;

/**
 * The part of a snapshot's rows that one process reads: the index-th of {@code of} nearly equal
 * ranges.
 *
 * @param index 0 to of-1
 * @param of at least 1
 */
public record Share(int index, int of) {
    /** All rows. */
    public static final Share ALL = new Share(0, 1);

    public Share {
        if (of < 1 || index < 0 || index >= of) {
            throw new IllegalArgumentException(index + " of " + of);
        }
    }

    /** First row of the share when there are {@code rows}. */
    public long first(long rows) {
        return rows / of * index + Math.min(index, rows % of);
    }

    /** One beyond the last row of the share. */
    public long end(long rows) {
        return rows / of * (index + 1) + Math.min(index + 1, rows % of);
    }
}
