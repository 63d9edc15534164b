package org.perseid.app;

import org.perseid.renderer.model.Reporter;
import org.perseid.streaming.Hub;
import org.perseid.streaming.Rpc;

/** Tells the console and all viewers what long work does. */
final class LiveReporter implements Reporter {
    private static final long EVERY_NANOS = 100_000_000L;

    private final Hub hub;
    private final Reporter console;
    private long last = System.nanoTime() - EVERY_NANOS;

    LiveReporter(Hub hub, Reporter console) {
        this.hub = hub;
        this.console = console;
    }

    @Override
    public void note(String line) {
        console.note(line);
        hub.log(line);
    }

    @Override
    public void warn(String line) {
        console.warn(line);
        hub.log("warning: " + line);
    }

    @Override
    public void progress(String stage, long done, long total) {
        console.progress(stage, done, total);
        synchronized (this) {
            long now = System.nanoTime();
            if (done < total && now - last < EVERY_NANOS) {
                return;
            }
            last = now;
        }
        hub.tell(
                "progress", Rpc.object().put("stage", stage).put("done", done).put("total", total));
    }
}
