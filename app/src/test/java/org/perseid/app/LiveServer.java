package org.perseid.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.perseid.io.demo.DemoUniverse;
import org.perseid.io.par.JobReader;
import org.perseid.io.par.ParameterTable;
import org.perseid.io.par.Problems;
import org.perseid.renderer.backend.Backends;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Workers;
import org.perseid.streaming.Hub;
import org.perseid.streaming.jpeg.JpegEncoder;
import org.perseid.web.WebOptions;
import org.perseid.web.WebServer;

/** A live session of a small galaxy with its server, for tests. */
final class LiveServer implements AutoCloseable {
    static final String TOKEN = "the-token-of-the-tests";

    final LiveSession session;
    final Hub hub;
    WebServer server;
    private final @Nullable SSLContext tls;

    LiveServer(Path folder, String... overrides) throws IOException {
        this(folder, null, overrides);
    }

    /**
     * @param tls for https; null for http
     */
    LiveServer(Path folder, @Nullable SSLContext tls, String... overrides) throws IOException {
        this(folder, tls, Ranks.alone(), overrides);
    }

    /**
     * @param ranks whose number 0 this is; the others follow it
     */
    LiveServer(Path folder, @Nullable SSLContext tls, Ranks ranks, String... overrides)
            throws IOException {
        this(folder, tls, ranks, "scalar", new Workers(2), overrides);
    }

    /** A session that a back end draws. */
    LiveServer(Path folder, String backend, Workers workers) throws IOException {
        this(folder, null, Ranks.alone(), backend, workers);
    }

    private LiveServer(
            Path folder,
            @Nullable SSLContext tls,
            Ranks ranks,
            String backend,
            Workers workers,
            String... overrides)
            throws IOException {
        this.tls = tls;
        Path parameters = writeGalaxy(java.nio.file.Files.createDirectories(folder), 60_000);
        ParameterTable table = ParameterTable.read(parameters, bright(overrides), new Problems());
        LivePainters painters =
                new LivePainters(
                        Backends.choose(backend),
                        null,
                        Quality.EXACT,
                        new LiveRanks(ranks),
                        workers,
                        Reporter.SILENT);
        session =
                new LiveSession(
                        "galaxy",
                        JobReader.read(table, Reporter.SILENT).table(),
                        painters,
                        2,
                        new LiveState(folder));
        hub = new Hub(session, JpegEncoder.best(_ -> {}), (_, _) -> {});
        server = new WebServer(hub, options(0));
        session.start(hub, Reporter.SILENT);
        session.awaitData();
    }

    /** The demo's data and parameter file; returns the latter. */
    static Path writeGalaxy(Path folder, long particles) throws IOException {
        try (Workers workers = new Workers(2)) {
            DemoUniverse.write(folder.resolve("galaxy.gadget"), particles, 1, workers);
        }
        Path parameters = folder.resolve("galaxy.par");
        java.nio.file.Files.copy(
                Path.of(System.getProperty("perseid.root"), "configs", "demo.par"), parameters);
        return parameters;
    }

    /** The demo's brightness is for more particles. */
    private static List<String> bright(String... overrides) {
        List<String> out =
                new ArrayList<>(List.of("brightness0=0.18", "brightness1=1", "brightness2=0.12"));
        out.addAll(List.of(overrides));
        return out;
    }

    private WebOptions options(int port) {
        return new WebOptions(
                "127.0.0.1", port, "", TOKEN, TOKEN + "-watch", List.of(), tls, 64, false);
    }

    String address() {
        return server.address("127.0.0.1", false);
    }

    /** Ends the server and starts another at the same port. */
    void restart() throws IOException {
        int port = server.port();
        server.close();
        server = new WebServer(hub, options(port));
    }

    @Override
    public void close() {
        server.close();
        hub.close();
        session.close();
    }
}
