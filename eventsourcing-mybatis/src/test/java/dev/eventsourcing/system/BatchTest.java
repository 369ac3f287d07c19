package dev.eventsourcing.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.application.Repository;
import dev.eventsourcing.application.WrongAggregateException;
import dev.eventsourcing.domain.Aggregate;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.UnusableAggregateException;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.system.Words.Spoken;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.CountingRecorders;
import dev.eventsourcing.testsupport.Store;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The aggregates that a batch works with. */
class BatchTest {
    private static final UUID ID = new UUID(0, 1);

    private Store.@Nullable Opened opened;
    private Words words;
    private Archive archive;

    @AfterEach
    void close() {
        if (opened != null) {
            opened.close();
        }
    }

    // What it costs.

    @ParameterizedTest
    @EnumSource
    void anAggregateIsReadOnceHoweverManyOfItsEventsABatchCollects(Store store) {
        open(store);
        archive.save(noted(ID, "before"));
        words.say(Collections.nCopies(500, "a").toArray(String[]::new));
        archive.policy = (word, processing) -> {
            Note note = archive.notes.find(ID).orElseThrow();
            note.write(word);
            processing.collect(note);
        };

        archive.pullAndProcess("Words");

        assertThat(counts().reads).containsExactly(ID);
        assertThat(counts().inserts).containsExactly(500);
        assertThat(archive.notes.get(ID).version()).isEqualTo(501);
    }

    @ParameterizedTest
    @EnumSource
    void anAggregateThatABatchHasMadeIsNotReadByIt(Store store) {
        open(store);
        words.say(Collections.nCopies(500, "a").toArray(String[]::new));
        boolean[] made = {false};
        archive.policy = (word, processing) -> {
            Note note = made[0] ? archive.notes.get(ID) : new Note(ID);
            made[0] = true;
            note.write(word);
            processing.collect(note);
            assertThat(archive.notes.contains(ID)).isTrue();
        };

        archive.pullAndProcess("Words");

        assertThat(counts().reads).isEmpty();
        assertThat(archive.notes.get(ID).version()).isEqualTo(500);
    }

    @Test
    void anAggregateThatThePolicyItselfKeepsIsNotReadEither() {
        open(Store.MEMORY);
        words.say("a", "b", "c");
        Note kept = new Note(ID);
        archive.policy = (word, processing) -> {
            kept.write(word);
            processing.collect(kept);
        };

        archive.pullAndProcess("Words");

        assertThat(counts().reads).isEmpty();
        assertThat(archive.notes.get(ID).lines).containsExactly("a", "b", "c");
    }

    @Test
    void theNextBatchReadsAgain() {
        open(Store.MEMORY);
        archive.batchSize(2);
        archive.save(noted(ID, "before"));
        words.say("a", "b", "c", "d");
        List<Note> given = new ArrayList<>();
        archive.policy = (word, processing) -> given.add(archive.notes.get(ID));

        archive.pullAndProcess("Words");

        assertThat(counts().reads).containsExactly(ID, ID);
        assertThat(given.get(1)).isSameAs(given.get(0)).isNotSameAs(given.get(2));
        assertThat(given.get(3)).isSameAs(given.get(2));
    }

    // What is given.

    @Test
    void aBatchIsGivenTheSameObjectWithAllThatWasCollectedOfIt() {
        open(Store.MEMORY);
        archive.save(noted(ID, "before"));
        words.say("a", "b");
        List<Note> given = new ArrayList<>();
        archive.policy = (word, processing) -> {
            Note note = archive.notes.get(ID);
            given.add(note);
            given.add(archive.notes.find(ID).orElseThrow());
            note.write(word);
            processing.collect(note);
            given.add(archive.notes.get(ID));
        };

        archive.pullAndProcess("Words");

        assertThat(given).hasSize(6).allSatisfy(note -> assertThat(note).isSameAs(given.get(0)));
        assertThat(given.get(0).lines).containsExactly("before", "a", "b");
    }

    @Test
    void outsideOfABatchEachCallGivesAnObjectOfItsOwn() {
        open(Store.MEMORY);
        words.say("a");
        archive.policy = (word, processing) -> processing.collect(noted(ID, word));
        archive.pullAndProcess("Words");

        assertThat(archive.notes.get(ID)).isNotSameAs(archive.notes.get(ID));
        assertThat(archive.notes.find(ID)).isPresent();
    }

    @ParameterizedTest
    @EnumSource(names = {"H2", "POSTGRESQL"})
    void otherThreadsAreGivenObjectsOfTheirOwnWithWhatIsStored(Store store) {
        open(store);
        archive.save(noted(ID, "before"));
        words.say("a");
        List<Note> given = new ArrayList<>();
        archive.policy = (word, processing) -> {
            Note note = archive.notes.get(ID);
            note.write(word);
            processing.collect(note);
            given.add(note);
            given.add(Concurrently.start(() -> archive.notes.get(ID)).get());
        };

        archive.pullAndProcess("Words");

        assertThat(given.get(0).lines).containsExactly("before", "a");
        assertThat(given.get(1).lines).containsExactly("before");
    }

