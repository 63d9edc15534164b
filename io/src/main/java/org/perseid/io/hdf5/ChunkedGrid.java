package org.perseid.io.hdf5;

import io.jhdf.api.dataset.ChunkedDataset;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.perseid.io.snapshot.RowBytes;

/**
 * The values of a chunked dataset of any number of dimensions, one after the other, the last index
 * running fastest. It is unpacked as a whole when the first is asked for; at most 2 GiB.
 */
final class ChunkedGrid implements RowBytes {
    private final ChunkedDataset dataset;
    private final int elementBytes;
    private byte @Nullable [] values;

    ChunkedGrid(ChunkedDataset dataset, int elementBytes) {
        this.dataset = dataset;
        this.elementBytes = elementBytes;
    }

    @Override
    public MemorySegment rows(long row, int rows) {
        return MemorySegment.ofArray(all()).asSlice(row * elementBytes, (long) rows * elementBytes);
    }

    private synchronized byte[] all() {
        byte[] known = values;
        if (known == null) {
            known = Hdf5File.guarded(dataset.getFileAsPath(), this::unpack);
            values = known;
        }
        return known;
    }

    private byte[] unpack() {
        Chunks chunks = new Chunks(dataset, elementBytes);
        long[] shape = dataset.getDimensionsAsLong();
        int[] chunk = dataset.getChunkDimensions();
        byte[] out = new byte[Math.toIntExact(dataset.getSize() * elementBytes)];
        int[] offset = new int[shape.length];
        do {
            copy(chunks.unpack(offset.clone()), offset, chunk, shape, out);
        } while (next(offset, chunk, shape));
        return out;
    }

    /** Moves to the next chunk; false when there is none. */
    private static boolean next(int[] offset, int[] chunk, long[] shape) {
        for (int d = shape.length - 1; d >= 0; d--) {
            offset[d] += chunk[d];
            if (offset[d] < shape[d]) {
                return true;
            }
            offset[d] = 0;
        }
        return false;
    }

    /** Copies the lines of a chunk that lie in the dataset. */
    private void copy(byte[] from, int[] offset, int[] chunk, long[] shape, byte[] to) {
        int last = shape.length - 1;
        int line = (int) Math.min(chunk[last], shape[last] - offset[last]) * elementBytes;
        int[] index = new int[last];
        boolean more = true;
        while (more) {
            long source = 0;
            long target = 0;
            for (int d = 0; d < last; d++) {
                source = source * chunk[d] + index[d];
                target = target * shape[d] + offset[d] + index[d];
            }
            System.arraycopy(
                    from,
                    (int) (source * chunk[last]) * elementBytes,
                    to,
                    (int) (target * shape[last] + offset[last]) * elementBytes,
                    line);
            more = false;
            for (int d = last - 1; d >= 0 && !more; d--) {
                index[d]++;
                more = index[d] < Math.min(chunk[d], shape[d] - offset[d]);
                index[d] = more ? index[d] : 0;
            }
        }
    }
}
