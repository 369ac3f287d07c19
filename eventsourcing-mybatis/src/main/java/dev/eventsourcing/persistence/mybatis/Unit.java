package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.TransactionEndedException;
import dev.eventsourcing.persistence.TransactionLostException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.ibatis.session.SqlSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A transaction in hand, or a connection on which each statement is one: the session that our statements run on, and the
 * statements. Used by one thread.
 */
final class Unit {
    private static final Logger LOG = LoggerFactory.getLogger(MyBatisRecorders.class);

    /** As the statement that releases it has it. */
    private static final String SAVEPOINT = "eventsourcing";

    private final SqlSession session;
    private final Statements statements;
    private final boolean alone;
    private final @Nullable BegunTransaction begun;
    private @Nullable TransactionLostException lost;

    private Unit(SqlSession session, Statements statements, boolean alone, @Nullable BegunTransaction begun) {
        this.session = session;
        this.statements = statements;
        this.alone = alone;
        this.begun = begun;
    }

    /** A transaction of several statements, which whoever began it may end as he likes. */
    static Unit joined(SqlSession session, Statements statements) {
        return new Unit(session, statements, false, null);
    }

    /** A transaction that we began, and that nobody else ends; null for one that whoever began it may end as he likes. */
    static Unit begun(SqlSession session, Statements statements, @Nullable BegunTransaction begun) {
        return new Unit(session, statements, false, begun);
    }

    /**
     * A connection on which each statement is a transaction of its own, and sees what is committed then.
     *
     * @throws ConfigurationException if it is not one
     */
    static Unit alone(SqlSession session, Statements statements) {
        try {
            if (!session.getConnection().getAutoCommit()) {
                throw new ConfigurationException(
                        "The data source gives connections that cannot be set to autocommit, so"
                                + " that a statement would not see what others have committed meanwhile. Give the recorders one"
                                + " that does.");
            }
        } catch (SQLException e) {
            throw DatabaseErrors.translate("Asking whether the connection commits each statement", e);
        }
        return new Unit(session, statements, true, null);
    }

    Database database() {
        return statements.database();
    }

    /** Whether each statement is a transaction of its own. */
    boolean isAlone() {
        return alone;
    }

    /** Whether an error tells that another writer was faster. */
    boolean violates(Throwable error, Key key) {
        return statements.violates(error, key);
    }

    <T> List<T> list(String statement, Map<String, ?> parameters) {
        return watching(() -> statements.list(session, statement, parameters));
    }

    /**
     * Does work in the transaction. An error with which the database ends it is remembered, for it may be swallowed: H2 then
     * goes on in a new transaction, and what was done before is gone.
     */
    <T> T watching(Supplier<T> work) {
        requireUsable();
        try {
            return work.get();
        } catch (Exception e) {
            if (DatabaseErrors.loseTransaction(e)) {
                lose("The database has ended it: " + DatabaseErrors.firstLine(e), e);
            }
            throw e;
        }
    }

    /**
     * Throws if the transaction could not be committed, or is not the one that we began. PostgreSQL's driver returns from a commit that
     * became a rollback because an error before it was swallowed; from a statement it does not.
     */
    void proveAlive() {
        try {
            requireBegun(this.<String>list("proveAlive", Map.of()).get(0));
        } catch (Exception e) {
            throw DatabaseErrors.translate("Committing", e);
        }
    }

    /** The identity of a transaction that we began, to be compared by a statement; empty if it is not known, or not ours. */
    String identity() {
        return begun == null ? "" : begun.id();
    }

    /** Asks for the identity of a transaction of a batch before code of the user's runs in it, unless it is known. */
    void identifyBatch() {
        if (begun != null && begun.isToBeIdentified()) {
            identify();
        }
    }

    /** Takes note that code of the user's is about to run in the transaction. */
    void doubt() {
        if (begun != null) {
            begun.doubt();
        }
    }

    /** Takes note that a statement has found the transaction to be the one that we began. */
    void confirm() {
        if (begun != null) {
            begun.confirm();
        }
    }

    /** Whether code of the user's has run in the transaction since a statement found it to be the one that we began. */
    boolean isInDoubt() {
        return begun != null && begun.isInDoubt();
    }

    /** Limits how long it may be idle, and takes its identity with the same statement. H2 knows no such limit. */
    void limitIdleness(long millis) {
        if (database() == Database.POSTGRESQL) {
            requireBegun(this.<String>list("limitIdleness", Map.of("millis", String.valueOf(millis)))
                    .get(0));
        }
    }

    /** On H2 a transaction has an identity once it has written. */
    private void identify() {
        if (database() == Database.H2) {
            Map<String, ?> row = Map.of(
                    "application",
                    "",
                    "leader",
                    UUID.randomUUID().toString(),
                    "notificationIds",
                    new EventArrays.Rows<>(List.of(0L)));
            list("insertMark", row);
            list("removeParkedEvents", row);
        }
        requireBegun(this.<String>list("identify", Map.of()).get(0));
    }

    /** Throws if the transaction in hand is another than the one that we began. */
    private void requireBegun(String found) {
        if (begun != null && !begun.is(found)) {
            throw ended(begun);
        }
    }

    /** Throws if the transaction in hand is known to be another than the one that we began. */
    void requireBegun() {
        if (begun != null && !begun.id().isEmpty()) {
            proveAlive();
        }
    }

