package dev.eventsourcing.system;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.application.Repository;
import dev.eventsourcing.domain.Aggregate;
import dev.eventsourcing.persistence.RecorderFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A leader for tests: records words, one aggregate for each list of them. */
final class Words extends Application {
    private final Repository<Text> texts;

    Words(RecorderFactory recorders) {
        this("Words", recorders);
    }

    Words(String name, RecorderFactory recorders) {
        super(name, recorders);
        texts = repository(Text.class, Text::new);
    }

    /** Records words in one save; those that begin with a dash are recorded as noises. */
    UUID say(String... words) {
        Text text = new Text(UUID.randomUUID());
        for (String word : words) {
            text.add(word);
        }
        save(text);
        return text.id();
    }

    /** Records more words of the same originator. */
    void sayOn(UUID id, String... words) {
        Text text = texts.get(id);
        for (String word : words) {
            text.add(word);
        }
        save(text);
    }

    sealed interface Event {}

    record Spoken(String word) implements Event {}

    record Noise(String sound) implements Event {}

    /** A list of words, which leaders and followers alike may keep. */
    static final class Text extends Aggregate<Event> {
        final List<String> words = new ArrayList<>();

        Text(UUID id) {
            super(id);
        }

        void add(String word) {
            trigger(word.startsWith("-") ? new Noise(word) : new Spoken(word));
        }

        @Override
        protected void apply(Event event) {
            words.add(event instanceof Spoken spoken ? spoken.word() : ((Noise) event).sound());
        }

        static Text in(Repository<Text> texts, UUID id) {
            return texts.contains(id) ? texts.get(id) : new Text(id);
        }
    }
}
