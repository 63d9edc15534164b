package org.perseid.app;

import java.nio.file.Path;
import java.util.List;
import org.perseid.io.par.RenderJob;
import org.perseid.io.par.SnapshotSource;
import org.perseid.io.par.TypeParameters;
import org.perseid.io.snapshot.LoadRequest;
import org.perseid.io.snapshot.ReadOptions;
import org.perseid.io.snapshot.Share;
import org.perseid.io.snapshot.Snapshot;
import org.perseid.io.snapshot.SnapshotInfo;
import org.perseid.io.snapshot.Snapshots;
import org.perseid.renderer.frame.Layer;
import org.perseid.renderer.frame.RenderCost;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Shading;
import org.perseid.renderer.model.Shading.DrawOrder;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Workers;

/**
 * A snapshot with the particles that frames need of it. Closing it frees them.
 *
 * @param need what was read
 * @param snapshot the open files
 * @param identity of the snapshot, found once
 * @param data the particles
 */
record OpenSnapshot(Need need, Snapshot snapshot, String identity, LoadedData data)
        implements AutoCloseable {
    /**
     * Particles up to which spatial order is not worth its time for one picture: most of that is
     * the time until its loops are compiled.
     */
    private static final long FEW = 4_000_000;

    /**
     * What has to be read for a frame: the same for two frames means that the data can stay.
     *
     * @param share of the rows
     * @param inPlace whether the particles may stay in their file where that can be drawn
     * @param once whether only one picture is drawn of it, which need not be the same to the last
     *     bit as others of these particles
     */
    record Need(
            Path file,
            Share share,
            ReadOptions options,
            List<LoadRequest> requests,
            List<Boolean> colorsBySize,
            int neighbours,
            boolean periodic,
            boolean fileOrder,
            boolean inPlace,
            boolean once) {

        /**
         * What the job needs of one of its snapshots.
         *
         * @param share of its rows
         * @param once whether only one picture is drawn of it
         * @throws org.perseid.io.InputException when there is no such file
         */
        static Need of(RenderJob job, SnapshotSource source, Share share, boolean once) {
            return new Need(
                    source.path(),
                    share,
                    source.options(),
                    job.types().stream().map(TypeParameters::request).toList(),
                    job.types().stream().map(TypeParameters::colorBySize).toList(),
                    job.neighbours(),
                    job.periodic(),
                    job.shading() instanceof Shading.Absorption(double _, DrawOrder order)
                            && order == DrawOrder.FILE,
                    job.between() == null,
                    once);
        }
    }

    static OpenSnapshot open(
            Need need,
            RenderJob job,
            Ranks ranks,
            Workers workers,
            Reporter reporter,
            StageTimes times) {
        Snapshot snapshot = times.time("open", () -> Snapshots.open(need.file, need.options));
        try {
            noteMissingMasses(snapshot.info(), job, reporter);
            double boxSize = job.periodic() ? snapshot.info().boxSize() : 0;
            boolean all = need.share.of() == ranks.size(); // not a sample
            if (all && need.inPlace && LoadedData.isReady(snapshot, job.types())) {
                LoadedData data = LoadedData.ready(snapshot, job.types(), ranks.ofPart(reporter));
                return new OpenSnapshot(need, snapshot, snapshot.identity(), data);
            }
            LoadedData data =
                    LoadedData.load(
                            snapshot,
                            need.share,
                            job.types(),
                            job.neighbours(),
                            boxSize,
                            need.fileOrder,
                            ranks,
                            (type, particles) ->
                                    new RenderCost(
                                            new Layer(particles, type.style()),
                                            job.views().getFirst().camera(),
                                            job.frame(boxSize)),
                            workers,
                            reporter,
                            times);
            if (!need.fileOrder && !(need.once && data.particles() <= FEW)) {
                data.order(workers, times);
            }
            return new OpenSnapshot(need, snapshot, snapshot.identity(), data);
        } catch (RuntimeException | Error e) {
            snapshot.close();
            throw e;
        }
    }

    /** Layers of particles without masses count particles; nobody should take that for mass. */
    private static void noteMissingMasses(SnapshotInfo info, RenderJob job, Reporter reporter) {
        String mass = info.roles().mass();
        for (TypeParameters type : job.types()) {
            LoadRequest request = type.request();
            boolean known =
                    info.typeMass(request.fileType()) > 0
                            || (mass != null && info.field(mass, request.fileType()) != null)
                            || info.field("mass", request.fileType()) != null
                            || request.more().derived().containsKey("mass");
            if (request.more().extras().contains("mass") && !known) {
                reporter.warn(
                        info.typeName(request.fileType())
                                + " has no masses: each particle counts 1 in the layers; see mass_label and field.mass");
            }
        }
    }

    @Override
    public void close() {
        data.close();
        snapshot.close();
    }
}
