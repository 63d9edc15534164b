package org.perseid.io.snapshot;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.perseid.renderer.model.FieldRange;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Workers;

/** An open snapshot of any format. Whoever opens it closes it. */
public interface Snapshot extends AutoCloseable {
    SnapshotInfo info();

    /**
     * A short text that changes when the data changes: sizes and a hash of samples of the content.
     */
    String identity();

    /**
     * The range of the finite values of a field, over all its components, for one type.
     *
     * @param workers threads that share the work
     * @throws org.perseid.io.InputException when the type has not that field
     */
    FieldRange range(String field, int type, Workers workers);

    /**
     * Reads what is asked for, all in one pass. Particles whose position, size, colour or intensity
     * is not finite, or whose size is not above zero, are dropped, counted and told.
     *
     * @param share the rows to read
     * @return one result a request, in their order
     * @throws org.perseid.io.InputException when a field is missing or the file is damaged
     */
    List<Loaded> load(List<LoadRequest> requests, Share share, Workers workers, Reporter reporter);

    /** What the files say of the picture that they were made for: keys and values. */
    Map<String, String> parameters();

    /** What is damaged, where the files have sums to tell; reads all of them. */
    List<String> damages();

    /**
     * Whether what is asked for can be drawn straight from the files, by {@link #ready}.
     *
     * @param colorBySize whether the smoothing length is the colour
     */
    boolean isReady(LoadRequest request, boolean colorBySize);

    /**
     * The particles of a request straight from the files, in spatial order, as long as the snapshot
     * is open; only where {@link #isReady}.
     *
     * @param reporter told later of damaged blocks that are left out
     */
    Loaded ready(LoadRequest request, boolean colorBySize, Reporter reporter);

    /** Bytes of the field of that type in all parts; empty when it has none. */
    OptionalLong fieldBytes(String field, int type);

    /**
     * Whether the sizes that a request wants to read are not there, so that they have to be
     * computed.
     */
    boolean sizeMissing(LoadRequest request);

    /** Whether a name stands for a field, or a formula over fields, that the request's type has. */
    boolean has(String field, LoadRequest request);

    @Override
    void close();
}
