package org.perseid.io.hdf5;

import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.exceptions.HdfException;
import io.jhdf.filter.PipelineFilterWithData;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Unpacks the chunks of a dataset. Deflate, shuffle and checksums are undone here, other filters by
 * jHDF. Any number of threads may use it.
 */
final class Chunks {
    private static final int DEFLATE = 1;
    private static final int SHUFFLE = 2;
    private static final int FLETCHER32 = 3;

    private final ChunkedDataset dataset;
    private final int elementBytes;
    private final int size;
    private final long fileBytes;
    private final List<PipelineFilterWithData> filters;

    /**
     * @param elementBytes bytes of a value
     */
    Chunks(ChunkedDataset dataset, int elementBytes) {
        this.dataset = dataset;
        this.elementBytes = elementBytes;
        int bytes = elementBytes;
        for (int n : dataset.getChunkDimensions()) {
            bytes = Math.multiplyExact(bytes, n);
        }
        size = bytes;
        fileBytes = dataset.getFileAsPath().toFile().length();
        filters = dataset.getFilters();
    }

    /**
     * The bytes of a chunk, as many as all its values take.
     *
     * @param offset of its first value, by dimension
     * @throws org.perseid.io.InputException when it is damaged
     */
    byte[] unpack(int[] offset) {
        return Hdf5File.guarded(dataset.getFileAsPath(), () -> unpacked(offset));
    }

    private byte[] unpacked(int[] offset) {
        ByteBuffer raw;
        try {
            raw = dataset.getRawChunkBuffer(offset);
        } catch (HdfException e) {
            if (String.valueOf(e.getMessage()).startsWith("No chunk with offset")) {
                return fill();
            }
            throw e;
        }
        if (raw.remaining() > fileBytes) {
            throw new HdfException(
                    "the chunk at "
                            + Arrays.toString(offset)
                            + " of "
                            + dataset.getPath()
                            + " says "
                            + raw.remaining()
                            + " bytes, the file has "
                            + fileBytes);
        }
        byte[] bytes;
        if (filters.stream().allMatch(f -> f.getId() >= DEFLATE && f.getId() <= FLETCHER32)) {
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
                    "the chunk at "
                            + Arrays.toString(offset)
                            + " of "
                            + dataset.getPath()
                            + " has "
                            + bytes.length
                            + " bytes, expected "
                            + size);
        }
        return bytes;
    }

    /** A chunk that was never written. */
    private byte[] fill() {
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
            return n == size ? Arrays.copyOf(out, size) : Arrays.copyOf(out, n);
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
        return Arrays.copyOf(in, Math.max(0, in.length - 4));
    }
}
