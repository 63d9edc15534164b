package org.perseid.web;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.util.AttachmentKey;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import io.undertow.websockets.WebSocketProtocolHandshakeHandler;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.protocol.version13.Hybi13Handshake;
import io.undertow.websockets.spi.WebSocketHttpExchange;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.perseid.streaming.CallException;
import org.perseid.streaming.Downloads;
import org.perseid.streaming.Element;
import org.perseid.streaming.Hub;

/**
 * Serves the page, its WebSocket, files, health and metrics of one program at one port. Undertow's
 * threads are its own; closing it ends them.
 */
public final class WebServer implements AutoCloseable {
    private static final Set<String> PAGE_FILES =
            Set.of(
                    "index.html",
                    "perseid.css",
                    "perseid.js",
                    "protocol.js",
                    "connection.js",
                    "panel.js",
                    "picture.js",
                    "input.js",
                    "icon.svg");

    private static final Map<String, String> TYPES =
            Map.of(
                    "html", "text/html; charset=utf-8",
                    "css", "text/css; charset=utf-8",
                    "js", "text/javascript; charset=utf-8",
                    "svg", "image/svg+xml");

    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    /** Pages on loopback, as those of notebooks. */
    private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1");

    private static final long MAX_UPLOAD_BYTES = 64L << 20;
    private static final long MAX_BODY_BYTES = 1 << 16;
    private static final int IDLE_MILLIS = 180_000;
    private static final int PARSE_MILLIS = 5_000;

    private static final AttachmentKey<Access.Role> ROLE = AttachmentKey.create(Access.Role.class);

    /** Kept, because a logger that nobody holds forgets its level. */
    private static final List<Logger> LOGGERS =
            List.of(
                    Logger.getLogger("io.undertow"),
                    Logger.getLogger("org.xnio"),
                    Logger.getLogger("org.jboss.threads"));

    private final Hub hub;
    private final WebOptions options;
    private final Access access;
    private final String policy;
    private final Undertow server;
    private final int port;

