package org.perseid.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.LongToDoubleFunction;
import org.perseid.io.par.RenderJob;
import org.perseid.io.par.TypeParameters;
import org.perseid.io.snapshot.LoadRequest;
import org.perseid.io.snapshot.Loaded;
import org.perseid.io.snapshot.Roles;
import org.perseid.io.snapshot.Share;
import org.perseid.io.snapshot.Snapshot;
import org.perseid.renderer.frame.Layer;
import org.perseid.renderer.model.FieldRange;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Peers;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Transform;
import org.perseid.renderer.model.Workers;
import org.perseid.renderer.neighbours.SmoothingLengths;
import org.perseid.renderer.spatial.Division;
import org.perseid.renderer.spatial.SpatialOrder;

/** The displayed types of a snapshot, read and ready to draw. Closing it frees the particles. */
final class LoadedData implements AutoCloseable {
    /** Pieces of a sample. */
    private static final int SAMPLES = 256;

    private final List<Loaded> loaded;
    private long particles;

    private LoadedData(List<Loaded> loaded) {
        this.loaded = new ArrayList<>(loaded);
    }

    /**
     * Reads the types and computes the smoothing lengths that are missing.
     *
     * @param neighbours for missing smoothing lengths
     * @param boxSize period of the positions, 0 for none
     */
    static LoadedData load(
            Snapshot snapshot,
            Share share,
            List<TypeParameters> types,
            int neighbours,
            double boxSize,
            Workers workers,
            Reporter reporter,
            StageTimes times) {
        return load(
                snapshot,
                share,
                types,
                neighbours,
                boxSize,
                false,
                Ranks.alone(),
                (_, _) -> _ -> 1,
                workers,
                reporter,
                times);
    }

    /**
     * Reads some rows from all over a snapshot, for a look at one that is too large to be read.
     * Smoothing lengths that are missing are computed, and made as much smaller as all particles
     * are denser.
     *
     * @param part of the rows, above 0 and below 1
     */
    static LoadedData sample(
            Snapshot snapshot,
            List<TypeParameters> types,
            double part,
            int neighbours,
            double boxSize,
            Workers workers,
            Reporter reporter) {
        int of = (int) Math.clamp(Math.ceil(SAMPLES / part), SAMPLES, 1e9);
        LoadedData data = new LoadedData(List.of());
        for (TypeParameters type : types) {
            boolean sizeMissing = snapshot.sizeMissing(type.request());
            ParticleSet set = pieces(snapshot, type.request(), of, workers);
            Loaded loaded = new Loaded(set, sizeMissing, 0);
            data.loaded.add(loaded);
            data.complete(
                    type,
                    loaded,
                    neighbours,
                    boxSize,
                    Ranks.alone(),
                    workers,
                    reporter,
                    new StageTimes(System::nanoTime));
            if (sizeMissing) {
                set.setScales(Math.cbrt((double) SAMPLES / of), 1);
            }
            data.particles += set.count();
        }
        return data;
    }

    /**
     * Reads pieces of the rows from all over a snapshot, which the caller closes.
     *
     * @param of into how many pieces the rows are cut, of which {@link #SAMPLES} are read, or all
     *     when there are no more
     */
    static ParticleSet pieces(Snapshot snapshot, LoadRequest request, int of, Workers workers) {
        int pieces = Math.min(of, SAMPLES);
        List<ParticleSet> sets = new ArrayList<>();
        try {
            for (int k = 0; k < pieces; k++) {
                Share share = new Share((int) ((long) k * of / pieces), of);
                sets.add(
                        snapshot.load(List.of(request), share, workers, Reporter.SILENT)
                                .getFirst()
                                .particles());
            }
            return ParticleSet.joined(sets, workers);
        } finally {
            sets.forEach(ParticleSet::close);
        }
    }

