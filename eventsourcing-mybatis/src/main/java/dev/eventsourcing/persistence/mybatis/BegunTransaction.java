package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.persistence.TransactionEndedException;
import java.sql.Connection;
import org.jspecify.annotations.Nullable;

/**
 * A transaction that we began, and its identity in the database, once it is known: whatever else is found in its place shows that
 * somebody has ended it. Savepoints change nothing of that. Used by one thread.
 */
final class BegunTransaction {
    private String id = "";
    private boolean inBatch;
    private boolean inDoubt;
    private boolean untold;
    private @Nullable TransactionEndedException ended;
    private @Nullable Connection connection;

    /** The identity; empty if it is not known. */
    String id() {
        return id;
    }

    /** Takes note of the connection that it is on, where a thread may have others. */
    void isOn(Connection opened) {
        connection = opened;
    }

    /** Whether it is on this connection, as far as that is known. */
    boolean hasConnection(Connection other) {
        return connection == other;
    }

    /** Takes note that it is a batch's: it is to be known before any code of the user's runs in it. */
    void isOfABatch() {
        inBatch = true;
    }

    /** Whether its identity has to be asked for before code of the user's runs in it. */
    boolean isToBeIdentified() {
        return inBatch && id.isEmpty();
    }

    /** Whether code of the user's has run since it was last seen to be there. */
    boolean isInDoubt() {
        return inDoubt && !id.isEmpty();
    }

    /** Takes note that code of the user's is about to run in it. */
    void doubt() {
        inDoubt = true;
    }

    /** Takes note that it is there. */
    void confirm() {
        inDoubt = false;
    }

    /** Takes note that work in it has failed, and that the database does not tell whether it was there still. */
    void untold() {
        untold = true;
    }

    /** Whether only its outcome tells whether it was ended. */
    boolean isUntold() {
        return untold;
    }

    /** Takes the identity of the transaction in hand, and tells whether it is this one. */
    boolean is(String found) {
        if (id.isEmpty()) {
            id = found;
        }
        boolean same = id.equals(found);
        inDoubt &= !same;
        return same;
    }

    /** Takes note that it was ended: whoever is told may swallow it, and containers hide it behind a rollback that fails. */
    TransactionEndedException isEnded(TransactionEndedException by) {
        ended = by;
        return by;
    }

    /** The error with which it was found that it was ended; null if it was not. */
    @Nullable TransactionEndedException ended() {
        return ended;
    }

    /** The error of a transaction that was ended; its gid is null if it was not prepared. */
    static TransactionEndedException error(@Nullable String gid) {
        return new TransactionEndedException(
                "The transaction was ended by other code than this library: by a COMMIT, ROLLBACK or PREPARE TRANSACTION, by commit(),"
                        + " rollback() or setAutoCommit(..) on its connection, or on H2 by a statement that commits, as CREATE TABLE. "
                        + (gid == null
                                ? "What was written in it before may be committed or rolled back: its effects are unknown."
                                : prepared("'" + gid.replace("'", "''") + "'"))
                        + " Nothing is repeated. Take that out of the code, and see what is in the tables before it runs again.",
                gid,
                null);
    }

    private static String prepared(String gid) {
        return "It was prepared as " + gid + ", and its effects are unknown until that is decided: COMMIT PREPARED "
                + gid + " or ROLLBACK PREPARED " + gid + ".";
    }
}