    /**
     * Starts to listen.
     *
     * @throws IOException when the port cannot be had
     */
    public WebServer(Hub hub, WebOptions options) throws IOException {
        LOGGERS.forEach(logger -> logger.setLevel(Level.SEVERE));
        this.hub = hub;
        this.options = options;
        this.access = new Access(options);
        this.policy = POLICY + (options.embeddable() ? embedders(options) : "");
        HttpHandler socket =
                new WebSocketProtocolHandshakeHandler(
                        List.of(new Hybi13Handshake(Set.of(Hub.PROTOCOL), false)), this::connected);
        HttpHandler upload = new BlockingHandler(this::upload);
        HttpHandler call = new BlockingHandler(this::call);
        Undertow.Builder builder =
                Undertow.builder()
                        .setIoThreads(2)
                        .setWorkerThreads(8)
                        .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, MAX_BODY_BYTES)
                        .setServerOption(UndertowOptions.MAX_HEADER_SIZE, 1 << 14)
                        .setServerOption(UndertowOptions.MAX_PARAMETERS, 16)
                        .setServerOption(UndertowOptions.MAX_HEADERS, 64)
                        .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, IDLE_MILLIS)
                        .setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, PARSE_MILLIS)
                        .setServerOption(UndertowOptions.ALWAYS_SET_DATE, false)
                        .setHandler(exchange -> route(exchange, socket, upload, call));
        if (options.tls() == null) {
            builder.addHttpListener(options.port(), options.host());
        } else {
            builder.addHttpsListener(options.port(), options.host(), options.tls());
        }
        server = builder.build();
        try {
            server.start();
        } catch (RuntimeException e) {
            server.stop();
            throw new IOException(
                    "cannot listen at "
                            + options.host()
                            + ":"
                            + options.port()
                            + " ("
                            + reason(e)
                            + "); choose another --port",
                    e);
        }
        port = ((InetSocketAddress) server.getListenerInfo().getFirst().getAddress()).getPort();
    }

    private static String embedders(WebOptions options) {
        StringBuilder out = new StringBuilder();
        for (String host : new TreeSet<>(options.allowedHosts())) {
            out.append(" https://").append(host).append(":* http://").append(host).append(":*");
        }
        LOOPBACK.forEach(host -> out.append(" http://").append(host).append(":*"));
        return out.toString();
    }

    private static String reason(Throwable e) {
        Throwable cause = e.getCause();
        return cause == null ? String.valueOf(e.getMessage()) : String.valueOf(cause.getMessage());
    }

    /** The port that it listens at. */
    public int port() {
        return port;
    }

    /**
     * The address with the token.
     *
     * @param host as a browser has to name it
     * @param watching whether for watching only
     */
    public String address(String host, boolean watching) {
        String scheme = options.tls() == null ? "http" : "https";
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        String token = watching ? options.watchToken() : options.token();
        return scheme
                + "://"
                + name
                + ":"
                + port
                + options.basePath()
                + "/?token="
                + URLEncoder.encode(token, StandardCharsets.UTF_8);
    }

    private void route(
            HttpServerExchange exchange, HttpHandler socket, HttpHandler upload, HttpHandler call)
            throws Exception {
        String path = exchange.getRequestPath();
        if (!path.startsWith(options.basePath() + "/")) {
            refuse(exchange, StatusCodes.NOT_FOUND, "nothing here; the page is at " + home());
            return;
        }
        String name = path.substring(options.basePath().length() + 1);
        if (!access.hostIsOurs(exchange)) {
            refuse(
                    exchange,
                    StatusCodes.FORBIDDEN,
                    "this server is not known as '"
                            + exchange.getHostName()
                            + "'; start it with --allow-host for that name");
            return;
        }
        if (name.equals("healthz")) {
            send(exchange, "text/plain; charset=utf-8", "ok\n".getBytes(StandardCharsets.UTF_8));
            return;
        }
        Access.Role role = access.role(exchange);
        if (role == null) {
            refuse(
                    exchange,
                    StatusCodes.UNAUTHORIZED,
                    "open the address that the program printed: it holds a token that this one lacks");
            return;
        }
        exchange.putAttachment(ROLE, role);
        switch (name) {
            case "ws" -> openSocket(exchange, socket);
            case "upload" -> upload.handleRequest(exchange);
            case "call" -> call.handleRequest(exchange);
            case "metrics" ->
                    send(
                            exchange,
                            "text/plain; version=0.0.4; charset=utf-8",
                            hub.metrics().text().getBytes(StandardCharsets.UTF_8));
            case "" -> page(exchange);
            default -> file(exchange, name);
        }
    }

    private String home() {
        return options.basePath() + "/";
    }

    /** The page; a token in the address becomes a cookie, so that it is in no history. */
    private void page(HttpServerExchange exchange) {
        Access.Role byToken = access.ofToken(Access.tokenOf(exchange));
        if (byToken != null && !exchange.getQueryString().isEmpty()) {
            access.giveCookie(exchange, byToken);
            exchange.setStatusCode(StatusCodes.SEE_OTHER);
            exchange.getResponseHeaders().put(Headers.LOCATION, "./");
            exchange.endExchange();
            return;
        }
        file(exchange, "index.html");
    }

    private void file(HttpServerExchange exchange, String name) {
        if (name.startsWith("files/")) {
            download(exchange, name.substring("files/".length()));
        } else if (!PAGE_FILES.contains(name)) {
            refuse(exchange, StatusCodes.NOT_FOUND, "no such page");
        } else {
            send(
                    exchange,
                    TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "text/plain"),
                    resource(name));
        }
    }

    private static byte[] resource(String name) {
        try (var in = WebServer.class.getResourceAsStream("page/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the page lacks " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException("the page lacks " + name, e);
        }
    }

    private void download(HttpServerExchange exchange, String token) {
        Downloads.Download file = hub.downloads().take(token);
        if (file == null) {
            refuse(exchange, StatusCodes.NOT_FOUND, "no such file, or fetched already");
            return;
        }
        String ascii = file.name().replaceAll("[^A-Za-z0-9._-]", "_");
        exchange.getResponseHeaders()
                .put(Headers.CONTENT_DISPOSITION, "attachment; filename=\"" + ascii + "\"");
        send(exchange, file.mediaType(), file.content());
    }

    private void upload(HttpServerExchange exchange) throws IOException {
        if (!exchange.getRequestMethod().equals(Methods.POST) || !access.originIsOurs(exchange)) {
            refuse(exchange, StatusCodes.FORBIDDEN, "files come by POST, from this page");
            return;
        }
        exchange.setMaxEntitySize(MAX_UPLOAD_BYTES);
        byte[] content = exchange.getInputStream().readAllBytes();
        try {
            hub.upload(
                    parameter(exchange, "key"),
                    parameter(exchange, "id"),
                    new Element.Upload(parameter(exchange, "name"), content));
            send(exchange, "text/plain; charset=utf-8", "ok\n".getBytes(StandardCharsets.UTF_8));
        } catch (CallException e) {
            refuse(exchange, StatusCodes.BAD_REQUEST, e.getMessage());
        }
    }

    /** One call of a script, which is not connected. */
    private void call(HttpServerExchange exchange) throws IOException {
        if (!exchange.getRequestMethod().equals(Methods.POST) || !access.originIsOurs(exchange)) {
            refuse(
                    exchange,
                    StatusCodes.FORBIDDEN,
                    "calls come by POST, from scripts and this page");
            return;
        }
        String message =
                new String(exchange.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String reply =
                hub.answer(
                        message,
                        exchange.getAttachment(ROLE) != Access.Role.STEER,
                        String.valueOf(exchange.getSourceAddress()));
        send(exchange, "application/json", reply.getBytes(StandardCharsets.UTF_8));
    }

    private static String parameter(HttpServerExchange exchange, String name) {
        var values = exchange.getQueryParameters().get(name);
        return values == null || values.isEmpty() ? "" : values.getFirst();
    }

    private void openSocket(HttpServerExchange exchange, HttpHandler socket) throws Exception {
        if (!access.originIsOurs(exchange)) {
            refuse(exchange, StatusCodes.FORBIDDEN, "pages of other servers are not let in");
        } else if (hub.metrics().viewers() >= options.maxViewers()) {
            refuse(
                    exchange,
                    StatusCodes.SERVICE_UNAVAILABLE,
                    options.maxViewers() + " viewers are here already");
        } else {
            socket.handleRequest(exchange);
        }
    }

    private void connected(WebSocketHttpExchange exchange, WebSocketChannel channel) {
        boolean watchOnly = roleOf(exchange) != Access.Role.STEER;
        channel.setIdleTimeout(IDLE_MILLIS);
        new Socket(channel, hub).open(watchOnly, String.valueOf(channel.getPeerAddress()));
    }

    /** The role was found before the connection was let in; only its exchange is another object. */
    private static Access.@Nullable Role roleOf(WebSocketHttpExchange exchange) {
        return exchange.getAttachment(ROLE);
    }

    private void send(HttpServerExchange exchange, String type, byte[] content) {
        secure(exchange);
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, type);
        exchange.getResponseSender().send(ByteBuffer.wrap(content));
    }

    private void refuse(HttpServerExchange exchange, int status, String message) {
        exchange.setStatusCode(status);
        send(
                exchange,
                "text/plain; charset=utf-8",
                (message + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private void secure(HttpServerExchange exchange) {
        exchange.getResponseHeaders()
                .put(new HttpString("Content-Security-Policy"), policy)
                .put(new HttpString("X-Content-Type-Options"), "nosniff")
                .put(new HttpString("Referrer-Policy"), "no-referrer")
                .put(new HttpString("Cross-Origin-Resource-Policy"), "same-origin")
                .put(Headers.CACHE_CONTROL, "no-store");
    }

    /** Ends all connections and lets the port go. */
    @Override
    public void close() {
        server.stop();
    }
}
