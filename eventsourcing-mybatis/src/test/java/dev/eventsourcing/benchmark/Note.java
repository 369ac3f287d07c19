package dev.eventsourcing.benchmark;

import dev.eventsourcing.domain.Aggregate;
import java.util.UUID;

/** An aggregate that does next to nothing. */
final class Note extends Aggregate<Note.Event> {
    /** What can happen to a note. */
    sealed interface Event {}

    /** Something was written onto it. */
    record Written(String text) implements Event {}

    private long characters;

    Note(UUID id) {
        super(id);
    }

    void write(String text) {
        trigger(new Written(text));
    }

    long characters() {
        return characters;
    }

    @Override
    protected void apply(Event event) {
        if (event instanceof Written written) {
            characters += written.text().length();
        } else {
            throw unknown(event);
        }
    }
}
