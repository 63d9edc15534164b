package org.perseid.app;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.perseid.app.OpenSnapshot.Need;
import org.perseid.io.par.Between;
import org.perseid.io.par.Numbers;
import org.perseid.io.par.RenderJob;
import org.perseid.io.snapshot.Share;
import org.perseid.io.snapshot.SnapshotInfo;
import org.perseid.renderer.frame.FrameRenderer;
import org.perseid.renderer.frame.Layer;
import org.perseid.renderer.model.Measure;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Workers;
import org.perseid.renderer.time.Interpolation;

/**
 * The data of one frame and of all that need the same: a snapshot, or two and the pairing of their
 * particles. Closing it frees the particles.
 */
final class FrameData implements AutoCloseable {
    private final OpenSnapshot first;
    private final @Nullable OpenSnapshot second;
    private final List<Interpolation> pairings;
    private final Ranks ranks;

    private FrameData(
            OpenSnapshot first,
            @Nullable OpenSnapshot second,
            List<Interpolation> pairings,
            Ranks ranks) {
        this.ranks = ranks;
        this.first = first;
        this.second = second;
        this.pairings = pairings;
    }

    /**
     * Reads what a job needs; a snapshot that the frame before needed too is taken over, the others
     * of it are closed.
     *
     * @param before data of the frame before; not used any more afterwards
     * @param once whether only one picture is drawn of it
     * @param ranks each of which reads its share and calls this
     */
    static FrameData open(
            RenderJob job,
            @Nullable FrameData before,
            boolean once,
            Ranks ranks,
            Workers workers,
            Reporter reporter,
            StageTimes times) {
        Between between = job.between();
        Need firstNeed = Need.of(job, job.source(), ranks.share(), once);
        Need secondNeed =
                between == null ? null : Need.of(job, between.next(), ranks.share(), once);
        List<OpenSnapshot> open = new ArrayList<>();
        if (before != null) {
            before.closeAllBut(firstNeed, secondNeed, open);
        }
        try {
            OpenSnapshot first = find(firstNeed, open, job, ranks, workers, reporter, times);
            if (secondNeed == null) {
                return new FrameData(first, null, List.of(), ranks);
            }
            OpenSnapshot second = find(secondNeed, open, job, ranks, workers, reporter, times);
            List<Interpolation> pairings =
                    times.time("pair", () -> pair(first, second, ranks, workers, reporter));
            return new FrameData(first, second, pairings, ranks);
        } catch (RuntimeException | Error e) {
            open.forEach(OpenSnapshot::close);
            throw e;
        }
    }

    /**
     * Reads a part of the rows of the job's first snapshot, for a picture while the rest is read.
     */
    static FrameData sample(
            RenderJob job, Share share, Workers workers, Reporter reporter, StageTimes times) {
        Need need = Need.of(job, job.source(), share, false);
        Ranks alone = Ranks.alone();
        return new FrameData(
                OpenSnapshot.open(need, job, alone, workers, reporter, times),
                null,
                List.of(),
                alone);
    }

    /** The snapshot among those that are open, or opened and added to them. */
    private static OpenSnapshot find(
            Need need,
            List<OpenSnapshot> open,
            RenderJob job,
            Ranks ranks,
            Workers workers,
            Reporter reporter,
            StageTimes times) {
        for (OpenSnapshot candidate : open) {
            if (candidate.need().equals(need)) {
                return candidate;
            }
        }
        OpenSnapshot opened = OpenSnapshot.open(need, job, ranks, workers, reporter, times);
        open.add(opened);
        return opened;
    }

    private void closeAllBut(Need firstNeed, @Nullable Need secondNeed, List<OpenSnapshot> kept) {
        for (OpenSnapshot open : second == null ? List.of(first) : List.of(first, second)) {
            if (open.need().equals(firstNeed) || open.need().equals(secondNeed)) {
                kept.add(open);
            } else {
                open.close();
            }
        }
    }

