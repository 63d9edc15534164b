package org.perseid.compositing;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.perseid.renderer.model.Peers.Fold;

/**
 * Ranks that work on one job, seen from one of them. Collective methods are called by all ranks in
 * the same order. Used by one thread at a time. Whoever joins a group closes it.
 */
public interface Group extends AutoCloseable {
    /** Number of this rank, 0 to {@code size() - 1}. */
    int rank();

    /** How many ranks there are. */
    int size();

    /** Name of the machine that this rank runs on. */
    String host();

    /**
     * Begins to send; messages to the same rank arrive in their order.
     *
     * @param data off-heap, at most 2^30 bytes; not to be changed until it is sent
     */
    Pending send(MemorySegment data, int to);

    /**
     * Begins to receive.
     *
     * @param into off-heap, at most 2^30 bytes; what arrives may be shorter
     */
    Pending receive(MemorySegment into, int from);

    /** A message on its way. */
    interface Pending {
        /** Waits for its end; returns the bytes of a message that was received. */
        long await();

        /** Whether it has ended or will at once; asking does not wait. */
        boolean isDone();
    }

    /**
     * Collective: adds the floats of all ranks; the root's are replaced by the sums.
     *
     * @param floats off-heap, as many on every rank, fewer than 2^31
     */
    void sum(MemorySegment floats, int root);

    /** Collective: replaces each value by what it is over all ranks. */
    void fold(Fold fold, double[] values);

    /**
     * Collective: what each rank gives, in their order.
     *
     * @param own of at most 2^30 bytes with those of the others
     */
    List<byte[]> gather(byte[] own);

    /** Collective: the texts of all ranks, in their order. */
    default List<String> gather(String own) {
        return gather(own.getBytes(StandardCharsets.UTF_8)).stream()
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .toList();
    }

    /** Collective: waits for all. */
    void barrier();

    /** Ends all ranks at once, this one too; returns only where that cannot be. */
    void abort(int exitCode);

    @Override
    void close();
}
