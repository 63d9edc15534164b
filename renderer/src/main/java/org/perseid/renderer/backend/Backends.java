package org.perseid.renderer.backend;

import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.perseid.renderer.model.RenderException;

/** The back ends that are installed, and the choice of one. */
public final class Backends {
    private Backends() {}

    /** All that are installed, the preferred one first. */
    public static List<BackendProvider> installed() {
        return ServiceLoader.load(BackendProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparingInt(BackendProvider::priority).reversed())
                .toList();
    }

    /**
     * The provider of that name, or for {@code auto} the preferred one that is available.
     *
     * @param name may end with a colon and the number of a device
     * @throws RenderException when it was asked for by name and is not there
     */
    public static BackendProvider choose(String name) {
        int colon = name.lastIndexOf(':');
        if (colon > 0 && name.substring(colon + 1).matches("\\d{1,4}")) {
            return choose(name.substring(0, colon))
                    .onDevice(Integer.parseInt(name.substring(colon + 1)));
        }
        List<BackendProvider> all = installed();
        List<BackendProvider> fitting =
                all.stream().filter(p -> name.equals("auto") || name.equals(p.name())).toList();
        return fitting.stream()
                .filter(BackendProvider::available)
                .findFirst()
                .orElseThrow(() -> new RenderException(missing(name, fitting, all)));
    }

    /** Whether the one of that name is installed and can run. */
    public static boolean isAvailable(String name) {
        return installed().stream().anyMatch(p -> p.name().equals(name) && p.available());
    }

    private static String missing(
            String name, List<BackendProvider> fitting, List<BackendProvider> all) {
        String why =
                fitting.isEmpty()
                        ? "is not there (on a GPU draws opencl)"
                        : "cannot run: " + fitting.getFirst().describe();
        return "back end '"
                + name
                + "' "
                + why
                + "; available: auto, "
                + all.stream().map(BackendProvider::name).collect(Collectors.joining(", "));
    }
}
