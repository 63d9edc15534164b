package org.perseid.io.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.perseid.io.InputException;
import org.perseid.renderer.model.FieldRange;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Workers;

/**
 * A snapshot of any format: files with fields by type. What a format has to do is to find the
 * fields; reading them is the same for all.
 */
public final class ColumnSnapshot implements Snapshot {
    private static final int IDENTITY_SAMPLES = 64;
    private static final int IDENTITY_SAMPLE_BYTES = 4096;
    private static final int RANGE_SLICE = 1 << 16;

    private final SnapshotInfo info;
    private final List<? extends SnapshotPart> parts;
    private final Runnable closer;

    /**
     * @param closer called once by {@link #close}
     */
    public ColumnSnapshot(SnapshotInfo info, List<? extends SnapshotPart> parts, Runnable closer) {
        this.info = info;
        this.parts = List.copyOf(parts);
        this.closer = closer;
    }

    @Override
    public SnapshotInfo info() {
        return info;
    }

    /** The same files under other roles or units; closing either closes both. */
    public ColumnSnapshot with(SnapshotInfo newInfo) {
        return new ColumnSnapshot(newInfo, parts, closer);
    }

    @Override
    public String identity() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path file : info.parts()) {
                addSamples(file, digest);
            }
            return "sha256-sampled:" + HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void addSamples(Path file, MessageDigest digest) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            digest.update(Long.toString(size).getBytes(StandardCharsets.US_ASCII));
            for (int s = 0; s < IDENTITY_SAMPLES; s++) {
                long at = new Share(s, IDENTITY_SAMPLES).first(size);
                ByteBuffer sample =
                        ByteBuffer.allocate((int) Math.min(IDENTITY_SAMPLE_BYTES, size - at));
                while (sample.hasRemaining() && channel.read(sample, at + sample.position()) > 0) {}
                digest.update(sample.flip());
            }
        } catch (IOException e) {
            throw new InputException(file, "cannot be read (" + e.getMessage() + ")", e);
        }
    }

    @Override
    public Map<String, String> parameters() {
        return parts.getFirst().parameters();
    }

    @Override
    public List<String> damages() {
        return parts.stream().flatMap(part -> part.damages().stream()).toList();
    }

    @Override
    public boolean isReady(LoadRequest request, boolean colorBySize) {
        return parts.size() == 1 && parts.getFirst().isReady(request, colorBySize, info.roles());
    }

    @Override
    public Loaded ready(LoadRequest request, boolean colorBySize, Reporter reporter) {
        return parts.getFirst().ready(request, colorBySize, reporter);
    }

    @Override
    public boolean sizeMissing(LoadRequest request) {
        return new FieldFinder(info, request).sizeMissing(parts);
    }

    @Override
    public boolean has(String field, LoadRequest request) {
        FieldFinder finder = new FieldFinder(info, request);
        return parts.stream()
                .anyMatch(part -> part.rows(request.fileType()) > 0 && finder.has(part, field));
    }

    @Override
    public OptionalLong fieldBytes(String field, int type) {
        FieldFinder finder = new FieldFinder(info, LoadRequest.positions(type));
        long bytes = 0;
        for (SnapshotPart part : parts) {
            FieldData data = part.rows(type) > 0 ? finder.find(part, field) : null;
            bytes += data == null ? 0 : part.rows(type) * data.bytesPerRow();
        }
        return bytes == 0 ? OptionalLong.empty() : OptionalLong.of(bytes);
    }

    @Override
    public FieldRange range(String field, int type, Workers workers) {
        FieldFinder finder = new FieldFinder(info, LoadRequest.positions(type));
        AtomicReference<FieldRange> range = new AtomicReference<>(FieldRange.EMPTY);
        try {
            for (SnapshotPart part : parts) {
                if (part.rows(type) > 0) {
                    FieldData data = finder.find(part, field);
                    FieldData found = data != null ? data : finder.require(part, field, 1);
                    workers.runSlices(
                            part.rows(type),
                            RANGE_SLICE,
                            (first, end) ->
                                    range.accumulateAndGet(
                                            new PieceReader(found)
                                                    .range(first, (int) (end - first)),
                                            FieldRange::merge));
                }
            }
            return range.get();
        } catch (InternalError e) {
            throw changed(e);
        }
    }

    @Override
    public List<Loaded> load(
            List<LoadRequest> requests, Share share, Workers workers, Reporter reporter) {
        try {
            return new ColumnLoader(info, parts, share, workers, reporter).load(requests);
        } catch (InternalError e) {
            throw changed(e);
        }
    }

    /** What the JVM makes of a mapped page that is no longer there. */
    private InputException changed(InternalError e) {
        return new InputException(
                info.parts().getFirst(),
                "a file of the snapshot became shorter or unreadable while it was read; wait until it is complete and"
                        + " start again",
                e);
    }

    @Override
    public void close() {
        closer.run();
    }
}
