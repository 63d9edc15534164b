package org.perseid.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.perseid.io.InputException;
import org.perseid.io.par.JobReader;
import org.perseid.io.par.ParameterTable;
import org.perseid.io.par.Problems;
import org.perseid.io.par.RenderJob;
import org.perseid.io.snapshot.ReadOptions;
import org.perseid.io.snapshot.Share;
import org.perseid.io.snapshot.Snapshot;
import org.perseid.io.snapshot.Snapshots;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Picture;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Workers;

/** Particle stores by the whole program: made, drawn, stopped, damaged. */
class ConvertTest {
    private static final String[] SIZE = {"xres=160", "yres=120"};

    @TempDir private Path folder;
    private Path par = Path.of("");
    private Path store = Path.of("");

    @BeforeEach
    void galaxy() throws IOException {
        par = LiveServer.writeGalaxy(folder, 60_000);
        String text = Files.readString(par).replaceAll("brightness(\\d)=.*", "brightness$1=0.3");
        Files.writeString(par, text);
        store = folder.resolve("galaxy.pstore");
    }

    private Cli convert(Object... more) {
        Object[] all = new Object[4 + more.length];
        all[0] = "convert";
        all[1] = par;
        all[2] = "-o";
        all[3] = store;
        System.arraycopy(more, 0, all, 4, more.length);
        return Cli.run(all);
    }

    private Picture draw(Path what, String name, Object... more) throws IOException {
        Object[] all = new Object[5 + more.length];
        all[0] = "render";
        all[1] = what;
        all[2] = "outfile=" + folder.resolve(name);
        all[3] = SIZE[0];
        all[4] = SIZE[1];
        System.arraycopy(more, 0, all, 5, more.length);
        Cli cli = Cli.run(all);
        assertThat(cli.code()).as(cli.err()).isZero();
        last = cli;
        return TestPictures.read(folder.resolve(name + "0000.png"));
    }

    private Cli last = new Cli(0, "", "");

