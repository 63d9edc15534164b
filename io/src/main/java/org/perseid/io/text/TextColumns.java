package org.perseid.io.text;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.perseid.io.InputException;
import org.perseid.io.snapshot.BlockCache;
import org.perseid.io.snapshot.ElementType;
import org.perseid.io.snapshot.FieldData;
import org.perseid.io.snapshot.MappedFile;

/**
 * The columns of a text file. The lines are counted when it is opened; blocks of them are parsed
 * when their numbers are needed. Blank lines and lines that begin with # do not count.
 */
final class TextColumns {
    private static final int BLOCK = 1024;
    private static final int MAX_LINE = 1 << 20;
    private static final int MAX_COLUMNS = 10_000;

    private final MappedFile file;
    private final MemorySegment data;
    private final LineSplitter splitter;
    private final List<String> names;
    private final boolean header;
    private final BlockCache<double[]> parsed = new BlockCache<>();

    /** Byte at which each block of lines begins. */
    private long[] blockStart = new long[16];

    private long rows;

    TextColumns(MappedFile file) {
        this.file = file;
        this.data = file.data();
        String comment = "";
        long at = 0;
        String line = "";
        while (at < data.byteSize()) {
            long end = lineEnd(at);
            line = text(at, end).strip();
            if (!line.isEmpty() && line.charAt(0) != '#') {
                break;
            }
            comment = line.isEmpty() ? comment : line.replaceFirst("^#+\\s*", "");
            at = end + 1;
        }
        splitter = LineSplitter.detect(line);
        List<String> first = splitter.split(line);
        header = at < data.byteSize() && LineSplitter.numbers(first) == 0;
        List<String> commented = LineSplitter.detect(comment).split(comment);
        List<String> titles =
                header
                        ? first
                        : commented.size() == first.size() ? commented : numbered(first.size());
        if (first.size() < 3 || first.size() > MAX_COLUMNS) {
            throw new InputException(
                    file.path(),
                    "has "
                            + first.size()
                            + " columns in its first line; expected 3 to "
                            + MAX_COLUMNS
                            + " with commas, semicolons, tabs or blanks between them");
        }
        names = List.copyOf(titles);
        index(header ? lineEnd(at) + 1 : at);
    }

    private static List<String> numbered(int n) {
        List<String> out = new ArrayList<>();
        for (int k = 1; k <= n; k++) {
            out.add("col" + k);
        }
        return out;
    }

    private long lineEnd(long at) {
        long end = at;
        while (end < data.byteSize() && data.get(ValueLayout.JAVA_BYTE, end) != '\n') {
            end++;
        }
        return end;
    }

    private String text(long from, long to) {
        if (to - from > MAX_LINE) {
            throw new InputException(
                    file.path(),
                    "has a line of "
                            + (to - from)
                            + " bytes at byte "
                            + from
                            + "; at most "
                            + MAX_LINE
                            + " are allowed");
        }
        byte[] bytes = new byte[(int) (to - from)];
        MemorySegment.copy(data, ValueLayout.JAVA_BYTE, from, bytes, 0, bytes.length);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private void index(long start) {
        long at = start;
        while (at < data.byteSize()) {
            long end = lineEnd(at);
            if (isRow(at, end)) {
                if (rows % BLOCK == 0) {
                    int block = (int) (rows / BLOCK);
                    if (block == blockStart.length) {
                        blockStart = Arrays.copyOf(blockStart, 2 * block);
                    }
                    blockStart[block] = at;
                }
                rows++;
            }
            at = end + 1;
        }
    }

    /** Whether a line is neither blank nor a comment. */
    private boolean isRow(long from, long to) {
        for (long i = from; i < to; i++) {
            byte b = data.get(ValueLayout.JAVA_BYTE, i);
            if (b != ' ' && b != '\t' && b != '\r') {
                return b != '#';
            }
        }
        return false;
    }

    long rows() {
        return rows;
    }

    List<String> names() {
        return names;
    }

    boolean hasHeader() {
        return header;
    }

    LineSplitter splitter() {
        return splitter;
    }

    /** Whether the first lines have a number in a column. */
    boolean isNumeric(int column) {
        if (rows == 0) {
            return true;
        }
        double[] values = block(0);
        for (int i = column; i < values.length; i += names.size()) {
            if (!Double.isNaN(values[i])) {
                return true;
            }
        }
        return false;
    }

    /** A column; NaN where there is no number. */
    FieldData field(int column) {
        return new Column(column);
    }

    private double[] block(int block) {
        return parsed.get(this, block, 8 * BLOCK * names.size(), () -> parse(block));
    }

    private double[] parse(int block) {
        int n = (int) Math.min(BLOCK, rows - (long) block * BLOCK);
        double[] out = new double[n * names.size()];
        long at = blockStart[block];
        for (int row = 0; row < n; ) {
            long end = lineEnd(at);
            if (isRow(at, end)) {
                List<String> words = splitter.split(text(at, end).strip());
                if (words.size() != names.size()) {
                    throw new InputException(
                            file.path(),
                            "row "
                                    + ((long) block * BLOCK + row + 1)
                                    + " (byte "
                                    + at
                                    + ") has "
                                    + words.size()
                                    + " columns; expected "
                                    + names.size());
                }
                for (int k = 0; k < words.size(); k++) {
                    out[row * names.size() + k] = LineSplitter.number(words.get(k));
                }
                row++;
            }
            at = end + 1;
        }
        return out;
    }

    /** One column. */
    private final class Column implements FieldData {
        private final int column;

        Column(int column) {
            this.column = column;
        }

        @Override
        public ElementType element() {
            return ElementType.F8;
        }

        @Override
        public int components() {
            return 1;
        }

        @Override
        public void doubles(long row, int n, double[] out) {
            for (int i = 0; i < n; ) {
                int block = (int) ((row + i) / BLOCK);
                double[] values = block(block);
                int first = (int) ((row + i) % BLOCK);
                int count = Math.min(n - i, BLOCK - first);
                for (int k = 0; k < count; k++) {
                    out[i + k] = values[(first + k) * names.size() + column];
                }
                i += count;
            }
        }
    }
}
