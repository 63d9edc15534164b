package org.perseid.web;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.Cookie;
import io.undertow.server.handlers.CookieImpl;
import io.undertow.server.handlers.CookieSameSiteMode;
import io.undertow.util.Headers;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what: a token in the address, in a cookie that stands for it, or in an Authorization
 * header; the Host header against rebound names, the Origin header against other pages.
 */
final class Access {
    /** What a visitor may do. */
    enum Role {
        STEER,
        WATCH
    }

    private static final String COOKIE = "perseid";

    private final WebOptions options;
    private final String steerCookie;
    private final String watchCookie;

    Access(WebOptions options) {
        this.options = options;
        this.steerCookie = digest("steer:" + options.token());
        this.watchCookie = digest("watch:" + options.watchToken());
    }

    private static String digest(String text) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** What the visitor may do; null for nothing. */
    @Nullable Role role(HttpServerExchange exchange) {
        Role byToken = ofToken(tokenOf(exchange));
        if (byToken != null) {
            return byToken;
        }
        Cookie cookie = exchange.getRequestCookie(cookieName(exchange));
        if (cookie == null || cookie.getValue() == null) {
            return null;
        }
        if (same(cookie.getValue(), steerCookie)) {
            return Role.STEER;
        }
        return same(cookie.getValue(), watchCookie) ? Role.WATCH : null;
    }

    /** The role of a token in the address or the Authorization header; null for none. */
    @Nullable Role ofToken(String token) {
        if (same(token, options.token())) {
            return Role.STEER;
        }
        return same(token, options.watchToken()) ? Role.WATCH : null;
    }

    static String tokenOf(HttpServerExchange exchange) {
        Deque<String> inAddress =
                exchange.getQueryParameters().getOrDefault("token", new ArrayDeque<>());
        String header = exchange.getRequestHeaders().getFirst(Headers.AUTHORIZATION);
        String inHeader = header != null && header.startsWith("Bearer ") ? header.substring(7) : "";
        return inAddress.isEmpty() ? inHeader : inAddress.getFirst();
    }

    /** Takes the same time for every wrong token. */
    private static boolean same(String given, String expected) {
        return MessageDigest.isEqual(
                given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
    }

    /** Cookies do not tell ports apart, so their names do. */
    private String cookieName(HttpServerExchange exchange) {
        return COOKIE
                + "_"
                + exchange.getDestinationAddress().getPort()
                + options.basePath().replace('/', '.');
    }

    void giveCookie(HttpServerExchange exchange, Role role) {
        exchange.setResponseCookie(
                new CookieImpl(cookieName(exchange), role == Role.STEER ? steerCookie : watchCookie)
                        .setPath(options.basePath() + "/")
                        .setHttpOnly(true)
                        .setSecure(options.tls() != null)
                        .setSameSiteMode(CookieSameSiteMode.STRICT.toString()));
    }

    /**
     * Whether the browser was led here by a name of this server: a foreign name that resolves to
     * this address is how pages of others get at local servers.
     */
    boolean hostIsOurs(HttpServerExchange exchange) {
        String name = exchange.getHostName().toLowerCase(Locale.ROOT);
        boolean literal = name.matches("[0-9.]+") || name.indexOf(':') >= 0;
        return literal
                || name.equals("localhost")
                || name.endsWith(".localhost")
                || name.equals(options.host().toLowerCase(Locale.ROOT))
                || options.allowedHosts().contains(name);
    }

    /** Whether a page of this server asks, or a program that is no browser. */
    boolean originIsOurs(HttpServerExchange exchange) {
        String origin = exchange.getRequestHeaders().getFirst(Headers.ORIGIN);
        if (origin == null) {
            return true;
        }
        try {
            URI uri = new URI(origin);
            String host = uri.getHost();
            String own = exchange.getRequestHeaders().getFirst(Headers.HOST);
            boolean sameHost = uri.getAuthority() != null && uri.getAuthority().equals(own);
            return host != null
                    && (sameHost || options.allowedHosts().contains(host.toLowerCase(Locale.ROOT)));
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
