package org.perseid.renderer.backend.opencl;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The kernels' text, in OpenCL C: {@code splats.cl} beside this class. */
final class KernelSource {
    static final String TEXT = read();

    private KernelSource() {}

    private static String read() {
        try (InputStream in = KernelSource.class.getResourceAsStream("splats.cl")) {
            return new String(
                    Objects.requireNonNull(in, "splats.cl").readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("splats.cl", e);
        }
    }
}
