package org.perseid.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.perseid.io.InputException;
import org.perseid.io.demo.DemoUniverse;
import org.perseid.io.par.JobReader;
import org.perseid.io.par.ParameterTable;
import org.perseid.io.par.Problems;
import org.perseid.io.par.RenderJob;
import org.perseid.io.snapshot.Share;
import org.perseid.io.snapshot.Snapshot;
import org.perseid.io.snapshot.Snapshots;
import org.perseid.renderer.backend.Backends;
import org.perseid.renderer.frame.FrameRenderer;
import org.perseid.renderer.model.OffHeap;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.RenderException;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Workers;

/**
 * Damaged snapshots and parameter files, thousands of them, through the whole program: each gives a
 * picture or one of the two exceptions that are messages, within seconds, and within the memory
 * that is stated here.
 */
class MutationTest {
    private static final int FEW = 600;
    private static final int MANY = 15_000;

    /** Off-heap bytes allowed a byte of the snapshot, and in any case. */
    private static final long OFF_HEAP_FACTOR = 10;

    private static final long OFF_HEAP_ANYWAY = 1 << 20;

    /** Java heap allowed for one mutant, given back or not. */
    private static final long HEAP_BYTES = 96L << 20;

    private static final long MAX_NANOS = 20_000_000_000L;

    private static final String BLOCKS = "block_order=POS VEL ID U RHO HSML AGE";

    @TempDir private Path folder;
    private final Map<String, Integer> outcomes = new HashMap<>();

    @Test
    void aFewDamagedSnapshots() throws IOException {
        damageSnapshots(1, FEW);
    }

    @Test
    void aFewDamagedParameterFiles() throws IOException {
        damageParameters(2, FEW);
    }

    @ParameterizedTest
    @CsvSource({"101, snapshot", "102, parameters"})
    @Tag("slow")
    void manyOfBoth(long seed, String what) throws IOException {
        if (what.equals("snapshot")) {
            damageSnapshots(seed, MANY);
        } else {
            damageParameters(seed, MANY);
        }
    }

    private void damageSnapshots(long seed, int mutants) throws IOException {
        byte[][] originals = {demo(), formatOne(), bigEndian()};
        String parameters = Files.readString(Shared.root().resolve("configs/demo.par"));
        SplittableRandom random = new SplittableRandom(seed);
        Path file = folder.resolve("mutant");
        for (byte[] original : originals) {
            Files.write(file, original);
            render(parameters, List.of("infile=" + file, BLOCKS));
        }
        for (int i = 0; i < mutants; i++) {
            byte[] mutant = mutate(originals[i % originals.length].clone(), random);
            Files.write(file, mutant);
            List<String> overrides = List.of("infile=" + file, "neighbours=4", BLOCKS);
            String name = "snapshot mutant " + i + " of seed " + seed;
            attempt(name, mutant.length, () -> render(parameters, overrides));
        }
        tell(mutants + " damaged snapshots of seed " + seed);
    }

    private void tell(String what) {
        System.out.println(what + ": " + outcomes);
        assertThat(outcomes).as(what).containsKeys("picture", "InputException");
    }

    private void damageParameters(long seed, int mutants) throws IOException {
        Path file = Files.write(folder.resolve("galaxy.gadget"), demo());
        String original = Files.readString(Shared.root().resolve("configs/demo.par"));
        SplittableRandom random = new SplittableRandom(seed);
        long bytes = Files.size(file);
        for (int i = 0; i < mutants; i++) {
            String mutant = mutate(original, random);
            String name = "parameter mutant " + i + " of seed " + seed + ":\n" + mutant;
            attempt(name, bytes, () -> render(mutant, List.of()));
        }
        tell(mutants + " damaged parameter files of seed " + seed);
    }