    @Test
    void formerVersionsAreReadAndAreObjectsOfTheirOwn() {
        open(Store.MEMORY);
        archive.save(noted(ID, "before"));
        words.say("a", "b");
        List<List<String>> read = new ArrayList<>();
        archive.policy = (word, processing) -> {
            Note note = archive.notes.get(ID);
            note.write(word);
            processing.collect(note);
            archive.notes.get(ID, 1).write("scribbled over");
            read.add(archive.notes.get(ID, 1).lines);
            read.add(archive.notes.get(ID, 2).lines);
            read.add(archive.notes.get(ID).lines.stream().toList());
        };

        archive.pullAndProcess("Words");

        assertThat(read)
                .containsExactly(
                        List.of("before"),
                        List.of("before", "a"),
                        List.of("before", "a"),
                        List.of("before"),
                        List.of("before", "a"),
                        List.of("before", "a", "b"));
    }

    @Test
    void aFormerVersionThatIsCollectedUnchangedIsNotTakenForTheLatest() {
        open(Store.MEMORY);
        archive.save(noted(ID, "first", "second"));
        words.say("a", "b");
        List<Long> versions = new ArrayList<>();
        archive.policy = (word, processing) -> {
            processing.collect(archive.notes.get(ID, 1));
            versions.add(archive.notes.get(ID).version());
        };

        archive.pullAndProcess("Words");

        assertThat(versions).containsExactly(2L, 2L);
    }

    @Test
    void anIdOfAnotherKindIsAnErrorOfItsOwn() {
        open(Store.MEMORY);
        words.say("a");
        List<Throwable> wrong = new ArrayList<>();
        archive.policy = (word, processing) -> {
            processing.collect(noted(ID, word));
            assertThat(archive.lamps.contains(ID)).isFalse();
            try {
                archive.lamps.get(ID);
            } catch (WrongAggregateException e) {
                wrong.add(e);
            }
            assertThat(archive.notes.get(ID).lines).containsExactly("a");
        };

        archive.pullAndProcess("Words");

        assertThat(wrong).singleElement().satisfies(e -> assertThat(e).hasMessageContaining("is not a Lamp"));
    }

    // What is not given any more.

    @Test
    void whatAPolicyTriggersAndDoesNotCollectTheNextDoesNotSee() {
        open(Store.MEMORY);
        archive.save(noted(ID, "before"));
        words.say("a", "collected b", "c", "d");
        List<List<String>> seen = new ArrayList<>();
        archive.policy = (word, processing) -> {
            Note note = archive.notes.get(ID);
            seen.add(List.copyOf(note.lines));
            note.write(word);
            assertThat(archive.notes.get(ID)).isSameAs(note);
            if (word.startsWith("collected")) {
                processing.collect(note);
            }
        };

        archive.pullAndProcess("Words");

        assertThat(seen)
                .containsExactly(
                        List.of("before"),
                        List.of("before"),
                        List.of("before", "collected b"),
                        List.of("before", "collected b"));
        assertThat(archive.notes.get(ID).lines).containsExactly("before", "collected b");
    }

    @Test
    void norWhatItTriggersOnAnObjectThatAPolicyBeforeHasKept() {
        open(Store.MEMORY);
        archive.save(noted(ID, "before"));
        words.say("get", "write", "look");
        List<Note> kept = new ArrayList<>();
        archive.policy = (word, processing) -> {
            if (word.equals("write")) {
                kept.get(0).write(word);
            } else {
                kept.add(archive.notes.get(ID));
            }
        };

        archive.pullAndProcess("Words");

        assertThat(kept.get(1).lines).containsExactly("before");
    }

    @Test
    void anAggregateWhoseApplyFailedIsLoadedAnew() {
        open(Store.MEMORY);
        archive.save(noted(ID, "before"));
        words.say("a", "b");
        archive.policy = (word, processing) -> {
            try {
                archive.notes.get(ID).write("illegible");
            } catch (IllegalStateException expected) {
                assertThat(expected).hasMessage("illegible");
            }
            assertThat(archive.notes.contains(ID)).isTrue();
            Note note = archive.notes.get(ID);
            note.write(word);
            processing.collect(note);
        };

        archive.pullAndProcess("Words");

        assertThat(archive.notes.get(ID).lines).containsExactly("before", "a", "b");
    }

    @Test
    void anAggregateWhoseEventsCannotBeStoredIsLoadedAnew() {
        open(Store.MEMORY);
        archive.save(noted(ID, "before"));
        words.say("a", "b");
        List<Note> refused = new ArrayList<>();
        archive.policy = (word, processing) -> {
            Note note = archive.notes.get(ID);
            try {
                note.write(null);
                processing.collect(note);
            } catch (PersistenceException expected) {
                refused.add(note);
            }
            archive.notes.get(ID).write(word);
            processing.collect(archive.notes.get(ID));
        };

        archive.pullAndProcess("Words");

        assertThat(refused)
                .hasSize(2)
                .allSatisfy(note -> assertThatExceptionOfType(UnusableAggregateException.class)
                        .isThrownBy(() -> note.write("more")));
        assertThat(archive.notes.get(ID).lines).containsExactly("before", "a", "b");
    }

