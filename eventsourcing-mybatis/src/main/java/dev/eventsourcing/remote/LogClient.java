package dev.eventsourcing.remote;

import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.persistence.CannotConnectException;
import dev.eventsourcing.persistence.PersistenceException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks a server, and takes its answer with patience that ends and memory that is bounded. Safe for use by several threads. */
final class LogClient {
    /** The client counts in nanoseconds, from now on. */
    private static final Duration LONGEST_WAIT = Duration.ofDays(365);

    private final Settings settings;
    private @Nullable HttpClient made;

    LogClient(Settings settings) {
        this.settings = settings;
    }

    Settings settings() {
        return settings;
    }

    /**
     * Reads what is at an address.
     *
     * @throws CannotConnectException if there is no answer, or it breaks off
     * @throws RemoteLogException if the answer is an error, or too large
     */
    byte[] get(URI uri) {
        CompletableFuture<HttpResponse<byte[]>> answer = send(uri);
        try {
            // The request's own timeout would end with the headers, and the body could take for ever.
            HttpResponse<byte[]> response =
                    answer.get(TimeUnit.NANOSECONDS.convert(settings.requestTimeout()), TimeUnit.NANOSECONDS);
            if (response.statusCode() != 200) {
                throw refused(uri, response);
            }
            return response.body();
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new PersistenceException("Interrupted while reading " + RemoteLogException.shown(uri), e);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new CannotConnectException(
                    RemoteLogException.shown(uri) + " has not answered within "
                            + settings.requestTimeout().toMillis()
                            + " ms. Try again later; or give the log a longer requestTimeout, or the server's endpoint a smaller"
                            + " pageSize.",
                    e);
        } catch (ExecutionException e) {
            throw failure(uri, e.getCause() == null ? e : e.getCause());
        }
    }

    private CompletableFuture<HttpResponse<byte[]>> send(URI uri) {
        HttpRequest request = request(uri);
        try {
            return client().sendAsync(request, response -> new BoundedBody(settings.maxResponseBytes()));
        } catch (Exception e) {
            // As of a client whose threads have been shut down.
            throw failure(uri, e);
        }
    }

    private PersistenceException failure(URI uri, Throwable cause) {
        if (Thrown.first(cause, BoundedBody.TooLarge.class).isPresent()) {
            return new RemoteLogException(
                    uri,
                    0,
                    "answers with more than " + settings.maxResponseBytes()
                            + " bytes. Is it the address of a log? Then let the server's endpoint have a smaller pageSize, or"
                            + " this log larger maxResponseBytes.",
                    cause);
        }
        if (cause instanceof IOException) {
            return new CannotConnectException(
                    RemoteLogException.shown(uri) + " cannot be read: " + described(cause)
                            + ". Does the server run, and is the base URI right? Nothing is lost; try again later.",
                    cause);
        }
        return new PersistenceException(RemoteLogException.shown(uri) + " cannot be read: " + described(cause), cause);
    }

    private static String described(Throwable cause) {
        return cause.getClass().getSimpleName()
                + (Thrown.messageOrNull(cause) == null ? "" : ": " + Thrown.message(cause));
    }

    private static RemoteLogException refused(URI uri, HttpResponse<byte[]> response) {
        int status = response.statusCode();
        String error = LogAnswer.errorIn(response.body());
        String cure;
        if (status == 401 || status == 403) {
            cure = "Give the log its credentials with headers.";
        } else if (status >= 300 && status < 400) {
            cure = "Redirects are not followed; give the log the base URI that is meant.";
        } else if (status >= 500) {
            cure = "The cause is in the server's own log. Nothing is lost; try again later.";
        } else {
            cure = "Is the base URI the place where the endpoint is mounted, and has the application this name there?";
        }
        return new RemoteLogException(
                uri,
                status,
                "answers with status " + status + (error.isEmpty() ? "" : ": " + error) + " " + cure,
                null);
    }

    private HttpRequest request(URI uri) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).header("Accept", "application/json");
        headers(uri).forEach((name, value) -> {
            try {
                request.setHeader(name, value);
            } catch (IllegalArgumentException | NullPointerException e) {
                // Without the cause, whose message may show the value.
                throw new PersistenceException(
                        "The header " + name + " that was given for " + RemoteLogException.shown(uri)
                                + " cannot be sent: its name is reserved, or name or value have characters that headers may"
                                + " not have.",
                        null);
            }
        });
        return request.build();
    }

    private Map<String, String> headers(URI uri) {
        try {
            return Objects.requireNonNull(settings.headers().get(), "there are none, not even an empty map");
        } catch (EventSourcingException e) {
            throw e;
        } catch (Exception e) {
            Thrown.restoreInterruption(e);
            throw new PersistenceException(
                    "The headers for " + RemoteLogException.shown(uri) + " could not be made: " + described(e), e);
        }
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private synchronized HttpClient client() {
        if (settings.client() != null) {
            return settings.client();
        }
        if (made == null) {
            // One request at a time, so the newer protocol would gain nothing, and asks old servers for an upgrade.
            made = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(min(settings.connectTimeout(), LONGEST_WAIT))
                    .build();
        }
        return made;
    }

    /**
     * How to reach a server.
     *
     * @param client the user's own; null to make one
     */
    record Settings(
            Duration connectTimeout,
            Duration requestTimeout,
            Supplier<Map<String, String>> headers,
            int maxResponseBytes,
            @Nullable HttpClient client) {
        static final Settings DEFAULT =
                new Settings(Duration.ofSeconds(5), Duration.ofSeconds(30), Map::of, 64 * 1024 * 1024, null);
    }
}
