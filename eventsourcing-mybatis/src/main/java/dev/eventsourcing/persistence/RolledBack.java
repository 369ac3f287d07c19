package dev.eventsourcing.persistence;

import dev.eventsourcing.domain.errors.Thrown;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Ends a transaction that is rolled back on purpose. For those who implement {@link Transactions#rehearse}. */
public final class RolledBack extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private RolledBack() {
        super("rolled back on purpose", null, true, false);
    }

    /**
     * Does work in a transaction that is rolled back at its end, and returns what came of it.
     *
     * @param transaction does what it is given in a transaction, which it rolls back for an unchecked exception
     * @throws PersistenceException if the work is done and its transaction could not be rolled back
     */
    public static <T> T of(Consumer<Supplier<Object>> transaction, Supplier<T> work) {
        RolledBack end = new RolledBack();
        Result<T> result = new Result<>();
        try {
            transaction.accept(() -> {
                result.of(work);
                throw end;
            });
        } catch (Throwable e) {
            if (!result.isThere) {
                throw e;
            }
            if (!Thrown.chain(e).contains(end)) {
                throw notRolledBack(e);
            }
            for (Throwable failed : end.getSuppressed()) {
                throw notRolledBack(failed);
            }
            return result.orThrow();
        }
        throw new PersistenceException(
                "The transactions of a dry run returned although the work threw an exception, so what it changed may be"
                        + " committed. Have them roll back and throw the exception again.",
                null);
    }

    private static PersistenceException notRolledBack(Throwable error) {
        return new PersistenceException(
                "The transaction of a dry run could not be rolled back: " + Thrown.message(error), error);
    }

    private static final class Result<T> {
        private @Nullable T value;
        private @Nullable Throwable checked;
        private boolean isThere;

        /** Containers commit for checked exceptions, so none is shown to them. */
        void of(Supplier<T> work) {
            try {
                value = work.get();
            } catch (Throwable e) {
                if (e instanceof RuntimeException || e instanceof Error) {
                    throw e;
                }
                checked = e;
            }
            isThere = true;
        }

        T orThrow() {
            if (checked != null) {
                throw Thrown.unchanged(checked);
            }
            return Objects.requireNonNull(value);
        }
    }
}
