package org.perseid.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.perseid.io.InputException;
import org.perseid.io.par.JobReader;
import org.perseid.io.par.ParameterTable;
import org.perseid.io.par.RenderJob;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Workers;
import org.perseid.streaming.Hub;
import org.perseid.streaming.Tokens;
import org.perseid.streaming.jpeg.JpegEncoder;
import org.perseid.web.WebOptions;
import org.perseid.web.WebServer;
import org.perseid.web.WsrtiServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code serve}: a parameter file or snapshot in the browser. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = {
            "Show a parameter file, or a snapshot as init would show it, in the browser: fly through it, change",
            "colours and ranges, save what you see as a parameter file that render draws again."
        },
        footer = {
            "",
            "The server listens at this machine alone unless --host says otherwise, and lets in who has the",
            "address with its token. PERSEID_TOKEN or --token-file give a token that stays the same.",
            "",
            "Examples:",
            "  perseid serve galaxy.par",
            "  perseid serve snapshot_063 --port 9000",
            "  on a cluster: the tunnel to type on your own machine is printed"
        })
final class ServeCommand implements Callable<Integer>, Ranks.Command {
    private Ranks ranks = Ranks.alone();

    private static final int DEFAULT_PORT = 8080;
    private static final int PORTS_TO_TRY = 20;

    /** Until a port is free again that the same program had before. */
    private static final int PORT_MILLIS = 250;

    private final @Nullable LiveState state = LiveState.ofThisRun();

    @Parameters(
            index = "0",
            paramLabel = "FILE.par|SNAPSHOT",
            description = "Parameter file, or a snapshot.")
    private Path file = Path.of("");