    private static int largestDifference(Picture a, Picture b) {
        assertThat(a.rgb()).hasSameSizeAs(b.rgb());
        int most = 0;
        for (int k = 0; k < a.rgb().length; k++) {
            most = Math.max(most, Math.abs((a.rgb()[k] & 255) - (b.rgb()[k] & 255)));
        }
        return most;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "brightness0=0.4",
                "color_label1=smoothing_length color_log1=true color_min1= color_max1=",
                "color_label2=smoothing_length color_log2=false color_min2= color_max2=",
                "size_fix2=0.2 size_label2=",
                "color_label0=",
                "intensity_label0=U intensity_log0=true intensity_min0=1 intensity_max0=4",
                "color_label2=POS color_is_vector2=true color_min2= color_max2=",
                "field.hot=log10(U)*2 color_label0=hot color_log0=false color_min0= color_max0=",
                "ptype1=0 color_label1=RHO size_label1=HSML",
                "size_label2=XXXX"
            })
    void aStoreIsDrawnWhereItIsAndLikeItsSnapshot(String overrides) throws IOException {
        Object[] words = overrides.split(" ", -1);
        Picture expected = draw(par, "direct", words);
        Cli cli = convert(words);
        assertThat(cli.code()).as(cli.err()).isZero();
        assertThat(cli.err()).doesNotContain("warning");
        Picture found = draw(store, "stored");
        assertThat(last.err()).doesNotContain("read ").doesNotContain("order ");
        assertThat(largestDifference(found, expected)).isLessThanOrEqualTo(1);
        Picture byFile = draw(par, "byfile", join(words, "infile=" + store));
        assertThat(largestDifference(byFile, expected)).isLessThanOrEqualTo(1);
    }

    private static Object[] join(Object[] words, Object last) {
        Object[] out = java.util.Arrays.copyOf(words, words.length + 1);
        out[words.length] = last;
        return out;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select0=U>100",
                "position_label=VEL lookat_x=0 lookat_y=0 lookat_z=0 camera_x=900 periodic=false",
                "color_label1=smoothing_length color_log1=false color_asinh1=true color_min1= color_max1=",
                "color_label2=HSML color_log2=true color_min2=-2 color_max2=0.5",
                "region=box,90,110,90,110,95,105"
            })
    void whatIsNotDrawnInPlaceIsReadFromTheStore(String overrides) throws IOException {
        assertThat(convert("--fields", "velocity").code()).isZero();
        Object[] words = overrides.replace("box,", "box ").split(" (?=\\w+=)", -1);
        for (int k = 0; k < words.length; k++) {
            words[k] = words[k].toString().replace(',', ' ');
        }
        Picture expected = draw(par, "direct", words);
        Picture found = draw(store, "stored", words);
        assertThat(last.err()).contains(overrides.contains("HSML") ? "splat " : "read ");
        assertThat(largestDifference(found, expected)).isLessThanOrEqualTo(1);
    }

    private void sameLayers(String name, String other) throws IOException {
        for (String layer : List.of("column_density", "mean_U", "hits")) {
            float[] a = FeaturesTest.raw(folder.resolve(name + "0000_" + layer + ".f32"));
            float[] b = FeaturesTest.raw(folder.resolve(other + "0000_" + layer + ".f32"));
            for (int p = 0; p < a.length; p++) {
                double allowed = layer.equals("hits") ? 1 : 1e-5 * Math.abs(b[p]); // one at a rim
                boolean same =
                        Float.isNaN(a[p]) ? Float.isNaN(b[p]) : Math.abs(a[p] - b[p]) <= allowed;
                assertThat(same).as("%s %d: %s %s", layer, p, a[p], b[p]).isTrue();
            }
        }
    }

    /** Gas and web have energies or none, and the masses of all come from the header. */
    @Test
    void absorptionAndLayersAreDrawnInPlaceToo() throws IOException {
        Object[] words = {
            "a_eq_e=false",
            "gray_absorption=0.3",
            "sort_type=1",
            "layers=column_density mean:U hits",
            "layer_formats=raw"
        };
        Picture expected = draw(par, "direct", words);
        assertThat(convert().code()).isZero();
        Picture found = draw(store, "stored", words);
        assertThat(last.err())
                .contains("measure ")
                .doesNotContain("read ")
                .doesNotContain("order ");
        assertThat(largestDifference(found, expected)).isLessThanOrEqualTo(1);
        sameLayers("stored", "direct");
        Picture near = draw(par, "near", join(words, "fov=4"));
        assertThat(largestDifference(draw(store, "nearstored", join(words, "fov=4")), near))
                .isLessThanOrEqualTo(1);
        sameLayers("nearstored", "near");
    }

    @Test
    void whatIsMeasuredIsKept() throws IOException {
        Object[] words = {
            "layers=column_density mean:RHO max:wide mean:U", "field.wide=log10(HSML)"
        };
        Cli cli = convert(words);
        assertThat(cli.code()).as(cli.err()).isZero();
        Picture _ = draw(store, "stored");
        assertThat(last.err()).contains("measure ").doesNotContain("read ");
        Cli missing = Cli.run("render", store, "layers=mean:nothing");
        assertThat(missing.code()).isEqualTo(Main.BAD_INPUT);
        assertThat(missing.err()).contains("nothing");
    }

    @Test
    void manyPiecesAndPlacesMakeTheSamePicture() throws IOException {
        Picture expected = draw(par, "direct");
        Cli cli = convert("--memory", "1M", "--fields", "all");
        assertThat(cli.code()).as(cli.err()).isZero();
        assertThat(largestDifference(draw(store, "stored"), expected)).isLessThanOrEqualTo(1);
        String info = Cli.run("info", "--check", store).out();
        assertThat(info)
                .contains("all sums are as they were written")
                .contains("60,000")
                .contains("VEL ", "ID ", "RHO ")
                .contains("200 code length (periodic)");
        assertThat(Files.exists(folder.resolve("galaxy.pstore.converting"))).isFalse();
    }

    @Test
    void particlesThatCannotBeDrawnAreLeftOutAndTold() throws IOException {
        Path table = folder.resolve("bad.csv");
        StringBuilder text = new StringBuilder("x,y,z,m\n");
        for (int i = 0; i < 3000; i++) {
            text.append(i % 50).append(',').append(i % 7).append(',').append(i / 50).append(',');
            text.append(i % 10 == 0 ? "nan" : String.valueOf(i % 3)).append('\n');
        }
        Files.writeString(table, text);
        par =
                Files.writeString(
                        folder.resolve("bad.par"),
                        """
                        infile=bad.csv
                        outfile=bad
                        ptypes=1
                        palette0=viridis
                        camera_x=20
                        camera_y=0
                        lookat_y=0
                        periodic=false
                        size_fix0=1
                        color_label0=m
                        camera_z=200
                        lookat_x=20
                        lookat_z=0
                        sky_y=1
                        fov=40
                        """);
        Cli cli = convert();
        assertThat(cli.err()).contains("dropped 300 of 3000 particles").contains("2700 particles");
        Picture expected = draw(par, "direct");
        assertThat(largestDifference(draw(store, "stored"), expected)).isLessThanOrEqualTo(1);
    }

    /** Stops a conversion when a stage has come to a step. */
    private record Stopper(String stage, long step) implements Reporter {
        @Override
        public void note(String line) {}

        @Override
        public void warn(String line) {}

        @Override
        public void progress(String at, long done, long total) {
            if (at.equals(stage) && done == step) {
                throw new InputException("stopped");
            }
        }
    }

    private void conversion(Path to, Reporter reporter) {
        conversion(to, 1 << 20, reporter);
    }

    private void conversion(Path to, long memory, Reporter reporter) {
        try (Workers workers = new Workers(2)) {
            Conversion.Result _ =
                    new Conversion(
                                    JobReader.read(
                                            ParameterTable.read(par, List.of(), new Problems()),
                                            Reporter.SILENT),
                                    to,
                                    new StoreType.Wanted(false, Set.of()),
                                    memory,
                                    workers,
                                    reporter)
                            .run();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"read 1", "read 2", "order 1", "order 2", "nodes 1"})
    void aConversionThatStoppedGoesOnToTheSameBytes(String where) throws IOException {
        Path whole = folder.resolve("whole.pstore");
        conversion(whole, Reporter.SILENT);
        String[] words = where.split(" ", -1);
        Stopper stopper = new Stopper(words[0], Long.parseLong(words[1]));
        assertThatThrownBy(() -> conversion(store, stopper)).hasMessage("stopped");
        assertThat(Files.exists(store)).isFalse();
        StringBuilder notes = new StringBuilder();
        conversion(
                store,
                1 << 22, // it goes on with what it had
                new Reporter() {
                    @Override
                    public void note(String line) {
                        notes.append(line);
                    }

                    @Override
                    public void warn(String line) {}

                    @Override
                    public void progress(String stage, long done, long total) {}
                });
        assertThat(notes.toString()).contains("going on where the conversion stopped");
        assertThat(Files.mismatch(store, whole)).isEqualTo(-1);
    }

    @Test
    void whatIsLeftOfAnotherConversionIsNotUsed() throws IOException {
        assertThatThrownBy(() -> conversion(store, new Stopper("order", 1))).hasMessage("stopped");
        Cli cli = convert("brightness0=0.1", "ptypes=1");
        assertThat(cli.code()).isZero();
        assertThat(cli.err()).contains("of another conversion; starting anew");
    }

    private long columnOf(String field) throws IOException {
        byte[] all = Files.readAllBytes(store);
        String text = new String(all, StandardCharsets.ISO_8859_1);
        Matcher m =
                Pattern.compile("\nfield\t" + field + "\t[^\n]*\ncolumn\t(\\d+)\t").matcher(text);
        assertThat(m.find()).isTrue();
        return Long.parseLong(m.group(1));
    }

    private void flip(long at) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(store.toFile(), "rw")) {
            file.seek(at);
            int v = file.read();
            file.seek(at);
            file.write(v ^ 0x10);
        }
    }

    @Test
    void aDamagedBlockIsNamedAndLeftOutOnRequest() throws IOException {
        assertThat(convert().code()).isZero();
        Picture expected = draw(store, "before");
        flip(columnOf("U") + 4 * 1024 * 3 + 17);
        Cli cli = Cli.run("render", store, "outfile=" + folder.resolve("no"), SIZE[0], SIZE[1]);
        assertThat(cli.code()).isEqualTo(Main.BAD_INPUT);
        assertThat(cli.err())
                .contains("galaxy.pstore: gas, U: block 3 (rows 3072 to 4095")
                .contains("skip_damaged=true");
        assertThat(Files.exists(folder.resolve("no0000.png"))).isFalse();
        Picture without = draw(store, "without", "skip_damaged=true");
        assertThat(last.err()).contains("block 3 (rows").contains("left out");
        assertThat(largestDifference(without, expected)).isPositive();
        Picture read = draw(store, "read", "skip_damaged=true", "select1=RHO>0");
        assertThat(last.err()).contains("dropped 1024 of 18000 particles");
        assertThat(largestDifference(read, without)).isLessThanOrEqualTo(1);
        Cli info = Cli.run("info", "--check", store);
        assertThat(info.code()).isEqualTo(Main.BAD_INPUT);
        assertThat(info.err()).contains("gas, U: block 3").doesNotContain("block 2");
    }

    @Test
    void damagedNodesAreNotDrawnEither() throws IOException {
        assertThat(convert().code()).isZero();
        Picture expected = draw(store, "before", "--quality=preview");
        String text = Files.readString(store, StandardCharsets.ISO_8859_1);
        Matcher m =
                Pattern.compile("\nlevel\t\\d+\nsides[^\n]*\nblocks[^\n]*\ncolumn\t(\\d+)\t")
                        .matcher(text);
        while (m.find()) {
            flip(Long.parseLong(m.group(1)) + 2);
        }
        Cli cli =
                Cli.run(
                        "render",
                        store,
                        "--quality=preview",
                        "outfile=" + folder.resolve("no"),
                        SIZE[0],
                        SIZE[1]);
        assertThat(cli.code()).isEqualTo(Main.BAD_INPUT);
        assertThat(cli.err()).contains("nodes: block 0");
        Picture particles = draw(store, "without", "--quality=preview", "skip_damaged=true");
        assertThat(largestDifference(particles, expected)).isPositive();
        assertThat(last.err()).contains("nodes: block 0 (rows 0 to 1023", "left out");
    }

    @Test
    void noDamageMakesTheProgramFail() throws IOException {
        assertThat(convert().code()).isZero();
        byte[] good = Files.readAllBytes(store);
        long seed = 11;
        SplittableRandom random = new SplittableRandom(seed);
        long directory = ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getLong(16);
        TreeMap<Integer, Integer> codes = new TreeMap<>();
        for (int k = 0; k < 150; k++) {
            byte[] bad = good.clone();
            int length = bad.length;
            switch (k % 4) {
                case 0 -> length = random.nextInt(bad.length);
                case 1 -> bad[random.nextInt(64)] ^= (byte) (1 << random.nextInt(8));
                case 2 ->
                        bad[(int) directory + random.nextInt(bad.length - (int) directory)] ^=
                                (byte) (1 << random.nextInt(8));
                default -> bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(store, java.util.Arrays.copyOf(bad, length));
            Cli cli =
                    Cli.run(
                            "render",
                            store,
                            "--quality=high",
                            "outfile=" + folder.resolve("mutant"),
                            SIZE[0],
                            SIZE[1]);
            assertThat(cli.code()).as("seed " + seed + ", " + k + ": " + cli.err()).isNotEqualTo(1);
            codes.merge(cli.code(), 1, Integer::sum);
        }
        assertThat(codes).containsKey(Main.BAD_INPUT).containsKey(Main.OK);
    }

    @Test
    void wrongUseIsToldBeforeWorkStarts() throws IOException {
        Files.writeString(store, "something");
        assertThat(convert().err()).contains("exists already");
        assertThat(convert("--force", "--fields", "velocty").err())
                .contains("no field 'velocty'; did you mean velocity?");
        assertThat(convert("--force", "--memory", "much").err()).contains("--memory is 'much'");
        assertThat(Files.readString(store)).isEqualTo("something");
        Path snapshot = folder.resolve("galaxy.gadget");
        assertThat(Cli.run("convert", par, "--force", "-o", snapshot).err())
                .contains("is the snapshot itself");
        assertThat(Cli.run("info", "--check", snapshot).err()).contains("has no sums");
        assertThat(Cli.run("convert", folder.resolve("none.par")).code()).isEqualTo(Main.BAD_INPUT);
    }

    @Test
    void aSnapshotIsConvertedAsInitWouldShowIt() {
        Cli cli = Cli.run("convert", folder.resolve("galaxy.gadget"), "-o", store);
        assertThat(cli.code()).as(cli.err()).isZero();
        assertThat(Cli.run("render", store, "outfile=" + folder.resolve("p")).code()).isZero();
        assertThat(Cli.run("plan", par, "infile=" + store).out()).contains("60,000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HSML", "XXXX"})
    void aSampleIsFromAllOverTheSnapshot(String size) {
        RenderJob job =
                JobReader.read(
                        ParameterTable.read(par, List.of("size_label1=" + size), new Problems()),
                        Reporter.SILENT);
        try (Workers workers = new Workers(2);
                Snapshot snapshot = Snapshots.open(job.source().path(), ReadOptions.NONE);
                LoadedData all =
                        LoadedData.load(
                                snapshot,
                                Share.ALL,
                                job.types(),
                                32,
                                200,
                                workers,
                                Reporter.SILENT,
                                new StageTimes(System::nanoTime));
                LoadedData some =
                        LoadedData.sample(
                                snapshot, job.types(), 0.25, 32, 200, workers, Reporter.SILENT)) {
            assertThat(some.particles()).isBetween(14_000L, 16_000L);
            ParticleSet web = some.sets().get(1);
            assertThat(web.extent(0).max() - web.extent(0).min()).isGreaterThan(190);
            double part = (double) web.count() / all.sets().get(1).count();
            assertThat(meanSize(web)).isCloseTo(meanSize(all.sets().get(1)), withinPercentage(10));
            assertThat(part).isCloseTo(0.25, withinPercentage(10));
        }
    }

    private static double meanSize(ParticleSet set) {
        double sum = 0;
        for (long i = 0; i < set.count(); i++) {
            sum += set.smoothingLength().getAtIndex(ParticleSet.FLOAT, i);
        }
        return set.sizeScale() * sum / set.count();
    }

    @Test
    void aLiveSessionOfAStoreMovesAsNodesAndEndsWithAllParticles()
            throws IOException, InterruptedException {
        par = LiveServer.writeGalaxy(Files.createDirectory(folder.resolve("large")), 450_000);
        assertThat(convert("brightness0=0.18", "brightness1=1", "brightness2=0.12").code())
                .isZero();
        try (LiveServer live = new LiveServer(folder.resolve("live"), "infile=" + store);
                HttpClient http = HttpClient.newHttpClient();
                LiveClient client = new LiveClient(http, live.address(), 320, 200)) {
            client.awaitFinal(30);
            client.drag(0.5, 20);
            client.awaitFinal(30);
            assertThat(client.isFinal()).isTrue();
            assertThat(client.take().frames()).isGreaterThan(2);
            assertThat(live.session.particlesText()).isEqualTo("450,000");
        }
    }

    @Test
    void theReaderInTheDocumentationReadsAStore() throws IOException, InterruptedException {
        Assumptions.assumeThat(hasNumpy()).as("python3 with numpy").isTrue();
        assertThat(convert().code()).isZero();
        String doc =
                Files.readString(Path.of(System.getProperty("perseid.root"), "docs", "store.md"));
        Matcher code = Pattern.compile("```python\n(.*?)```", Pattern.DOTALL).matcher(doc);
        assertThat(code.find()).isTrue();
        Path script = Files.writeString(folder.resolve("read.py"), code.group(1));
        Process python =
                new ProcessBuilder("python3", script.toString(), store.toString())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(python.waitFor()).as(said).isZero();
        assertThat(said).contains("gas: 18000 particles", "stars: 24000 particles", "of AGE");
    }

    private static boolean hasNumpy() {
        try {
            Process python =
                    new ProcessBuilder("python3", "-c", "import numpy")
                            .redirectErrorStream(true)
                            .start();
            return python.waitFor(30, TimeUnit.SECONDS) && python.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
