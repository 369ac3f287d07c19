package dev.eventsourcing.persistence;

import dev.eventsourcing.domain.errors.Thrown;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A transaction that can undo nothing before its end: what fails in it ends the rehearsal. */
final class WholeUnit implements RehearsedUnit {
    private @Nullable String failed;

    @Override
    public <T> T undoable(Supplier<T> work) {
        goOn();
        try {
            return work.get();
        } catch (Throwable e) {
            failed = "The dry run ends here, as its transactions cannot undo a part of it. What failed: "
                    + Thrown.message(e);
            throw new RehearsalLostException(failed, e);
        }
    }

    @Override
    public void goOn() {
        if (failed != null) {
            throw new RehearsalLostException(failed, null);
        }
    }
}
