package org.perseid.renderer.backend.opencl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drivers that compile leave the JVM its signals (decision 13). */
class SignalsTest {
    private static final int SIGFPE = 8;
    private static final int SIGSEGV = 11;

    @TempDir private Path cache;

    /** Compiles all kernels in a process of its own, since nothing is compiled twice in one. */
    @Test
    void theJvmKeepsItsSignals() throws IOException, InterruptedException {
        assumeTrue(System.getProperty("os.name").equals("Linux"));
        assumeTrue(new OpenClProvider().available(), "needs an OpenCL driver");
        ProcessBuilder command =
                new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName());
        command.environment().put("POCL_CACHE_DIR", cache.toString());
        Process process = command.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said.lines()).contains("SIGFPE libjvm.so", "SIGSEGV libjvm.so");
    }

    /** Says whose handlers there are once kernels have been compiled and run. */
    static final class Main {
        private Main() {}

        public static void main(String[] args) throws Throwable {
            double _ = new OpenClProvider().bandwidth();
            System.out.println("SIGFPE " + libraryOfHandler(SIGFPE));
            System.out.println("SIGSEGV " + libraryOfHandler(SIGSEGV));
        }

        private static String libraryOfHandler(int signal) throws Throwable {
            Linker linker = Linker.nativeLinker();
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment action = arena.allocate(256);
                int failed =
                        (int)
                                linker.downcallHandle(
                                                linker.defaultLookup()
                                                        .find("sigaction")
                                                        .orElseThrow(),
                                                FunctionDescriptor.of(
                                                        JAVA_INT, JAVA_INT, ADDRESS, ADDRESS))
                                        .invoke(signal, MemorySegment.NULL, action);
                assertThat(failed).isZero();
                TreeMap<Long, String> mapped = new TreeMap<>();
                for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
                    long start = Long.parseUnsignedLong(line.substring(0, line.indexOf('-')), 16);
                    mapped.put(start, line.substring(line.lastIndexOf('/') + 1));
                }
                return mapped.floorEntry(action.get(JAVA_LONG, 0)).getValue();
            }
        }
    }
}
