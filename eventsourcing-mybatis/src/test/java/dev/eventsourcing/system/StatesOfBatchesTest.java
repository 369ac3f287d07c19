package dev.eventsourcing.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.application.Repository;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.NewEvents;
import dev.eventsourcing.domain.Versioned;
import dev.eventsourcing.persistence.RecordConflictException;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.Rehearsal;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.VersionRange;
import dev.eventsourcing.testsupport.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a policy has read does not outlive its batch as something that is recorded, and is no other repository's. */
class StatesOfBatchesTest {
    private static final UUID ID = new UUID(0, 1);

    private Store.@Nullable Opened opened;
    private Words words;

    private Sums open(Store store, BiConsumer<Sums, ProcessingEvent> policy) {
        opened = store.open();
        words = new Words(opened.recorders.uncounted());
        Sums sums = new Sums(opened.recorders.uncounted(), policy);
        sums.follow(words);
        return sums;
    }

    @AfterEach
    void close() {
        if (opened != null) {
            opened.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingFollowsAStateThatABatchHasNotRecorded(Store store) {
        List<Versioned<Integer>> kept = new ArrayList<>();
        Sums sums = open(store, (self, processing) -> {
            processing.collect(self.sums.get(ID).then(new Counted(5)));
            kept.add(self.sums.get(ID));
            throw new IllegalStateException("fail");
        });
        sums.save(NewEvents.first(ID, new Counted(1)));
        words.say("a");
        assertThatExceptionOfType(EventProcessingException.class).isThrownBy(() -> sums.pullAndProcess("Words"));

        assertThatExceptionOfType(RecordConflictException.class)
                .isThrownBy(() -> sums.save(kept.get(0).then(new Counted(7))))
                .withMessageContaining("rolled back");

        assertThat(versions()).containsExactly(1L);
    }

    @ParameterizedTest
    @EnumSource
    void norIsItsFollowerCollectedByALaterBatch(Store store) {
        List<Versioned<Integer>> kept = new ArrayList<>();
        Sums sums = open(store, (self, processing) -> {
            if (!kept.isEmpty()) {
                processing.collect(kept.get(0).then(new Counted(7)));
                return;
            }
            processing.collect(self.sums.get(ID).then(new Counted(5)));
            kept.add(self.sums.get(ID));
            throw new IllegalStateException("fail");
        });
        sums.save(NewEvents.first(ID, new Counted(1)));
        words.say("a");

        assertThatExceptionOfType(EventProcessingException.class)
                .isThrownBy(() -> sums.pullAndProcess("Words"))
                .withMessageContaining("rolled back");

        assertThat(versions()).containsExactly(1L);
    }

    @ParameterizedTest
    @EnumSource
    void norAnAggregateThatWasReadAtAVersion(Store store) {
        List<Words.Text> kept = new ArrayList<>();
        Sums sums = open(store, (self, processing) -> {
            Words.Text text = self.texts.get(ID);
            text.add("b");
            processing.collect(text);
            kept.add(self.texts.get(ID, 99));
            throw new IllegalStateException("fail");
        });
        Words.Text text = new Words.Text(ID);
        text.add("x");
        sums.save(text);
        words.say("a");
        assertThatExceptionOfType(EventProcessingException.class).isThrownBy(() -> sums.pullAndProcess("Words"));
        kept.get(0).add("behind a gap");

        assertThatExceptionOfType(RecordConflictException.class).isThrownBy(() -> sums.save(kept.get(0)));

        assertThat(versions()).containsExactly(1L);
    }

    @ParameterizedTest
    @EnumSource
    void norAStateOfADryRun(Store store) {
        List<Versioned<Integer>> kept = new ArrayList<>();
        Sums sums = open(store, (self, processing) -> {
            Versioned<Integer> read = self.sums.get(ID);
            kept.add(read);
            processing.collect(read.then(new Counted(5)));
        });
        sums.save(NewEvents.first(ID, new Counted(1)));
        words.say("a", "b");
        Rehearsal.of(
                List.of(sums.transactions()),
                Duration.ofSeconds(1),
                () -> sums.rehearsing(
                        new HashMap<>(),
                        () -> sums.catchUp(
                                "Words",
                                new Pull.Terms(
                                        new BatchSize(1), Long.MAX_VALUE, false, Pace.UNHURRIED, PullListener.NOBODY),
                                Duration.ZERO)));
        assertThat(kept).extracting(Versioned::version).containsExactly(1L, 2L);

        assertThatExceptionOfType(RecordConflictException.class)
                .isThrownBy(() -> sums.save(kept.get(1).then(new Counted(7))));

        assertThat(versions()).containsExactly(1L);
    }

    @ParameterizedTest
    @EnumSource
    void whatFollowsAStateThatTheBatchHasRecordedIsSaved(Store store) {
        List<Versioned<Integer>> kept = new ArrayList<>();
        Sums sums = open(store, (self, processing) -> {
            processing.collect(NewEvents.first(ID, new Counted(5)));
            kept.add(self.sums.get(ID));
        });
        words.say("a");
        sums.pullAndProcess("Words");

        sums.save(kept.get(0).then(new Counted(7)));

        assertThat(sums.sums.get(ID).state()).isEqualTo(12);
    }

    @ParameterizedTest
    @EnumSource
    void aStateOfAnotherKindIsNotThere(Store store) {
        List<Boolean> contained = new ArrayList<>();
        Sums sums = open(store, (self, processing) -> {
            self.sums.get(ID);
            contained.add(self.names.contains(ID));
        });
        sums.save(NewEvents.first(ID, new Counted(1)));
        words.say("a");

        sums.pullAndProcess("Words");

        assertThat(contained).containsExactly(false);
    }

    @ParameterizedTest
    @EnumSource
    void twoRepositoriesMakeDifferentStatesOfTheSameEvents(Store store) {
        List<Integer> seen = new ArrayList<>();
        Sums sums = open(store, (self, processing) -> {
            seen.add(self.sums.get(ID).state());
            seen.add(self.maxima.get(ID).state());
        });
        sums.save(NewEvents.first(ID, new Counted(1), new Counted(2), new Counted(3)));
        words.say("a");

        sums.pullAndProcess("Words");

        assertThat(seen).containsExactly(6, 3);
    }

    @ParameterizedTest
    @EnumSource
    void anAggregateIsGivenWithTheEventsThatWereCollectedAlone(Store store) {
        List<List<String>> seen = new ArrayList<>();
        Sums sums = open(store, (self, processing) -> {
            Words.Text read = self.texts.get(ID);
            processing.collect(
                    new DomainEvent<>(ID, read.version() + 1, Instant.EPOCH, Map.of(), new Words.Spoken("alone")));
            seen.add(self.texts.get(ID).words);
        });
        Words.Text text = new Words.Text(ID);
        text.add("x");
        sums.save(text);
        words.say("a");

        sums.pullAndProcess("Words");

        assertThat(seen).containsExactly(List.of("x", "alone"));
    }

    @ParameterizedTest
    @EnumSource
    void halfOfACommandIsNotCollected(Store store) {
        Sums sums = open(
                store,
                (self, processing) -> assertThatExceptionOfType(ConfigurationException.class)
                        .isThrownBy(() -> processing.collect(NewEvents.first(ID, new Counted(1), "no event"))));
        words.say("a");

        assertThatCode(() -> sums.pullAndProcess("Words")).doesNotThrowAnyException();

        assertThat(versions()).isEmpty();
    }

    private List<Long> versions() {
        return opened.recorders.applicationRecorder("Sums").selectEvents(ID, VersionRange.all()).stream()
                .map(StoredEvent::originatorVersion)
                .toList();
    }

    record Counted(int n) {}

    record Named(String name) {}

    static final class Sums extends Follower {
        final Repository<Versioned<Integer>> sums =
                repository(Integer.class, Counted.class, (before, event) -> (before == null ? 0 : before) + event.n());
        final Repository<Versioned<Integer>> maxima = repository(
                Integer.class, Counted.class, (before, event) -> Math.max(before == null ? 0 : before, event.n()));
        final Repository<Versioned<String>> names =
                repository(String.class, Named.class, (before, event) -> event.name());
        final Repository<Words.Text> texts = repository(Words.Text.class, Words.Text::new);
        private final BiConsumer<Sums, ProcessingEvent> policy;

        Sums(RecorderFactory recorders, BiConsumer<Sums, ProcessingEvent> policy) {
            super("Sums", recorders);
            this.policy = policy;
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
            policy.accept(this, processing);
        }
    }
}
