package org.perseid.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** The start script as users have it, for tests that start processes by it. */
final class StartScript {
    private StartScript() {}

    /**
     * A copy of the script beside a "build" that leads to the classes under test.
     *
     * @param folder an empty one
     */
    static Path copy(Path folder) throws IOException {
        Path script = folder.resolve("perseid");
        Files.copy(Shared.root().resolve("perseid"), script);
        assertThat(script.toFile().setExecutable(true)).isTrue();
        Path target = folder.resolve("app/target");
        Path lib = Files.createDirectories(target.resolve("lib"));
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        List<String> places = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(":", -1)) {
            places.add(Path.of(entry).toUri().toString());
        }
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, String.join(" ", places));
        try (OutputStream out = Files.newOutputStream(target.resolve("perseid-app-0.1.0.jar"));
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.finish();
        }
        Files.createFile(lib.resolve("perseid-compositing-mpi-0.1.0.jar")); // as if built with MPI
        Files.createFile(target.resolve("perseid.aot.failed"));
        Files.createFile(target.resolve("perseid.stamp"));
        return script;
    }
}
