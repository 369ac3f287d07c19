package dev.eventsourcing.testing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An immutable state whose commands return what happens. */
record Account(String owner, long balance) {
    sealed interface Event {}

    record Opened(String owner) implements Event {}

    record Paid(long cents) implements Event {}

    record Charged(long cents) implements Event {}

    record Closed() implements Event {}

    static List<Event> open(String owner, long cents) {
        return List.of(new Opened(owner), new Paid(cents));
    }

    Paid pay(long cents) {
        return new Paid(cents);
    }

    List<Event> withdraw(long cents) {
        if (cents > balance) {
            throw new IllegalStateException(owner + " has only " + balance);
        }
        return cents == 0 ? List.of() : List.of(new Paid(-cents), new Charged(1));
    }

    static @Nullable Account after(@Nullable Account before, Event event) {
        if (event instanceof Opened opened) {
            return new Account(opened.owner(), 0);
        }
        if (before == null || event instanceof Closed) {
            return null;
        }
        long change = event instanceof Paid paid ? paid.cents() : -((Charged) event).cents();
        return new Account(before.owner, before.balance + change);
    }
}
