package org.perseid.streaming;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who steers what all share: one viewer at a time. Whoever acts while nobody steers, or while the
 * one who does has not acted for a while, steers from then on; others ask, and are given it or
 * refused.
 */
final class Steering {
    /** A driver who has not acted for this long can be followed by anybody. */
    private static final long IDLE_NANOS = 5_000_000_000L;

    private final LongSupplier nanoClock;
    private @Nullable Viewer driver;
    private @Nullable Viewer asking;
    private long lastAct;

    Steering(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    synchronized @Nullable Viewer driver() {
        return driver;
    }

    /**
     * Lets a viewer act.
     *
     * @return whether the driver is another one than before
     * @throws CallException when it may not
     */
    synchronized boolean act(Viewer viewer) {
        if (viewer.isWatchOnly()) {
            throw new CallException(CallException.NOT_ALLOWED, "this link is for watching only");
        }
        boolean changes = driver != viewer;
        if (changes && driver != null && nanoClock.getAsLong() - lastAct < IDLE_NANOS) {
            throw new CallException(
                    CallException.NOT_ALLOWED, driver.name() + " steers; ask for control first");
        }
        driver = viewer;
        lastAct = nanoClock.getAsLong();
        if (changes) {
            asking = null;
        }
        return changes;
    }

    /**
     * A viewer asks for control.
     *
     * @return the driver who has to answer; null when the viewer has it already
     */
    synchronized @Nullable Viewer ask(Viewer viewer) {
        try {
            boolean _ = act(viewer);
            return null;
        } catch (CallException e) {
            if (viewer.isWatchOnly()) {
                throw e;
            }
            asking = viewer;
            return driver;
        }
    }

    /**
     * The driver answers whoever asks.
     *
     * @return who asked; null when nobody did
     */
    synchronized @Nullable Viewer answer(Viewer viewer, boolean give) {
        if (viewer != driver) {
            throw new CallException(CallException.NOT_ALLOWED, "you do not steer");
        }
        Viewer asked = asking;
        asking = null;
        if (give && asked != null) {
            driver = asked;
            lastAct = nanoClock.getAsLong();
        }
        return asked;
    }

    /** A viewer gives control up, or has gone. */
    synchronized boolean release(Viewer viewer) {
        if (asking == viewer) {
            asking = null;
        }
        if (driver != viewer) {
            return false;
        }
        driver = null;
        return true;
    }
}
