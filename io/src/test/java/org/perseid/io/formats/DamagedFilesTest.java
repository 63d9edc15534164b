package org.perseid.io.formats;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.perseid.io.InputException;
import org.perseid.io.snapshot.FieldInfo;
import org.perseid.io.snapshot.LoadRequest;
import org.perseid.io.snapshot.Loaded;
import org.perseid.io.snapshot.ReadOptions;
import org.perseid.io.snapshot.Share;
import org.perseid.io.snapshot.Snapshot;
import org.perseid.io.snapshot.SnapshotInfo;
import org.perseid.io.snapshot.Snapshots;
import org.perseid.renderer.model.OffHeap;
import org.perseid.renderer.model.RenderException;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Workers;

/**
 * Damaged files of every format but Gadget's, which has a test of its own: each is read or refused
 * with a message, within bounds of time and memory, never with a fault.
 */
class DamagedFilesTest {
    private static final long MAX_NANOS = 40_000_000_000L;

    private static final long MAX_HEAP = 64L << 20;

    /**
     * jHDF allocates what a damaged file says; the bound there is the heap of the test's machine,
     * and what does not fit is a message.
     */
    private static final long MAX_HEAP_HDF5 = Long.MAX_VALUE;

    private static final long MAX_OFF_HEAP_PER_BYTE = 64;

    @TempDir private Path folder;
    private final Map<String, Integer> outcomes = new LinkedHashMap<>();

