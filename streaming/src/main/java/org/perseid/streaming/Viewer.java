package org.perseid.streaming;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.perseid.renderer.model.Workers;

/** One who watches, in one connection. */
public final class Viewer {
    /** Calls that may wait for those before them. */
    private static final int MAX_CALLS = 64;

    /** Changes are held back while more than this waits to be sent. */
    private static final long FULL_BYTES = 1 << 16;

    /** Whoever lets this much wait is too slow to be served. */
    private static final long MAX_WAITING_BYTES = 16 << 20;

    private final Hub hub;
    private final Connection connection;
    private final boolean watchOnly;
    private final int id;
    private final ReentrantLock sending = new ReentrantLock();
    private final Link link = new Link();
    private final ArrayDeque<Runnable> calls = new ArrayDeque<>();
    private final Map<String, JsonNode> changes = new LinkedHashMap<>();
    private boolean callRuns;
    private volatile String name;
    private volatile boolean ownView;
    private volatile @Nullable FrameStream stream;
    private volatile boolean greeted;
    private volatile long lastEvent;
    private volatile boolean lossless;
    private volatile boolean takesTiles;
    private long sentSequence;
    private @Nullable FrameStream sentOf;

    /** The coarsest encoding of what the viewer sees, none before the first frame. */
    private @Nullable Tier seenTier;

    Viewer(Hub hub, Connection connection, boolean watchOnly, int id) {
        this.hub = hub;
        this.connection = connection;
        this.watchOnly = watchOnly;
        this.id = id;
        this.name = "viewer " + id;
    }

    /** Number of the viewer, never used twice. */
    public int id() {
        return id;
    }

    /** What the viewer calls itself. */
    public String name() {
        return name;
    }

    /** Whether the viewer has a view of its own instead of the shared one. */
    public boolean hasOwnView() {
        return ownView;
    }

    /** Whether the viewer came by a link that allows no more than watching. */
    public boolean isWatchOnly() {
        return watchOnly;
    }

    /** Number of the last event that came. */
    public long lastEvent() {
        return lastEvent;
    }

    /** What the viewer watches; null before it has said hello. */
    public @Nullable FrameStream stream() {
        return stream;
    }

    /** Tells the viewer something. */
    public void tell(String method, JsonNode params) {
        send(Rpc.notification(method, params));
    }

    /** Sends a message, unless so much waits already that the viewer is given up. */
    void send(String message) {
        if (connection.waitingBytes() > MAX_WAITING_BYTES) {
            connection.close(1013, "too slow: messages wait");
        } else {
            connection.send(message);
        }
    }

    void rename(String newName) {
        name = newName;
    }

    /** Gets final pictures without loss from now on, or no longer; the one that is there again. */
    void setLossless(boolean wanted) {
        sending.lock();
        try {
            lossless = wanted;
            sentOf = null;
        } finally {
            sending.unlock();
        }
    }

    /** Whether the viewer knows what to do with changed tiles. */
    void setTakesTiles(boolean takes) {
        takesTiles = takes;
    }

    void noteEvent(long sequence) {
        lastEvent = sequence;
    }

    boolean isGreeted() {
        return greeted;
    }

    void greet() {
        greeted = true;
    }

    Connection connection() {
        return connection;
    }

    /** Watches another stream from now on. */
    void watch(@Nullable FrameStream next, boolean own) {
        FrameStream before = stream;
        if (before != null) {
            before.remove(this);
        }
        stream = next;
        ownView = own;
        if (next != null) {
            next.add(this);
        }
    }

    /** Sends the stream's newest picture, when it is new to the viewer and the line has room. */
    void offer(FrameStream of, Workers workers) {
        sending.lock();
        try {
            FrameStream.Published newest = of.newest();
            if (of != stream || newest == null || !greeted) {
                return;
            }
            if (of == sentOf && newest.sequence <= sentSequence) {
                return;
            }
            link.expire(hub.nowMillis());
            if (!link.isOpen()) {
                hub.metrics().dropped();
                return;
            }
            Tier tier = newest.tierFor(link.tier(), lossless);
            Tier seen = seenTier;
            boolean follows = of == sentOf && newest.sequence == sentSequence + 1;
            boolean mayBeTiles = takesTiles && follows && seen != null && seen.compareTo(tier) <= 0;
            FrameStream.Encoded changed =
                    mayBeTiles ? of.encodeChanged(newest, tier, workers) : null;
            sentOf = of;
            sentSequence = newest.sequence;
            FrameStream.Encoded encoded =
                    changed == null ? of.encode(newest, tier, workers) : changed;
            send(newest, tier, encoded, true);
        } finally {
            sending.unlock();
        }
    }

