package org.perseid.io.genericio;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.perseid.io.InputException;
import org.perseid.io.snapshot.ColumnSnapshot;
import org.perseid.io.snapshot.ElementType;
import org.perseid.io.snapshot.FieldTable;
import org.perseid.io.snapshot.MappedFile;
import org.perseid.io.snapshot.PositionNames;
import org.perseid.io.snapshot.ReadOptions;
import org.perseid.io.snapshot.Roles;
import org.perseid.io.snapshot.RowBytes;
import org.perseid.io.snapshot.SnapshotFormat;
import org.perseid.io.snapshot.SnapshotInfo;
import org.perseid.io.snapshot.StridedData;
import org.perseid.io.snapshot.Units;

/** HACC GenericIO, not compressed: for each rank that wrote, its variables one after the other. */
public final class GenericIoFormat implements SnapshotFormat {
    private static final int HEADER = 16 + 17 * 8;
    private static final int VARIABLE_NAME = 256;
    private static final int FLOAT = 1;
    private static final int SIGNED = 2;
    private static final int CRC = 8;
    private static final int MAX_VARIABLES = 10_000;
    private static final int MAX_RANKS = 10_000_000;

    @Override
    public String name() {
        return "HACC GenericIO";
    }

    @Override
    public boolean recognises(ByteBuffer head, long fileBytes) {
        byte[] magic = new byte[Math.min(8, head.remaining())];
        head.get(magic);
        return new String(magic, StandardCharsets.ISO_8859_1).matches("HACC0\\d[LB]\0");
    }

    @Override
    public ColumnSnapshot open(Path path, ReadOptions options) {
        MappedFile file = MappedFile.open(path);
        try {
            return new Reader(file).open();
        } catch (IndexOutOfBoundsException e) {
            file.close();
            throw new InputException(path, "damaged or truncated GenericIO: " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /** A variable of the file. */
    private record Variable(String name, ElementType element) {}

    /** Walks one file. */
    private static final class Reader {
        private final MappedFile file;
        private final MemorySegment data;
        private final ByteOrder order;

        Reader(MappedFile file) {
            this.file = file;
            this.data = file.data();
            this.order =
                    data.get(ValueLayout.JAVA_BYTE, 6) == 'L'
                            ? ByteOrder.LITTLE_ENDIAN
                            : ByteOrder.BIG_ENDIAN;
        }

        private long word(long at) {
            return data.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order), at);
        }

        private int count(long at, String what, int most) {
            long n = word(at);
            if (n < 0 || n > most) {
                throw new InputException(
                        file.path(),
                        "damaged: says it has " + n + " " + what + " (at most " + most + ")");
            }
            return (int) n;
        }

        ColumnSnapshot open() {
            if (data.byteSize() < HEADER) {
                throw new InputException(
                        file.path(),
                        "truncated: has " + data.byteSize() + " bytes, the header " + HEADER);
            }
            int variableCount = count(48, "variables", MAX_VARIABLES);
            long variableSize = word(56);
            long variablesAt = word(64);
            int ranks = count(72, "ranks", MAX_RANKS);
            long rankSize = word(80);
            long ranksAt = word(88);
            double box =
                    data.get(ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(order), 8 + 14L * 8 + 8);
            List<Variable> variables = new ArrayList<>();
            for (int k = 0; k < variableCount; k++) {
                variables.add(variable(variablesAt + k * variableSize));
            }
            List<FieldTable> tables = new ArrayList<>();
            for (int r = 0; r < ranks; r++) {
                tables.add(rank(ranksAt + r * rankSize, variables));
            }
            return snapshot(tables, ranks, box);
        }

        private Variable variable(long at) {
            byte[] name = new byte[VARIABLE_NAME];
            MemorySegment.copy(data, ValueLayout.JAVA_BYTE, at, name, 0, VARIABLE_NAME);
            String text = new String(name, StandardCharsets.ISO_8859_1);
            int end = text.indexOf('\0');
            long flags = word(at + VARIABLE_NAME);
            long bytes = word(at + VARIABLE_NAME + 8);
            ElementType element = element(flags, bytes);
            if (element == null) {
                throw new InputException(
                        file.path(),
                        "damaged or unsupported: variable "
                                + (end < 0 ? text : text.substring(0, end))
                                + " has values of "
                                + bytes
                                + " bytes");
            }
            return new Variable(end < 0 ? text : text.substring(0, end), element);
        }

        private static @Nullable ElementType element(long flags, long bytes) {
            boolean real = (flags & FLOAT) != 0;
            boolean signed = (flags & SIGNED) != 0;
            return switch (Math.clamp(bytes, 0, 9)) {
                case 1 -> signed ? ElementType.I1 : ElementType.U1;
                case 2 -> signed ? ElementType.I2 : ElementType.U2;
                case 4 -> real ? ElementType.F4 : signed ? ElementType.I4 : ElementType.U4;
                case 8 -> real ? ElementType.F8 : signed ? ElementType.I8 : ElementType.U8;
                default -> null;
            };
        }

        private FieldTable rank(long at, List<Variable> variables) {
            long rows = word(at + 24);
            long start = word(at + 32);
            FieldTable table = new FieldTable(file.path()).withRows(0, rows);
            for (Variable variable : variables) {
                long bytes = variable.element.bytes();
                if (rows < 0 || start < 0 || rows > (data.byteSize() - start) / bytes) {
                    throw new InputException(
                            file.path(),
                            "truncated: "
                                    + rows
                                    + " values of "
                                    + variable.name
                                    + " from byte "
                                    + start
                                    + " on, the file has "
                                    + data.byteSize()
                                    + " bytes");
                }
                table.with(
                        0,
                        variable.name,
                        StridedData.packed(
                                RowBytes.at(data, start, bytes), variable.element, order, 1));
                start += rows * bytes + CRC;
            }
            return table;
        }

        private ColumnSnapshot snapshot(List<FieldTable> tables, int ranks, double box) {
            FieldTable first = tables.isEmpty() ? new FieldTable(file.path()) : tables.getFirst();
            String position = PositionNames.position(first.fields(0));
            if (position == null) {
                throw new InputException(
                        file.path(),
                        "has no variables x, y, z; it has: "
                                + String.join(", ", first.fieldNames(0)));
            }
            SnapshotInfo info =
                    SnapshotInfo.of(
                            "HACC GenericIO, "
                                    + ranks
                                    + " ranks"
                                    + (order == ByteOrder.BIG_ENDIAN ? ", big-endian" : ""),
                            tables,
                            List.of(file.path()),
                            file.size(),
                            List.of("dark matter"),
                            new double[0],
                            Map.of(),
                            new SnapshotInfo.Header(0, 0, Double.isFinite(box) ? box : 0, 0, 0, 0),
                            new Roles(
                                    position,
                                    PositionNames.velocity(first.fieldNames(0)),
                                    PositionNames.mass(first.fieldNames(0)),
                                    PositionNames.id(first.fieldNames(0)),
                                    null,
                                    1),
                            Units.UNKNOWN);
            return new ColumnSnapshot(info, tables, file::close);
        }
    }
}
