package dev.eventsourcing.persistence;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Joins the work of recorders, of the user's mappers and of policies in one database transaction of the current thread.
 * Implement it to let recorders join the transactions of a container; see {@code MyBatisRecorders.over}.
 */
public interface Transactions {
    /**
     * Does the work in the thread's transaction if there is one, else in a new one, which is committed when the work returns
     * and rolled back when it throws. The work does not end it by itself.
     *
     * @return what the work returns
     * @throws TransactionEndedException if the work, or what it calls, has ended a new transaction, as far as recorders can tell: those on a
     *     database do from the first save on
     */
    <T> T required(Supplier<T> work);

    /** The same for work that returns nothing. */
    default void required(Runnable work) {
        this.<Object>required(() -> {
            work.run();
            return this;
        });
    }

    /** Whether the thread is in a transaction, which {@link #required} would then join. */
    boolean active();

    /**
     * Has an action done, by this thread, once the thread's transaction has been committed; never if it is not. The action
     * runs outside of that transaction: {@link #active()} is false then. What it throws is logged and does not reach those
     * who committed.
     *
     * @return false if nothing tells when the transaction is committed, as in a session that the user opened; the action is
     *     then left out
     */
    boolean afterCommit(Runnable action);

    /**
     * Hands work to a background thread if this thread still holds the connection of the transaction that it has just committed,
     * as in containers: a thread that waits for a second connection while it holds one can block a whole pool. To be called in an
     * action of {@link #afterCommit}, for work that may be dropped, such as taking a snapshot. The background thread does the
     * work in a transaction of its own, and may drop it.
     *
     * @param work returns false, and has written nothing, if the connection of the background thread does not lead to what this
     *     thread has committed; what it throws is logged
     * @return false if this thread holds no connection: it then does the work itself
     */
    default boolean runInBackground(BooleanSupplier work) {
        return false;
    }

    /**
     * Recognises an error that may pass by itself ({@link PersistenceException#isTransient}) in what work in a transaction has
     * thrown, or one that only says that an earlier error in the transaction was swallowed, which the exception then names: errors of
     * the user's mappers are not of this library's family.
     *
     * @return the exception for it, with the error as its cause; empty for any other error
     */
    default Optional<PersistenceException> passing(Throwable error) {
        return Optional.empty();
    }

    /**
     * Does work in a transaction that is rolled back at its end, whatever comes of it; for rehearsals, see {@link Rehearsal}. Transactions
     * without this have no way to undo a part: a rehearsal in them ends where something fails.
     *
     * @param yieldsAfter how long others may wait for what the transaction has locked, before it is given up
     * @return what the work returns
     */
    default <T> T rehearse(Duration yieldsAfter, Function<RehearsedUnit, T> work) {
        return RolledBack.of(this::<Object>required, () -> work.apply(new WholeUnit()));
    }
}