    /** A file that is damaged, and what is opened then. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Original(String name, Path damaged, Path opened, byte[] bytes) {
        static Original of(String name, Path file) throws IOException {
            return new Original(name, file, file, Files.readAllBytes(file));
        }
    }

    private List<Original> originals() throws IOException {
        TipsyTest tipsy = new TipsyTest();
        tipsy.folder = folder;
        GenericIoTest generic = new GenericIoTest();
        generic.folder = folder;
        FitsTest fits = new FitsTest();
        fits.folder = Files.createDirectories(folder.resolve("fits"));
        RamsesTest ramses = new RamsesTest();
        ramses.folder = folder;
        Path info = ramses.info(2);
        ramses.descriptor();
        ramses.particles(1, true, 1, 2, 1, 1);
        ramses.particles(2, true, 2, 1);
        ramses.octree(1);
        ramses.octree(2);
        Path output = folder.resolve("output_00007");
        Bytes cube = new Bytes(ByteOrder.BIG_ENDIAN);
        for (int i = 0; i < 24; i++) {
            cube.f4(i);
        }
        StringBuilder csv = new StringBuilder("x,y,z,m\n");
        for (int i = 0; i < 40; i++) {
            csv.append(i)
                    .append(',')
                    .append(i * 0.5)
                    .append(",-")
                    .append(i)
                    .append(",1e")
                    .append(i)
                    .append('\n');
        }
        List<Original> out = new java.util.ArrayList<>();
        out.add(Original.of("tipsy", tipsy.write(ByteOrder.BIG_ENDIAN, true, false)));
        out.add(Original.of("genericio", generic.write(false)));
        Path cubeFile = Files.move(fits.cube(-32, cube), folder.resolve("cube.fits"));
        out.add(Original.of("fits cube", cubeFile));
        Path table = fits.file(FitsTest.PRIMARY + tableHeader(), tableRows());
        out.add(Original.of("fits table", Files.move(table, folder.resolve("table.fits"))));
        out.add(Original.of("csv", Files.writeString(folder.resolve("t.csv"), csv)));
        for (String name :
                List.of("part_00007.out00001", "amr_00007.out00001", "hydro_00007.out00002")) {
            Path part = output.resolve(name);
            out.add(new Original("ramses " + name, part, info, Files.readAllBytes(part)));
        }
        for (String name :
                List.of(
                        "swift.hdf5",
                        "gadget4.hdf5",
                        "packed-gzip.hdf5",
                        "packed-columns.hdf5",
                        "packed-checksum.hdf5",
                        "packed-contiguous.hdf5",
                        "compound.h5",
                        "grid.h5")) {
            Path copy = folder.resolve(name);
            Files.copy(Path.of("src/test/resources/hdf5").resolve(name), copy);
            out.add(Original.of(name, copy));
        }
        return out;
    }

    private static String tableHeader() {
        return FitsTest.cards(
                "XTENSION= 'BINTABLE'",
                "BITPIX  =                    8",
                "NAXIS   =                    2",
                "NAXIS1  =                   16",
                "NAXIS2  =                   30",
                "PCOUNT  =                    0",
                "GCOUNT  =                    1",
                "TFIELDS =                    2",
                "TFORM1  = '3E      '",
                "TTYPE1  = 'pos     '",
                "TFORM2  = '1J      '",
                "TTYPE2  = 'v       '");
    }

    private static Bytes tableRows() {
        Bytes rows = new Bytes(ByteOrder.BIG_ENDIAN);
        for (int i = 0; i < 30; i++) {
            rows.f4(i, 2 * i, 3 * i).i4(i);
        }
        return rows;
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aFewOfEach() throws IOException {
        damage(1, 25);
    }

    @Test
    @Tag("slow")
    @Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void manyOfEach() throws IOException {
        damage(2, 1000);
    }

    private void damage(long seed, int mutants) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        for (Original original : originals()) {
            assertThat(read(original.opened)).as(original.name).isPositive();
            for (int i = 0; i < mutants; i++) {
                byte[] mutant = mutate(original.bytes.clone(), random);
                Files.write(original.damaged, mutant);
                attempt(
                        original.name + " mutant " + i + " of seed " + seed,
                        original.opened,
                        mutant.length);
            }
            Files.write(original.damaged, original.bytes);
        }
        System.out.println("damaged files of seed " + seed + ": " + outcomes);
        assertThat(outcomes).containsKeys("read", "InputException");
    }

    private void attempt(String name, Path file, long bytes) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long heap = threads.getCurrentThreadAllocatedBytes();
        long offHeap = OffHeap.everAllocatedBytes();
        long start = System.nanoTime();
        try {
            long _ = read(file);
            outcomes.merge("read", 1, Integer::sum);
        } catch (InputException | RenderException e) {
            assertThat(e.getMessage()).as(name).isNotBlank();
            outcomes.merge(e.getClass().getSimpleName(), 1, Integer::sum);
        } catch (RuntimeException | Error e) {
            throw new AssertionError(name, e);
        }
        assertThat(System.nanoTime() - start).as("time of %s", name).isLessThan(MAX_NANOS);
        assertThat(threads.getCurrentThreadAllocatedBytes() - heap)
                .as("heap of %s", name)
                .isLessThan(name.contains(".h") ? MAX_HEAP_HDF5 : MAX_HEAP);
        assertThat(OffHeap.everAllocatedBytes() - offHeap)
                .as("memory of %s", name)
                .isLessThan((16L << 20) + MAX_OFF_HEAP_PER_BYTE * bytes);
    }

    /** Ranges of all fields, and the columns of all types; returns the particles. */
    private static long read(Path file) {
        try (Workers workers = new Workers(1);
                Snapshot snapshot = Snapshots.open(file, ReadOptions.NONE)) {
            SnapshotInfo info = snapshot.info();
            for (FieldInfo field : info.fields()) {
                for (int type : field.types()) {
                    var _ = snapshot.range(field.name(), type, workers);
                }
            }
            long particles = 0;
            for (SnapshotInfo.TypeInfo type : info.types()) {
                if (type.count() > 0) {
                    LoadRequest request = Reading.request(type.index(), null, null);
                    Loaded loaded =
                            snapshot.load(List.of(request), Share.ALL, workers, Reporter.SILENT)
                                    .getFirst();
                    particles += loaded.particles().count();
                    loaded.particles().close();
                }
            }
            return particles;
        }
    }

    private static byte[] mutate(byte[] bytes, SplittableRandom random) {
        byte[] out = bytes;
        int changes = random.nextInt(1, 4);
        for (int c = 0; c < changes && out.length > 8; c++) {
            int at = random.nextInt(random.nextBoolean() ? Math.min(out.length, 2048) : out.length);
            switch (random.nextInt(6)) {
                case 0 -> out[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> out[at] = (byte) random.nextInt();
                case 2 -> {
                    int[] words = {0, -1, 1, Integer.MAX_VALUE, Integer.MIN_VALUE, 65536, 255};
                    int word = words[random.nextInt(words.length)];
                    for (int k = 0; k < 4 && at + k < out.length; k++) {
                        out[at + k] = (byte) (word >> (8 * k));
                    }
                }
                case 3 -> out = Arrays.copyOf(out, at);
                case 4 ->
                        Arrays.fill(
                                out, at, Math.min(out.length, at + random.nextInt(64)), (byte) 0);
                default -> {
                    byte[] text = "-9e99 nan,".getBytes(StandardCharsets.US_ASCII);
                    System.arraycopy(text, 0, out, at, Math.min(text.length, out.length - at));
                }
            }
        }
        return out;
    }
}
