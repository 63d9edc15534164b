package org.perseid.io.snapshot;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.perseid.renderer.model.FieldRange;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Workers;

/**
 * Reads fields into columns: all fields of all types and files are cut into pieces, and the workers
 * take one piece after the other. Every byte that is needed is touched once.
 */
final class ColumnLoader {
    private static final FieldRange ONE = new FieldRange(1, 1, 1);

    private final SnapshotInfo info;
    private final List<? extends SnapshotPart> parts;
    private final Share share;
    private final Workers workers;
    private final Reporter reporter;

    ColumnLoader(
            SnapshotInfo info,
            List<? extends SnapshotPart> parts,
            Share share,
            Workers workers,
            Reporter reporter) {
        this.info = info;
        this.parts = parts;
        this.share = share;
        this.workers = workers;
        this.reporter = reporter;
    }

    List<Loaded> load(List<LoadRequest> requests) {
        List<Target> targets = new ArrayList<>();
        try {
            List<Runnable> pieces = new ArrayList<>();
            requireExtras(requests);
            for (LoadRequest request : requests) {
                FieldFinder finder = new FieldFinder(info, request);
                RowChooser chooser =
                        new RowChooser(info, parts, request, finder, share, workers, reporter);
                Target target = new Target(request, finder, chooser.choose());
                targets.add(target);
                target.plan(pieces);
            }
            AtomicLong done = new AtomicLong();
            workers.run(
                    pieces.size(),
                    i -> {
                        pieces.get((int) i).run();
                        reporter.progress("read", done.incrementAndGet(), pieces.size());
                    });
            return targets.stream().map(Target::finish).toList();
        } catch (RuntimeException | Error e) {
            targets.forEach(t -> t.set.close());
            throw e;
        }
    }

    /** What is measured may be missing in some types, but not in all. */
    private void requireExtras(List<LoadRequest> requests) {
        for (String extra :
                requests.isEmpty() ? List.<String>of() : requests.getFirst().more().extras()) {
            FieldFinder last = null;
            SnapshotPart where = null;
            boolean found = extra.equals("mass");
            for (LoadRequest request : requests) {
                for (SnapshotPart part : parts) {
                    if (!found && part.rows(request.fileType()) > 0) {
                        last = new FieldFinder(info, request);
                        where = part;
                        found = last.has(part, extra);
                    }
                }
            }
            if (!found && last != null && where != null) {
                FieldData _ = last.require(where, extra, 1);
            }
        }
    }

    /** One displayed type while it is being read. */
    private final class Target {
        private final LoadRequest request;
        private final FieldFinder finder;
        private final List<RowChooser.Piece> rows;
        private final ParticleSet set;
        private final AtomicBoolean suspicious = new AtomicBoolean();
        private final AtomicReference<FieldRange> colorRange =
                new AtomicReference<>(FieldRange.EMPTY);
        private final AtomicReference<FieldRange> intensityRange =
                new AtomicReference<>(FieldRange.EMPTY);
        private final boolean sizeMissing;
        private long bytes;

        Target(LoadRequest request, FieldFinder finder, List<RowChooser.Piece> rows) {
            this.request = request;
            this.finder = finder;
            this.rows = rows;
            this.sizeMissing = finder.sizeMissing(parts);
            this.set =
                    new ParticleSet(
                            rows.stream().mapToLong(RowChooser.Piece::count).sum(),
                            new ParticleSet.Columns(
                                    request.vectorColor(),
                                    request.intensityField() != null,
                                    request.ids(),
                                    request.more().velocities(),
                                    request.more().extras().size()));
        }

        /** Adds the pieces of this type. */
        void plan(List<Runnable> pieces) {
            long out = 0;
            Fields fields = null;
            for (RowChooser.Piece piece : rows) {
                if (fields == null || !fields.part.equals(piece.part())) {
                    fields = new Fields(piece.part());
                    if (out == 0) {
                        setOrigin(fields.position, piece);
                    }
                }
                if (piece.count() > 0) {
                    planPiece(fields, piece, out, pieces);
                }
                out += piece.count();
            }
        }

        private void planPiece(
                Fields fields, RowChooser.Piece piece, long out, List<Runnable> pieces) {
            long row = piece.first();
            int n = piece.count();
            pieces.add(() -> readPositions(piece.of(fields.position), row, n, out));
            if (!sizeMissing) {
                pieces.add(() -> readSizes(piece.ofOptional(fields.size), row, n, out));
            }
            pieces.add(() -> readColors(piece.ofOptional(fields.color), row, n, out));
            pieces.add(() -> readIntensities(piece.ofOptional(fields.intensity), row, n, out));
            FieldData ids = fields.ids;
            if (ids != null) {
                pieces.add(() -> new PieceReader(piece.of(ids)).ids(row, n, set.ids(), out));
            }
            FieldData velocity = fields.velocity;
            if (velocity != null) {
                MemorySegment[] columns = {set.velocity(0), set.velocity(1), set.velocity(2)};
                pieces.add(() ->
                        new PieceReader(piece.of(velocity)).vectors(row, n, 1f, columns, out));
            }
            for (int k = 0; k < fields.extras.size(); k++) {
                FieldData extra = fields.extras.get(k);
                MemorySegment column = set.extra(k);
                pieces.add(() -> new PieceReader(piece.of(extra)).scalars(row, n, 1f, column, out));
            }
            bytes += n * fields.bytesPerRow;
        }

