package dev.eventsourcing.remote;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.eventsourcing.remote.NotificationLogEndpoint.Answer;
import java.io.IOException;

/**
 * Serves an endpoint with the HTTP server that every JDK has, on one or more contexts of any path:
 *
 * <pre>
 * HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080), 0);
 * server.createContext("/log", new NotificationLogHandler(NotificationLogEndpoint.of(school)));
 * server.setExecutor(Executors.newFixedThreadPool(4));
 * server.start();
 * </pre>
 *
 * <p>As with the {@linkplain NotificationLogEndpoint endpoint} nobody is asked who he is. Give the context an {@code
 * Authenticator} and the server TLS before it listens to anything but the loopback address.
 *
 * <p>That server sends the head of an answer and its body apart, and many systems then hold the body back for 40 ms. Start the
 * program with {@code -Dsun.net.httpserver.nodelay=true}, and it is sent at once.
 *
 * <p>Safe for use by several threads.
 */
public final class NotificationLogHandler implements HttpHandler {
    private final NotificationLogEndpoint endpoint;

    /** Serves an endpoint. */
    public NotificationLogHandler(NotificationLogEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer = endpoint.answer(
                    exchange.getRequestMethod(),
                    below(
                            exchange.getHttpContext().getPath(),
                            exchange.getRequestURI().getPath()),
                    exchange.getRequestURI().getRawQuery());
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            boolean bodiless = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(answer.status(), bodiless ? -1 : answer.body().length);
            if (!bodiless) {
                exchange.getResponseBody().write(answer.body());
            }
        }
    }

    private static String below(String context, String path) {
        return path.startsWith(context) ? path.substring(context.length()) : path;
    }
}
