package org.perseid.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.perseid.io.InputException;

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
        char[] password = (given == null ? "" : given).toCharArray();
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