        /** The fields of this type in one file. */
        private final class Fields {
            private final SnapshotPart part;
            private final FieldData position;
            private final @Nullable FieldData size;
            private final @Nullable FieldData color;
            private final @Nullable FieldData intensity;
            private final @Nullable FieldData ids;
            private final @Nullable FieldData velocity;
            private final List<FieldData> extras = new ArrayList<>();
            private long bytesPerRow;

            Fields(SnapshotPart part) {
                this.part = part;
                position = counted(finder.require(part, "position", 3));
                size =
                        sizeMissing || request.fixedSize() > 0
                                ? null
                                : optional(request.sizeField(), 1);
                color = optional(request.colorField(), request.vectorColor() ? 3 : 1);
                intensity = optional(request.intensityField(), 1);
                ids = optional(request.ids() ? "id" : null, 1);
                velocity = optional(request.more().velocities() ? "velocity" : null, 3);
                for (String extra : request.more().extras()) {
                    extras.add(counted(finder.extra(part, extra)));
                }
            }

            private @Nullable FieldData optional(@Nullable String field, int components) {
                return field == null ? null : counted(finder.require(part, field, components));
            }

            private FieldData counted(FieldData field) {
                bytesPerRow += field.bytesPerRow();
                return field;
            }
        }

        /**
         * Double positions are held relative to the first particle, single ones to zero: neither
         * loses digits.
         */
        private void setOrigin(FieldData position, RowChooser.Piece piece) {
            if (position.element() != ElementType.F8 || piece.count() == 0) {
                return;
            }
            double[] p = new double[3];
            piece.of(position).doubles(piece.first(), 1, p);
            if (Double.isFinite(p[0] + p[1] + p[2])) {
                set.setOrigin(p[0], p[1], p[2]);
            }
        }

        private void readPositions(FieldData field, long row, int n, long out) {
            double[] origin = {set.originX(), set.originY(), set.originZ()};
            MemorySegment[] columns = {set.x(), set.y(), set.z()};
            if (!new PieceReader(field).positions(row, n, origin, columns, out)) {
                suspicious.set(true);
            }
        }

        private void readSizes(@Nullable FieldData field, long row, int n, long out) {
            if (field == null) {
                PieceReader.fill(set.smoothingLength(), out, n, (float) request.fixedSize());
                return;
            }
            float factor = (float) request.sizeFactor();
            RangeFinder found =
                    new PieceReader(field).scalars(row, n, factor, set.smoothingLength(), out);
            note(found);
            if (!(found.range().min() > 0)) {
                suspicious.set(true);
            }
        }

        private void readIntensities(@Nullable FieldData field, long row, int n, long out) {
            if (field == null) {
                intensityRange.accumulateAndGet(ONE, FieldRange::merge);
                return;
            }
            RangeFinder found = new PieceReader(field).scalars(row, n, 1f, set.intensity(), out);
            note(found);
            intensityRange.accumulateAndGet(found.range(), FieldRange::merge);
        }

        private void readColors(@Nullable FieldData field, long row, int n, long out) {
            if (field == null) {
                PieceReader.fill(set.color(0), out, n, 1f);
                colorRange.accumulateAndGet(ONE, FieldRange::merge);
                return;
            }
            float factor = (float) request.colorFactor();
            PieceReader reader = new PieceReader(field);
            RangeFinder found;
            if (request.vectorColor()) {
                MemorySegment[] columns = {set.color(0), set.color(1), set.color(2)};
                found = reader.vectors(row, n, factor, columns, out);
            } else {
                found = reader.scalars(row, n, factor, set.color(0), out);
            }
            note(found);
            colorRange.accumulateAndGet(found.range(), FieldRange::merge);
        }

        private void note(RangeFinder found) {
            if (found.sawNonFinite()) {
                suspicious.set(true);
            }
        }

        Loaded finish() {
            set.setRanges(colorRange.get(), intensityRange.get());
            if (suspicious.get()) {
                new BadParticles(set, request, sizeMissing).drop(reporter);
            }
            return new Loaded(set, sizeMissing, bytes);
        }
    }
}
