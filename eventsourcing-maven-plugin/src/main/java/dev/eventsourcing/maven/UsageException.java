package dev.eventsourcing.maven;

/** A flag of the command line, or a setting of the POM, that makes no sense. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
