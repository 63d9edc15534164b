package org.perseid.web;

import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.perseid.streaming.Tokens;

/**
 * How a program is put on the web.
 *
 * @param host address to listen at; loopback is what others cannot reach
 * @param port 0 for any free one
 * @param basePath under which everything is, as {@code /node/7/perseid}; empty for the root
 * @param token that opens the page; who has it may steer
 * @param watchToken that opens the page for watching only
 * @param allowedHosts names beside the own ones by which browsers may reach the server, as behind a
 *     proxy
 * @param tls certificate and key for https; null for http
 * @param maxViewers at the same time
 * @param embeddable whether pages of other servers on loopback and on the allowed hosts may show
 *     the page in a frame, as notebooks do
 */
public record WebOptions(
        String host,
        int port,
        String basePath,
        String token,
        String watchToken,
        List<String> allowedHosts,
        @Nullable SSLContext tls,
        int maxViewers,
        boolean embeddable) {
    /**
     * @throws IllegalArgumentException when the base path is no path or a token is too short
     */
    public WebOptions {
        if (!basePath.matches("(/[A-Za-z0-9._~-]+)*")) {
            throw new IllegalArgumentException(
                    "base path is '"
                            + basePath
                            + "'; must be empty or as /perseid, no slash at its end");
        }
        if (token.length() < 16 || watchToken.length() < 16 || token.equals(watchToken)) {
            throw new IllegalArgumentException(
                    "a token must have at least 16 characters, and those to steer and to watch must differ");
        }
    }

    /**
     * For this machine alone, with tokens that nobody can guess.
     *
     * @param port 0 for any free one
     */
    public static WebOptions local(int port) {
        return new WebOptions(
                "127.0.0.1",
                port,
                "",
                Tokens.create(),
                Tokens.create(),
                List.of(),
                null,
                64,
                false);
    }
}