    private static List<Interpolation> pair(
            OpenSnapshot first,
            OpenSnapshot second,
            Ranks ranks,
            Workers workers,
            Reporter reporter) {
        List<Interpolation> out = new ArrayList<>();
        for (int n = 0; n < first.data().sets().size(); n++) {
            ParticleSet a = first.data().sets().get(n);
            ParticleSet b = second.data().sets().get(n);
            Interpolation pairing = new Interpolation(a, b, workers);
            out.add(pairing);
            long pairs = ranks.peers().total(pairing.pairs());
            long inFirst = ranks.peers().total(a.count());
            long inSecond = ranks.peers().total(b.count());
            if (pairs < Math.max(inFirst, inSecond)) {
                reporter.note(
                        "shown type "
                                + n
                                + ": "
                                + pairs
                                + " particles are in both snapshots, "
                                + (inFirst - pairs)
                                + " in the first only, "
                                + (inSecond - pairs)
                                + " in the second only; those fade");
            }
        }
        return out;
    }

    /** Whether this is what the job needs. */
    boolean serves(RenderJob job) {
        boolean once = first.need().once();
        Between between = job.between();
        boolean sameSecond =
                between == null
                        ? second == null
                        : second != null
                                && second.need()
                                        .equals(Need.of(job, between.next(), ranks.share(), once));
        return sameSecond && first.need().equals(Need.of(job, job.source(), ranks.share(), once));
    }

    /**
     * The particles between the two snapshots, which the caller closes; none where there is one
     * snapshot.
     */
    List<ParticleSet> between(RenderJob job, Workers workers, StageTimes times) {
        Between between = job.between();
        List<ParticleSet> out = new ArrayList<>();
        OpenSnapshot next = second;
        if (between != null && next != null) {
            double box = job.periodic() ? info().boxSize() : 0;
            Steps steps = Steps.of(info(), next.snapshot().info(), between);
            for (Interpolation pairing : pairings) {
                ParticleSet moved =
                        times.time(
                                "interpolate",
                                () ->
                                        pairing.at(
                                                between.fraction(),
                                                box,
                                                steps.motion(),
                                                steps.first(),
                                                steps.second(),
                                                workers));
                moved.setRanges(
                        ranks.merge(moved.colorRange()), ranks.merge(moved.intensityRange()));
                out.add(moved);
            }
        }
        return out;
    }

    /**
     * The layers of a frame.
     *
     * @param moved the particles between two snapshots; empty for those of the first
     */
    List<Layer> layers(RenderJob job, List<ParticleSet> moved) {
        return LoadedData.layers(moved.isEmpty() ? first.data().sets() : moved, job.types());
    }

    /** What is measured beside the picture. */
    FrameRenderer.Measuring measuring(RenderJob job) {
        Numbers numbers = job.numbers();
        if (numbers.measures().isEmpty()) {
            return FrameRenderer.Measuring.NONE;
        }
        List<Double> support = new ArrayList<>();
        for (int n = 0; n < job.types().size(); n++) {
            support.add(first.data().supportPerSize(n, job, info().roles()));
        }
        return new FrameRenderer.Measuring(numbers.measures(), numbers.kernel(), support);
    }

    /**
     * What is measured for the picture, of the layers that are {@linkplain LoadedData#visible
     * visible}; nothing where it is of light, or where this data was read for another picture.
     */
    FrameRenderer.Measuring pictured(RenderJob job) {
        Numbers.Pictured pictured = job.numbers().pictured();
        if (pictured == null || !holds(pictured.measure())) {
            return FrameRenderer.Measuring.NONE;
        }
        List<Double> support = new ArrayList<>();
        for (int n = 0; n < job.types().size(); n++) {
            if (job.types().get(n).style().brightness() > 0) {
                support.add(first.data().supportPerSize(n, job, info().roles()));
            }
        }
        return new FrameRenderer.Measuring(
                List.of(pictured.measure()), job.numbers().kernel(), support);
    }

    /** Whether the mass was read, and as many fields as a measure needs. */
    private boolean holds(Measure measure) {
        return first.data().sets().stream()
                .allMatch(set -> set.columns().extras() > measure.field() + 1);
    }

    /** What the first snapshot says of itself. */
    SnapshotInfo info() {
        return first.snapshot().info();
    }

    /** Changes when the data changes, that of both snapshots. */
    String identity() {
        return identity(first.identity(), second == null ? null : second.identity());
    }

    /** The identity of the data of a frame, from those of its snapshots. */
    static String identity(String ofFirst, @Nullable String ofSecond) {
        return ofSecond == null ? ofFirst : ofFirst + "+" + ofSecond;
    }

    long particles() {
        return first.data().particles();
    }

    @Override
    public void close() {
        first.close();
        if (second != null) {
            second.close();
        }
    }
}
