package org.perseid.io.snapshot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Workers;

/** Chooses the rows of a type that are read: a share, what lies in a region, what is selected. */
final class RowChooser {
    /** Rows of a piece. */
    private static final int PIECE = 1 << 16;

    private static final int STEP = 1 << 12;

    private final SnapshotInfo info;
    private final List<? extends SnapshotPart> parts;
    private final LoadRequest request;
    private final FieldFinder finder;
    private final Share share;
    private final Workers workers;
    private final Reporter reporter;

    RowChooser(
            SnapshotInfo info,
            List<? extends SnapshotPart> parts,
            LoadRequest request,
            FieldFinder finder,
            Share share,
            Workers workers,
            Reporter reporter) {
        this.info = info;
        this.parts = parts;
        this.request = request;
        this.finder = finder;
        this.share = share;
        this.workers = workers;
        this.reporter = reporter;
    }

    /**
     * Some rows of one file, one after the other, of which all or some are read.
     *
     * @param chosen rows that are read, relative to {@code row}; null for all
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Piece(SnapshotPart part, long row, int rows, int @Nullable [] chosen) {
        int count() {
            return chosen == null ? rows : chosen.length;
        }

        /** First row to read of a field that {@link #of} gave. */
        long first() {
            return chosen == null ? row : 0;
        }

        /** The field as it is read: as in the file, or its chosen rows, numbered from 0. */
        FieldData of(FieldData field) {
            return chosen == null ? field : new ChosenRows(field, row, chosen);
        }

        @Nullable FieldData ofOptional(@Nullable FieldData field) {
            return field == null ? null : of(field);
        }
    }

    List<Piece> choose() {
        List<Piece> all = pieces();
        LoadRequest.More more = request.more();
        if (more.select().isEmpty() && more.region() == null) {
            return all;
        }
        Piece[] out = new Piece[all.size()];
        List<@Nullable FieldData> conditions = new ArrayList<>();
        for (Piece piece : all) {
            conditions.add(
                    more.select().isEmpty()
                            ? null
                            : finder.condition(piece.part(), "select", more.select()));
        }
        List<FieldData> positions =
                all.stream().map(p -> finder.require(p.part(), "position", 3)).toList();
        AtomicLong done = new AtomicLong();
        workers.run(
                out.length,
                i -> {
                    int k = (int) i;
                    out[k] = chosen(all.get(k), conditions.get(k), positions.get(k));
                    reporter.progress("select", done.incrementAndGet(), out.length);
                });
        List<Piece> chosen = List.of(out);
        long rows = all.stream().mapToLong(Piece::count).sum();
        reporter.note(
                String.format(
                        Locale.ROOT,
                        "%s: %d particles selected of %d read of %d",
                        info.typeName(request.fileType()),
                        chosen.stream().mapToLong(Piece::count).sum(),
                        rows,
                        parts.stream().mapToLong(p -> p.rows(request.fileType())).sum()));
        return chosen;
    }

    /** The share's rows, those left out that the format knows to be outside the region. */
    private List<Piece> pieces() {
        int type = request.fileType();
        Region region = request.more().region();
        long total = parts.stream().mapToLong(p -> p.rows(type)).sum();
        long first = share.first(total);
        long end = share.end(total);
        long before = 0;
        List<Piece> out = new ArrayList<>();
        for (SnapshotPart part : parts) {
            long rows = part.rows(type);
            if (rows > 0) {
                List<SnapshotPart.RowRange> ranges =
                        region == null
                                ? List.of(new SnapshotPart.RowRange(0, rows))
                                : part.rowsIn(region, type);
                for (SnapshotPart.RowRange range : ranges) {
                    long from = Math.max(first - before, range.first());
                    long to = Math.min(end - before, range.end());
                    for (long row = from; row < to; row += PIECE) {
                        out.add(new Piece(part, row, (int) Math.min(PIECE, to - row), null));
                    }
                }
            }
            before += rows;
        }
        return out;
    }

    private Piece chosen(Piece piece, @Nullable FieldData condition, FieldData position) {
        int[] chosen = new int[piece.rows()];
        int n = 0;
        double[] p = new double[3 * STEP];
        double[] holds = new double[STEP];
        Region region = request.more().region();
        for (int done = 0; done < piece.rows(); done += STEP) {
            int rows = Math.min(STEP, piece.rows() - done);
            if (condition != null) {
                condition.doubles(piece.row() + done, rows, holds);
            } else {
                Arrays.fill(holds, 1);
            }
            if (region != null) {
                position.doubles(piece.row() + done, rows, p);
            }
            for (int i = 0; i < rows; i++) {
                if (holds[i] != 0
                        && (region == null
                                || region.contains(
                                        p[3 * i], p[3 * i + 1], p[3 * i + 2], info.boxSize()))) {
                    chosen[n++] = done + i;
                }
            }
        }
        return n == piece.rows()
                ? piece
                : new Piece(piece.part(), piece.row(), piece.rows(), Arrays.copyOf(chosen, n));
    }
}
