package org.perseid.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.perseid.io.InputException;
import org.perseid.streaming.Tokens;

/** A certificate with its key. */
final class TlsFile {
    private static final String PASSWORD = "PERSEID_TLS_PASSWORD";

    private TlsFile() {}

    /**
     * What https needs, from a PKCS 12 file.
     *
     * @throws InputException when the file or the password is no good
     */
    static SSLContext read(Path file) {
        String given = System.getenv(PASSWORD);
        return read(file, (given == null ? "" : given).toCharArray());
    }

    /**
     * A certificate that nobody vouches for, valid for 30 days: browsers ask once whether to trust
     * it.
     *
     * @param host name that it is for
     */
    static SSLContext selfSigned(String host) {
        try {
            Path folder = Files.createTempDirectory("perseid-tls");
            Path file = folder.resolve("self.p12");
            String password = Tokens.create();
            try {
                run(
                        Path.of(System.getProperty("java.home", ""), "bin", "keytool").toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "perseid",
                        "-validity",
                        "30",
                        "-dname",
                        "CN=" + host,
                        "-ext",
                        "SAN=dns:localhost,ip:127.0.0.1,dns:" + host,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        password);
                return read(file, password.toCharArray());
            } finally {
                Files.deleteIfExists(file);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new InputException(
                    "no certificate can be made (" + e.getMessage() + "); give one with --tls");
        }
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(said.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static SSLContext read(Path file, char[] password) {
        try (var in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password);
            KeyManagerFactory keys =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new InputException(
                    file,
                    "is no PKCS 12 file that "
                            + PASSWORD
                            + " opens ("
                            + e.getMessage()
                            + "); make one: openssl pkcs12 -export -in cert.pem -inkey key.pem -out FILE.p12, or"
                            + " keytool -genkeypair -keyalg EC -alias perseid -dname CN=HOST -keystore FILE.p12",
                    e);
        }
    }
}
