package org.perseid.app;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.perseid.io.AtomicFile;
import org.perseid.io.InputException;
import org.perseid.io.store.StoreWriter.Found;
import org.perseid.renderer.model.FieldRange;
import org.perseid.renderer.model.Reporter;

/**
 * What has been done of a conversion: a folder beside the store with a file of lines, each written
 * when its step has reached the disk. A line that is cut off, as by a stop, does not count.
 */
final class ConversionState {
    private final Path folder;
    private final Path file;
    private long memory;
    private final Map<Integer, double[]> origins = new HashMap<>();
    private final Map<Integer, Integer> pieces = new HashMap<>();
    private final Map<Integer, long[]> rows = new HashMap<>();
    private final Map<Integer, Integer> ordered = new HashMap<>();
    private final Map<Integer, List<Found>> found = new HashMap<>();

    private ConversionState(Path folder) {
        this.folder = folder;
        this.file = folder.resolve("state");
    }

    /**
     * The state of a conversion; a new one where there is none, or one of something else.
     *
     * @param plan has to be the same for work to go on
     * @param part what has been written of the store; removed where work starts anew
     */
    static ConversionState open(Path folder, String plan, Path part, Reporter reporter) {
        ConversionState state = new ConversionState(folder);
        try {
            if (Files.exists(state.file)) {
                List<String> lines = state.wholeLines();
                if (!lines.isEmpty() && lines.getFirst().equals(plan)) {
                    lines.stream().skip(1).forEach(state::take);
                    reporter.note("going on where the conversion stopped (" + folder + ")");
                    return state;
                }
                reporter.note("what is in " + folder + " is of another conversion; starting anew");
            }
            state.delete();
            boolean _ = Files.deleteIfExists(part);
            Files.createDirectories(folder);
            state.add(plan);
            return state;
        } catch (IOException e) {
            throw AtomicFile.cannotWrite(folder, e);
        }
    }

    private List<String> wholeLines() throws IOException {
        String text = Files.readString(file);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    private void add(String line) {
        try (FileChannel out =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                int _ = out.write(bytes);
            }
            out.force(false);
        } catch (IOException e) {
            throw AtomicFile.cannotWrite(file, e);
        }
    }

    private void take(String line) {
        String[] words = line.split(" ", -1);
        if (words[0].equals("memory")) {
            memory = Long.parseLong(words[1]);
            return;
        }
        int type = Integer.parseInt(words[1]);
        String[] rest = Arrays.copyOfRange(words, 2, words.length);
        switch (words[0]) {
            case "origin" ->
                    origins.put(type, Stream.of(rest).mapToDouble(Double::parseDouble).toArray());
            case "read" -> {
                pieces.put(type, Integer.parseInt(rest[0]));
                rows.put(type, Stream.of(rest).skip(1).mapToLong(Long::parseLong).toArray());
            }
            case "ordered" -> {
                ordered.put(type, Integer.parseInt(rest[0]));
                List<Found> of = new ArrayList<>();
                for (int k = 1; k + 3 < rest.length; k += 4) {
                    of.add(
                            new Found(
                                    new FieldRange(
                                            Double.parseDouble(rest[k]),
                                            Double.parseDouble(rest[k + 1]),
                                            Double.parseDouble(rest[k + 2])),
                                    Boolean.parseBoolean(rest[k + 3])));
                }
                merge(type, of);
            }
            default -> throw new InputException(file, "holds '" + line + "'; remove " + folder);
        }
    }

    private void merge(int type, List<Found> more) {
        List<Found> before = found.get(type);
        if (before == null) {
            found.put(type, more);
            return;
        }
        List<Found> all = new ArrayList<>();
        for (int f = 0; f < more.size(); f++) {
            all.add(before.get(f).and(more.get(f)));
        }
        found.put(type, all);
    }

    Path folder() {
        return folder;
    }

    /** Bytes for particles: as noted, or else those given, which are noted. */
    long memory(long given) {
        if (memory == 0) {
            memory = given;
            add("memory " + given);
        }
        return memory;
    }

    /** The origin of a type: as noted, or else the one given, which is noted. */
    double[] origin(int type, double x, double y, double z) {
        double[] known = origins.get(type);
        if (known == null) {
            known = new double[] {x, y, z};
            origins.put(type, known);
            add("origin " + type + " " + x + " " + y + " " + z);
        }
        return known;
    }

    /** How many pieces of a type have been read. */
    int pieces(int type) {
        return pieces.getOrDefault(type, 0);
    }

    /** Rows of a type in each bucket. */
    long[] rows(int type, int buckets) {
        return rows.getOrDefault(type, new long[buckets]);
    }

    /** Notes that pieces have been read. */
    void read(int type, int done, long[] inBuckets) {
        StringBuilder line = new StringBuilder("read " + type + " " + done);
        for (long n : inBuckets) {
            line.append(' ').append(n);
        }
        add(line.toString());
    }

    /** How many buckets of a type have been put into order. */
    int ordered(int type) {
        return ordered.getOrDefault(type, 0);
    }

    /** Notes that a bucket has been put into order. */
    void ordered(int type, int done, List<Found> of) {
        StringBuilder line = new StringBuilder("ordered " + type + " " + done);
        for (Found f : of) {
            line.append(' ').append(f.range().min());
            line.append(' ').append(f.range().max());
            line.append(' ').append(f.range().minPositive());
            line.append(' ').append(f.finite());
        }
        add(line.toString());
        merge(type, of);
    }

    /** What was found in all buckets. */
    List<Found> found(int type, int fields) {
        return found.getOrDefault(type, Collections.nCopies(fields, Found.NOTHING));
    }

    /**
     * @param bytes for the store and the rows on the way to it
     * @throws InputException when the disk has not so much room
     */
    void requireSpace(long bytes, Path output) {
        try {
            long used = 0;
            try (Stream<Path> files = Files.list(folder)) {
                for (Path path : files.toList()) {
                    used += Files.size(path);
                }
            }
            long free = Files.getFileStore(folder).getUsableSpace() + used;
            if (bytes > free) {
                throw new InputException(
                        output,
                        "needs "
                                + MemoryPlan.gib(bytes)
                                + " on disk while it is made, "
                                + MemoryPlan.gib(free)
                                + " are free; give a place on another disk with -o");
            }
        } catch (IOException e) {
            throw AtomicFile.cannotWrite(folder, e);
        }
    }

    /** Removes the folder with what is in it. */
    void delete() {
        try {
            AtomicFile.deleteFolder(folder);
        } catch (IOException e) {
            throw AtomicFile.cannotWrite(folder, e);
        }
    }
}
