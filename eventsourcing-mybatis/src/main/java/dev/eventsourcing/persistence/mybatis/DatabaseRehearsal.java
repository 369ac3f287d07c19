package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.RehearsalLostException;
import dev.eventsourcing.persistence.RehearsedUnit;
import dev.eventsourcing.persistence.RowChanges;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A transaction in which work is rehearsed. Each part of the work is done behind a savepoint. It waits for no lock longer than {@value
 * #LOCK_TIMEOUT_MS} ms, so that nobody else is ever chosen to end a deadlock with it, and is given up when others wait for its own.
 */
abstract class DatabaseRehearsal implements RehearsedUnit {
    /** Below PostgreSQL's deadlock_timeout, 1 s. */
    static final int LOCK_TIMEOUT_MS = 200;

    final Connection connection;
    private final Units units;
    private final RehearsalGuard guard;
    private @Nullable String lost;

    DatabaseRehearsal(Units units, Connection connection, Duration yieldsAfter) {
        this.units = units;
        this.connection = connection;
        this.guard = new RehearsalGuard(yieldsAfter, this::waiting, this::end, this::keepRolledBack);
    }

    /** One for the database that a connection, which is in a transaction, leads to. */
    static DatabaseRehearsal in(Units units, Connection connection, StatementCounter counter, Duration yieldsAfter) {
        return switch (units.statements(connection).database()) {
            case POSTGRESQL -> new PostgresRehearsal(units, connection, yieldsAfter);
            case H2 -> new H2Rehearsal(units, connection, counter, yieldsAfter);
        };
    }

    /** An error that may pass, with what is another in a dry run. */
    static PersistenceException inADryRun(PersistenceException passing) {
        SQLException error = DatabaseErrors.sqlException(passing);
        return error != null && ErrorKind.of(error) == ErrorKind.LOCK_TIMEOUT
                ? new PersistenceException(
                        DatabaseErrors.firstLine(error) + ". A dry run waits for a lock for " + LOCK_TIMEOUT_MS
                                + " ms at most, to be in nobody's way: run it when fewer write there.",
                        passing,
                        true)
                : passing;
    }

    /** Sets the limits of the transaction. */
    abstract void begin() throws SQLException;

    /** Takes back what {@link #begin} has set beyond the transaction's end. */
    abstract void restore() throws SQLException;

    /** Asks who waits for this transaction, on a connection of its own. */
    abstract Iterable<RehearsalGuard.Waiting> waiting(Connection other) throws SQLException;

    /** Ends the transaction, called by another thread, on a connection of its own. */
    abstract void end(Connection other) throws SQLException;

    /** Keeps the transaction ended, called by another thread again and again once it was. */
    void keepEnded() throws SQLException {}

    /** Whether an error of the database's own driver tells that it has rolled back all of the transaction. */
    boolean endsTransaction(Throwable error) {
        return false;
    }

    /** Takes note of the rows that were changed before a part. */
    abstract void beginsPart() throws SQLException;

    /** Has the database check what it puts off until a commit. */
    abstract void requireCommittable() throws SQLException;

    /** The rows that were changed up to now, but for what was undone. */
    abstract RowChanges counted() throws SQLException;

    /** Takes note that those that were changed since are undone. */
    abstract void partUndone() throws SQLException;

    /** Does work between the limits. */
    final <T> T run(Supplier<T> work) {
        try {
            start();
            return work.get();
        } finally {
            guard.close();
            try {
                restore();
            } catch (Throwable e) {
                // The connection is of no use any more, and the pool sees that.
                guard.note(e);
            }
        }
    }

    private void start() {
        try {
            begin();
        } catch (SQLException e) {
            throw DatabaseErrors.translate("Beginning a dry run", e);
        }
        guard.start();
    }

    private Iterable<RehearsalGuard.Waiting> waiting() {
        return units.aside("Asking who waits for the rehearsal", unit -> asked(() -> waiting(unit.connection())));
    }

    private void end() {
        units.aside(
                "Ending the rehearsal",
                unit -> asked(() -> {
                    end(unit.connection());
                    return unit;
                }));
    }

    private void keepRolledBack() {
        asked(() -> {
            keepEnded();
            return this;
        });
    }

    private static <T> T asked(Question<T> question) {
        try {
            return question.answer();
        } catch (SQLException e) {
            throw DatabaseErrors.translate("Asking about the rehearsal", e);
        }
    }

    @Override
    public final RowChanges changes() {
        requireGoingOn();
        try {
            return counted();
        } catch (SQLException e) {
            throw lost(e);
        }
    }

    @Override
    public void goOn() {
        requireGoingOn();
    }

    @Override
    public final <T> T undoable(Supplier<T> work) {
        requireGoingOn();
        Savepoint before;
        try {
            beginsPart();
            before = connection.setSavepoint();
        } catch (SQLException e) {
            throw lost(e);
        }
        try {
            T result = work.get();
            units.flush();
            endPart(before);
            return result;
        } catch (Throwable e) {
            undo(before, e);
            throw e;
        } finally {
            // One session serves all of the rehearsal: what it has read must not pile up, nor outlive what was undone.
            units.forgetReads();
        }
    }

    /** The only statements of ours in a part: a SQLException of the work is the user's. */
    private void endPart(Savepoint before) {
        requireGoingOn();
        try {
            requireCommittable();
            connection.releaseSavepoint(before);
        } catch (SQLException e) {
            throw DatabaseErrors.translate("Ending a batch of a dry run", e);
        }
    }

    /** Whether the transaction can be used again, the database tells: the error may be one that the user's code has made. */
    private void undo(Savepoint before, Throwable error) {
        requireGoingOn();
        if (endsTransaction(error)) {
            throw lost(error);
        }
        try {
            connection.rollback(before);
            partUndone();
            units.forgetLoss();
        } catch (Throwable e) {
            Thrown.suppress(e, error);
            throw lost(e);
        }
    }

    private RehearsalLostException lost(Throwable error) {
        requireGoingOn();
        lost =
                "The dry run has lost its transaction, and with it what it had rehearsed up to there; nothing of it stays: "
                        + DatabaseErrors.translate("Rehearsing", error).getMessage();
        return new RehearsalLostException(lost, error);
    }

    /** Throws if it has come to its end: what is rehearsed from there on would be behind a gap. */
    private void requireGoingOn() {
        guard.requireGoingOn();
        if (lost != null) {
            throw new RehearsalLostException(lost, null);
        }
    }

    /** Something to ask of a database. */
    private interface Question<T> {
        T answer() throws SQLException;
    }
}
