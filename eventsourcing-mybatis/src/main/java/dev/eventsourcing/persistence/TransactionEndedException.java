package dev.eventsourcing.persistence;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Code of the user's has ended a transaction that this library began, and that only this library ends. What was written in it before
 * may be committed or rolled back: its effects are unknown. Nothing is repeated by itself; see what is in the tables first.
 */
public final class TransactionEndedException extends TransactionLostException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String gid;

    /**
     * Makes an exception; the cause may be null.
     *
     * @param gid the identifier that PREPARE TRANSACTION gave the transaction; null if it was not prepared
     */
    public TransactionEndedException(String message, @Nullable String gid, @Nullable Throwable cause) {
        super(message, cause, false);
        this.gid = gid;
    }

    /** The identifier under which the transaction was prepared, and waits for its commit; empty if it was not prepared. */
    public Optional<String> gid() {
        return Optional.ofNullable(gid);
    }
}