    /** Milliseconds of rest after which the picture that is there is sent finer; or negative. */
    double restMillis() {
        sending.lock();
        try {
            return coarseAtRest() == null ? -1 : link.restMs();
        } finally {
            sending.unlock();
        }
    }

    /** Sends the picture that is there once more, a step finer, if it can be. */
    void refine(Workers workers) {
        sending.lock();
        try {
            FrameStream.Published rest = coarseAtRest();
            FrameStream of = sentOf;
            Tier seen = seenTier;
            if (rest != null && of != null && seen != null) {
                Tier tier = seen.finer();
                send(rest, tier, of.encode(rest, tier, workers), false);
            }
        } finally {
            sending.unlock();
        }
    }

    /** The final picture that the viewer has, coarser than it may be, while its line is free. */
    private FrameStream.@Nullable Published coarseAtRest() {
        FrameStream of = stream;
        FrameStream.Published newest = of == null ? null : of.newest();
        Tier seen = seenTier;
        return newest != null
                        && seen != null
                        && of == sentOf
                        && newest.sequence == sentSequence
                        && newest.frame.stage() == FrameHeader.Stage.FINAL
                        && seen.compareTo(Tier.BEST) > 0
                        && link.restMs() >= 0
                ? newest
                : null;
    }

    /**
     * @param teaches whether its time says how fine the next frames may be
     */
    private void send(
            FrameStream.Published newest, Tier tier, FrameStream.Encoded encoded, boolean teaches) {
        seenTier = tier;
        FrameStream.Frame frame = newest.frame;
        if (link.takePing(hub.nowMillis())) {
            tell("ping", Rpc.object().put("t", hub.nowMillis()));
        }
        double now = hub.nowMillis();
        ByteBuffer header =
                new FrameHeader(
                                newest.sequence,
                                frame.events().getOrDefault(this, 0L),
                                now,
                                (float) frame.renderMillis(),
                                encoded.millis(),
                                encoded.width(),
                                encoded.height(),
                                encoded.encoding(),
                                frame.stage(),
                                tier.quality,
                                frame.camera(),
                                encoded.tiles())
                        .encode();
        int bytes = header.remaining() + encoded.bytes().length;
        link.sent(newest.sequence, bytes, now, teaches);
        hub.metrics().sent(bytes);
        connection.send(header, ByteBuffer.wrap(encoded.bytes()));
    }

    /** A frame has arrived. */
    void acknowledged(long sequence) {
        sending.lock();
        try {
            double took = link.acknowledged(sequence, hub.nowMillis());
            if (took >= 0) {
                hub.metrics().acknowledged(took);
            }
        } finally {
            sending.unlock();
        }
        sendChanges();
    }

    /** A ping that was sent at a time has come back. */
    void ponged(double sentAtMillis) {
        sending.lock();
        try {
            double took = hub.nowMillis() - sentAtMillis;
            if (took >= 0) {
                link.ponged(took);
            }
        } finally {
            sending.unlock();
        }
    }

    /**
     * Values that the viewer must hear of, the newest of each; held back while the line is full.
     */
    void changed(Map<String, JsonNode> values) {
        synchronized (changes) {
            changes.putAll(values);
        }
        sendChanges();
    }

    private void sendChanges() {
        synchronized (changes) {
            if (changes.isEmpty() || !greeted || connection.waitingBytes() > FULL_BYTES) {
                return;
            }
            ObjectNode params = Rpc.object();
            changes.forEach(params::set);
            changes.clear();
            tell("changed", params);
        }
    }

    /** What the viewer's status line shows of its connection. */
    ObjectNode describeLink() {
        sending.lock();
        try {
            return Rpc.object()
                    .put("roundTripMs", link.roundTripMs())
                    .put("frameMs", link.lastMs())
                    .put("bytesPerSecond", link.bytesPerSecond())
                    .put("window", link.window())
                    .put("quality", link.tier().quality);
        } finally {
            sending.unlock();
        }
    }

    /**
     * Runs a call after those before it, aside from the thread that reads messages.
     *
     * @return false when too many wait
     */
    boolean enqueue(Runnable call) {
        synchronized (calls) {
            if (calls.size() >= MAX_CALLS) {
                return false;
            }
            calls.add(call);
            if (callRuns) {
                return true;
            }
            callRuns = true;
        }
        Thread _ = Thread.ofVirtual().name("perseid-calls-" + id).start(this::runCalls);
        return true;
    }

    private void runCalls() {
        while (true) {
            Runnable call;
            synchronized (calls) {
                call = calls.poll();
                if (call == null) {
                    callRuns = false;
                    return;
                }
            }
            call.run();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
