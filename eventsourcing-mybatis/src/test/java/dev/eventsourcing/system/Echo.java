package dev.eventsourcing.system;

import dev.eventsourcing.application.Repository;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.system.Words.Noise;
import dev.eventsourcing.system.Words.Spoken;
import dev.eventsourcing.system.Words.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;

/** A follower for tests: repeats every word in one text of its own, and does before what it is told. */
class Echo extends Follower {
    static final UUID TEXT = new UUID(0, 1);

    final List<String> seen = new ArrayList<>();
    BiConsumer<String, ProcessingEvent> before = (word, processing) -> {};
    boolean repeats = true;
    private final Repository<Text> texts = repository(Text.class, Text::new);

    Echo(RecorderFactory recorders) {
        this("Echo", recorders);
    }

    Echo(String name, RecorderFactory recorders) {
        super(name, recorders);
    }

    /** An echo of words alone. */
    static Echo ofWords(String leader, RecorderFactory recorders) {
        Echo echo = new Echo(recorders);
        echo.follows(leader, Spoken.class);
        return echo;
    }

    Text text() {
        return Text.in(texts, TEXT);
    }

    List<String> repeated() {
        return Text.in(texts, TEXT).words;
    }

    @Override
    protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
        String word = event.payload() instanceof Spoken spoken ? spoken.word() : ((Noise) event.payload()).sound();
        seen.add(word);
        before.accept(word, processing);
        if (repeats) {
            Text text = Text.in(texts, TEXT);
            text.add(word);
            processing.collect(text);
        }
    }

    /** As {@link Echo}, for a second place in a system. */
    static final class Second extends Echo {
        Second(RecorderFactory recorders) {
            super("Second", recorders);
        }
    }

    /** As {@link Echo}, for a third place in a system. */
    static final class Third extends Echo {
        Third(RecorderFactory recorders) {
            super("Third", recorders);
        }
    }
}
