package dev.eventsourcing.persistence;

import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Ends a transaction that is rolled back on purpose. For those who implement {@link Transactions#rehearse}. */
public final class RolledBack extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private RolledBack() {
        super("rolled back on purpose", null, false, false);
    }

    /**
     * Does work in a transaction that is rolled back at its end, and returns what came of it.
     *
     * @param transaction does what it is given in a transaction, which it rolls back for an exception
     */
    public static <T> T of(Consumer<Supplier<Object>> transaction, Supplier<T> work) {
        Result<T> result = new Result<>();
        try {
            transaction.accept(() -> {
                result.value = work.get();
                result.isThere = true;
                throw new RolledBack();
            });
        } catch (Exception e) {
            // However the rollback went: nothing was committed.
            if (!result.isThere) {
                throw e;
            }
        }
        return Objects.requireNonNull(result.value);
    }

    private static final class Result<T> {
        private @Nullable T value;
        private boolean isThere;
    }
}