    /**
     * The error of a transaction that was to be rolled back, if it was committed, or prepared. Called outside of it; H2 does not tell.
     *
     * @param id its identity
     */
    Optional<TransactionEndedException> endOf(String id) {
        if (database() == Database.H2) {
            return Optional.empty();
        }
        String gid = gid(id);
        return gid == null
                        && !this.<String>list("selectOutcome", Map.of("transaction", id))
                                .contains("committed")
                ? Optional.empty()
                : Optional.of(BegunTransaction.error(gid));
    }

    private TransactionEndedException ended(BegunTransaction own) {
        return own.isEnded(BegunTransaction.error(gid(own.id())));
    }

    /** How the transaction was prepared; null if it was not, or nobody knows. */
    private @Nullable String gid(String id) {
        try {
            return database() != Database.POSTGRESQL || id.isEmpty()
                    ? null
                    : statements.<String>list(session, "selectPrepared", Map.of("transaction", id)).stream()
                            .findAny()
                            .orElse(null);
        } catch (Exception e) {
            LOG.debug("Asking whether a transaction was prepared: {}", Thrown.message(e), Thrown.readable(e));
            return null;
        }
    }

    /**
     * Throws if a log cannot be read in this transaction, which is not ours. Above READ COMMITTED it would see its own events and
     * not those that others committed below them; what is not committed nobody may see.
     */
    void requireReadCommitted() {
        try {
            if (connection().getTransactionIsolation() != Connection.TRANSACTION_READ_COMMITTED) {
                throw new ConfigurationException("A log is read at READ COMMITTED only; this transaction has another"
                        + " isolation. Read the log outside of it.");
            }
        } catch (SQLException e) {
            throw DatabaseErrors.translate("Asking for the isolation of the transaction", e);
        }
    }

    /**
     * Does several statements as one: if it throws, they are undone and the transaction stays usable, or the error says that
     * it is lost.
     */
    <T> T atomically(Object doing, Supplier<T> work) {
        requireUsable();
        Savepoint before = savepoint(doing);
        try {
            T result = work.get();
            release(before);
            return result;
        } catch (RuntimeException e) {
            throw undo(doing, before, e);
        } catch (SQLException e) {
            throw undo(doing, before, DatabaseErrors.translate(doing.toString(), e));
        } catch (Throwable e) {
            undo(doing, before, new PersistenceException(doing + " failed: " + Thrown.text(e), e));
            throw e;
        }
    }

    /** Null where the transaction takes none, as those of some containers; a failure in it then loses it. */
    private @Nullable Savepoint savepoint(Object doing) {
        try {
            return connection().setSavepoint(SAVEPOINT);
        } catch (SQLException e) {
            if (DatabaseErrors.loseTransaction(e)) {
                throw undo(doing, null, DatabaseErrors.translate(doing.toString(), e));
            }
            return null;
        }
    }

    /** Lets what was done behind a savepoint stay, and sees with the same round trip whether the transaction is the one that we began. */
    private void release(@Nullable Savepoint before) throws SQLException {
        if (begun != null && before != null && database() == Database.POSTGRESQL) {
            requireBegun(this.<String>list("releaseSavepoint", Map.of()).get(0));
            return;
        }
        if (before != null) {
            connection().releaseSavepoint(before);
        }
        if (begun != null) {
            proveAlive();
        }
    }

    /**
     * Does the last statements of a transaction of ours: if they fail, it cannot be committed any more. They find out whether it is the
     * one that we began.
     */
    <T> T atLast(Supplier<T> work) {
        requireUsable();
        try {
            T result = work.get();
            confirm();
            return result;
        } catch (Throwable e) {
            lose("Its last statements failed: " + DatabaseErrors.firstLine(e), e);
            throw e;
        }
    }

    /** Throws again what ended the transaction, if something has. */
    void requireUsable() {
        TransactionLostException before = begun != null && begun.ended() != null ? begun.ended() : lost;
        if (before != null) {
            throw new TransactionLostException(
                    "The transaction is lost since an error in it: roll it back. The error was: " + before.getMessage(),
                    before);
        }
        if (begun != null && commitsByItself()) {
            throw ended(begun);
        }
    }

    /** Drivers know that without asking. */
    private boolean commitsByItself() {
        try {
            return connection().getAutoCommit();
        } catch (SQLException e) {
            // The next statement says what is the matter.
            return false;
        }
    }

    Connection connection() {
        return session.getConnection();
    }

    /** Has the session forget what it has read, and what for. */
    void forgetReads() {
        session.clearCache();
    }

    /** Forgets that it is lost, as what lost it was undone. */
    void forgetLoss() {
        lost = null;
    }

    private RuntimeException undo(Object doing, @Nullable Savepoint before, RuntimeException error) {
        if (error instanceof TransactionEndedException ended) {
            return remember(ended);
        }
        if (DatabaseErrors.loseTransaction(error)) {
            RuntimeException translated = DatabaseErrors.translate(doing.toString(), error);
            if (translated instanceof TransactionLostException ending) {
                return remember(ending);
            }
            lose(DatabaseErrors.firstLine(translated), error);
            return translated;
        }
        if (before == null) {
            return lose(
                    doing + " failed, and the transaction takes no savepoint: " + DatabaseErrors.firstLine(error),
                    error);
        }
        try {
            connection().rollback(before);
            return error;
        } catch (SQLException e) {
            Thrown.suppress(error, e);
            return lose(doing + " failed, and could not be undone: " + DatabaseErrors.firstLine(error), error);
        }
    }

    private TransactionLostException lose(String what, Throwable cause) {
        return remember(new TransactionLostException(
                what + ". The transaction is lost: roll it back.", cause, DatabaseErrors.failureKind(cause)));
    }

    private TransactionLostException remember(TransactionLostException ending) {
        lost = ending;
        return ending;
    }
}
