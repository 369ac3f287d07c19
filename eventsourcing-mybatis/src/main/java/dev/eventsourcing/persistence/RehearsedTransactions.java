package dev.eventsourcing.persistence;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/** Transactions that are parts of one which is rolled back, where the thread rehearses. */
record RehearsedTransactions(Transactions base) implements Transactions {
    /** Those that are really there. */
    static Transactions baseOf(Transactions transactions) {
        return transactions instanceof RehearsedTransactions rehearsed ? rehearsed.base : transactions;
    }

    @Override
    public <T> T required(Supplier<T> work) {
        Optional<Rehearsal> rehearsal = Rehearsal.current();
        return rehearsal.isPresent() ? rehearsal.get().within(base, work) : base.required(work);
    }

    @Override
    public boolean active() {
        return Rehearsal.current().map(rehearsal -> rehearsal.isWithin(base)).orElseGet(base::active);
    }

    /** In a rehearsal nothing is committed, so nothing is done after that. */
    @Override
    public boolean afterCommit(Runnable action) {
        return !Rehearsal.isOn() && base.afterCommit(action);
    }

    @Override
    public boolean runInBackground(BooleanSupplier work) {
        return base.runInBackground(work);
    }

    @Override
    public Optional<PersistenceException> passing(Throwable error) {
        return base.passing(error);
    }

    @Override
    public <T> T rehearse(Duration yieldsAfter, Function<RehearsedUnit, T> work) {
        return base.rehearse(yieldsAfter, work);
    }
}
