package dev.eventsourcing.persistence;

import java.util.function.Supplier;

/**
 * Whether this thread calls policies, whose mappers belong in the transaction of the batch. Recorders that are given a mapper's call
 * then, and are not in that transaction, refuse it: it would be committed whatever becomes of the batch.
 */
public final class PolicyScope {
    private static final ThreadLocal<Boolean> ON = ThreadLocal.withInitial(() -> false);

    private PolicyScope() {}

    /**
     * Does work that calls policies.
     *
     * @return what the work returns
     */
    public static <T> T during(Supplier<T> work) {
        if (isOn()) {
            return work.get();
        }
        ON.set(true);
        try {
            return work.get();
        } finally {
            ON.remove();
        }
    }

    /** Whether this thread calls policies. */
    public static boolean isOn() {
        return ON.get();
    }
}
