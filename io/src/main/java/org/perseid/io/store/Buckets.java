package org.perseid.io.store;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.perseid.io.AtomicFile;
import org.perseid.renderer.model.Blocks;
import org.perseid.renderer.model.OffHeap;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Workers;

/**
 * Particles on disk by place, while a store is made: a file for each place, row by row, in the
 * order in which they came. So that places begin at whole blocks, the last rows of a place, fewer
 * than a block, count as the first of the next. Used by one thread.
 */
public final class Buckets implements AutoCloseable {
    private static final int SLICE = 1 << 16;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final ParticleSet.Columns columns;
    private final int rowBytes;
    private final List<Path> paths = new ArrayList<>();
    private final List<FileChannel> files = new ArrayList<>();
    private final long[] rows;

    /** Which bucket a place belongs to. */
    @FunctionalInterface
    public interface Owner {
        /** A number from 0 on. */
        int of(float x, float y, float z);
    }

    /**
     * @param name first part of the files' names
     * @param rows that are there already, in each bucket; what is beyond is cut off
     */
    public Buckets(Path folder, String name, ParticleSet.Columns columns, long[] rows) {
        this.columns = columns;
        this.rowBytes = columns.bytes();
        this.rows = rows.clone();
        try {
            Files.createDirectories(folder);
            for (int b = 0; b < rows.length; b++) {
                Path path = folder.resolve(name + "." + b);
                paths.add(path);
                FileChannel channel =
                        FileChannel.open(
                                path,
                                StandardOpenOption.CREATE,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE);
                files.add(channel);
                channel.truncate(rows[b] * rowBytes);
            }
        } catch (IOException e) {
            throw AtomicFile.cannotWrite(folder, e);
        }
    }

    /** Rows of each bucket. */
    public long[] rows() {
        return rows.clone();
    }

    /** Rows of all buckets. */
    public long total() {
        return before(rows.length);
    }

    /** First row of a bucket in the store, a multiple of a block's. */
    public long first(int bucket) {
        return before(bucket) / Blocks.SIZE * Blocks.SIZE;
    }

    /** One beyond the last row of a bucket in the store. */
    public long end(int bucket) {
        return bucket == rows.length - 1 ? total() : first(bucket + 1);
    }

    /** Adds particles. */
    public void add(ParticleSet set, Owner owner, Workers workers) {
        int n = Math.toIntExact(set.count());
        int slices = Math.ceilDiv(n, SLICE);
        int[] owners = new int[n];
        int[][] counts = new int[slices][rows.length];
        workers.runSlices(
                n,
                SLICE,
                (first, end) -> {
                    int[] count = counts[(int) (first / SLICE)];
                    for (int i = (int) first; i < end; i++) {
                        int b =
                                owner.of(
                                        set.x().getAtIndex(ParticleSet.FLOAT, i),
                                        set.y().getAtIndex(ParticleSet.FLOAT, i),
                                        set.z().getAtIndex(ParticleSet.FLOAT, i));
                        owners[i] = b;
                        count[b]++;
                    }
                });
        long[][] places = new long[slices][rows.length];
        long[] begins = new long[rows.length + 1];
        long at = 0;
        for (int b = 0; b < rows.length; b++) {
            begins[b] = at;
            for (int s = 0; s < slices; s++) {
                places[s][b] = at;
                at += counts[s][b];
            }
        }
        begins[rows.length] = at;
        try (Arena arena = Arena.ofShared()) {
            MemorySegment out =
                    OffHeap.allocate(arena, (long) n * rowBytes, n + " particles by place");
            workers.runSlices(
                    n,
                    SLICE,
                    (first, end) ->
                            gather(
                                    set,
                                    (int) first,
                                    (int) end,
                                    owners,
                                    places[(int) (first / SLICE)],
                                    out));
            for (int b = 0; b < rows.length; b++) {
                append(b, out, begins[b], begins[b + 1]);
            }
        }
    }

    private void gather(
            ParticleSet set, int first, int end, int[] owners, long[] places, MemorySegment out) {
        List<MemorySegment> floats = set.floatColumns();
        for (int i = first; i < end; i++) {
            long at = places[owners[i]]++ * rowBytes;
            for (MemorySegment column : floats) {
                out.set(FLOAT, at, column.getAtIndex(ParticleSet.FLOAT, i));
                at += 4;
            }
            if (columns.ids()) {
                out.set(LONG, at, set.ids().getAtIndex(ParticleSet.ID, i));
            }
        }
    }

    private void append(int bucket, MemorySegment from, long first, long end) {
        long step = Math.max(1, (1 << 26) / rowBytes);
        try {
            for (long row = first; row < end; row += step) {
                long n = Math.min(step, end - row);
                ByteBuffer buffer = from.asSlice(row * rowBytes, n * rowBytes).asByteBuffer();
                long at = rows[bucket] * rowBytes;
                while (buffer.hasRemaining()) {
                    int _ = files.get(bucket).write(buffer, at + buffer.position());
                }
                rows[bucket] += n;
            }
        } catch (IOException e) {
            throw AtomicFile.cannotWrite(paths.get(bucket), e);
        }
    }

    /** Waits until all rows have reached the disk. */
    public void force() {
        try {
            for (FileChannel file : files) {
                file.force(false);
            }
        } catch (IOException e) {
            throw AtomicFile.cannotWrite(paths.getFirst(), e);
        }
    }

    /** The particles of a bucket as they are to be in the store, which the caller closes. */
    public ParticleSet read(int bucket, Workers workers) {
        ParticleSet set = new ParticleSet(end(bucket) - first(bucket), columns);
        try {
            long out = 0;
            for (int b = 0; b <= bucket; b++) {
                long from = Math.max(before(b), first(bucket));
                long to = Math.min(before(b) + rows[b], end(bucket));
                if (from < to) {
                    read(b, from - before(b), to - from, set, out, workers);
                    out += to - from;
                }
            }
            return set;
        } catch (IOException e) {
            set.close();
            throw AtomicFile.cannotWrite(paths.get(bucket), e);
        }
    }

    /** Rows of the buckets before one. */
    private long before(int bucket) {
        long sum = 0;
        for (int b = 0; b < bucket; b++) {
            sum += rows[b];
        }
        return sum;
    }

    private void read(int bucket, long first, long n, ParticleSet set, long out, Workers workers)
            throws IOException {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment from =
                    files.get(bucket)
                            .map(
                                    FileChannel.MapMode.READ_ONLY,
                                    first * rowBytes,
                                    n * rowBytes,
                                    arena);
            List<MemorySegment> floats = set.floatColumns();
            workers.runSlices(
                    n,
                    SLICE,
                    (a, b) -> {
                        for (long i = a; i < b; i++) {
                            long at = i * rowBytes;
                            for (MemorySegment column : floats) {
                                column.setAtIndex(ParticleSet.FLOAT, out + i, from.get(FLOAT, at));
                                at += 4;
                            }
                            if (columns.ids()) {
                                set.ids().setAtIndex(ParticleSet.ID, out + i, from.get(LONG, at));
                            }
                        }
                    });
        }
    }

    @Override
    public void close() {
        try {
            for (FileChannel file : files) {
                file.close();
            }
        } catch (IOException e) {
            throw AtomicFile.cannotWrite(paths.getFirst(), e);
        }
    }
}