    /**
     * The whole way of a batch picture, at a small size, on this thread alone so that its heap can
     * be counted.
     */
    private void render(String parameters, List<String> overrides) {
        Problems problems = new Problems();
        RenderJob job =
                JobReader.read(
                        ParameterTable.parse(parameters, "m.par", folder, overrides, problems),
                        Reporter.SILENT);
        List<String> small = new java.util.ArrayList<>(overrides);
        small.addAll(List.of("xres=24", "yres=16", "tile_size_cpu=8"));
        RenderJob sized =
                JobReader.read(
                        ParameterTable.parse(parameters, "m.par", folder, small, new Problems()),
                        Reporter.SILENT);
        try (Workers workers = new Workers(1);
                Snapshot snapshot = Snapshots.open(job.source().path(), job.source().options())) {
            double box = snapshot.info().boxSize();
            assertThat(snapshot.identity()).isNotEmpty();
            StageTimes times = new StageTimes(System::nanoTime);
            try (LoadedData data =
                    LoadedData.load(
                            snapshot,
                            Share.ALL,
                            sized.types(),
                            4,
                            box,
                            workers,
                            Reporter.SILENT,
                            times)) {
                var image =
                        new FrameRenderer(
                                        Backends.choose("scalar"),
                                        Quality.EXACT,
                                        workers,
                                        Reporter.SILENT)
                                .render(
                                        data.layers(sized.types()),
                                        sized.views().getFirst().camera(),
                                        sized.frame(box),
                                        times);
                assertThat(image.red()).hasSize(24 * 16);
            }
        }
    }

