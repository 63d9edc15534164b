package org.perseid.io.hdf5;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.exceptions.HdfException;
import io.jhdf.object.datatype.CompoundDataType;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.perseid.io.InputException;
import org.perseid.io.snapshot.BlockCache;
import org.perseid.io.snapshot.ElementType;
import org.perseid.io.snapshot.FieldData;
import org.perseid.io.snapshot.MappedFile;
import org.perseid.io.snapshot.RowBytes;
import org.perseid.io.snapshot.StridedData;

/**
 * An HDF5 file: jHDF finds groups, attributes and where the data lies; the data itself is read
 * here, from a mapping where it lies in one piece and chunk by chunk where not.
 */
final class Hdf5File implements AutoCloseable {
    /** Most components of a field. */
    private static final int MAX_COMPONENTS = 64;

    private static final int MAX_DEFLATE = 1100;

    /** Chunks may stick out of a dataset; all together hold at most so many times its values. */
    private static final double MAX_WASTE = 64;

    private final MappedFile mapped;
    private final HdfFile file;
    private final BlockCache<byte[]> chunks = new BlockCache<>();

    private Hdf5File(MappedFile mapped, HdfFile file) {
        this.mapped = mapped;
        this.file = file;
    }

    /**
     * Opens a file.
     *
     * @throws InputException when it is damaged
     */
    static Hdf5File open(Path path) {
        MappedFile mapped = MappedFile.open(path);
        try {
            requireComplete(mapped);
            return new Hdf5File(mapped, new HdfFile(path));
        } catch (RuntimeException e) {
            mapped.close();
            throw damaged(path, e);
        }
    }

