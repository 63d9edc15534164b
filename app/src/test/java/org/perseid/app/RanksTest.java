package org.perseid.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.perseid.compositing.LocalGroup;
import org.perseid.io.demo.DemoUniverse;
import org.perseid.io.par.RenderJob;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.FrameSettings;
import org.perseid.renderer.model.LinearImage;
import org.perseid.renderer.model.Picture;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.Shading;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Transform;
import org.perseid.renderer.model.Workers;

/** The picture of many ranks is that of one; ranks are threads here, MpiTest has real ones. */
class RanksTest {
    private static final int[] SIZES = {2, 3, 5, 8};

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "01_two_types",
                "02_asinh_intlog",
                "04_ortho_tilted",
                "07_minrad_small",
                "09_absorption",
                "12_scene_path",
                "13_interp_linear",
                "15_colorbar_gamma",
                "16_stereo",
                "19_dome",
                "20_table_bin",
                "23_mesh",
                "24_multifile_swapped",
                "28_gadget_hdf5",
                "30_tipsy",
                "31_size_per_scene"
            })
    void everyCaseIsTheSameOnAnyNumberOfRanks(String name) throws IOException {
        Path par = Shared.path("cases/" + name + "/case.par");
        same(List.of("render", par.toString()));
    }

    /** A cloud in a periodic box without smoothing lengths, in a table. */
    private Path cloud(String more) throws IOException {
        Random random = new Random(5);
        StringBuilder text = new StringBuilder("x [kpc],y [kpc],z [kpc],m,id\n");
        for (int i = 0; i < 3000; i++) {
            double spread = i % 3 == 0 ? 30 : 8;
            text.append(
                    String.format(
                            Locale.ROOT,
                            "%f,%f,%f,%d,%d%n",
                            50 + spread * random.nextGaussian(),
                            50 + spread * random.nextGaussian(),
                            50 + spread * random.nextGaussian(),
                            1 + i % 3,
                            i));
        }
        Files.writeString(folder.resolve("cloud.csv"), text);
        return Files.writeString(
                folder.resolve("cloud.par"),
                """
                infile=cloud.csv
                periodic=false
                ptypes=1
                color_label0=m
                color_min0=1
                color_max0=3
                size_fix0=0
                print_logfile=false
                palette0=viridis
                brightness0=40
                camera_x=50
                camera_y=-60
                camera_z=70
                lookat_x=50
                lookat_y=50
                lookat_z=50
                fov=45
                xres=90
                yres=70
                """
                        + more);
    }

    @Test
    void neighboursAreFoundInOtherRanksParts() throws IOException {
        same(List.of("render", cloud("").toString()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void absorptionHasTheSameOrder(int sort) throws IOException {
        String more =
                "a_eq_e=false\ngray_absorption=0.2\nsort_type=" + sort + "\nbrightness0=400\n";
        same(List.of("render", cloud(more).toString()));
    }

    @Test
    void splatsOfOneSizeAreDividedTooWhereTheySortTheOrder() throws IOException {
        // all keys are equal: the order among them is free, so one colour shows only the division
        String more =
                "a_eq_e=false\nsort_type=4\nsize_fix0=5\nprojection=false\ncolor_label0=\nbrightness0=4\n";
        same(List.of("render", cloud(more).toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fisheye", "equirectangular"})
    void allProjections(String projection) throws IOException {
        same(List.of("render", cloud("projection=" + projection + "\n").toString()));
    }

    /** The second picture is drawn in bands, to see whether that is quicker. */
    @ParameterizedTest
    @CsvSource({"exact,true,png", "high,true,png", "exact,false,png", "exact,true,ppm"})
    void framesInBandsAreTheSame(String quality, boolean emission, String format)
            throws IOException {
        Files.writeString(
                folder.resolve("turn.scene"),
                "camera_x camera_y camera_z\n50 -60 70\n60 -60 70\n70 -55 70\n80 -50 70\n");
        String more =
                "scene_file=turn.scene\nxres=80\nyres=300\na_eq_e="
                        + emission
                        + (format.equals("png") ? "\n" : "\npictype=2\n");
        String par = cloud(more).toString();
        same(List.of("render", "--backend", "vector", "--quality", quality, par));
        try (Stream<Path> files = Files.list(folder.resolve("3"))) {
            assertThat(files.filter(f -> f.toString().endsWith(format))).hasSize(4);
        }
    }

    @Test
    void selectionsAndRegionsOfEachRanksShare() throws IOException {
        same(List.of("render", cloud("select0=m>1\nregion=box 20 80 20 80 20 80\n").toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"column_density", "mean:m", "depth"})
    void picturesOfLayersAreTheSame(String layer) throws IOException {
        same(List.of("render", cloud("picture_of=" + layer + "\n").toString()));
    }

    @Test
    void layersAreThoseOfAllParticles() throws IOException {
        Path par = cloud("layers=mass column_density mean:m max:m hits depth\nlayer_formats=raw\n");
        List<String> args = List.of("render", par.toString());
        draw(1, args);
        draw(3, args);
        sameLayers(6);
    }

    /** What one and three ranks have measured. */
    private void sameLayers(int count) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("1"))) {
            List<Path> layers = files.filter(f -> f.toString().endsWith(".f32")).toList();
            assertThat(layers).hasSize(count);
            for (Path layer : layers) {
                float[] one = FeaturesTest.raw(layer);
                float[] three = FeaturesTest.raw(folder.resolve("3").resolve(layer.getFileName()));
                assertThat(three.length).isEqualTo(one.length);
                for (int p = 0; p < one.length; p++) {
                    boolean same =
                            Float.isNaN(one[p])
                                    ? Float.isNaN(three[p])
                                    : Math.abs(three[p] - one[p]) <= 1e-5 * Math.abs(one[p]);
                    assertThat(same).as("%s at %d", layer, p).isTrue();
                }
            }
        }
    }

    /** A galaxy as a store. */
    private Path store(long particles) throws IOException {
        Path of = Files.createDirectories(folder.resolve("stored"));
        Path store = of.resolve("galaxy.pstore");
        Path par = LiveServer.writeGalaxy(of, particles);
        Cli cli = Cli.run("convert", par, "-o", store);
        assertThat(cli.code()).as(cli.err()).isZero();
        return store;
    }

    @ParameterizedTest
    @ValueSource(strings = {"exact", "preview"})
    void allRanksDrawAStoreWhereItIs(String quality) throws IOException {
        String store = store(60_000).toString();
        List<String> args =
                List.of(
                        "render",
                        store,
                        "--quality=" + quality,
                        "--backend=scalar",
                        "xres=160",
                        "yres=120",
                        "brightness0=0.3",
                        "brightness1=0.3",
                        "brightness2=0.3");
        same(args);
        assertThat(last.err()).doesNotContain("divide ").doesNotContain("read ");
        Path par = folder.resolve("stored/galaxy.par");
        Cli plan = Cli.run("plan", par, "infile=galaxy.pstore", "--ranks", 4);
        assertThat(plan.out()).contains("particles 0 MiB, neighbours 0 MiB");
    }

    @Test
    void allRanksLayOverAndMeasureAStoreWhereItIs() throws IOException {
        String store = store(60_000).toString();
        List<String> args =
                List.of(
                        "render",
                        store,
                        "--backend=scalar",
                        "xres=160",
                        "yres=120",
                        "a_eq_e=false",
                        "gray_absorption=0.3",
                        "layers=column_density hits",
                        "layer_formats=raw");
        same(args);
        assertThat(last.err()).doesNotContain("divide ").doesNotContain("read ");
        sameLayers(2);
    }

    private static void damage(Path store, int block) throws IOException {
        String text = Files.readString(store, StandardCharsets.ISO_8859_1);
        Matcher column = Pattern.compile("\nfield\tU\t[^\n]*\ncolumn\t(\\d+)\t").matcher(text);
        assertThat(column.find()).isTrue();
        try (RandomAccessFile file = new RandomAccessFile(store.toFile(), "rw")) {
            file.seek(Long.parseLong(column.group(1)) + 4L * 1024 * block);
            file.write(new byte[] {1, 2, 3});
        }
    }

    @Test
    void aDamagedBlockOfAStoreIsToldWhicheverRankDrawsIt() throws IOException {
        int block = 15; // not of the first rank's part
        Path store = store(60_000);
        damage(store, block);
        List<String> args = new ArrayList<>(List.of("render", store.toString(), "xres=90"));
        args.addAll(List.of("yres=60", "--quality=exact", "outfile=" + folder.resolve("damaged")));
        Cli told = ranks(3, args);
        assertThat(told.code()).isEqualTo(Main.BAD_INPUT);
        assertThat(told.err())
                .containsOnlyOnce("U: block " + block)
                .containsPattern("rank [12] on .*galaxy.pstore");
        args.add("skip_damaged=true");
        Cli skipped = ranks(3, args);
        assertThat(skipped.code()).as(skipped.err()).isZero();
        assertThat(skipped.err())
                .containsPattern("warning: rank [12] on .*U: block " + block)
                .contains("left out");
    }

    @Test
    void allRanksHearWhatIsWrongAndOneTellsIt() throws IOException {
        Path par = Files.writeString(folder.resolve("bad.par"), "infile=nothing\nptypes=1\n");
        Cli told = ranks(3, List.of("render", par.toString()));
        assertThat(told.code()).isEqualTo(Main.BAD_INPUT);
        assertThat(told.err()).containsOnlyOnce("palette0: missing");
        Cli usage = ranks(3, List.of("render"));
        assertThat(usage.code()).isEqualTo(Main.BAD_INPUT);
        assertThat(usage.err()).containsOnlyOnce("Missing required parameter");
        Path _ = cloud("");
        Cli other = ranks(3, List.of("info", folder.resolve("cloud.csv").toString()));
        assertThat(other.out()).as(other.err()).containsOnlyOnce("type 0 rows");
    }

    @Test
    void differentParametersOnOneRankAreToldBeforeWorkStarts() throws IOException {
        Path par = cloud("");
        Cli told =
                Cli.call(() ->
                        LocalGroup.run(
                                        3,
                                        group ->
                                                Main.run(
                                                        Ranks.of(group),
                                                        "render",
                                                        par.toString(),
                                                        "outfile=" + folder.resolve("x"),
                                                        group.rank() == 2 ? "xres=91" : "xres=90"))
                                .getFirst());
        assertThat(told.code()).isEqualTo(Main.BAD_INPUT);
        assertThat(told.err()).contains("rank 2 on").contains("xres").contains("all ranks need");
    }

    @Test
    void theBenchSendsWhatTheModelOfScalingSays() {
        Cli bench = ranks(2, List.of("bench-composite", "--seconds", "0.01"));
        assertThat(bench.code()).as(bench.err()).isZero();
        List<String> rows = bench.out().lines().toList();
        assertThat(rows).hasSize(3 * 2 * 9);
        double bytes = 3 * 4 * 1920 * 1080; // B (N - 1) + B (N - 1) / N, see docs/scaling.md
        String[] radix =
                rows.stream()
                        .filter(r -> r.startsWith("1 1920x1080 all radix"))
                        .findFirst()
                        .orElse("")
                        .split(" ", -1);
        assertThat(Double.parseDouble(radix[5])).isEqualTo(bytes * 1.5e-6, within(0.1));
    }

    /** What a session shows: its picture at a size of its own, and what is under the pointer. */
    private record Seen(Picture picture, String found, int histogram, LinearImage moving) {}

    private Seen seen(LiveServer live) {
        LiveSession session = live.session;
        LiveRanks ranks = session.painters().ranks();
        Camera moved = session.shared().camera().orbited(0.3, 0.1);
        RenderJob job = session.scene().seenFrom(moved, 120, 80, null);
        awaitMoved(session, job);
        LiveView.Content content =
                new LiveView.Content(
                        session.onDrawingThread(() -> session.layers(job)),
                        session.scene().state(),
                        job,
                        0,
                        session.onDrawingThread(() ->
                                new Overlay(job, session.loadedData().info(), session.layers(job))),
                        session.onDrawingThread(() -> session.loadedData().pictured(job)));
        LiveView view = new LiveView(live.hub.stream(), moved, 120, 80);
        for (int k = 0; k < 1000 && view.wantsStep(content, session.painters().now()); k++) {
            boolean _ =
                    session.onDrawingThread(() -> {
                        view.step(content, session.painters().now());
                        return true;
                    });
        }
        assertThat(view.wantsStep(content, session.painters().now())).isFalse();
        LiveRanks.Found found =
                session.onDrawingThread(() -> {
                    ranks.pick(job, 0.5, 0.5);
                    return ranks.found(
                            session.layers(job), job, 0, 0.5, 0.5, session.painters().workers());
                });
        float[] sample =
                session.onDrawingThread(() -> {
                    ranks.sample(job, 0);
                    return ranks.sampled(
                            session.layers(job).getFirst().particles(), Transform.LINEAR);
                });
        return new Seen(
                session.onDrawingThread(() -> session.draw(job)),
                found == null ? "" : found.layer() + " " + (float) found.position().x(),
                sample.length,
                session.onDrawingThread(() -> moving(session, job)));
    }

    /** Light as while something moves: with large nodes, where there are any. */
    private static LinearImage moving(LiveSession session, RenderJob job) {
        FrameSettings frame = job.frame(session.loadedData().info().boxSize()).withDetail(6);
        LinearImage light = new LinearImage(frame.width(), frame.height());
        if (job.shading() instanceof Shading.Emission) {
            Camera camera = job.views().getFirst().camera();
            LiveView.Painters with = session.painters().now();
            session.painters()
                    .ranks()
                    .add(
                            session.scene().state(),
                            camera,
                            frame,
                            new LiveRanks.Drawing(0, 1, Quality.HIGH, with.backend()));
            with.high()
                    .add(
                            session.layers(job),
                            camera,
                            frame,
                            0,
                            1,
                            light,
                            new StageTimes(System::nanoTime));
        }
        return light;
    }

    /** Waits until the particles are between the snapshots, where there are two. */
    private static void awaitMoved(LiveSession session, RenderJob job) {
        boolean still = job.between() != null;
        while (still) {
            session.wake();
            still =
                    session.onDrawingThread(() ->
                            session.layers(job).getFirst().particles()
                                    == session.loadedData()
                                            .layers(job, List.of())
                                            .getFirst()
                                            .particles());
        }
    }

    private static void writeSeries(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (Workers workers = new Workers(2)) {
            for (int k = 0; k < 2; k++) {
                DemoUniverse.write(folder.resolve("series_00" + k), 9000 + 600L * k, 1, workers);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a_eq_e=true",
                "a_eq_e=false",
                "infile=series_ fidx=0.4 interpolation_mode=1",
                "infile=galaxy.pstore",
                "picture_of=column_density"
            })
    void aSessionOfManyRanksShowsWhatOneShows(String parameters) throws IOException {
        String[] shading = parameters.split(" ", -1);
        writeSeries(folder);
        writeSeries(folder.resolve("many"));
        if (parameters.contains(".pstore")) {
            Path store = store(400_000);
            Files.copy(store, folder.resolve("galaxy.pstore"));
            Files.copy(store, folder.resolve("many/galaxy.pstore"));
        }
        Seen one;
        try (LiveServer live = new LiveServer(folder, shading)) {
            one = seen(live);
        }
        Seen many =
                LocalGroup.run(
                                3,
                                group -> {
                                    Ranks ranks = Ranks.of(group);
                                    return group.rank() == 0
                                            ? served(ranks, shading)
                                            : followed(ranks, one);
                                })
                        .getFirst();
        compare(3, one.picture, many.picture);
        assertThat(many.found).isEqualTo(one.found).isNotEmpty();
        assertThat(many.histogram).isBetween(one.histogram * 9 / 10, one.histogram);
        double light = 0;
        double difference = 0;
        for (int p = 0; p < one.moving.red().length; p++) {
            light += one.moving.red()[p];
            difference += Math.abs(one.moving.red()[p] - (double) many.moving.red()[p]);
        }
        assertThat(difference).isLessThanOrEqualTo(1e-5 * light);
    }

    /** What one rank cannot draw is told, and the session goes on. */
    @Test
    void aSessionOutlivesADamagedBlockOfAnotherRank() throws IOException {
        damage(store(60_000), 15);
        Path many = Files.createDirectories(folder.resolve("many"));
        Files.copy(folder.resolve("stored/galaxy.pstore"), many.resolve("galaxy.pstore"));
        List<String> told =
                LocalGroup.run(
                                3,
                                group -> {
                                    Ranks ranks = Ranks.of(group);
                                    return group.rank() == 0
                                            ? toldOfDamage(ranks, many)
                                            : followed(ranks, List.of(""));
                                })
                        .getFirst();
        assertThat(told.get(0)).containsPattern("rank [12] on .*U: block 15");
        assertThat(told.get(1)).as("another camera, which does not see it").isEqualTo("120");
    }

    private static List<String> toldOfDamage(Ranks ranks, Path of) {
        try (LiveServer live = new LiveServer(of, null, ranks, "infile=galaxy.pstore")) {
            LiveSession session = live.session;
            Camera camera = session.shared().camera();
            RenderJob job = session.scene().seenFrom(camera, 120, 80, null);
            Throwable failure =
                    catchThrowable(() -> session.onDrawingThread(() -> session.light(job)));
            RenderJob away = session.scene().seenFrom(camera.turned(Math.PI, 0), 120, 80, null);
            return List.of(
                    String.valueOf(failure.getMessage()),
                    "" + session.onDrawingThread(() -> session.light(away)).width());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } finally {
            new LiveRanks(ranks).end();
        }
    }

    /** Rank 0 shows a part while nobody else has anything yet. */
    @Test
    void aLargeSnapshotIsSeenBeforeAllRanksHaveReadIt() throws IOException {
        Path folderOfAll = Files.createDirectories(folder.resolve("large"));
        long n = 4_100_000;
        try (Workers workers = new Workers(2)) {
            DemoUniverse.write(folderOfAll.resolve("large.gadget"), n, 1, workers);
        }
        List<String> said =
                LocalGroup.run(
                                2,
                                group -> {
                                    Ranks ranks = Ranks.of(group);
                                    if (group.rank() > 0) {
                                        followed(ranks, List.of());
                                        return List.<String>of();
                                    }
                                    return firstAndWhole(ranks, folderOfAll);
                                })
                        .getFirst();
        String first = said.get(0).replace(",", "");
        assertThat(Long.parseLong(first)).isBetween(100_000L, n / 4);
        assertThat(said.get(1)).isEqualTo("4,100,000");
        assertThat(said.get(2)).isEqualTo("true");
        assertThat(said.get(3)).as("layers with nodes").isEqualTo("3");
    }

    /**
     * Particles of the first picture and of the last one, whether that was final, and layers with
     * nodes.
     */
    private static List<String> firstAndWhole(Ranks ranks, Path of) {
        try (LiveServer live = new LiveServer(of, null, ranks, "infile=large.gadget");
                HttpClient http = HttpClient.newHttpClient()) {
            String first = live.session.particlesText();
            try (LiveClient client = new LiveClient(http, live.address(), 320, 200)) {
                for (int k = 0; k < 600 && live.session.particlesText().equals(first); k++) {
                    Thread.sleep(50);
                }
                client.drag(0.2, 10);
                client.awaitFinal(30);
                LiveSession session = live.session;
                long nodes =
                        session.onDrawingThread(() ->
                                session.layers(session.scene().state().job()).stream()
                                        .filter(layer -> layer.usableDetail() != null)
                                        .count());
                return List.of(first, session.particlesText(), "" + client.isFinal(), "" + nodes);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            new LiveRanks(ranks).end();
        }
    }

    private Seen served(Ranks ranks, String... shading) {
        try (LiveServer live = new LiveServer(folder.resolve("many"), null, ranks, shading)) {
            return seen(live);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } finally {
            new LiveRanks(ranks).end();
        }
    }

    private static <T> T followed(Ranks ranks, T unused) {
        try (Workers workers = new Workers(1)) {
            new LiveRanks(ranks).follow(workers);
        }
        return unused;
    }

    /** Draws on one and on more ranks; compares every picture. */
    private void same(List<String> args) throws IOException {
        draw(1, args);
        for (int size : SIZES) {
            draw(size, args);
            try (Stream<Path> files = Files.list(folder.resolve("1"))) {
                for (Path file :
                        files.filter(f -> f.toString().matches(".*\\.(png|ppm)")).toList()) {
                    Path other = folder.resolve("" + size).resolve(file.getFileName());
                    compare(size, TestPictures.read(file), TestPictures.read(other));
                }
            }
        }
    }

    private Cli last = new Cli(0, "", "");

    private void draw(int size, List<String> args) throws IOException {
        Path drawn = folder.resolve("" + size);
        Files.createDirectories(drawn);
        List<String> all = new ArrayList<>(args);
        all.add("outfile=" + drawn.resolve("out"));
        Cli run = ranks(size, all);
        assertThat(run.code()).as(run.err()).isZero();
        last = run;
    }

    private static Cli ranks(int size, List<String> args) {
        return Cli.call(() ->
                LocalGroup.run(
                                size,
                                group -> Main.run(Ranks.of(group), args.toArray(String[]::new)))
                        .getFirst());
    }

    private static void compare(int size, Picture one, Picture many) throws IOException {
        assertThat(many.width()).isEqualTo(one.width());
        int largest = 0;
        for (int i = 0; i < one.rgb().length; i++) {
            largest = Math.max(largest, Math.abs((one.rgb()[i] & 255) - (many.rgb()[i] & 255)));
        }
        if (largest > 1) {
            TestPictures.writeDifference(one, many, Path.of("target/golden-failures/ranks"));
        }
        assertThat(largest).as("largest difference on %d ranks", size).isLessThanOrEqualTo(1);
    }
}