    /** Whether all types can be drawn straight from the snapshot's files. */
    static boolean isReady(Snapshot snapshot, List<TypeParameters> types) {
        return types.stream().allMatch(type -> isReady(snapshot, type))
                && types.getFirst().request().more().extras().stream()
                        .allMatch(extra ->
                                types.stream().anyMatch(t -> snapshot.has(extra, t.request()))
                                        || extra.equals("mass"));
    }

    /** Whether a type can; no factor goes through asinh, as it does through the others. */
    static boolean isReady(Snapshot snapshot, TypeParameters type) {
        LoadRequest request = type.request();
        double factor =
                !type.colorBySize()
                        ? request.colorFactor()
                        : request.fixedSize() > 0 ? request.fixedSize() : request.sizeFactor();
        return snapshot.isReady(request, type.colorBySize())
                && (factor == 1 || type.style().colorTransform() != Transform.ASINH);
    }

    /**
     * The types straight from the snapshot's files, in spatial order, the same on all ranks; only
     * where they are ready.
     */
    static LoadedData ready(Snapshot snapshot, List<TypeParameters> types, Reporter reporter) {
        LoadedData data = new LoadedData(List.of());
        for (TypeParameters type : types) {
            Loaded one = snapshot.ready(type.request(), type.colorBySize(), reporter);
            one.particles().setCommon(true);
            data.loaded.add(one);
            data.particles += one.particles().count();
        }
        return data;
    }

    /**
     * The same on many ranks, each with its share, called by all.
     *
     * @param inFileOrder whether each rank keeps the rows that it read, in their order
     * @param costs what drawing costs, by which they are divided
     */
    static LoadedData load(
            Snapshot snapshot,
            Share share,
            List<TypeParameters> types,
            int neighbours,
            double boxSize,
            boolean inFileOrder,
            Ranks ranks,
            Costs costs,
            Workers workers,
            Reporter reporter,
            StageTimes times) {
        List<Loaded> loaded =
                times.time(
                        "read",
                        () ->
                                ranks.withWarnings(
                                        reporter,
                                        own ->
                                                snapshot.load(
                                                        types.stream()
                                                                .map(TypeParameters::request)
                                                                .toList(),
                                                        share,
                                                        workers,
                                                        own)));
        LoadedData data = new LoadedData(loaded);
        try {
            for (int n = 0; n < types.size(); n++) {
                TypeParameters type = types.get(n);
                if (ranks.size() > 1) {
                    int number = n;
                    times.time(
                            "divide",
                            () ->
                                    data.divide(
                                            number,
                                            type,
                                            !inFileOrder,
                                            costs,
                                            ranks.peers(),
                                            workers));
                }
                data.complete(
                        type,
                        data.loaded.get(n),
                        neighbours,
                        boxSize,
                        ranks,
                        workers,
                        reporter,
                        times);
                if (ranks.size() > 1 && type.request().ids()) {
                    int number = n;
                    times.time("divide", () -> data.divideById(number, ranks.peers(), workers));
                }
                ParticleSet set = data.loaded.get(n).particles();
                set.setRanges(ranks.merge(set.colorRange()), ranks.merge(set.intensityRange()));
                data.particles += ranks.peers().total(set.count());
            }
            return data;
        } catch (RuntimeException | Error e) {
            data.close();
            throw e;
        }
    }

    /** What drawing particles costs. */
    interface Costs {
        /** The cost of each particle of a type, by its index. */
        LongToDoubleFunction of(TypeParameters type, ParticleSet particles);
    }

    /** Gives each rank the particles of a place, or makes only their origin the same. */
    private void divide(
            int n,
            TypeParameters type,
            boolean byPlace,
            Costs costs,
            Peers peers,
            Workers workers) {
        Loaded read = loaded.get(n);
        if (byPlace) {
            LongToDoubleFunction cost = costs.of(type, read.particles());
            loaded.set(n, read.with(Division.byPlace(read.particles(), cost, peers, workers)));
        } else {
            Division.shareOrigin(read.particles(), peers, workers);
        }
    }

