package org.perseid.renderer.backend.opencl;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
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

    private final int number;

    /** The best device. */
    public OpenClProvider() {
        this(0);
    }

    /**
     * @param number of the device among those that can be used, from 0, GPUs first; beyond the last
     *     one it begins again
     */
    public OpenClProvider(int number) {
        this.number = number;
    }

    @Override
    public String name() {
        return "opencl";
    }

    /** Below all others, so that {@code auto} does not take it unasked. */
    @Override
    public int priority() {
        return -1;
    }

    /** One line for each device that the system has, and what each lacks. */
    public static List<String> devices() {
        OpenCl cl = OpenCl.installed();
        return cl == null
                ? List.of()
                : cl.devices().stream()
                        .map(d -> d.describe() + (d.isUsable() ? "" : ": lacks " + d.missing()))
                        .toList();
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
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(number % all.size()));
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

    @Override
    public SplatBackend open(Workers workers, int tilePx, Quality quality) {
        @Nullable OpenCl cl = OpenCl.installed();
        Device device = device().orElseThrow(() -> new RenderException(HOW));
        if (cl == null) {
            throw new RenderException(HOW);
        }
        OpenClBackend.Shared shared =
                QUEUES.computeIfAbsent(
                        device, d -> new OpenClBackend.Shared(new DeviceQueue(cl, d)));
        return new OpenClBackend(shared, workers, tilePx, quality);
    }
}
