package dev.eventsourcing.remote;

import dev.eventsourcing.persistence.PersistenceException;
import java.net.URI;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A server was reached, and did not answer as one that gives out logs does. */
public final class RemoteLogException extends PersistenceException {
    private static final long serialVersionUID = 1L;

    private final URI uri;
    private final int status;

    RemoteLogException(URI uri, int status, String what, @Nullable Throwable cause) {
        super(shown(uri) + " " + what, cause, mayPass(status));
        this.uri = uri;
        this.status = status;
    }

    /** Whether it is the server's, or a proxy's, trouble of the moment: overload, a deployment, too many requests. */
    private static boolean mayPass(int status) {
        return status >= 500 || status == 429 || status == 408;
    }

    /** An address for people; of a long query only the start. */
    static String shown(URI uri) {
        String text = uri.toString();
        return text.length() <= 300 ? text : text.substring(0, 300) + "...";
    }

    /** What was asked for. It has no credentials: those are in headers. */
    public URI uri() {
        return uri;
    }

    /** The HTTP status; empty if it was fine, and the answer was not. */
    public OptionalInt status() {
        return status == 0 ? OptionalInt.empty() : OptionalInt.of(status);
    }
}
