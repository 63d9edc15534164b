package org.perseid.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.perseid.io.par.JobReader;
import org.perseid.io.par.ParameterTable;
import org.perseid.io.par.Problems;
import org.perseid.io.par.RenderJob;
import org.perseid.renderer.backend.Backends;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.StageTimes;
import org.perseid.renderer.model.Workers;

/** The command itself; what it serves is tested elsewhere. */
class ServeTest {
    @TempDir private Path folder;

    @Test
    void itPrintsAddressesAndStopsWhenNobodyWatches() throws IOException {
        Path parameters = LiveServer.writeGalaxy(folder, 5000);
        Path log = folder.resolve("log.json");
        Path token = Files.writeString(folder.resolve("token"), "a-stable-token-0123\n");
        Cli serve =
                Cli.run(
                        "serve",
                        parameters,
                        "--port=0",
                        "--exit-when-idle=1",
                        "--token-file",
                        token,
                        "--base-path=/node/n7",
                        "--log",
                        log);
        assertThat(serve.code()).isZero();
        assertThat(serve.out())
                .containsPattern(
                        """
                        open http://localhost:\\d+/node/n7/\\?token=a-stable-token-0123
                        to watch only: http://localhost:\\d+/node/n7/\\?token=[0-9a-f]{48}
                        """);
        assertThat(serve.err()).contains("nobody has watched");
        assertThat(log).exists();
    }

    @Test
    void aSnapshotIsShownAsInitWouldShowIt() throws IOException {
        Path _ = LiveServer.writeGalaxy(folder, 5000);
        Cli serve =
                Cli.run("serve", folder.resolve("galaxy.gadget"), "--port=0", "--exit-when-idle=1");
        assertThat(serve.code()).isZero();
        assertThat(serve.out()).startsWith("open http://localhost:");
    }

