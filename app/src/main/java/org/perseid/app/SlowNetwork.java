package org.perseid.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.perseid.io.InputException;

/**
 * Hosts of one rank each that are joined by a slow switch: network namespaces of Linux, whose
 * Ethernet pairs end at a program that lets frames through late and at a limited rate ({@code
 * link.c}). For measuring what a network costs; needs root.
 */
final class SlowNetwork implements AutoCloseable {
    /** Addresses; the last number is the host's, from 1. */
    private static final String NET = "10.177.0.";

    private static final String NEEDS =
            "a slow network needs Linux, root, and the commands ip, unshare, hostname and cc"
                    + " (apt-get install iproute2 util-linux hostname gcc libc6-dev)";

    private final Path folder;
    private final int hosts;
    private final @Nullable Process link;

    /**
     * @param folder for its programs
     * @param hosts how many
     * @param bytesPerSecond of each host's line, in each direction
     * @param micros from a line to another
     * @throws InputException when it cannot be made here; nothing is left of it then
     */
    SlowNetwork(Path folder, int hosts, double bytesPerSecond, double micros) {
        Path program = CompositeBench.compiled("cc", folder.resolve("link"));
        if (program == null) {
            throw new InputException(NEEDS);
        }
        this.folder = folder;
        this.hosts = hosts;
        Runtime.getRuntime().addShutdownHook(new Thread(this::close)); // after Ctrl-C
        List<String> switched =
                new ArrayList<>(List.of(program.toString(), "" + bytesPerSecond, "" + micros));
        Process started = null;
        try {
            for (int k = 1; k <= hosts; k++) {
                String inside = "ip -n " + name(k) + " ";
                run("ip netns add " + name(k));
                run("ip link add " + line(k) + " type veth peer name eth0 netns " + name(k));
                run(inside + "addr add " + NET + k + "/24 dev eth0");
                run(inside + "link set lo up");
                run(inside + "link set eth0 up mtu 9000");
                run("ip link set " + line(k) + " up mtu 9000");
                switched.add(line(k));
            }
            writeScripts();
            started = new ProcessBuilder(switched).inheritIO().start();
        } catch (IOException e) {
            throw new InputException(NEEDS + ": " + e.getMessage());
        } finally {
            this.link = started;
            if (started == null) {
                close();
            }
        }
    }

    /** What mpirun calls in place of ssh, and what tells it of the hosts. */
    private void writeScripts() throws IOException {
        StringBuilder list = new StringBuilder();
        for (int k = 1; k <= hosts; k++) {
            list.append(NET).append(k).append(" slots=1\n");
        }
        Files.writeString(folder.resolve("hosts"), list);
        script(
                "agent",
                """
                host="$1"
                shift
                exec ip netns exec "%s${host##*.}" unshare --uts sh -c "hostname rank-${host##*.}; $*"
                """
                        .replace("%s", name("")));
        script(
                "enter",
                """
                hostname rank-1
                export OMPI_MCA_btl=tcp,self OMPI_MCA_plm_rsh_agent="%f/agent"
                export OMPI_MCA_btl_tcp_if_include=%n0/24 OMPI_MCA_oob_tcp_if_include=%n0/24
                export OMPI_MCA_orte_default_hostfile="%f/hosts"
                exec "$@"
                """
                        .replace("%n", NET)
                        .replace("%f", folder.toString()));
    }

    private void script(String name, String lines) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + lines);
        var _ = Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    /** A command that calls mpirun, as it is to be run: its ranks are at one host each. */
    List<String> over(List<String> command) {
        List<String> out = new ArrayList<>(List.of("ip", "netns", "exec", name(1)));
        out.addAll(List.of("unshare", "--uts", folder.resolve("enter").toString()));
        out.addAll(command);
        return out;
    }

    /** Stops the switch and removes the hosts. */
    @Override
    public void close() {
        if (link != null) {
            link.destroy();
        }
        for (int k = 1; k <= hosts; k++) {
            try {
                run("ip netns delete " + name(k));
            } catch (IOException | InputException e) {
                return; // this one and the next are not there
            }
        }
    }

    private static void run(String command) throws IOException {
        Process process =
                new ProcessBuilder(command.split(" ", -1)).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new InputException(NEEDS + "; '" + command + "' said: " + said.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InputException("interrupted");
        }
    }

    private static String name(Object host) {
        return "perseid-" + ProcessHandle.current().pid() + "-" + host;
    }

    /** Names of interfaces have at most 15 letters. */
    private static String line(int host) {
        return "p" + ProcessHandle.current().pid() + "-" + host;
    }
}
