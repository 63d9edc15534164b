package org.perseid.renderer.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Wall-clock seconds by stage, in the order in which the stages first began. Used by one thread.
 */
public final class StageTimes {
    private final LongSupplier nanoClock;
    private final Map<String, Long> nanos = new LinkedHashMap<>();

    public StageTimes(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** Runs the work and adds its time to the stage. */
    public <T> T time(String stage, Supplier<T> work) {
        long start = nanoClock.getAsLong();
        try {
            return work.get();
        } finally {
            nanos.merge(stage, nanoClock.getAsLong() - start, Long::sum);
        }
    }

    /** Runs the work and adds its time to the stage. */
    public void time(String stage, Runnable work) {
        Boolean _ =
                time(
                        stage,
                        () -> {
                            work.run();
                            return true;
                        });
    }

    /** Moves time from a stage to another. */
    public void move(double seconds, String from, String to) {
        long n = Math.round(seconds * 1e9);
        nanos.merge(from, -n, Long::sum);
        nanos.merge(to, n, Long::sum);
    }

    /** Seconds by stage. */
    public Map<String, Double> seconds() {
        Map<String, Double> out = new LinkedHashMap<>();
        nanos.forEach((stage, n) -> out.put(stage, n * 1e-9));
        return out;
    }
}
