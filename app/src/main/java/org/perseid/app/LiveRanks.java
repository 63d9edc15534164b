package org.perseid.app;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.perseid.io.InputException;
import org.perseid.io.par.JobReader;
import org.perseid.io.par.ParameterTable;
import org.perseid.io.par.Problems;
import org.perseid.io.par.RenderJob;
import org.perseid.renderer.backend.Backends;
import org.perseid.renderer.frame.FrameRenderer;
import org.perseid.renderer.frame.Layer;
import org.perseid.renderer.frame.Pick;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.ColorMap;
import org.perseid.renderer.model.FrameSettings;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.OffHeap;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Peers.Fold;
import org.perseid.renderer.model.Percentiles;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.RenderException;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Shading;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Transform;
import org.perseid.renderer.model.Vec3;
import org.perseid.renderer.model.Workers;

/**
 * The ranks of a live session. Rank 0 serves; before its drawing thread does what all have to do,
 * it tells the others what, with the parameters that it is for, and they do their part of it. With
 * one process nothing is told.
 */
final class LiveRanks {
    private static final String END = "end";

    private final Ranks ranks;

    LiveRanks(Ranks ranks) {
        this.ranks = ranks;
    }

    Ranks ranks() {
        return ranks;
    }

    boolean isAlone() {
        return ranks.size() == 1;
    }

    // What rank 0 tells

    /** All read the data of a job, and many ranks make nodes of what adds up. */
    FrameData load(RenderJob job, Workers workers, Reporter reporter, StageTimes times) {
        tell("load", job.table());
        return loaded(job, workers, reporter, times);
    }

    private FrameData loaded(RenderJob job, Workers workers, Reporter reporter, StageTimes times) {
        FrameData data = FrameData.open(job, null, false, ranks, workers, reporter, times);
        if (!isAlone() && job.shading() instanceof Shading.Emission && job.between() == null) {
            long available = ranks.shareOfHost(OffHeap.availableBytes());
            LiveNodes.make(data.layers(job, List.of()), ranks.peers(), available, workers);
        }
        return data;
    }

    /** All move the particles between two snapshots. */
    void move(RenderJob job) {
        tell("move", job.table());
    }

    /** All draw a part of their particles. */
    void add(LiveScene.State scene, Camera camera, FrameSettings frame, Drawing drawing) {
        if (!isAlone()) {
            tell(drawing.text(frame), LiveScene.seenFrom(scene, camera));
        }
    }

    /** All draw a whole picture, by one of so many parts of their particles. */
    void render(
            ParameterTable table, FrameSettings frame, int parts, Quality quality, String backend) {
        tell(new Drawing(Drawing.WHOLE, parts, quality, backend).text(frame), table);
    }

    /** All look what is under a place of a job's picture. */
    void pick(RenderJob job, double x, double y) {
        tell("pick " + x + " " + y, job.table());
    }

    /** All sample the colours of a type. */
    void sample(RenderJob job, int type) {
        tell("sample " + type, job.table());
    }

    /** All others end. */
    void end() {
        if (!isAlone()) {
            ranks.tell(END);
        }
    }

    private void tell(String order, ParameterTable table) {
        if (!isAlone()) {
            ranks.tell(order + "\n" + table.folder() + "\n" + table.toText());
        }
    }

    /**
     * How a picture is drawn.
     *
     * @param part of {@code parts} parts of the particles, or {@link #WHOLE}
     */
    record Drawing(int part, int parts, Quality quality, String backend) {
        /** A picture of any kind by one of the parts. */
        private static final int WHOLE = -1;

        private String text(FrameSettings frame) {
            return String.join(
                    " ",
                    "draw",
                    "" + frame.width(),
                    "" + frame.height(),
                    "" + part,
                    "" + parts,
                    quality.name(),
                    backend,
                    "" + frame.detailPx());
        }
    }

    // What all do

    /** A sample of the colours of all ranks, sorted. */
    float[] sampled(ParticleSet set, Transform transform) {
        float[] own = Percentiles.ofColors(set, transform);
        return isAlone() || set.isCommon() ? own : sampled(own);
    }

    private float[] sampled(float[] own) {
        long all = ranks.peers().total(own.length);
        int stride = (int) Math.max(1, Math.ceilDiv(all, Percentiles.MAX_SAMPLE));
        float[] some = new float[Math.ceilDiv(own.length, stride)];
        for (int k = 0; k < some.length; k++) {
            some[k] = own[k * stride];
        }
        float[] out = ranks.peers().gather(some);
        Arrays.sort(out);
        return out;
    }

    /**
     * The brightest particle under a place.
     *
     * @param layer number of its layer
     * @param position in the file's length unit
     * @param depth from the eye along the view
     * @param smoothingLength in the file's length unit
     * @param value raw colour
     */
    record Found(int layer, Vec3 position, double depth, double smoothingLength, double value) {}

