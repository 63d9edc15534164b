package org.perseid.io.gadget;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.perseid.io.InputException;
import org.perseid.io.snapshot.LoadRequest;
import org.perseid.io.snapshot.Loaded;
import org.perseid.io.snapshot.Share;
import org.perseid.renderer.model.FieldRange;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Workers;

/**
 * Reads blocks into columns: all fields of all types and files are cut into pieces, and the workers
 * take one piece after the other. Every byte that is needed is touched once.
 */
final class ColumnLoader {
    /** Rows of a piece. */
    private static final int PIECE = 1 << 16;

    private static final FieldRange ONE = new FieldRange(1, 1, 1);

    private final GadgetSnapshot snapshot;
    private final List<LoadRequest> requests;
    private final Share share;
    private final Workers workers;
    private final Reporter reporter;

    ColumnLoader(
            GadgetSnapshot snapshot,
            List<LoadRequest> requests,
            Share share,
            Workers workers,
            Reporter reporter) {
        this.snapshot = snapshot;
        this.requests = requests;
        this.share = share;
        this.workers = workers;
        this.reporter = reporter;
    }

    List<Loaded> load() {
        List<Target> targets = new ArrayList<>();
        try {
            List<Runnable> pieces = new ArrayList<>();
            for (LoadRequest request : requests) {
                Target target = new Target(request);
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

    /** The range of a block's finite values for one type. */
    static FieldRange range(GadgetFile file, Block block, int type, Workers workers) {
        AtomicReference<FieldRange> range = new AtomicReference<>(FieldRange.EMPTY);
        workers.runSlices(
                block.rows()[type],
                PIECE,
                (first, end) ->
                        range.accumulateAndGet(
                                new PieceReader(file, block, type)
                                        .range(first, (int) (end - first)),
                                FieldRange::merge));
        return range.get();
    }

    /** One displayed type while it is being read. */
    private final class Target {
        private final LoadRequest request;
        private final ParticleSet set;
        private final AtomicBoolean suspicious = new AtomicBoolean();
        private final AtomicReference<FieldRange> colorRange =
                new AtomicReference<>(FieldRange.EMPTY);
        private final AtomicReference<FieldRange> intensityRange =
                new AtomicReference<>(FieldRange.EMPTY);
        private final boolean sizeMissing;
        private long bytes;

        Target(LoadRequest request) {
            this.request = request;
            long rows = snapshot.count(request.fileType());
            this.set =
                    new ParticleSet(
                            share.end(rows) - share.first(rows),
                            new ParticleSet.Columns(
                                    request.vectorColor(),
                                    request.intensityField() != null,
                                    request.ids()));
            this.sizeMissing = request.fixedSize() == 0 && !hasSize();
        }

        private boolean hasSize() {
            String field = request.sizeField();
            return field != null && snapshot.fieldBytes(field, request.fileType()).isPresent();
        }

        /** Adds the pieces of this type. */
        void plan(List<Runnable> pieces) {
            int type = request.fileType();
            long rowsOfType = snapshot.count(type);
            long first = share.first(rowsOfType);
            long end = share.end(rowsOfType);
            long before = 0;
            boolean originSet = false;
            for (GadgetFile file : snapshot.parts()) {
                long rows = file.header().counts()[type];
                long from = Math.max(first, before);
                long to = Math.min(end, before + rows);
                if (from < to) {
                    if (!originSet) {
                        setOrigin(file, from - before);
                        originSet = true;
                    }
                    planFile(file, from - before, to - before, from - first, pieces);
                }
                before += rows;
            }
        }

        private void planFile(
                GadgetFile file, long from, long to, long target, List<Runnable> pieces) {
            Block position = block(file, "POS", 3);
            Block size =
                    sizeMissing || request.fixedSize() > 0
                            ? null
                            : optional(file, request.sizeField(), 1);
            Block color = optional(file, request.colorField(), request.vectorColor() ? 3 : 1);
            Block intensity = optional(file, request.intensityField(), 1);
            Block ids = optional(file, request.ids() ? "ID" : null, 1);
            for (Block b : new @Nullable Block[] {position, size, color, intensity, ids}) {
                bytes += b == null ? 0 : (to - from) * b.bytesPerRow();
            }
            for (long row = from; row < to; row += PIECE) {
                long first = row;
                int n = (int) Math.min(PIECE, to - row);
                long out = target + row - from;
                pieces.add(() -> readPositions(file, position, first, n, out));
                if (!sizeMissing) {
                    pieces.add(() -> readSizes(file, size, first, n, out));
                }
                pieces.add(() -> readColors(file, color, first, n, out));
                pieces.add(() -> readIntensities(file, intensity, first, n, out));
                if (ids != null) {
                    pieces.add(() ->
                            new PieceReader(file, ids, request.fileType())
                                    .ids(first, n, set.ids(), out));
                }
            }
        }

        private @Nullable Block optional(GadgetFile file, @Nullable String field, int components) {
            return field == null ? null : block(file, field, components);
        }

        private Block block(GadgetFile file, String field, int components) {
            Block block =
                    GadgetSnapshot.requireBlock(file, field, request.fileType(), request.present());
            if (block.components() != components) {
                throw new InputException(
                        file.path(),
                        "field '"
                                + field
                                + "' has "
                                + block.components()
                                + " components, expected "
                                + components
                                + (components == 1
                                        ? "; a vector can be shown as colour with color_is_vectorN=true"
                                        : "; show it with color_is_vectorN=false"));
            }
            return block;
        }

        /**
         * Double positions are held relative to the first particle, single ones to zero: neither
         * loses digits.
         */
        private void setOrigin(GadgetFile file, long row) {
            Block position = block(file, "POS", 3);
            if (position.element() != Block.Element.F8) {
                return;
            }
            double[] p = new double[3];
            new ValueReader(file, position).doubles(position.offset(request.fileType(), row), 3, p);
            if (Double.isFinite(p[0] + p[1] + p[2])) {
                set.setOrigin(p[0], p[1], p[2]);
            }
        }

        private void readPositions(GadgetFile file, Block block, long row, int n, long out) {
            double[] origin = {set.originX(), set.originY(), set.originZ()};
            MemorySegment[] columns = {set.x(), set.y(), set.z()};
            PieceReader reader = new PieceReader(file, block, request.fileType());
            if (!reader.positions(row, n, origin, columns, out)) {
                suspicious.set(true);
            }
        }

        private void readSizes(GadgetFile file, @Nullable Block block, long row, int n, long out) {
            if (block == null) {
                PieceReader.fill(set.smoothingLength(), out, n, (float) request.fixedSize());
                return;
            }
            float factor = (float) request.sizeFactor();
            RangeFinder found =
                    new PieceReader(file, block, request.fileType())
                            .scalars(row, n, factor, set.smoothingLength(), out);
            note(found);
            if (!(found.range().min() > 0)) {
                suspicious.set(true);
            }
        }

        private void readIntensities(
                GadgetFile file, @Nullable Block block, long row, int n, long out) {
            if (block == null) {
                intensityRange.accumulateAndGet(ONE, FieldRange::merge);
                return;
            }
            RangeFinder found =
                    new PieceReader(file, block, request.fileType())
                            .scalars(row, n, 1f, set.intensity(), out);
            note(found);
            intensityRange.accumulateAndGet(found.range(), FieldRange::merge);
        }

        private void readColors(GadgetFile file, @Nullable Block block, long row, int n, long out) {
            if (block == null) {
                PieceReader.fill(set.color(0), out, n, 1f);
                colorRange.accumulateAndGet(ONE, FieldRange::merge);
                return;
            }
            float factor = (float) request.colorFactor();
            PieceReader reader = new PieceReader(file, block, request.fileType());
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
