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

    /**
     * Rows at a time within a piece: what is read stays in the core's own cache until it is in the
     * columns.
     */
    private static final int STEP = 1 << 12;

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
                (first, end) -> {
                    ValueReader reader = new ValueReader(file, block);
                    double[] values = new double[STEP * block.components()];
                    RangeFinder finder = new RangeFinder();
                    for (long row = first; row < end; row += STEP) {
                        int n = (int) Math.min(STEP, end - row) * block.components();
                        reader.doubles(block.offset(type, row), n, values);
                        for (int i = 0; i < n; i++) {
                            finder.add(values[i]);
                        }
                    }
                    range.accumulateAndGet(finder.range(), FieldRange::merge);
                });
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
            this.set = new ParticleSet(share.end(rows) - share.first(rows), request.vectorColor());
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
            for (Block b : new @Nullable Block[] {position, size, color, intensity}) {
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
            ValueReader reader = new ValueReader(file, block);
            float[] values = new float[3 * STEP];
            double[] wide = block.element() == Block.Element.F8 ? new double[3 * STEP] : null;
            boolean finite = true;
            for (int done = 0; done < n; done += STEP) {
                int rows = Math.min(STEP, n - done);
                long at = block.offset(request.fileType(), row + done);
                if (wide == null) {
                    reader.floats(at, 3 * rows, values);
                } else {
                    reader.doubles(at, 3 * rows, wide);
                    for (int i = 0; i < 3 * rows; i += 3) {
                        values[i] = (float) (wide[i] - set.originX());
                        values[i + 1] = (float) (wide[i + 1] - set.originY());
                        values[i + 2] = (float) (wide[i + 2] - set.originZ());
                    }
                }
                finite &= deinterleave(values, rows, set.x(), set.y(), set.z(), out + done);
            }
            if (!finite) {
                suspicious.set(true);
            }
        }

        private void readSizes(GadgetFile file, @Nullable Block block, long row, int n, long out) {
            if (block == null) {
                fill(set.smoothingLength(), out, n, (float) request.fixedSize());
                return;
            }
            FieldRange range =
                    readScalars(
                            file,
                            block,
                            row,
                            n,
                            (float) request.sizeFactor(),
                            set.smoothingLength(),
                            out);
            if (!(range.min() > 0)) {
                suspicious.set(true);
            }
        }

        private void readIntensities(
                GadgetFile file, @Nullable Block block, long row, int n, long out) {
            if (block == null) {
                fill(set.intensity(), out, n, 1f);
                intensityRange.accumulateAndGet(new FieldRange(1, 1, 1), FieldRange::merge);
                return;
            }
            intensityRange.accumulateAndGet(
                    readScalars(file, block, row, n, 1f, set.intensity(), out), FieldRange::merge);
        }

        private void readColors(GadgetFile file, @Nullable Block block, long row, int n, long out) {
            float factor = (float) request.colorFactor();
            if (block == null) {
                for (int k = 0; k < (request.vectorColor() ? 3 : 1); k++) {
                    fill(set.color(k), out, n, 1f);
                }
                colorRange.accumulateAndGet(new FieldRange(1, 1, 1), FieldRange::merge);
            } else if (request.vectorColor()) {
                readVectors(file, block, row, n, factor, out);
            } else {
                colorRange.accumulateAndGet(
                        readScalars(file, block, row, n, factor, set.color(0), out),
                        FieldRange::merge);
            }
        }

        private FieldRange readScalars(
                GadgetFile file,
                Block block,
                long row,
                int n,
                float factor,
                MemorySegment column,
                long out) {
            ValueReader reader = new ValueReader(file, block);
            float[] values = new float[STEP];
            RangeFinder finder = new RangeFinder();
            for (int done = 0; done < n; done += STEP) {
                int rows = Math.min(STEP, n - done);
                reader.floats(block.offset(request.fileType(), row + done), rows, values);
                for (int i = 0; i < rows; i++) {
                    float v = values[i] * factor;
                    finder.add(v);
                    column.setAtIndex(ParticleSet.FLOAT, out + done + i, v);
                }
            }
            if (finder.sawNonFinite()) {
                suspicious.set(true);
            }
            return finder.range();
        }

        private void readVectors(
                GadgetFile file, Block block, long row, int n, float factor, long out) {
            ValueReader reader = new ValueReader(file, block);
            float[] values = new float[3 * STEP];
            RangeFinder finder = new RangeFinder();
            for (int done = 0; done < n; done += STEP) {
                int rows = Math.min(STEP, n - done);
                reader.floats(block.offset(request.fileType(), row + done), 3 * rows, values);
                for (int i = 0; i < 3 * rows; i++) {
                    values[i] *= factor;
                    finder.add(values[i]);
                }
                boolean _ =
                        deinterleave(
                                values, rows, set.color(0), set.color(1), set.color(2), out + done);
            }
            if (finder.sawNonFinite()) {
                suspicious.set(true);
            }
            colorRange.accumulateAndGet(finder.range(), FieldRange::merge);
        }

        Loaded finish() {
            set.setRanges(colorRange.get(), intensityRange.get());
            if (suspicious.get()) {
                new BadParticles(set, request, sizeMissing).drop(reporter);
            }
            return new Loaded(set, sizeMissing, bytes);
        }
    }

    private static void fill(MemorySegment column, long from, int n, float value) {
        for (long i = from; i < from + n; i++) {
            column.setAtIndex(ParticleSet.FLOAT, i, value);
        }
    }

    /**
     * Spreads triples over three columns.
     *
     * @return whether all values are finite
     */
    private static boolean deinterleave(
            float[] triples,
            int rows,
            MemorySegment a,
            MemorySegment b,
            MemorySegment c,
            long out) {
        float zeroOrNan = 0f;
        for (int i = 0; i < rows; i++) {
            float p = triples[3 * i];
            float q = triples[3 * i + 1];
            float r = triples[3 * i + 2];
            a.setAtIndex(ParticleSet.FLOAT, out + i, p);
            b.setAtIndex(ParticleSet.FLOAT, out + i, q);
            c.setAtIndex(ParticleSet.FLOAT, out + i, r);
            zeroOrNan += 0f * p + 0f * q + 0f * r;
        }
        return zeroOrNan == 0f;
    }
}