    @Parameters(
            index = "1..*",
            paramLabel = "key=value",
            description = "Parameters that beat the file's; the last one wins.")
    private List<String> overrides = List.of();

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Port; 0 for any. Default: 8080, or the next that is free.")
    private @Nullable Integer port;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description =
                    "Address to listen at; 0.0.0.0 for all of this machine's. Default: ${DEFAULT-VALUE}.",
            defaultValue = "127.0.0.1")
    private String host = "127.0.0.1";

    @Option(
            names = "--base-path",
            paramLabel = "PATH",
            description = "Path that a proxy puts before everything, as /node/n7/8080.",
            defaultValue = "")
    private String basePath = "";

    @Option(
            names = "--allow-host",
            paramLabel = "NAME",
            description =
                    "A name by which browsers reach this server, as a proxy's; may be repeated.")
    private List<String> allowedHosts = List.of();

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "Holds the token, at least 16 characters.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--tls",
            paramLabel = "FILE.p12",
            description =
                    "Serve https with the certificate and key of this PKCS 12 file; its password is in"
                            + " PERSEID_TLS_PASSWORD.")
    private @Nullable Path keyStore;

    @Option(
            names = "--tls-self-signed",
            description = "Serve https with a certificate made for this run.")
    private boolean selfSigned;

    @Option(
            names = "--max-viewers",
            paramLabel = "N",
            description = "Viewers at the same time. Default: ${DEFAULT-VALUE}.",
            defaultValue = "256")
    private int maxViewers;

    @Option(
            names = "--exit-when-idle",
            paramLabel = "SECONDS",
            description = "Stop when nobody has watched for so long; 0 for never, the default.",
            defaultValue = "0")
    private int idleSeconds;

    @Option(
            names = "--restart",
            description =
                    "When a process of it dies, start again at the same address with the same view.")
    private boolean restart;

    @Option(
            names = "--embed",
            description =
                    "Let pages of other servers at this machine and at --allow-host show the session in a frame, as"
                            + " notebooks do.")
    private boolean embed;

    @Option(
            names = "--wsrti",
            description =
                    "Also open the ports 8881 and 8882 for clients of WSRTI and of Splotch's server, which"
                            + " need no token.")
    private boolean wsrti;

    @Option(
            names = "--log",
            paramLabel = "FILE",
            description = "Append what viewers do to this file, one JSON object a line.")
    private @Nullable Path logFile;

    @Mixin private CommonOptions options = new CommonOptions();
    @Mixin private CommonOptions.Drawing drawing = new CommonOptions.Drawing();
    @Mixin private CommonOptions.Reading reading = new CommonOptions.Reading();

    @Override
    public void joinedBy(Ranks all) {
        ranks = all;
    }

    @Override
    public Integer call() {
        if (ranks.size() == 1) {
            drawing.prepareToServe(); // the start script gives ranks of serve what they need
        }
        LiveRanks together = new LiveRanks(ranks);
        if (!ranks.isRoot()) {
            try (Workers workers = options.workers(ranks)) {
                together.follow(workers);
            }
            return Main.OK;
        }
        try {
            return serve();
        } finally {
            together.end();
        }
    }

    private int serve() {
        if (restart && state == null) {
            throw new InputException(
                    "--restart is for the start script, as in: ./perseid --ranks 4 serve --restart"
                            + " FILE.par; mpirun and srun end all that they started");
        }
        Reporter reporter = options.reporter();
        ParameterTable table = table(reporter);
        String title = String.valueOf(file.getFileName());
        Workers workers = options.workers(ranks);
        LivePainters painters = drawing.painters(ranks, workers, reporter);
        try (LiveSession session =
                        new LiveSession(title, table, painters, workers.threads(), state);
                ActivityLog log = new ActivityLog(logFile);
                Hub hub = new Hub(session, JpegEncoder.best(reporter::warn), log);
                WebServer server = listen(hub)) {
            hub.startsAgain(() -> state != null && !state.isEnding());
            CountDownLatch end = new CountDownLatch(1);
            Thread hook = new Thread(() -> stop(end, hub), "perseid-stop");
            Runtime.getRuntime().addShutdownHook(hook);
            session.start(hub, reporter);
            session.awaitData();
            try (WsrtiServer _ = wsrti ? openWsrti(hub, reporter) : null) {
                tell(server, reporter);
                waitForEnd(end, hub, session, reporter);
            }
        } catch (IOException e) {
            throw new InputException(String.valueOf(e.getMessage()));
        }
        return Main.OK;
    }

    private WsrtiServer openWsrti(Hub hub, Reporter reporter) throws IOException {
        WsrtiServer opened =
                new WsrtiServer(hub, host, WsrtiServer.IMAGE_PORT, WsrtiServer.CONTROL_PORT);
        reporter.note("WSRTI and Splotch clients: ports 8881 and 8882, without a token");
        return opened;
    }

    /** On Ctrl-C: viewers are told, and the program has a moment to end by itself. */
    private static void stop(CountDownLatch end, Hub hub) {
        hub.tellClosing();
        end.countDown();
        try {
            Thread.sleep(500);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Until it is told, nobody watches any more, or drawing has failed. */
    private void waitForEnd(CountDownLatch end, Hub hub, LiveSession session, Reporter reporter) {
        long lastSeen = System.nanoTime();
        try {
            while (!end.await(1, TimeUnit.SECONDS)) {
                if (session.end().isDone()) {
                    boolean _ = session.end().join();
                    return;
                }
                if (hub.metrics().viewers() > 0) {
                    lastSeen = System.nanoTime();
                }
                long idle = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - lastSeen);
                if (idleSeconds > 0 && idle >= idleSeconds) {
                    reporter.note("nobody has watched for " + idle + " s; stopped");
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The parameters: of the file, or those that init would write for the snapshot. */
    private ParameterTable table(Reporter reporter) {
        ParameterTable read =
                state != null && state.isGoingOn()
                        ? Given.table(state.parameters(), List.of(), options, reading, reporter)
                        : Given.table(file, overrides, options, reading, reporter);
        RenderJob job = JobReader.readFrames(read, reporter).getFirst().job();
        long _ = drawing.requireMemory(job, ranks);
        return job.table();
    }

    private WebServer listen(Hub hub) throws IOException {
        SSLContext tls = tls();
        LiveState before = state != null && state.isGoingOn() ? state : null;
        LiveState.Address address =
                before != null
                        ? before.address()
                        : new LiveState.Address(
                                port == null ? DEFAULT_PORT : port, token(), Tokens.create());
        int tries = port == null || before != null ? PORTS_TO_TRY : 1;
        for (int k = 0; ; k++) {
            try {
                int next = address.port() + (before == null ? k : 0);
                WebServer server = new WebServer(hub, webOptions(next, address, tls));
                if (state != null) {
                    state.keep(
                            new LiveState.Address(
                                    server.port(), address.token(), address.watchToken()));
                }
                return server;
            } catch (IOException e) {
                if (k + 1 >= tries) {
                    throw e;
                }
                if (before != null) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PORT_MILLIS));
                }
            }
        }
    }

    private WebOptions webOptions(
            int chosenPort, LiveState.Address address, @Nullable SSLContext tls) {
        try {
            return new WebOptions(
                    host,
                    chosenPort,
                    basePath,
                    address.token(),
                    address.watchToken(),
                    Stream.concat(allowedHosts.stream(), Stream.of(nameInAddress()))
                            .map(name -> name.toLowerCase(Locale.ROOT))
                            .toList(),
                    tls,
                    maxViewers,
                    embed);
        } catch (IllegalArgumentException e) {
            throw new InputException(String.valueOf(e.getMessage()));
        }
    }

    private @Nullable SSLContext tls() {
        if (keyStore != null && selfSigned) {
            throw new InputException("--tls and --tls-self-signed exclude each other");
        }
        return keyStore != null
                ? TlsFile.read(keyStore)
                : selfSigned ? TlsFile.selfSigned(hostName()) : null;
    }

    private String token() {
        Path from = tokenFile;
        if (from != null) {
            try {
                return Files.readString(from).strip();
            } catch (IOException e) {
                throw new InputException(from, "cannot be read (" + e.getMessage() + ")", e);
            }
        }
        String given = System.getenv("PERSEID_TOKEN");
        return given == null || given.isBlank() ? Tokens.create() : given.strip();
    }

    private void tell(WebServer server, Reporter reporter) {
        String name = nameInAddress();
        // Standard output, so that scripts can read it; it is what the command is for.
        System.out.println("open " + server.address(name, false));
        System.out.println("to watch only: " + server.address(name, true));
        System.out.flush();
        Map<String, String> environment = System.getenv();
        boolean slurm = environment.containsKey("SLURM_JOB_ID");
        if (!isEverywhere() && (slurm || environment.containsKey("SSH_CONNECTION"))) {
            String tunnel = " -L " + server.port() + ":localhost:" + server.port() + " ";
            reporter.note(
                    "from your own machine first: ssh -N"
                            + (slurm ? " -J LOGIN_NODE" : "")
                            + tunnel
                            + hostName());
        }
        reporter.note("Ctrl-C stops");
    }

    private boolean isEverywhere() {
        return host.equals("0.0.0.0") || host.equals("::");
    }

    /** The host as a browser has to name it. */
    private String nameInAddress() {
        return isEverywhere() ? hostName() : host.equals("127.0.0.1") ? "localhost" : host;
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
