package org.perseid.io;

import java.util.ArrayList;
import java.util.List;
import org.perseid.renderer.model.Reporter;

/** Keeps what it is told. */
public final class TestReporter implements Reporter {
    /** Warnings, in order. */
    public final List<String> warnings = new ArrayList<>();

    /** Notes, in order. */
    public final List<String> notes = new ArrayList<>();

    @Override
    public void note(String line) {
        notes.add(line);
    }

    @Override
    public void warn(String line) {
        warnings.add(line);
    }

    @Override
    public void progress(String stage, long done, long total) {}
}