    private void attempt(String name, long fileBytes, Runnable run) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long heapBefore = threads.getCurrentThreadAllocatedBytes();
        long offHeapBefore = OffHeap.everAllocatedBytes();
        long start = System.nanoTime();
        String outcome = "picture";
        try {
            run.run();
        } catch (InputException | RenderException e) {
            outcome = e.getClass().getSimpleName();
            assertThat(e.getMessage()).as(name).isNotBlank();
        } catch (RuntimeException | Error e) {
            throw new AssertionError(name, e);
        }
        outcomes.merge(outcome, 1, Integer::sum);
        assertThat(System.nanoTime() - start).as("time of %s", name).isLessThan(MAX_NANOS);
        assertThat(threads.getCurrentThreadAllocatedBytes() - heapBefore)
                .as("heap of %s", name)
                .isLessThan(HEAP_BYTES);
        assertThat(OffHeap.everAllocatedBytes() - offHeapBefore)
                .as("off-heap memory of %s", name)
                .isLessThan(OFF_HEAP_ANYWAY + OFF_HEAP_FACTOR * fileBytes);
    }

    private byte[] demo() throws IOException {
        Path file = folder.resolve("original");
        try (Workers workers = new Workers(1)) {
            DemoUniverse.write(file, 60, 3, workers);
        }
        return Files.readAllBytes(file);
    }

    /** The same without labels: each 16-byte label record cut out, INFO left out. */
    private byte[] formatOne() throws IOException {
        ByteBuffer in = ByteBuffer.wrap(demo()).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer out = ByteBuffer.allocate(in.capacity());
        while (in.remaining() > 16) {
            boolean info = in.get(in.position() + 4) == 'I' && in.get(in.position() + 5) == 'N';
            int length = in.getInt(in.position() + 8);
            in.position(in.position() + 16);
            if (!info) {
                out.put(in.slice(in.position(), length));
            }
            in.position(in.position() + length);
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    /** The same with every word turned round, but for the letters of the labels. */
    private byte[] bigEndian() throws IOException {
        byte[] bytes = formatOne();
        for (int i = 0; i + 4 <= bytes.length; i += 4) {
            byte a = bytes[i];
            byte b = bytes[i + 1];
            bytes[i] = bytes[i + 3];
            bytes[i + 1] = bytes[i + 2];
            bytes[i + 2] = b;
            bytes[i + 3] = a;
        }
        for (int at : new int[] {24, 32, 40, 48, 56, 64, 72, 80, 128, 136, 144, 152}) {
            swapHalves(bytes, 4 + at);
        }
        return bytes;
    }

    /** Exchanges the words of a double in the header. */
    private static void swapHalves(byte[] bytes, int at) {
        byte[] first = Arrays.copyOfRange(bytes, at, at + 4);
        System.arraycopy(bytes, at + 4, bytes, at, 4);
        System.arraycopy(first, 0, bytes, at + 4, 4);
    }

    private static byte[] mutate(byte[] original, SplittableRandom random) {
        byte[] bytes = original;
        int changes = 1 + random.nextInt(4);
        for (int k = 0; k < changes; k++) {
            int at =
                    random.nextInt(4) > 0
                            ? random.nextInt(Math.min(700, bytes.length))
                            : random.nextInt(bytes.length);
            switch (random.nextInt(7)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
                case 3 -> putWord(bytes, at & ~3, INTERESTING[random.nextInt(INTERESTING.length)]);
                case 4 -> putWord(bytes, at & ~3, random.nextInt());
                case 5 -> bytes = spliced(bytes, at, random.nextInt(40));
                default ->
                        putWord(
                                bytes,
                                at & ~3,
                                Float.floatToRawIntBits(STRANGE[random.nextInt(STRANGE.length)]));
            }
        }
        return bytes;
    }

    private static final int[] INTERESTING = {
        0, 1, -1, 8, 256, 0x7fffffff, 0x80000000, 0x00010000, 0x08000000, -8, 4096, 0x40000000
    };

    private static final float[] STRANGE = {
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        0f,
        -0f,
        1e38f,
        -1e38f,
        Float.MIN_VALUE,
        -1f
    };

    private static void putWord(byte[] bytes, int at, int word) {
        if (at + 4 <= bytes.length) {
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(at, word);
        }
    }

    /** Cuts some bytes out, or doubles them. */
    private static byte[] spliced(byte[] bytes, int at, int length) {
        int n = Math.min(length, bytes.length - at);
        boolean cut = (length & 1) == 0;
        byte[] out = new byte[bytes.length + (cut ? -n : n)];
        System.arraycopy(bytes, 0, out, 0, at);
        System.arraycopy(bytes, cut ? at + n : at, out, at, out.length - at - (cut ? 0 : n));
        if (!cut) {
            System.arraycopy(bytes, bytes.length - n, out, out.length - n, n);
        }
        return out;
    }

    private static final String[] VALUES = {
        "nan", "inf", "-inf", "1e308", "-1e308", "1e-320", "0", "-1", "", "1e999", "0x10", "true",
                "99999999999", "é\u2028",
        "viridis", "XXXX", "U", "VEL", "POS", "smoothing_length", "3", "4", "1e20", "../..", "/",
                "=", "#", "1 2 3"
    };

    private static String mutate(String original, SplittableRandom random) {
        List<String> lines = new java.util.ArrayList<>(original.lines().toList());
        int changes = 1 + random.nextInt(4);
        for (int k = 0; k < changes; k++) {
            int i = random.nextInt(lines.size());
            String line = lines.get(i);
            int equals = line.indexOf('=');
            switch (random.nextInt(7)) {
                case 0 -> lines.remove(i);
                case 1 -> lines.add(random.nextInt(lines.size()), line);
                case 2, 3, 4 -> {
                    if (equals > 0) {
                        String value = VALUES[random.nextInt(VALUES.length)];
                        lines.set(i, line.substring(0, equals + 1) + value);
                    }
                }
                case 5 -> lines.set(i, garbled(line, random));
                default ->
                        lines.add(
                                EXTRA[random.nextInt(EXTRA.length)]
                                        + VALUES[random.nextInt(VALUES.length)]);
            }
            if (lines.isEmpty()) {
                lines.add("");
            }
        }
        return String.join("\n", lines);
    }

    private static final String[] EXTRA = {
        "a_eq_e=",
        "sort_type=",
        "projection=",
        "center_x=",
        "zmin=",
        "color_is_vector0=",
        "size_fix1=",
        "size_fac0=",
        "minrad_pix=",
        "gray_absorption=",
        "intensity_label2=",
        "dome=",
        "block_order=",
        "color_asinh1=",
        "numfiles=",
        "datadir=",
        "fidx=",
        "smooth_factor2=",
        "size_present0=",
        "pic_gamma=",
        "neighbours=",
        "ptypes=",
        "color_fac0="
    };

    private static String garbled(String line, SplittableRandom random) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
