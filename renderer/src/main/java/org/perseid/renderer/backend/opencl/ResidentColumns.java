package org.perseid.renderer.backend.opencl;

import java.lang.foreign.MemorySegment;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Columns of particles on a device, in pieces, so that a particle is sent once and not for each
 * picture. What was used longest ago makes room; columns that were freed go. Not thread-safe.
 */
final class ResidentColumns {
    /** Rows of a piece; a multiple of a block's. */
    static final long PIECE_ROWS = 1L << 24;

    /** Part of a device's memory for columns; less where that is the computer's own. */
    private static final double SHARE = 0.6;

    private static final double SHARE_OF_OWN = 0.1;

    private final DeviceQueue queue;
    private final long budget;
    private final Map<Key, DeviceQueue.Buffer> pieces = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;
    private long sentBytes;
    private long sentNanos;

    /** What a piece holds: memory that was not freed since, in a state. */
    private record Key(MemorySegment.Scope scope, long address, long bytes, int version) {}

    ResidentColumns(DeviceQueue queue) {
        this.queue = queue;
        double share = queue.device().isGpu() ? SHARE : SHARE_OF_OWN;
        this.budget = (long) (share * queue.device().memoryBytes());
    }

    /**
     * A piece of a column on the device.
     *
     * @param piece of {@link #PIECE_ROWS} rows, the last one of fewer
     * @param version of the column's values
     */
    DeviceQueue.Buffer piece(MemorySegment column, long piece, int version) {
        long first = 4 * PIECE_ROWS * piece;
        MemorySegment part =
                column.asSlice(first, Math.min(4 * PIECE_ROWS, column.byteSize() - first));
        Key key = new Key(part.scope(), part.address(), part.byteSize(), version);
        DeviceQueue.Buffer there = pieces.get(key);
        if (there == null) {
            makeRoom(part.byteSize());
            queue.finish();
            long start = System.nanoTime();
            there = queue.allocate(part.byteSize()).write(part);
            sentNanos += System.nanoTime() - start;
            sentBytes += part.byteSize();
            pieces.put(key, there);
            bytes += there.bytes();
        }
        return there;
    }

    /** What has been sent so far. */
    OpenClProvider.Sent sent() {
        return new OpenClProvider.Sent(sentBytes, 1e-9 * sentNanos);
    }

    /** Lets go of what was freed, and of what was used longest ago as long as there is no room. */
    private void makeRoom(long wanted) {
        pieces.entrySet()
                .removeIf(entry -> !entry.getKey().scope.isAlive() && release(entry.getValue()));
        Iterator<DeviceQueue.Buffer> oldest = pieces.values().iterator();
        while (bytes + wanted > budget && oldest.hasNext()) {
            boolean _ = release(oldest.next());
            oldest.remove();
        }
    }

    private boolean release(DeviceQueue.Buffer buffer) {
        bytes -= buffer.bytes();
        buffer.close();
        return true;
    }
}
