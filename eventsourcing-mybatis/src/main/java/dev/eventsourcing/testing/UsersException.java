package dev.eventsourcing.testing;

/** What a user's code throws in a transaction. */
final class UsersException extends RuntimeException {
    static final String MESSAGE = "the user's own";

    private static final long serialVersionUID = 1L;

    private UsersException() {
        super(MESSAGE);
    }

    static UsersException make() {
        return new UsersException();
    }
}