    /** The brightest particle of all ranks under a place of a job's picture; null for none. */
    @Nullable Found found(
            List<Layer> layers,
            RenderJob job,
            double boxSize,
            double x,
            double y,
            Workers workers) {
        FrameSettings frame = job.frame(boxSize);
        double row = job.tone().flipY() ? 1 - y : y;
        Pick.Hit hit =
                Pick.at(
                        layers,
                        job.views().getFirst().camera(),
                        frame,
                        x * frame.width() - 0.5,
                        row * frame.height() - 0.5,
                        workers);
        double[] light = {hit == null ? 0 : hit.light()};
        ranks.peers().fold(Fold.GREATEST, light);
        boolean best = hit != null && hit.light() == light[0];
        double[] winner = {best ? ranks.share().index() : Double.POSITIVE_INFINITY};
        ranks.peers().fold(Fold.LEAST, winner);
        double[] values = new double[7];
        if (hit != null && winner[0] == ranks.share().index()) {
            values =
                    new double[] {
                        hit.layer(),
                        hit.position().x(),
                        hit.position().y(),
                        hit.position().z(),
                        hit.depth(),
                        Pick.smoothingLength(hit, layers),
                        Pick.value(hit, layers)
                    };
        }
        ranks.peers().fold(Fold.SUM, values);
        return light[0] > 0
                ? new Found(
                        (int) values[0],
                        new Vec3(values[1], values[2], values[3]),
                        values[4],
                        values[5],
                        values[6])
                : null;
    }

    // What the others do

    /** Does what rank 0 tells until it tells the end; called by all other ranks. */
    void follow(Workers workers) {
        try (Follower follower = new Follower(workers)) {
            for (String order = ranks.hear(); !order.equals(END); order = ranks.hear()) {
                follower.obey(order);
            }
        }
    }

    /** What a rank that does not serve holds. */
    private final class Follower implements AutoCloseable {
        private final Workers workers;
        private final StageTimes times = new StageTimes(System::nanoTime);
        private final Map<String, ColorMap> palettes = new HashMap<>();
        private final Map<List<Object>, FrameRenderer> renderers = new HashMap<>();
        private @Nullable FrameData data;
        private List<ParticleSet> moved = List.of();

        Follower(Workers workers) {
            this.workers = workers;
        }

        void obey(String order) {
            int first = order.indexOf('\n');
            int second = order.indexOf('\n', first + 1);
            String[] words = order.substring(0, first).split(" ", -1);
            RenderJob job =
                    JobReader.read(
                            ParameterTable.parse(
                                    order.substring(second + 1),
                                    "live",
                                    Path.of(order.substring(first + 1, second)),
                                    List.of(),
                                    new Problems()),
                            palettes,
                            Reporter.SILENT);
            try {
                obey(words, job);
            } catch (InputException | RenderException e) {
                return; // all ranks fail alike, and rank 0 tells it
            }
        }

        private void obey(String[] words, RenderJob job) {
            FrameData now = data;
            if (words[0].equals("load")) {
                FrameData next = loaded(job, workers, Reporter.SILENT, times);
                close();
                data = next;
            } else if (now != null && words[0].equals("move")) {
                closeMoved();
                moved = now.between(job, workers, times);
            } else {
                use(words, job, now);
            }
        }

        /**
         * @param now null while rank 0 alone shows a part of the data
         */
        private void use(String[] words, RenderJob job, @Nullable FrameData now) {
            List<Layer> all = now == null ? List.of() : now.layers(job, moved);
            double boxSize = now == null ? 0 : now.info().boxSize();
            switch (words[0]) {
                case "draw" -> {
                    FrameRenderer.Measuring pictured =
                            now == null ? FrameRenderer.Measuring.NONE : now.pictured(job);
                    draw(words, job, LoadedData.visible(all), pictured, boxSize);
                }
                case "sample" -> {
                    int type = Integer.parseInt(words[1]);
                    Transform transform = job.types().get(type).style().colorTransform();
                    float[] _ =
                            now == null
                                    ? sampled(new float[0])
                                    : sampled(
                                            now.layers(job, List.of()).get(type).particles(),
                                            transform);
                }
                case "pick" -> {
                    Found _ =
                            found(
                                    all,
                                    job,
                                    boxSize,
                                    Double.parseDouble(words[1]),
                                    Double.parseDouble(words[2]),
                                    workers);
                }
                default -> throw new IllegalStateException(words[0]);
            }
        }

        private void draw(
                String[] words,
                RenderJob job,
                List<Layer> layers,
                FrameRenderer.Measuring pictured,
                double boxSize) {
            FrameSettings frame =
                    job.frame(boxSize)
                            .sized(Integer.parseInt(words[1]), Integer.parseInt(words[2]))
                            .withDetail(Double.parseDouble(words[7]));
            int parts = Integer.parseInt(words[4]);
            Quality quality = Quality.valueOf(words[5]);
            FrameRenderer renderer =
                    renderers.computeIfAbsent(
                            List.of(words[6], quality),
                            _ ->
                                    new FrameRenderer(
                                            Backends.choose(words[6])
                                                    .onDevice(ranks.numberOnHost()),
                                            quality,
                                            workers,
                                            Reporter.SILENT,
                                            ranks.peers()));
            Camera camera = job.views().getFirst().camera();
            int part = Integer.parseInt(words[3]);
            if (part == Drawing.WHOLE && !pictured.measures().isEmpty()) {
                var _ =
                        renderer.measure(
                                layers, camera, frame, pictured, parts, () -> false, times);
            } else if (part == Drawing.WHOLE) {
                LinearImage _ = renderer.thinned(layers, camera, frame, parts, () -> false, times);
            } else {
                LinearImage unused = new LinearImage(0, 0);
                renderer.add(layers, camera, frame, part, parts, unused, times);
            }
        }

        private void closeMoved() {
            moved.forEach(ParticleSet::close);
            moved = List.of();
        }

        @Override
        public void close() {
            closeMoved();
            if (data != null) {
                data.close();
                data = null;
            }
        }
    }
}