    /** The superblock says where the file ends; one that was cut off is shorter. */
    private static void requireComplete(MappedFile file) {
        if (file.size() < 64) {
            throw new InputException(file.path(), "truncated: has " + file.size() + " bytes");
        }
        int version = file.data().get(ValueLayout.JAVA_BYTE, 8);
        int offsetBytes = file.data().get(ValueLayout.JAVA_BYTE, version < 2 ? 13 : 9);
        long at = version == 0 ? 40 : version == 1 ? 44 : 28;
        if (version < 0 || version > 3 || offsetBytes != 8) {
            return; // jHDF tells what is wrong
        }
        long end =
                file.data()
                        .get(
                                ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN),
                                at);
        if (end > file.size()) {
            throw new InputException(
                    file.path(),
                    "truncated: the file should have "
                            + end
                            + " bytes and has "
                            + file.size()
                            + "; copy it again, or wait until it is written");
        }
    }

    /** The error for a file that jHDF, or what follows from its answers, stumbles over. */
    static InputException damaged(Path path, RuntimeException e) {
        if (e instanceof InputException known) {
            return known;
        }
        String message = String.valueOf(e.getMessage());
        String hint =
                message.contains("layout message version")
                        ? "; rewrite it for older readers: h5repack --low=2 --high=2 FILE NEW"
                        : "; is it complete? h5dump -H FILE tells more";
        return new InputException(
                path,
                "damaged or unsupported HDF5 ("
                        + message.lines().findFirst().orElse("")
                        + ")"
                        + hint,
                e);
    }

    /** The result of a call into jHDF, whose failures become messages. */
    static <T> T guarded(Path path, Supplier<T> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            throw damaged(path, e);
        } catch (OutOfMemoryError e) { // jHDF believes lengths that a damaged file gives
            throw damaged(
                    path,
                    new HdfException(
                            "something in it is larger than the Java heap; set PERSEID_JAVA_OPTS=-Xmx8g, say, if it"
                                    + " should be"));
        }
    }

    Path path() {
        return mapped.path();
    }

    long size() {
        return mapped.size();
    }

    Group root() {
        return file;
    }

    /** A group by its path from a group; null when there is none. */
    static @Nullable Group group(Group of, String path) {
        Node node = node(of, path);
        return node instanceof Group group ? group : null;
    }

    /** What lies at a path from a group; null when there is nothing. */
    static @Nullable Node node(Group of, String path) {
        Node node = of;
        for (String name : path.split("/", -1)) {
            if (!name.isEmpty()) {
                node = node instanceof Group group ? group.getChildren().get(name) : null;
            }
        }
        return node;
    }

    /** Rows of a dataset. */
    static long rows(Dataset dataset) {
        long[] shape = dataset.getDimensionsAsLong();
        return shape.length == 0 ? 1 : shape[0];
    }

    /**
     * A dataset of numbers, one or two dimensions, as a field; null when it is something else.
     *
     * @throws HdfException when it is damaged
     */
    @Nullable FieldData field(Dataset dataset) {
        long[] shape = dataset.getDimensionsAsLong();
        ElementType element = element(dataset.getDataType());
        if (element == null
                || shape.length < 1
                || shape.length > 2
                || (shape.length == 2 && (shape[1] < 1 || shape[1] > MAX_COMPONENTS))) {
            return null;
        }
        int components = shape.length == 2 ? (int) shape[1] : 1;
        return StridedData.packed(
                rowBytes(dataset, element.bytes() * components, element.bytes()),
                element,
                order(dataset.getDataType()),
                components);
    }

    /** A dataset of three or more dimensions, value by value, the last index running fastest. */
    @Nullable FieldData values(Dataset dataset) {
        ElementType element = element(dataset.getDataType());
        if (element == null) {
            return null;
        }
        requirePossible(dataset, element.bytes());
        long bytes = Math.multiplyExact(dataset.getSize(), (long) element.bytes());
        if (dataset instanceof ContiguousDataset inOnePiece) {
            return StridedData.packed(
                    contiguous(inOnePiece, element.bytes(), bytes),
                    element,
                    order(dataset.getDataType()),
                    1);
        }
        return dataset instanceof ChunkedDataset chunked && bytes <= Integer.MAX_VALUE - 64
                ? StridedData.packed(
                        new ChunkedGrid(chunked, element.bytes()),
                        element,
                        order(dataset.getDataType()),
                        1)
                : null;
    }

    /** The members of a table of structs that are numbers; none when it is no such table. */
    Map<String, FieldData> members(Dataset dataset) {
        Map<String, FieldData> out = new LinkedHashMap<>();
        if (dataset.getDimensionsAsLong().length == 1
                && dataset.getDataType() instanceof CompoundDataType compound) {
            int stride = compound.getSize();
            RowBytes rows = rowBytes(dataset, stride, stride);
            for (CompoundDataType.CompoundDataMember member : compound.getMembers()) {
                ElementType element = element(member.getDataType());
                if (element != null) {
                    out.put(
                            member.getName(),
                            new StridedData(
                                    rows,
                                    stride,
                                    member.getOffset(),
                                    element,
                                    order(member.getDataType()),
                                    1));
                }
            }
        }
        return out;
    }

    /**
     * Deflate makes nothing smaller than by a factor of 1032: what says that it is larger is
     * damaged (or was never written).
     */
    private void requirePossible(Dataset dataset, int elementBytes) {
        long[] shape = dataset.getDimensionsAsLong();
        double values = 1;
        for (long n : shape) {
            values *= n;
        }
        double chunk = elementBytes;
        double unpacked = elementBytes;
        if (dataset instanceof ChunkedDataset chunked) {
            int[] size = chunked.getChunkDimensions();
            for (int d = 0; d < shape.length; d++) {
                if (size.length != shape.length || size[d] < 1) {
                    throw new HdfException(dataset.getPath() + " has impossible chunks");
                }
                chunk *= size[d];
                unpacked *= (double) Math.ceilDiv(shape[d], size[d]) * size[d];
            }
        }
        double most = (double) MAX_DEFLATE * mapped.size();
        if (unpacked > MAX_WASTE * values * elementBytes + (1L << 30)) {
            throw new HdfException(
                    dataset.getPath() + " has chunks that hold almost nothing of it");
        }
        if (values * elementBytes > most || chunk > most) {
            throw new HdfException(
                    dataset.getPath()
                            + " says it has "
                            + (long) values
                            + " values, in a file of "
                            + mapped.size()
                            + " bytes");
        }
    }

    private RowBytes rowBytes(Dataset dataset, int rowBytes, int elementBytes) {
        requirePossible(dataset, elementBytes);
        return switch (dataset) {
            case ChunkedDataset chunked -> new ChunkedRows(chunked, chunks, elementBytes);
            case ContiguousDataset contiguous ->
                    contiguous(contiguous, rowBytes, rows(dataset) * rowBytes);
            default -> throw new HdfException(dataset.getPath() + " has a layout of its own");
        };
    }

    private RowBytes contiguous(ContiguousDataset dataset, int rowBytes, long bytes) {
        long at = dataset.getDataAddress() + file.getUserBlockSize();
        if (dataset.getDataAddress() < 0) { // never written
            return (row, rows) -> MemorySegment.ofArray(new byte[rows * rowBytes]);
        }
        if (bytes < 0 || at > mapped.size() - bytes) {
            throw new HdfException(
                    "truncated: "
                            + dataset.getPath()
                            + " ends at byte "
                            + (at + bytes)
                            + ", the file has "
                            + mapped.size());
        }
        return RowBytes.at(mapped.data(), at, rowBytes);
    }

    /** The type of a number; null when it is none that is known. */
    static @Nullable ElementType element(DataType type) {
        int bytes = type.getSize();
        return switch (type) {
            case FloatingPoint f ->
                    bytes == 4 ? ElementType.F4 : bytes == 8 ? ElementType.F8 : null;
            case FixedPoint f ->
                    switch (bytes) {
                        case 1 -> f.isSigned() ? ElementType.I1 : ElementType.U1;
                        case 2 -> f.isSigned() ? ElementType.I2 : ElementType.U2;
                        case 4 -> f.isSigned() ? ElementType.I4 : ElementType.U4;
                        case 8 -> f.isSigned() ? ElementType.I8 : ElementType.U8;
                        default -> null;
                    };
            default -> null;
        };
    }

    static ByteOrder order(DataType type) {
        return switch (type) {
            case FloatingPoint f -> f.getByteOrder();
            case FixedPoint f -> f.getByteOrder();
            default -> ByteOrder.LITTLE_ENDIAN;
        };
    }

    @Override
    public void close() {
        file.close();
        mapped.close();
    }
}
