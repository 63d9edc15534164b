package org.perseid.app;

import java.io.PrintStream;
import java.util.Locale;
import org.perseid.renderer.model.Reporter;

/**
 * Notes, warnings and progress on standard error: a bar on a terminal, a line every ten seconds
 * elsewhere. Nothing is shown of a stage that takes less than a second.
 */
final class ConsoleReporter implements Reporter {
    /** The stage of a movie whose progress is counted in frames. */
    static final String FRAMES = "frames";

    private static final long SHOW_AFTER_NANOS = 1_000_000_000L;
    private static final long BAR_EVERY_NANOS = 100_000_000L;
    private static final long LINE_EVERY_NANOS = 10_000_000_000L;
    private static final int BAR_WIDTH = 30;

    private final PrintStream err;
    private final boolean quiet;
    private final boolean terminal;
    private String stage = "";
    private long stageStart;
    private long lastShown;
    private boolean barShown;

    ConsoleReporter(PrintStream err, boolean quiet, boolean terminal) {
        this.err = err;
        this.quiet = quiet;
        this.terminal = terminal;
    }

    @Override
    public synchronized void note(String line) {
        if (!quiet) {
            eraseBar();
            err.println(line);
        }
    }

    @Override
    public synchronized void warn(String line) {
        eraseBar();
        err.println("warning: " + line);
    }

    @Override
    public synchronized void progress(String newStage, long done, long total) {
        if (quiet) {
            return;
        }
        long now = System.nanoTime();
        if (!newStage.equals(stage)) {
            eraseBar();
            stage = newStage;
            stageStart = now;
            lastShown = now;
        }
        if (done >= total) {
            eraseBar();
            stage = "";
        } else if (now - stageStart > SHOW_AFTER_NANOS
                && now - lastShown > (terminal ? BAR_EVERY_NANOS : LINE_EVERY_NANOS)) {
            lastShown = now;
            show(done, total, (now - stageStart) * 1e-9);
        }
    }

    private void show(long done, long total, double seconds) {
        double part = (double) done / total;
        double left = part > 0 ? seconds / part - seconds : 0;
        String text =
                stage.equals(FRAMES)
                        ? String.format(
                                Locale.ROOT,
                                "frame %d of %d, %.2f a second, %.0f s left",
                                done,
                                total,
                                done / seconds,
                                left)
                        : String.format(
                                Locale.ROOT, "%s %3.0f %%, %.0f s left", stage, 100 * part, left);
        if (terminal) {
            int full = (int) (BAR_WIDTH * part);
            err.print(
                    "\r[" + "#".repeat(full) + ".".repeat(BAR_WIDTH - full) + "] " + text + "   ");
            err.flush();
            barShown = true;
        } else {
            err.println(text);
        }
    }

    private void eraseBar() {
        if (barShown) {
            err.print("\r\033[K");
            err.flush();
            barShown = false;
        }
    }
}
