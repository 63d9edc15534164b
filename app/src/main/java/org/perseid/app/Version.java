package org.perseid.app;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Name and version of this build. */
public final class Version implements IVersionProvider {
    /** As in {@code Perseid 0.1.0 (1a2b3c4)}. */
    static String text() {
        Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return "Perseid "
                + properties.getProperty("version")
                + " ("
                + properties.getProperty("commit")
                + ")";
    }

    @Override
    public String[] getVersion() {
        return new String[] {text(), "Java " + Runtime.version()};
    }
}
