package org.perseid.io.hdf5;

import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.exceptions.HdfException;
import io.jhdf.filter.PipelineFilterWithData;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.perseid.io.snapshot.BlockCache;
import org.perseid.io.snapshot.RowBytes;

/**
 * Rows of a chunked dataset of one or two dimensions: the chunks that hold them are unpacked and
 * kept for the next rows. Deflate, shuffle and checksums are undone here, other filters by jHDF.
 */
final class ChunkedRows implements RowBytes {
    private static final int DEFLATE = 1;
    private static final int SHUFFLE = 2;
    private static final int FLETCHER32 = 3;

    /** Largest chunk that is unpacked. */
    static final long MAX_CHUNK_BYTES = 1L << 30;

    private final ChunkedDataset dataset;
    private final BlockCache<byte[]> cache;
    private final int elementBytes;
    private final long rowsInAll;
    private final int columns;
    private final int chunkRows;
    private final int chunkColumns;
    private final boolean oneDimension;
    private final List<PipelineFilterWithData> filters;

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
        rowsInAll = shape[0];
        columns = oneDimension ? 1 : (int) shape[1];
        chunkRows = chunk[0];
        chunkColumns = oneDimension ? 1 : chunk[1];
        filters = dataset.getFilters();
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
        return cache.get(dataset, number, size, () -> checked(chunkRow, column, size));
    }

    private byte[] checked(long chunkRow, int column, int size) {
        return Hdf5File.guarded(dataset.getFileAsPath(), () -> unpack(chunkRow, column, size));
    }

    private byte[] unpack(long chunkRow, int column, int size) {
        int[] offset =
                oneDimension
                        ? new int[] {Math.toIntExact(chunkRow * chunkRows)}
                        : new int[] {Math.toIntExact(chunkRow * chunkRows), column};
        byte[] bytes;
        try {
            ByteBuffer _ = dataset.getRawChunkBuffer(offset);
        } catch (HdfException e) {
            if (String.valueOf(e.getMessage()).startsWith("No chunk with offset")) {
                return fill(size);
            }
            throw e;
        }
        if (filters.stream().allMatch(f -> f.getId() >= DEFLATE && f.getId() <= FLETCHER32)) {
            ByteBuffer raw = dataset.getRawChunkBuffer(offset);
            bytes = new byte[raw.remaining()];
            raw.get(bytes);
            for (PipelineFilterWithData filter : filters.reversed()) {
                bytes =
                        switch (filter.getId()) {
                            case DEFLATE -> inflate(bytes, size);
                            case SHUFFLE -> unshuffle(bytes, filter.getFilterData());
                            default -> withoutChecksum(bytes);
                        };
            }
        } else {
            bytes = dataset.getDecompressedChunk(offset);
        }
        if (bytes.length < size) {
            throw new HdfException(
                    "the chunk at row "
                            + chunkRow * chunkRows
                            + " of "
                            + dataset.getPath()
                            + " (rows: "
                            + rowsInAll
                            + ") has "
                            + bytes.length
                            + " bytes, expected "
                            + size);
        }
        return bytes;
    }

    /** A chunk that was never written. */
    private byte[] fill(int size) {
        byte[] out = new byte[size];
        if (dataset.getFillValue() instanceof Number value && value.doubleValue() != 0) {
            ByteBuffer values = ByteBuffer.wrap(out).order(Hdf5File.order(dataset.getDataType()));
            while (values.remaining() >= elementBytes) {
                switch (Hdf5File.element(dataset.getDataType())) {
                    case F4 -> values.putFloat(value.floatValue());
                    case F8 -> values.putDouble(value.doubleValue());
                    case I4, U4 -> values.putInt(value.intValue());
                    case I8, U8 -> values.putLong(value.longValue());
                    case null, default -> values.position(values.limit());
                }
            }
        }
        return out;
    }

    /** Room for the bytes of a chunk and its checksum. */
    private static byte[] inflate(byte[] packed, int size) {
        byte[] out = new byte[size + 4];
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(packed);
            int n = 0;
            while (!inflater.finished() && n < out.length) {
                int got = inflater.inflate(out, n, out.length - n);
                if (got == 0) {
                    break;
                }
                n += got;
            }
            return n == size ? java.util.Arrays.copyOf(out, size) : java.util.Arrays.copyOf(out, n);
        } catch (DataFormatException e) {
            throw new HdfException("damaged compressed data", e);
        }
    }

    /** Byte k of all values, for each k in turn, becomes value after value. */
    private static byte[] unshuffle(byte[] in, int[] data) {
        int width = data.length > 0 ? data[0] : 1;
        if (width <= 1) {
            return in;
        }
        int values = in.length / width;
        byte[] out = new byte[in.length];
        for (int k = 0; k < width; k++) {
            int from = k * values;
            for (int i = 0; i < values; i++) {
                out[i * width + k] = in[from + i];
            }
        }
        System.arraycopy(in, values * width, out, values * width, in.length - values * width);
        return out;
    }

    private static byte[] withoutChecksum(byte[] in) {
        return java.util.Arrays.copyOf(in, Math.max(0, in.length - 4));
    }
}