    @Test
    void httpsIsServedWithACertificateOfItsOwn() throws Exception {
        SSLContext context = TlsFile.selfSigned("localhost");
        try (LiveServer live = new LiveServer(folder, context);
                HttpClient client = HttpClient.newBuilder().sslContext(trustAll()).build()) {
            assertThat(live.address()).startsWith("https://");
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(live.address()).resolve("/healthz")).build();
            assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("ok\n");
        }
    }

    /** For a test that looks at the way, not at who is at its end. */
    private static SSLContext trustAll() throws GeneralSecurityException {
        X509ExtendedTrustManager all =
                new X509ExtendedTrustManager() {
                    @Override
                    public void checkClientTrusted(X509Certificate[] c, String a, Socket s) {}

                    @Override
                    public void checkServerTrusted(X509Certificate[] c, String a, Socket s) {}

                    @Override
                    public void checkClientTrusted(X509Certificate[] c, String a, SSLEngine e) {}

                    @Override
                    public void checkServerTrusted(X509Certificate[] c, String a, SSLEngine e) {}

                    @Override
                    public void checkClientTrusted(X509Certificate[] c, String a) {}

                    @Override
                    public void checkServerTrusted(X509Certificate[] c, String a) {}

                    @Override
                    public X509Certificate[] getAcceptedIssuers() {
                        return new X509Certificate[0];
                    }
                };
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {all}, null);
        return context;
    }

    @Test
    void whatIsWrongIsSaidBeforeAnythingIsServed() throws IOException {
        Path parameters = LiveServer.writeGalaxy(folder, 5000);
        Path token = Files.writeString(folder.resolve("token"), "short");
        assertRefused("16 characters", parameters, "--token-file", token);
        assertRefused("no such", folder.resolve("nothing.par"));
        assertRefused("nothing.hdf5", folder.resolve("nothing.hdf5"));
        assertRefused("base path", parameters, "--base-path", "x");
        assertRefused("PKCS 12", parameters, "--tls", parameters);
        assertRefused("palette", parameters, "palette0=nothing");
        try (ServerSocket taken = new ServerSocket(0)) {
            int port = taken.getLocalPort();
            assertRefused("cannot listen", parameters, "--host=0.0.0.0", "--port=" + port);
        }
        Files.delete(folder.resolve("galaxy.gadget"));
        assertRefused("galaxy.gadget", parameters);
    }

    private static void assertRefused(String reason, Object... arguments) {
        Object[] all = new Object[arguments.length + 1];
        all[0] = "serve";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        Cli serve = Cli.run(all);
        assertThat(serve.code()).as(serve.err()).isEqualTo(2);
        assertThat(serve.err()).contains(reason).doesNotContain("\tat ");
        assertThat(serve.out()).isEmpty();
    }

    @Test
    void theProgramServesUntilItIsTold() throws IOException, InterruptedException {
        Path parameters = LiveServer.writeGalaxy(folder, 5000);
        Path out = folder.resolve("out");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                "serve",
                                parameters.toString(),
                                "--backend=scalar",
                                "--host=0.0.0.0", // the address has the machine's name then
                                "--port=0")
                        .redirectOutput(out.toFile())
                        .redirectError(folder.resolve("err").toFile())
                        .start();
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (int k = 0; k < 300 && !Files.readString(out).contains("watch only"); k++) {
                Thread.sleep(100);
            }
            String line = Files.readString(out).lines().findFirst().orElseThrow();
            URI address = URI.create(line.substring("open ".length()));
            HttpRequest request = HttpRequest.newBuilder(address.resolve("/healthz")).build();
            assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("ok\n");
            process.destroy();
            assertThat(process.waitFor(30, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void benchMeasuresLinesAndViewers() {
        System.setProperty("perseid.home", Shared.root().toString());
        Cli bench =
                Cli.run(
                        "bench",
                        "serve",
                        "a_eq_e=false",
                        "--particles",
                        "1e4",
                        "--seconds",
                        "0",
                        "--dir",
                        folder);
        assertThat(bench.code()).as(bench.err()).isZero();
        assertThat(bench.out().lines()).hasSize(8);
        assertThat(bench.out())
                .contains("| 150 ms round trip | 1 |")
                .contains("| loopback | 128 |");
        assertThat(bench.out()).doesNotContain("NaN");
        Cli jpeg =
                Cli.run("bench", "jpeg", "--particles", "1e4", "--seconds", "0", "--dir", folder);
        assertThat(jpeg.code()).as(jpeg.err()).isZero();
        assertThat(jpeg.out()).contains("| 1e+04 |");
    }

    @Test
    void theQuickerBackEndDrawsOnceItIsCompiled() throws IOException, InterruptedException {
        Path parameters = LiveServer.writeGalaxy(folder, 30_000);
        RenderJob job =
                JobReader.read(
                        ParameterTable.read(parameters, List.of(), new Problems()),
                        Reporter.SILENT);
        StageTimes times = new StageTimes(System::nanoTime);
        try (Workers workers = new Workers(1);
                LivePainters painters =
                        new LivePainters(
                                Backends.choose("scalar"),
                                Backends.choose("vector"),
                                Quality.HIGH,
                                new LiveRanks(Ranks.alone()),
                                workers,
                                Reporter.SILENT);
                FrameData data =
                        FrameData.open(
                                job, null, false, Ranks.alone(), workers, Reporter.SILENT, times)) {
            assertThat(painters.describe()).isEqualTo("scalar");
            LivePainters.Sample sample =
                    new LivePainters.Sample(
                            data.layers(job, List.of()),
                            job.views().getFirst().camera(),
                            job.frame(0));
            painters.warmUp(() -> sample);
            painters.warmUp(() -> sample);
            for (int k = 0; k < 600 && painters.describe().equals("scalar"); k++) {
                Thread.sleep(100);
            }
            assertThat(painters.describe()).isEqualTo("vector");
            assertThat(painters.last()).isEqualTo(Quality.HIGH);
        }
    }
}