    /** So that the particles of another snapshot with the same ids come to the same rank. */
    private void divideById(int n, Peers peers, Workers workers) {
        Loaded read = loaded.get(n);
        loaded.set(n, read.with(Division.byId(read.particles(), peers, workers)));
    }

    private void complete(
            TypeParameters type,
            Loaded loaded,
            int neighbours,
            double boxSize,
            Ranks ranks,
            Workers workers,
            Reporter reporter,
            StageTimes times) {
        ParticleSet set = loaded.particles();
        String name = type.style().name();
        if (ranks.peers().total(set.count()) == 0) {
            reporter.warn(name + " has no particles to draw");
        } else if (loaded.sizeMissing()) {
            long start = System.nanoTime();
            times.time(
                    "neighbours",
                    () ->
                            SmoothingLengths.compute(
                                    set,
                                    neighbours,
                                    type.request().sizeFactor(),
                                    usableBox(set, boxSize, ranks),
                                    ranks.peers(),
                                    workers,
                                    reporter));
            reporter.note(
                    String.format(
                            Locale.ROOT,
                            "%s: the file has no smoothing lengths; computed from %d neighbours in %.2f s",
                            name,
                            neighbours,
                            (System.nanoTime() - start) * 1e-9));
        }
        if (type.colorBySize()) {
            set.colorBySmoothingLength();
        }
    }

    /** Puts the particles of each type into spatial order. */
    void order(Workers workers, StageTimes times) {
        for (ParticleSet set : sets()) {
            times.time("order", () -> SpatialOrder.sort(set, workers));
        }
    }

    /** The box, unless the particles do not fit into one. */
    static double usableBox(ParticleSet set, double boxSize, Ranks ranks) {
        boolean fits = true;
        for (int axis = 0; axis < 3; axis++) {
            FieldRange extent = ranks.merge(set.extent(axis));
            fits &= extent.max() - extent.min() <= boxSize * 1.0001;
        }
        return fits ? boxSize : 0;
    }

    /**
     * The particles with the styles of a frame.
     *
     * @param types as many as were loaded
     */
    List<Layer> layers(List<TypeParameters> types) {
        return layers(sets(), types);
    }

    /** The layers that are seen: a type without brightness adds nothing. */
    static List<Layer> visible(List<Layer> layers) {
        return layers.stream().filter(l -> l.style().brightness() > 0).toList();
    }

    /** Particle sets with styles, in the order of the types. */
    static List<Layer> layers(List<ParticleSet> sets, List<TypeParameters> types) {
        List<Layer> layers = new ArrayList<>();
        for (int n = 0; n < types.size(); n++) {
            layers.add(new Layer(sets.get(n), types.get(n).style()));
        }
        return layers;
    }

    /**
     * Radius of the kernel's support in units of the smoothing lengths of a type. Lengths that were
     * computed are support radii; of those that were read the format tells, unless the parameter
     * file does; a fixed size is taken for one.
     */
    double supportPerSize(int n, RenderJob job, Roles roles) {
        LoadRequest request = job.types().get(n).request();
        if (request.fixedSize() > 0) {
            return 1;
        }
        double given = job.numbers().support();
        boolean ofFormat =
                !loaded.get(n).sizeMissing() && Objects.equals(request.sizeField(), roles.size());
        double support = !Double.isNaN(given) ? given : ofFormat ? roles.supportPerSize() : 1;
        return support / request.sizeFactor();
    }

    /** The particle sets, in the order of the types. */
    List<ParticleSet> sets() {
        return loaded.stream().map(Loaded::particles).toList();
    }

    /** Particles of all ranks. */
    long particles() {
        return particles;
    }

    /** Bytes of the files that were used. */
    long bytesRead() {
        return loaded.stream().mapToLong(Loaded::bytesRead).sum();
    }

    @Override
    public void close() {
        loaded.forEach(l -> l.particles().close());
    }
}
