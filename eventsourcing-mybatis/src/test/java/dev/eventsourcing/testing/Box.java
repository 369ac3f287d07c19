package dev.eventsourcing.testing;

import dev.eventsourcing.domain.Aggregate;
import java.math.BigDecimal;
import java.util.UUID;

/** An aggregate whose commands do all that commands should and should not do. */
final class Box extends Aggregate<Box.Event> {
    sealed interface Event {}

    record Filled(BigDecimal litres) implements Event {}

    record Scanned(byte[] picture) implements Event {}

    /** Cannot be read back, as Jackson does not know what to call. */
    static final class Lost implements Event {
        private final String where;

        Lost(String where, boolean known) {
            this.where = known ? where : "";
        }

        @Override
        public String toString() {
            return "Lost in " + where;
        }
    }

    record Burst() implements Event {}

    private BigDecimal litres = BigDecimal.ZERO;

    Box(UUID id) {
        super(id);
    }

    void fill(String more) {
        trigger(new Filled(new BigDecimal(more)));
    }

    void fillThenComplain(String more) {
        fill(more);
        throw new IllegalStateException("too late");
    }

    void scan(byte... picture) {
        trigger(new Scanned(picture));
    }

    void lose() {
        trigger(new Lost("Ulm", true));
    }

    void burst() {
        trigger(new Burst());
    }

    BigDecimal litres() {
        return litres;
    }

    @Override
    protected void apply(Event event) {
        if (event instanceof Filled filled) {
            litres = litres.add(filled.litres());
        } else if (event instanceof Burst) {
            throw new IllegalStateException("cannot be applied");
        }
    }
}
