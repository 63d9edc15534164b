package org.perseid.io.par;

/**
 * A time between two snapshots.
 *
 * @param next the second of them; the first is the job's own source
 * @param fraction 0 at the first, 1 at the second
 */
public record Between(SnapshotSource next, double fraction) {}
