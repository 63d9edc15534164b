package org.perseid.app;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** The folder shared/ beside the checkout: reference cases and real snapshots. */
final class Shared {
    private Shared() {}

    /** A path in it; the test is skipped, with a visible line, when it is not there. */
    static Path path(String name) {
        Path path = root().resolve("../shared").resolve(name).normalize();
        boolean there = Files.exists(path);
        if (!there) {
            System.out.println("SKIPPED: needs " + path + ", which is not there");
        }
        assumeTrue(there, "needs " + path);
        return path;
    }

    /** The checkout. */
    static Path root() {
        return Path.of(System.getProperty("perseid.root", "..")).toAbsolutePath().normalize();
    }
}
