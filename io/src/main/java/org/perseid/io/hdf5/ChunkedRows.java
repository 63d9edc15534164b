package org.perseid.io.hdf5;

import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.exceptions.HdfException;
import java.lang.foreign.MemorySegment;
import org.perseid.io.snapshot.BlockCache;
import org.perseid.io.snapshot.RowBytes;

/**
 * Rows of a chunked dataset of one or two dimensions: the chunks that hold them are unpacked and
 * kept for the next rows.
 */
final class ChunkedRows implements RowBytes {
    /** Largest chunk that is unpacked. */
    static final long MAX_CHUNK_BYTES = 1L << 30;

    private final ChunkedDataset dataset;
    private final BlockCache<byte[]> cache;
    private final int elementBytes;
    private final int columns;
    private final int chunkRows;
    private final int chunkColumns;
    private final boolean oneDimension;
    private final Chunks chunks;

    /**
     * @param elementBytes bytes of a value
     */
    ChunkedRows(ChunkedDataset dataset, BlockCache<byte[]> cache, int elementBytes) {
        this.dataset = dataset;
        this.cache = cache;
        this.elementBytes = elementBytes;
        long[] shape = dataset.getDimensionsAsLong();
        int[] chunk = dataset.getChunkDimensions();
        oneDimension = shape.length == 1;
        columns = oneDimension ? 1 : (int) shape[1];
        chunkRows = chunk[0];
        chunkColumns = oneDimension ? 1 : chunk[1];
        chunks = new Chunks(dataset, elementBytes);
        long bytes = (long) chunkRows * chunkColumns * elementBytes;
        if (chunkRows < 1 || chunkColumns < 1 || bytes > MAX_CHUNK_BYTES) {
            throw new HdfException(
                    "dataset " + dataset.getPath() + " has chunks of " + bytes + " bytes");
        }
    }

    @Override
    public MemorySegment rows(long row, int rows) {
        int rowBytes = columns * elementBytes;
        long firstChunk = row / chunkRows;
        long lastChunk = (row + rows - 1) / chunkRows;
        if (firstChunk == lastChunk && chunkColumns == columns) {
            long at = (row - firstChunk * chunkRows) * rowBytes;
            return MemorySegment.ofArray(chunk(firstChunk, 0)).asSlice(at, (long) rows * rowBytes);
        }
        byte[] out = new byte[Math.multiplyExact(rows, rowBytes)];
        for (long c = firstChunk; c <= lastChunk; c++) {
            long from = Math.max(row, c * chunkRows);
            long to = Math.min(row + rows, (c + 1) * chunkRows);
            for (int column = 0; column < columns; column += chunkColumns) {
                byte[] bytes = chunk(c, column);
                int n = Math.min(chunkColumns, columns - column) * elementBytes;
                for (long r = from; r < to; r++) {
                    System.arraycopy(
                            bytes,
                            (int) (r - c * chunkRows) * chunkColumns * elementBytes,
                            out,
                            (int) (r - row) * rowBytes + column * elementBytes,
                            n);
                }
            }
        }
        return MemorySegment.ofArray(out);
    }

    private byte[] chunk(long chunkRow, int column) {
        int size = chunkRows * chunkColumns * elementBytes;
        long number = chunkRow * Math.ceilDiv(columns, chunkColumns) + column / chunkColumns;
        return cache.get(dataset, number, size, () -> unpack(chunkRow, column));
    }

    private byte[] unpack(long chunkRow, int column) {
        int row = Math.toIntExact(chunkRow * chunkRows);
        return chunks.unpack(oneDimension ? new int[] {row} : new int[] {row, column});
    }
}
