package dev.eventsourcing.system;

import static dev.eventsourcing.application.SnapshotInterval.every;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.application.EventSourcedLog;
import dev.eventsourcing.application.Repository;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.NewEvents;
import dev.eventsourcing.domain.Versioned;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.VersionRange;
import dev.eventsourcing.testsupport.CountingRecorders;
import dev.eventsourcing.testsupport.Store;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Policies that work with immutable states and with logs. */
class StateFollowerTest {
    private static final UUID ID = new UUID(0, 1);
    private static final UUID LOG_ID = new UUID(0, 2);

    private Store.@Nullable Opened opened;
    private Words words;
    private Tallies tallies;

    private void open(Store store) {
        open(store, 2);
    }

    private void open(Store store, int snapshots) {
        opened = store.open();
        words = new Words(opened.recorders);
        tallies = new Tallies(opened.recorders, snapshots);
        tallies.follow(words);
    }

    @AfterEach
    void close() {
        if (opened != null) {
            opened.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStateIsReadOnceHoweverManyEventsABatchCollectsOfIt(Store store) {
        open(store, 1_000);
        tallies.save(NewEvents.first(ID, new Counted("before")));
        words.say(Collections.nCopies(500, "a").toArray(String[]::new));

        tallies.pullAndProcess("Words");

        assertThat(counts().reads.stream().filter(ID::equals)).hasSize(1);
        assertThat(counts().inserts).containsExactly(1_000);
        Versioned<Tally> tally = tallies.tallies.get(ID);
        assertThat(tally.version()).isEqualTo(501);
        assertThat(tally.state()).isEqualTo(new Tally(501, "a"));
        assertThat(tallies.log.last().orElseThrow().originatorVersion()).isEqualTo(500);
    }

    @ParameterizedTest
    @EnumSource
    void eventsThatStandAloneKnowTheirCause(Store store) {
        open(store);
        words.say("a");

        tallies.pullAndProcess("Words");

        assertThat(tallies.log.first().orElseThrow().metadata())
                .containsEntry(DomainEvent.CAUSATION_LEADER, "Words")
                .containsKey(DomainEvent.CAUSATION_NOTIFICATION_ID);
    }

    @ParameterizedTest
    @EnumSource
    void aFailingPolicyLeavesNothingOfItsEvent(Store store) {
        open(store);
        words.say("a", "b", "fail", "c");

        assertThatExceptionOfType(EventProcessingException.class).isThrownBy(() -> tallies.pullAndProcess("Words"));

        assertThat(tallies.tallies.get(ID)).isEqualTo(new Versioned<>(ID, 2, new Tally(2, "b")));
        assertThat(tallies.log.select(VersionRange.all())).hasSize(2);
        assertThat(snapshots()).containsExactly(2L);
    }

    @ParameterizedTest
    @EnumSource
    void takesSnapshotsOfItsOwnAfterTheCommit(Store store) {
        open(store);
        words.say("a", "b", "c", "d", "e");

        tallies.pullAndProcess("Words");

        assertThat(snapshots()).containsExactly(2L, 4L);
        assertThat(tallies.tallies.get(ID).state().count()).isEqualTo(5);
    }

    @ParameterizedTest
    @EnumSource
    void takesThemInASynchronisationTooAndNoneInADryRun(Store store) {
        opened = store.open();
        Runner runner = new SingleThreadedRunner(
                EventDrivenSystem.of(Pipe.pipe(Words.class, Tallies.class)),
                type -> type == Words.class ? new Words(opened.recorders) : new Tallies(opened.recorders, 2));
        runner.get(Words.class).say("a", "b", "c");

        new FollowerSync(runner).sync(List.of(), SyncMode.DRY_RUN);
        assertThat(snapshots()).isEmpty();
        new FollowerSync(runner).sync(List.of(), SyncMode.PROCESS);

        assertThat(snapshots()).containsExactly(2L);
    }

    @ParameterizedTest
    @EnumSource
    void aStateThatIsReadOutsideOfABatchIsNotThatOfTheLastBatch(Store store) {
        open(store);
        words.say("a");
        tallies.pullAndProcess("Words");
        tallies.save(tallies.tallies.get(ID).then(new Counted("outside")));
        words.say("b");

        tallies.pullAndProcess("Words");

        assertThat(tallies.tallies.get(ID).state()).isEqualTo(new Tally(3, "b"));
    }

    private CountingRecorders.Counts counts() {
        return opened.recorders.of("Tallies");
    }

    private List<Long> snapshots() {
        return opened.recorders.snapshotRecorder("Tallies").selectEvents(ID, VersionRange.all()).stream()
                .map(StoredEvent::originatorVersion)
                .toList();
    }

    record Counted(String word) {}

    record Logged(String word) {}

    record Tally(int count, String last) {
        static Tally after(@Nullable Tally before, Counted event) {
            return new Tally(before == null ? 1 : before.count + 1, event.word());
        }

        Counted count(String word) {
            if (word.equals("fail")) {
                throw new IllegalArgumentException(word);
            }
            return new Counted(word);
        }
    }

    static final class Tallies extends Follower {
        final Repository<Versioned<Tally>> tallies;
        final EventSourcedLog<Logged> log = log(LOG_ID, Logged.class);

        Tallies(RecorderFactory recorders, int snapshots) {
            super("Tallies", recorders);
            tallies = repository(Tally.class, Counted.class, Tally::after).snapshots(every(snapshots));
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
            String word = ((Words.Spoken) event.payload()).word();
            NewEvents counted = tallies.find(ID)
                    .map(tally -> tally.then(tally.state().count(word)))
                    .orElseGet(() -> NewEvents.first(ID, new Counted(word)));
            processing.collect(counted, log.trigger(new Logged(word)));
            assertThat(tallies.get(ID).state().last()).isEqualTo(word);
            assertThat(tallies.contains(ID)).isTrue();
        }
    }
}
