package org.perseid.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class StartUpTest {
    @TempDir private Path folder;

    @Test
    void oldClassesAreUpgradedOnceAndStillWork() throws Exception {
        Path jar = folder.resolve("library.jar");
        Path original =
                Path.of(
                        CommandLine.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI());
        Files.copy(original, jar);
        assertThat(StartUp.upgrade(jar)).isGreaterThan(100);
        assertThat(StartUp.upgrade(jar)).isZero();
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(jar);
        }
        try (URLClassLoader loader =
                new URLClassLoader(
                        new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
            Class<?> commandLine = loader.loadClass(CommandLine.class.getName());
            assertThat(commandLine).isNotEqualTo(CommandLine.class);
            Class<?> spec = loader.loadClass(CommandLine.Model.CommandSpec.class.getName());
            Object made = spec.getMethod("create").invoke(null);
            Object line = commandLine.getConstructor(Object.class).newInstance(made);
            String usage = (String) commandLine.getMethod("getUsageMessage").invoke(line);
            assertThat(usage).startsWith("Usage: <main class>");
        }
    }

    @Test
    void theRehearsalDrawsInBothQualities() throws IOException {
        System.setProperty("perseid.home", Shared.root().toString());
        Cli run = Cli.call(() -> StartUp.rehearse(folder));
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(folder.resolve("drawn0000.png")).isNotEmptyFile();
        assertThat(run.err()).contains("little work");
    }
}
