package org.perseid.io.snapshot;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Blocks that were unpacked or parsed, the most recently used ones. A block that two threads ask
 * for is made once. Any number of threads may use it.
 *
 * @param <V> what a block is
 */
public final class BlockCache<V> {
    private static final long MAX_BYTES = 192L << 20;

    private record Key(Object owner, long block) {}

    private final Map<Key, FutureTask<V>> blocks = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /**
     * A block.
     *
     * @param owner whose block it is
     * @param block its number there
     * @param size bytes that it takes; the same for all of an owner
     */
    public V get(Object owner, long block, int size, Supplier<V> make) {
        Key key = new Key(owner, block);
        FutureTask<V> task;
        synchronized (this) {
            task = blocks.get(key);
            if (task == null) {
                task = new FutureTask<>(make::get);
                blocks.put(key, task);
                bytes += size;
                evict(size);
            }
        }
        task.run(); // does nothing when it runs or has run already
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    /** Blocks of a file have about one size, so the eldest is taken for as large as the new one. */
    private void evict(int size) {
        Iterator<FutureTask<V>> eldest = blocks.values().iterator();
        while (bytes > MAX_BYTES && blocks.size() > 2 && eldest.hasNext()) {
            eldest.next();
            eldest.remove();
            bytes -= size;
        }
    }
}
