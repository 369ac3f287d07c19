package dev.eventsourcing.remote;

import dev.eventsourcing.domain.EventSourcingException;

/** A request that is answered with an error of the client's; the message is for the client. */
final class Refused extends EventSourcingException {
    private static final long serialVersionUID = 1L;

    private final int status;

    private Refused(int status, String message) {
        super(message);
        this.status = status;
    }

    /** What was asked for is not understood. */
    static Refused badRequest(String message) {
        return new Refused(400, message);
    }

    /** There is nothing of this name. */
    static Refused notFound(String message) {
        return new Refused(404, message);
    }

    /** Logs are read, and nothing else. */
    static Refused badMethod(String message) {
        return new Refused(405, message);
    }

    /** The HTTP status. */
    int status() {
        return status;
    }

    /** What a client sent, short enough to be sent back. */
    static String quoted(String sent) {
        return "'" + (sent.length() <= 100 ? sent : sent.substring(0, 100) + "...") + "'";
    }
}
