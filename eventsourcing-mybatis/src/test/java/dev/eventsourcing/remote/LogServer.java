package dev.eventsourcing.remote;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.eventsourcing.remote.NotificationLogEndpoint.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A server of one test on the loopback address, which may be stopped, started again at the same address, and made to die. */
final class LogServer implements AutoCloseable {
    static {
        // As the handler's documentation says; it is read when the first server is made.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        return thread;
    });
    private final HttpHandler handler;
    private final @Nullable NotificationLogEndpoint endpoint;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile int deathAt;
    private HttpServer server;
    private int port;

    private LogServer(HttpHandler handler, @Nullable NotificationLogEndpoint endpoint) {
        this.handler = handler;
        this.endpoint = endpoint;
        this.server = listen();
    }

    static LogServer of(NotificationLogEndpoint endpoint) {
        return new LogServer(new NotificationLogHandler(endpoint), endpoint);
    }

    static LogServer of(HttpHandler handler) {
        return new LogServer(handler, null);
    }

    private HttpServer listen() {
        try {
            HttpServer made = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            made.createContext("/log", this::handle);
            made.setExecutor(threads);
            made.start();
            port = made.getAddress().getPort();
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        requests.add(exchange.getRequestURI().toString());
        if (requests.size() == deathAt && endpoint != null) {
            Answer answer = endpoint.answer(
                    "GET",
                    exchange.getRequestURI().getPath().substring("/log".length()),
                    exchange.getRequestURI().getRawQuery());
            exchange.sendResponseHeaders(200, answer.body().length);
            exchange.getResponseBody().write(answer.body(), 0, answer.body().length / 2);
            exchange.getResponseBody().flush();
            server.stop(0);
            return;
        }
        handler.handle(exchange);
    }

    /** Where the endpoint is mounted. */
    URI base() {
        return URI.create("http://127.0.0.1:" + port + "/log");
    }

    /** What was asked for, in order. */
    List<String> requests() {
        return requests;
    }

    /** Stops in the middle of the answer to a request, the so many-th from now. */
    void dieDuring(int request) {
        deathAt = requests.size() + request;
    }

    void stop() {
        server.stop(0);
    }

    /** Listens again. */
    void start() {
        server = listen();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
