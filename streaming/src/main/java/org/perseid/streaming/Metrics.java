package org.perseid.streaming;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** Counts of a hub, and their text in Prometheus' format. */
public final class Metrics {
    private static final double[] BOUNDS_MS = {5, 10, 20, 40, 60, 100, 200, 500, 1000, 5000};

    private final LongAdder published = new LongAdder();
    private final LongAdder encoded = new LongAdder();
    private final DoubleAdder encodeMillis = new DoubleAdder();
    private final LongAdder sent = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder calls = new LongAdder();
    private final LongAdder failedCalls = new LongAdder();
    private final LongAdder events = new LongAdder();
    private final AtomicInteger viewers = new AtomicInteger();
    private final LongAdder[] latency = new LongAdder[BOUNDS_MS.length + 1];
    private final DoubleAdder latencyMillis = new DoubleAdder();
    private final DoubleAdder renderMillis = new DoubleAdder();

    Metrics() {
        for (int k = 0; k < latency.length; k++) {
            latency[k] = new LongAdder();
        }
    }

    void published(double drawnInMillis) {
        published.increment();
        renderMillis.add(drawnInMillis);
    }

    void encoded(double millis) {
        encoded.increment();
        encodeMillis.add(millis);
    }

    void sent(int size) {
        sent.increment();
        bytes.add(size);
    }

    void dropped() {
        dropped.increment();
    }

    void call(boolean good) {
        calls.increment();
        if (!good) {
            failedCalls.increment();
        }
    }

    void event() {
        events.increment();
    }

    void viewers(int number) {
        viewers.set(number);
    }

    void acknowledged(double millis) {
        int k = 0;
        while (k < BOUNDS_MS.length && millis > BOUNDS_MS[k]) {
            k++;
        }
        latency[k].increment();
        latencyMillis.add(millis);
    }

    /** Viewers that are connected. */
    public int viewers() {
        return viewers.get();
    }

    /** Frames sent so far. */
    public long framesSent() {
        return sent.sum();
    }

    /** All of it in Prometheus' text format, version 0.0.4. */
    public String text() {
        StringBuilder out = new StringBuilder();
        line(out, "perseid_viewers", "gauge", "Viewers that are connected.", viewers.get());
        counter(out, "perseid_frames_published_total", "Pictures drawn.", published.sum());
        counter(out, "perseid_frames_encoded_total", "Pictures encoded.", encoded.sum());
        counter(out, "perseid_frames_sent_total", "Pictures sent to a viewer.", sent.sum());
        counter(
                out,
                "perseid_frames_dropped_total",
                "Pictures that a viewer had no room for.",
                dropped.sum());
        counter(out, "perseid_bytes_sent_total", "Bytes of pictures.", bytes.sum());
        counter(out, "perseid_calls_total", "Calls of viewers.", calls.sum());
        counter(out, "perseid_calls_failed_total", "Calls with an error.", failedCalls.sum());
        counter(out, "perseid_events_total", "Events of viewers.", events.sum());
        counter(
                out,
                "perseid_render_seconds_total",
                "Time that drawing took.",
                renderMillis.sum() / 1000);
        counter(
                out,
                "perseid_encode_seconds_total",
                "Time that encoding took.",
                encodeMillis.sum() / 1000);
        String name = "perseid_frame_latency_seconds";
        out.append("# HELP ").append(name);
        out.append(" From sending a frame to its acknowledgement.\n");
        out.append("# TYPE ").append(name).append(" histogram\n");
        long below = 0;
        for (int k = 0; k < BOUNDS_MS.length; k++) {
            below += latency[k].sum();
            out.append(
                    String.format(
                            Locale.ROOT,
                            "%s_bucket{le=\"%s\"} %d\n",
                            name,
                            BOUNDS_MS[k] / 1000,
                            below));
        }
        below += latency[BOUNDS_MS.length].sum();
        out.append(name).append("_bucket{le=\"+Inf\"} ").append(below).append('\n');
        out.append(name).append("_sum ").append(latencyMillis.sum() / 1000).append('\n');
        out.append(name).append("_count ").append(below).append('\n');
        return out.toString();
    }

    private static void counter(StringBuilder out, String name, String help, Number value) {
        line(out, name, "counter", help, value);
    }

    private static void line(
            StringBuilder out, String name, String type, String help, Number value) {
        out.append("# HELP ").append(name).append(' ').append(help).append('\n');
        out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        out.append(name).append(' ').append(value).append('\n');
    }
}
