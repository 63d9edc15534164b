package org.perseid.app;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.perseid.compositing.Groups;

/**
 * Starts this program again in this process with the Vector API, which a Java machine has only when
 * it was started with it, and which would cost small jobs more than it gives. Where the system does
 * not allow it nothing happens, and the work is done without.
 */
final class Relaunch {
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
    private static final Path PROGRAM = Path.of("/proc/self/exe");
    private static final String OPTION = "--add-modules=jdk.incubator.vector";

    private Relaunch() {}

    /** Returns only when it cannot be done, or was done already. */
    static void withVectors() {
        withVectors(List.of());
    }

    /**
     * Goes on as another command. Returns only when it cannot be done, or was done already.
     *
     * @param command and its arguments; empty for the same again
     */
    static void withVectors(List<String> command) {
        if (Groups.startedSize() > 1) {
            return; // a process joins the others once; the start script gives ranks the Vector API
        }
        try {
            String[] words =
                    Files.readString(COMMAND_LINE, StandardCharsets.ISO_8859_1).split("\0", -1);
            List<String> arguments = arguments(command, words);
            if (!arguments.isEmpty()) {
                execute(Files.readSymbolicLink(PROGRAM).toString(), arguments);
            }
        } catch (IOException e) {
            return; // no such file on this system
        }
    }

    /**
     * The new command line, without the cache that was made for the old one; empty when the words
     * are of no command line of this program or have the option.
     *
     * @param command to be put in the place of the old one; empty to leave it
     */
    static List<String> arguments(List<String> command, String... words) {
        List<String> out = new ArrayList<>();
        if (List.of(words).contains(OPTION) || !List.of(words).contains(Main.class.getName())) {
            return out;
        }
        out.add(words[0]);
        out.add(OPTION);
        for (int i = 1; i < words.length - 1; i++) { // the last one ends the line and is empty
            if (!words[i].startsWith("-XX:AOTCache=")) {
                out.add(words[i]);
            }
        }
        if (!command.isEmpty()) {
            out.subList(out.indexOf(Main.class.getName()) + 1, out.size()).clear();
            out.addAll(command);
        }
        return out;
    }

    /** The C library's execv: takes the place of the running program, and returns when it fails. */
    private static void execute(String program, List<String> arguments) {
        Linker linker = Linker.nativeLinker();
        var found = linker.defaultLookup().find("execv");
        if (found.isEmpty()) {
            return;
        }
        var execv =
                linker.downcallHandle(
                        found.get(),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment list = arena.allocate(ValueLayout.ADDRESS, arguments.size() + 1L);
            for (int i = 0; i < arguments.size(); i++) {
                list.setAtIndex(
                        ValueLayout.ADDRESS,
                        i,
                        arena.allocateFrom(arguments.get(i), StandardCharsets.ISO_8859_1));
            }
            int _ = (int) execv.invokeExact(arena.allocateFrom(program), list);
        } catch (Throwable e) {
            throw new IllegalStateException("execv", e);
        }
    }
}
