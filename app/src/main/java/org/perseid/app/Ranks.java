package org.perseid.app;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.perseid.compositing.Group;
import org.perseid.compositing.Groups;
import org.perseid.compositing.LocalGroup;
import org.perseid.compositing.RankPeers;
import org.perseid.io.InputException;
import org.perseid.io.par.RenderJob;
import org.perseid.io.snapshot.Share;
import org.perseid.io.snapshot.Snapshot;
import org.perseid.io.snapshot.Snapshots;
import org.perseid.renderer.model.AgreedException;
import org.perseid.renderer.model.FieldRange;
import org.perseid.renderer.model.Peers;
import org.perseid.renderer.model.RenderException;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.StageTimes;

/**
 * The processes that run one command together, seen from one of them: rank 0 speaks and writes
 * files. Methods that say so are called by all, in the same order.
 */
final class Ranks implements AutoCloseable {
    /** How long an order is waited for without giving the core away, and how long at most then. */
    private static final long SPIN_NANOS = 2_000_000;

    private static final long MAX_PARK_NANOS = 5_000_000;

    private final Group group;
    private final RankPeers peers;

    /** Ranks on this machine, this one included. */
    private final int onHost;

    /** Number of this rank among those on this machine, from 0. */
    private final int numberOnHost;

    /** Ranks on this machine that may use the same cores, this one included. */
    private final int onCores;

    private Ranks(Group group) {
        this.group = group;
        this.peers = new RankPeers(group);
        String cores = group.size() == 1 ? "" : group.host() + " " + allowedCores();
        List<String> all = group.gather(cores);
        onHost = (int) all.stream().filter(c -> hostOf(c).equals(hostOf(cores))).count();
        numberOnHost =
                (int)
                        all.subList(0, group.rank()).stream()
                                .filter(c -> hostOf(c).equals(hostOf(cores)))
                                .count();
        onCores = (int) all.stream().filter(cores::equals).count();
    }

    private static String hostOf(String hostAndCores) {
        return hostAndCores.split(" ", -1)[0];
    }

    /**
     * The ranks that this process was started with; called by all.
     *
     * @throws org.perseid.compositing.GroupException when they cannot be reached
     */
    static Ranks join() {
        return new Ranks(Groups.join());
    }

    /** The ranks of a group; called by all. */
    static Ranks of(Group group) {
        return new Ranks(group);
    }

    /** One process. */
    static Ranks alone() {
        return new Ranks(LocalGroup.alone());
    }