    @ParameterizedTest
    @EnumSource
    void theRepetitionOfABatchThatFailedStartsFresh(Store store) {
        open(store);
        archive.save(noted(ID, "before"));
        words.say("a", "b", "bad", "c");
        List<Note> given = new ArrayList<>();
        archive.policy = (word, processing) -> {
            Note note = archive.notes.get(ID);
            given.add(note);
            note.write(word);
            processing.collect(note);
            if (word.equals("bad")) {
                throw new IllegalStateException("cannot archive that");
            }
        };

        assertThatExceptionOfType(EventProcessingException.class).isThrownBy(() -> archive.pullAndProcess("Words"));

        assertThat(given).hasSize(6);
        assertThat(given.subList(0, 3))
                .allSatisfy(note -> assertThat(note).isSameAs(given.get(0)))
                .allSatisfy(note -> assertThat(note.isUsable()).isFalse());
        assertThat(given.subList(3, 6)).doesNotHaveDuplicates().doesNotContain(given.get(0));
        assertThat(archive.notes.get(ID).lines).containsExactly("before", "a", "b");
    }

    // Its bounds.

    @ParameterizedTest
    @EnumSource
    void beyondAThousandAggregatesTheOneThatWasNotAskedForLongestIsReadAgainAsItIs(Store store) {
        open(store);
        words.say("make", "look");
        archive.policy = (word, processing) -> {
            if (word.equals("make")) {
                for (int i = 0; i < 1_000; i++) {
                    processing.collect(noted(new UUID(0, i), "note " + i, "more"));
                }
                archive.notes.get(new UUID(0, 0));
                processing.collect(noted(new UUID(0, 1_000), "note 1000"));
            } else {
                assertThat(archive.notes.get(new UUID(0, 0)).lines).containsExactly("note 0", "more");
                assertThat(archive.notes.get(new UUID(0, 1_000)).lines).containsExactly("note 1000");
                assertThat(counts().reads).isEmpty();
                Note second = archive.notes.get(new UUID(0, 1));
                assertThat(second.lines).containsExactly("note 1", "more");
                second.write("even more");
                processing.collect(second);
            }
        };

        archive.pullAndProcess("Words");

        assertThat(counts().reads).containsExactly(new UUID(0, 1));
        assertThat(archive.notes.get(new UUID(0, 1)).lines).containsExactly("note 1", "more", "even more");
        assertThat(archive.notes.get(new UUID(0, 2)).lines).containsExactly("note 2", "more");
    }

    @Test
    void whatWasReadAgainAndHoldsEventsOfABatchThatFailedIsUnusable() {
        open(Store.MEMORY);
        words.say("make", "bad");
        List<Note> again = new ArrayList<>();
        archive.policy = (word, processing) -> {
            if (word.equals("bad")) {
                throw new IllegalStateException("cannot archive that");
            }
            for (int i = 0; i <= 1_000; i++) {
                processing.collect(noted(new UUID(0, i), "note " + i));
            }
            again.add(archive.notes.get(new UUID(0, 0)));
        };

        assertThatExceptionOfType(EventProcessingException.class).isThrownBy(() -> archive.pullAndProcess("Words"));

        assertThat(again).extracting(Note::isUsable).containsExactly(false, true);
    }

    private void open(Store store) {
        opened = store.open();
        words = new Words(opened.recorders);
        archive = new Archive(opened.recorders);
        archive.follow(words);
    }

    private CountingRecorders.Counts counts() {
        return opened.recorders.of("Archive");
    }

    private static Note noted(UUID id, String... lines) {
        Note note = new Note(id);
        for (String line : lines) {
            note.write(line);
        }
        return note;
    }

    /** Does with every word what it is told. */
    private static final class Archive extends Follower {
        private final Repository<Note> notes = repository(Note.class, Note::new);
        private final Repository<Lamp> lamps = repository(Lamp.class, Lamp::new);
        private BiConsumer<String, ProcessingEvent> policy = (word, processing) -> {};

        Archive(RecorderFactory recorders) {
            super(recorders);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
            policy.accept(((Spoken) event.payload()).word(), processing);
        }
    }

    sealed interface Writing {}

    record Written(String line) implements Writing {}

    /** Lines, of which some cannot be read. */
    private static final class Note extends Aggregate<Writing> {
        private final List<String> lines = new ArrayList<>();

        Note(UUID id) {
            super(id);
        }

        void write(@Nullable String line) {
            trigger(new Written(line));
        }

        @Override
        protected void apply(Writing event) {
            lines.add(((Written) event).line());
            if ("illegible".equals(((Written) event).line())) {
                throw new IllegalStateException("illegible");
            }
        }
    }

    sealed interface Switch {}

    record Lit() implements Switch {}

    private static final class Lamp extends Aggregate<Switch> {
        Lamp(UUID id) {
            super(id);
        }

        @Override
        protected void apply(Switch event) {}
    }
}
