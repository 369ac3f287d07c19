package dev.eventsourcing.system;

import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.system.Words.Noise;
import dev.eventsourcing.system.Words.Spoken;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** A follower for tests that does with a user's mapper what it is told; without that, it writes each word down. */
class Scribe extends Follower {
    final Lines lines;
    final List<String> seen = new ArrayList<>();
    BiConsumer<String, ProcessingEvent> does = (word, processing) -> write(word);

    Scribe(MyBatisRecorders recorders) {
        this("Scribe", recorders);
    }

    Scribe(String name, MyBatisRecorders recorders) {
        super(name, recorders);
        lines = recorders.mapper(Lines.class);
        repository(Words.Text.class, Words.Text::new);
    }

    void write(String word) {
        lines.insert(word);
    }

    @Override
    protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
        String word = event.payload() instanceof Spoken spoken ? spoken.word() : ((Noise) event.payload()).sound();
        seen.add(word);
        does.accept(word, processing);
    }

    /** As {@link Scribe}, for a second place in a system. */
    static final class Second extends Scribe {
        Second(MyBatisRecorders recorders) {
            super("SecondScribe", recorders);
        }
    }

    /** As {@link Scribe}, for a third place in a system. */
    static final class Third extends Scribe {
        Third(MyBatisRecorders recorders) {
            super("ThirdScribe", recorders);
        }
    }
}
