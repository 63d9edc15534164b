package org.perseid.renderer;

import java.util.ArrayList;
import java.util.List;
import org.perseid.renderer.backend.Backends;

/** The back ends that tests draw with. */
public final class TestBackends {
    private TestBackends() {}

    /** The specification, and all that draw like it here. */
    public static List<String> all() {
        List<String> all = new ArrayList<>(List.of("scalar"));
        all.addAll(others());
        return all;
    }

    /** All but the specification; says what it leaves out. */
    public static List<String> others() {
        if (Backends.isAvailable("opencl")) {
            return List.of("vector", "opencl");
        }
        System.out.println("SKIPPED: needs an OpenCL driver, see docs/gpu.md");
        return List.of("vector");
    }
}
