package dev.eventsourcing.remote;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.application.Repository;
import dev.eventsourcing.domain.Aggregate;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.StateFormat;
import dev.eventsourcing.system.Follower;
import dev.eventsourcing.system.ProcessingEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A leader for tests: letters are written, or torn up. */
final class Letters extends Application {
    static final String NAME = "Letters";

    private final Repository<Letter> letters = repository(Letter.class, Letter::new);

    Letters(RecorderFactory recorders) {
        this(recorders, StateFormat.json());
    }

    Letters(RecorderFactory recorders, StateFormat format) {
        super(NAME, recorders, format);
    }

    /** Records letters in one save; a text that begins with a dash is torn up. */
    UUID write(String... texts) {
        Letter letter = new Letter(UUID.randomUUID());
        for (String text : texts) {
            letter.write(text);
        }
        save(letter);
        return letter.id();
    }

    boolean has(UUID id) {
        return letters.contains(id);
    }

    sealed interface Event {}

    record Written(String text) implements Event {}

    record Torn(String text) implements Event {}

    static final class Letter extends Aggregate<Event> {
        Letter(UUID id) {
            super(id);
        }

        void write(String text) {
            trigger(text.startsWith("-") ? new Torn(text) : new Written(text));
        }

        @Override
        protected void apply(Event event) {}
    }

    /** A follower that keeps, in its own log, every letter that was not torn up. */
    static final class Archive extends Follower {
        final List<String> seen = new ArrayList<>();
        private final Repository<Letter> copies = repository(Letter.class, Letter::new);

        Archive(RecorderFactory recorders) {
            super("Archive", recorders);
            follows(NAME, Written.class);
        }

        Archive batch(int events) {
            batchSize(events);
            return this;
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
            String text = ((Written) event.payload()).text();
            seen.add(text);
            Letter copy = new Letter(UUID.randomUUID());
            copy.write(text);
            processing.collect(copy);
        }

        boolean has(UUID id) {
            return copies.contains(id);
        }
    }
}
