package org.perseid.renderer.backend.opencl;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.perseid.renderer.backend.BackendProvider;
import org.perseid.renderer.backend.SplatBackend;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.RenderException;
import org.perseid.renderer.model.Workers;

/** Splats by OpenCL: on a GPU where there is one. */
public final class OpenClProvider implements BackendProvider {
    private static final String HOW =
            "needs an OpenCL driver: the GPU's own, or PoCL for the CPU (Debian:"
                    + " ocl-icd-libopencl1 and pocl-opencl-icd), see docs/gpu.md";

    /** Queues of devices, each made once for the process. */
    private static final Map<Device, OpenClBackend.Shared> QUEUES = new ConcurrentHashMap<>();

    /** Of the device among those that can be used, from 0, GPUs first; -1 for the first. */
    private final int number;

    /** The best device. */
    public OpenClProvider() {
        this(-1);
    }

    private OpenClProvider(int number) {
        this.number = number;
    }

    @Override
    public BackendProvider onDevice(int wanted) {
        return number < 0 ? new OpenClProvider(wanted) : this;
    }

    @Override
    public String name() {
        return number < 0 ? "opencl" : "opencl:" + number;
    }

    /** Below all others, so that {@code auto} does not take it unasked. */
    @Override
    public int priority() {
        return -1;
    }

    /** One line for each device that the system has: its name here, or what it lacks. */
    public static List<String> devices() {
        OpenCl cl = OpenCl.installed();
        List<String> out = new ArrayList<>();
        for (Device device : usable()) {
            out.add("opencl:" + out.size() + "  " + device.describe());
        }
        if (cl != null) {
            cl.devices().stream()
                    .filter(d -> !d.isUsable())
                    .forEach(d -> out.add(d.describe() + ", not usable: lacks " + d.missing()));
        }
        return out;
    }

    private static List<Device> usable() {
        OpenCl cl = OpenCl.installed();
        return cl == null
                ? List.of()
                : cl.devices().stream()
                        .filter(Device::isUsable)
                        .sorted(Comparator.comparingInt(d -> d.isGpu() ? 0 : 1))
                        .toList();
    }

    private Optional<Device> device() {
        List<Device> all = usable();
        return all.isEmpty()
                ? Optional.empty()
                : Optional.of(all.get(Math.max(0, number) % all.size()));
    }

    @Override
    public String describe() {
        List<String> all = devices();
        return device().map(Device::describe).orElse(all.isEmpty() ? HOW : String.join("; ", all));
    }

    @Override
    public boolean available() {
        return device().isPresent();
    }

    /** Whether it would draw on a graphics processor. */
    public boolean isGpu() {
        return device().map(Device::isGpu).orElse(false);
    }

    /** Bytes a second that its memory moves, measured by adding one array to another. */
    public double bandwidth() {
        return ask(OpenClBackend::bandwidth);
    }

    /** Seconds that compiling the kernels took in this process. */
    public double buildSeconds() {
        return ask(OpenClBackend::buildSeconds);
    }

    /**
     * Particles that went to the device.
     *
     * @param bytes of their columns
     * @param seconds that it took
     */
    public record Sent(long bytes, double seconds) {}

    /** What has been sent so far in this process. */
    public Sent sent() {
        return ask(OpenClBackend::sent);
    }

    private <T> T ask(Function<OpenClBackend, T> question) {
        try (Workers one = new Workers(1)) {
            return question.apply(opened(one, 64, Quality.EXACT));
        }
    }

    @Override
    public SplatBackend open(Workers workers, int tilePx, Quality quality) {
        return opened(workers, tilePx, quality);
    }

    private OpenClBackend opened(Workers workers, int tilePx, Quality quality) {
        OpenCl cl = OpenCl.installed();
        Device device = device().orElse(null);
        if (cl == null || device == null) {
            throw new RenderException(HOW);
        }
        OpenClBackend.Shared shared =
                QUEUES.computeIfAbsent(
                        device, d -> new OpenClBackend.Shared(new DeviceQueue(cl, d)));
        return new OpenClBackend(shared, workers, tilePx, quality);
    }
}
