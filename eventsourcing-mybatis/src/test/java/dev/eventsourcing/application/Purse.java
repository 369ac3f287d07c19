package dev.eventsourcing.application;

import dev.eventsourcing.domain.Projector;
import dev.eventsourcing.domain.Topic;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An immutable state, its events and its commands. */
@Topic("Purse")
record Purse(String owner, int coins, List<String> notes) {
    sealed interface Event permits Begun, Moved {}

    /** There are two ways to begin. */
    sealed interface Begun extends Event {}

    record Opened(String owner) implements Begun {}

    record Inherited(String owner, int coins) implements Begun {}

    sealed interface Moved extends Event {}

    record Filled(int coins) implements Moved {}

    record Emptied() implements Moved {}

    /** After it there is no purse. */
    record Lost() implements Moved {}

    Purse {
        notes = List.copyOf(notes);
    }

    Filled fill(int more) {
        if (more < 1) {
            throw new IllegalArgumentException("Nothing to fill in");
        }
        return new Filled(more);
    }

    List<Event> swap(int other) {
        return List.of(new Emptied(), new Filled(other));
    }

    static @Nullable Purse after(@Nullable Purse before, Event event) {
        if (event instanceof Opened opened) {
            return new Purse(opened.owner(), 0, List.of());
        }
        if (event instanceof Inherited inherited) {
            return new Purse(inherited.owner(), inherited.coins(), List.of());
        }
        if (before == null) {
            throw new IllegalStateException("There is no purse");
        }
        if (event instanceof Filled filled) {
            List<String> notes = new ArrayList<>(before.notes);
            notes.add("+" + filled.coins());
            return new Purse(before.owner, before.coins + filled.coins(), notes);
        }
        return event instanceof Lost ? null : new Purse(before.owner, 0, before.notes);
    }

    static final Projector<Purse, Event> PROJECTOR = Purse::after;
}