    /** The cores that this process may use, as the system lists them. */
    private static String allowedCores() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("Cpus_allowed_list:")) {
                    return line.substring(line.indexOf(':') + 1).strip();
                }
            }
        } catch (IOException e) {
            return "all"; // another system
        }
        return "all";
    }

    boolean isRoot() {
        return group.rank() == 0;
    }

    int size() {
        return group.size();
    }

    Peers peers() {
        return peers;
    }

    Group group() {
        return group;
    }

    /** Called by all: whether parts of pictures travel as half floats. */
    void useHalfFloats(boolean half) {
        peers.useHalfFloats(half);
    }

    /** The rows that this rank reads. */
    Share share() {
        return new Share(group.rank(), group.size());
    }

    /** Threads for this rank, so that all on this machine together have one a core. */
    int threads() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / onCores);
    }

    /** The part for this rank of what the machine has. */
    long shareOfHost(long amount) {
        return amount / onHost;
    }

    /** Number of this rank among those on its machine, from 0: what chooses its GPU. */
    int numberOnHost() {
        return numberOnHost;
    }

    /** {@code rank 3 on node7}; empty for a single process. */
    String name() {
        return size() == 1 ? "" : "rank " + group.rank() + " on " + group.host();
    }

    /** The reporter at rank 0; elsewhere one that says only warnings, and whose they are. */
    Reporter ofPart(Reporter atRoot) {
        return isRoot() ? atRoot : new Named(name());
    }

    /** The reporter at rank 0, silence elsewhere. */
    Reporter reporter(Reporter atRoot) {
        return isRoot() ? atRoot : Reporter.SILENT;
    }

    /** A command that many ranks run together; of others rank 0 runs the only one. */
    interface Command {
        /** Says with whom it runs; before it is called. */
        void joinedBy(Ranks ranks);
    }

    /**
     * Called by all: does a preparation on each rank, and makes sure that it worked on all with the
     * same result.
     *
     * @param identity what has to be the same
     * @throws AgreedException on all when one of them failed, or one has another result
     */
    <T> T agree(Supplier<T> preparation, Function<T, String> identity) {
        if (size() == 1) {
            return preparation.get();
        }
        record Prepared<T>(T result, String identity) {}
        Prepared<T> own =
                onAll(() -> {
                    T result = preparation.get();
                    return new Prepared<>(result, identity.apply(result));
                });
        List<String> outcomes = group.gather(own.identity());
        List<String> hosts = group.gather(group.host());
        for (int r = 1; r < outcomes.size(); r++) {
            if (!outcomes.get(r).equals(outcomes.getFirst())) {
                throw new AgreedException(
                        "rank "
                                + r
                                + " on "
                                + hosts.get(r)
                                + " has "
                                + difference(outcomes.get(r), outcomes.getFirst())
                                + " of rank 0 on "
                                + hosts.getFirst()
                                + "; all ranks need the same program, parameters and data");
            }
        }
        return own.result();
    }

    /** Does a part on each rank; what is wrong with it on one is thrown on all. */
    private <T> T onAll(Supplier<T> part) {
        return peers.together(
                new StageTimes(System::nanoTime),
                () -> {
                    try {
                        return part.get();
                    } catch (InputException e) {
                        throw new RenderException(String.valueOf(e.getMessage()), e);
                    }
                });
    }

    /** The first line that differs. */
    private static String difference(String own, String first) {
        String[] lines = own.split("\n", -1);
        String[] others = first.split("\n", -1);
        for (int i = 0; i < Math.min(lines.length, others.length); i++) {
            if (!lines[i].equals(others[i])) {
                return "'" + lines[i] + "', not '" + others[i] + "'";
            }
        }
        return lines.length + " lines, not the " + others.length;
    }

    /** What has to be the same on all ranks before they draw: program, parameters and data. */
    static String identity(RenderJob job) {
        try (Snapshot open = Snapshots.open(job.source().path(), job.source().options())) {
            return Version.text()
                    + "\n"
                    + job.table().toText()
                    + job.source().path()
                    + "\n"
                    + open.identity();
        }
    }

    /** Called by all: what rank 0 finds. */
    List<String> fromRoot(Supplier<List<String>> atRoot) {
        return List.of(
                group.gather(isRoot() ? String.join("\n", atRoot.get()) : "")
                        .getFirst()
                        .split("\n", -1));
    }

    /**
     * Called by all: does work whose warnings are about this rank's part of the data, and lets rank
     * 0 tell those of all, each once.
     *
     * @throws AgreedException on all when one of them failed
     */
    <T> T withWarnings(Reporter reporter, Function<Reporter, T> work) {
        if (size() == 1) {
            return work.apply(reporter);
        }
        List<String> own = new ArrayList<>();
        T result = onAll(() -> work.apply(new Collecting(reporter, own)));
        List<String> all = group.gather(String.join("\n", own));
        Set<String> told = new LinkedHashSet<>();
        for (int r = 0; r < all.size(); r++) {
            for (String line : all.get(r).split("\n", -1)) {
                boolean everywhere = all.stream().allMatch(all.get(0)::equals);
                if (!line.isEmpty() && told.add(everywhere ? line : "rank " + r + ": " + line)) {
                    reporter.warn(everywhere ? line : "rank " + r + ": " + line);
                }
            }
        }
        return result;
    }

    /** Keeps warnings, of any thread, and passes on the rest; notes are of this rank's share. */
    private record Collecting(Reporter reporter, List<String> warnings) implements Reporter {
        @Override
        public void note(String line) {
            reporter.note("rank 0: " + line);
        }

        @Override
        public void warn(String line) {
            synchronized (warnings) {
                warnings.add(line);
            }
        }

        @Override
        public void progress(String stage, long done, long total) {
            reporter.progress(stage, done, total);
        }
    }

    /** Warnings of a rank that does not speak for all. */
    private record Named(String name) implements Reporter {
        @Override
        public void note(String line) {
            // rank 0 says as much
        }

        @Override
        public void warn(String line) {
            System.err.println("warning: " + name + ": " + line);
        }

        @Override
        public void progress(String stage, long done, long total) {
            // rank 0 says as much
        }
    }

    /** Rank 0 gives all others an order; they {@link #hear} it, and pass it on. */
    void tell(String order) {
        passOn(order.getBytes(StandardCharsets.UTF_8));
    }

    /** Waits for an order, nearly without using a core. */
    String hear() {
        int from = (group.rank() - 1) / 2;
        try (Arena arena = Arena.ofShared()) {
            MemorySegment length = arena.allocate(ValueLayout.JAVA_INT);
            patiently(group.receive(length, from));
            MemorySegment text = arena.allocate(length.get(ValueLayout.JAVA_INT, 0));
            patiently(group.receive(text, from));
            byte[] order = text.toArray(ValueLayout.JAVA_BYTE);
            passOn(order);
            return new String(order, StandardCharsets.UTF_8);
        }
    }

    private static void patiently(Group.Pending pending) {
        long start = System.nanoTime();
        while (!pending.isDone()) {
            long waited = System.nanoTime() - start;
            if (waited > SPIN_NANOS) {
                LockSupport.parkNanos(Math.min(MAX_PARK_NANOS, waited / 100));
            }
        }
        long _ = pending.await();
    }

    /** Each rank tells two others. */
    private void passOn(byte[] order) {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, order.length);
            MemorySegment text = arena.allocateFrom(ValueLayout.JAVA_BYTE, order);
            List<Group.Pending> leaving = new ArrayList<>();
            for (int to = 2 * group.rank() + 1;
                    to <= 2 * group.rank() + 2 && to < group.size();
                    to++) {
                leaving.add(group.send(length, to));
                leaving.add(group.send(text, to));
            }
            leaving.forEach(Group.Pending::await);
        }
    }

    /** Called by all: the extent of the particles of all. */
    FieldRange merge(FieldRange own) {
        return peers.merge(own);
    }

    /**
     * Ends all ranks because this one failed. Those that fail of the same cause at the same time
     * let the lowest speak.
     *
     * @param tell says what happened; gives the exit code
     */
    int abort(IntSupplier tell) {
        try {
            Thread.sleep(isRoot() ? 0 : 300 + Math.min(group.rank(), 50) * 20L);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        int code = tell.getAsInt();
        group.abort(code);
        return code;
    }

    @Override
    public void close() {
        peers.close();
        group.close();
    }
}
