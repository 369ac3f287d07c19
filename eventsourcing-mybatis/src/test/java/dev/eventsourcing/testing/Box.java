package dev.eventsourcing.testing;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.eventsourcing.domain.Aggregate;
import java.math.BigDecimal;
import java.util.UUID;

/** An aggregate whose commands do all that commands should and should not do. */
final class Box extends Aggregate<Box.Event> {
    sealed interface Event {}

    record Filled(BigDecimal litres) implements Event {}

    record Scanned(byte[] picture) implements Event {}

    /** Does not come back, as nothing of it is written. */
    record Lost(@JsonIgnore String where) implements Event {}

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
        trigger(new Lost("Ulm"));
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
