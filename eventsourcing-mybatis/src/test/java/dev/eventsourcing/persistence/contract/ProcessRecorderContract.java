package dev.eventsourcing.persistence.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.ApplicationName;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.Position;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.RecordConflictException;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.Tracking;
import dev.eventsourcing.persistence.TrackingConflictException;
import dev.eventsourcing.persistence.VersionRange;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.Concurrently.Running;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a recorder that keeps positions promises. */
public abstract class ProcessRecorderContract extends ApplicationRecorderContract {
    private static final String LEADER = "Kennel";

    @Override
    protected abstract ProcessRecorder recorder(RecorderFactory recorders, String application);

    private ProcessRecorder recorder() {
        return recorder(recorders(), APPLICATION);
    }

    private static Tracking from(long expected, long notificationId) {
        return Tracking.after(LEADER, new Position(expected, 0), notificationId);
    }

    @Test
    void hasNoPositionAtFirst() {
        assertThat(recorder().position(LEADER)).isEmpty();
        assertThat(recorder().hasTracked(LEADER, 1)).isFalse();
    }

    @Test
    void storesEventsAndMovesThePositionTogether() {
        List<Long> ids = recorder().insertEvents(events(DOG, 1, 2), Tracking.first(LEADER, 21));

        assertThat(ids).hasSize(2).isSorted();
        assertThat(recorder().selectEvents(DOG, VersionRange.all())).isEqualTo(events(DOG, 1, 2));
        assertThat(recorder().position(LEADER)).contains(new Position(21, 0));
    }

    @Test
    void movesAPositionWithoutEvents() {
        List<Long> ids = recorder().insertEvents(List.of(), Tracking.first(LEADER, 21));

        assertThat(ids).isEmpty();
        assertThat(recorder().position(LEADER)).contains(new Position(21, 0));
        assertThat(recorder().maxNotificationId()).isEmpty();
    }

    @Test
    void hasTrackedWhatIsAtOrBelowThePosition() {
        recorder().insertEvents(List.of(), Tracking.first(LEADER, 21));

        assertThat(recorder().hasTracked(LEADER, 20)).isTrue();
        assertThat(recorder().hasTracked(LEADER, 21)).isTrue();
        assertThat(recorder().hasTracked(LEADER, 22)).isFalse();
    }

    @Test
    void movesThePositionForward() {
        recorder().insertEvents(List.of(), Tracking.first(LEADER, 21));

        recorder().insertEvents(List.of(), from(21, 22));
        recorder().insertEvents(List.of(), from(22, 40));

        assertThat(recorder().position(LEADER)).contains(new Position(40, 0));
    }

    @Test
    void keepsThePositionWhenEventsAreInsertedWithoutTracking() {
        recorder().insertEvents(List.of(), Tracking.first(LEADER, 21));

        recorder().insertEvents(events(DOG, 1, 3));

        assertThat(recorder().position(LEADER)).contains(new Position(21, 0));
    }

    @Test
    void keepsThePositionsOfLeadersAndOfFollowersApart() {
        recorder().insertEvents(List.of(), Tracking.first(LEADER, 21));
        recorder().insertEvents(List.of(), Tracking.first("Shop", 3));
        recorder(recorders(), "Diplomas").insertEvents(List.of(), Tracking.first(LEADER, 7));

        assertThat(recorder().position(LEADER)).contains(new Position(21, 0));
        assertThat(recorder().position("Shop")).contains(new Position(3, 0));
        assertThat(recorder(recorders(), "Diplomas").position(LEADER)).contains(new Position(7, 0));
        assertThat(recorder(recorders(), "Diplomas").position("Shop")).isEmpty();
    }

    @Test
    void refusesTheSameTrackingTwiceAndTheEventsWithIt() {
        recorder().insertEvents(events(DOG, 1, 1), Tracking.first(LEADER, 21));

        assertThatThrownBy(() -> recorder().insertEvents(events(DOG, 2, 2), Tracking.first(LEADER, 21)))
                .isInstanceOf(TrackingConflictException.class)
                .hasMessageContainingAll(APPLICATION, LEADER);

        assertThat(recorder().selectEvents(DOG, VersionRange.all())).isEqualTo(events(DOG, 1, 1));
        assertThat(recorder().selectNotifications(NotificationSelection.after(0)))
                .hasSize(1);
        assertThat(recorder().position(LEADER)).contains(new Position(21, 0));
    }

    @Test
    void refusesAMoveFromAPositionThatIsNotTheCurrentOneAndTheEventsWithIt() {
        recorder().insertEvents(List.of(), Tracking.first(LEADER, 21));

        for (Tracking stale : List.of(from(20, 22), from(22, 23), from(20, 21), Tracking.first(LEADER, 99))) {
            assertThatThrownBy(() -> recorder().insertEvents(events(DOG, 1, 1), stale))
                    .isInstanceOfSatisfying(TrackingConflictException.class, e -> {
                        assertThat(e.leader()).isEqualTo(LEADER);
                        assertThat(e.notificationId()).isEqualTo(stale.notificationId());
                    });
        }

        assertThat(recorder().selectEvents(DOG, VersionRange.all())).isEmpty();
        assertThat(recorder().position(LEADER)).contains(new Position(21, 0));
    }

    @Test
    void refusesAMoveWhereThereIsNoPositionYet() {
        assertThatThrownBy(() -> recorder().insertEvents(events(DOG, 1, 1), from(20, 21)))
                .isInstanceOf(TrackingConflictException.class);

        assertThat(recorder().position(LEADER)).isEmpty();
        assertThat(recorder().selectEvents(DOG, VersionRange.all())).isEmpty();
    }

    @Test
    void refusesAMoveInAnotherEpoch() {
        recorder().insertEvents(List.of(), Tracking.first(LEADER, 21));

        assertThatThrownBy(() ->
                        recorder().insertEvents(events(DOG, 1, 1), Tracking.after(LEADER, new Position(21, 1), 22)))
                .isInstanceOf(TrackingConflictException.class);

        assertThat(recorder().position(LEADER)).contains(new Position(21, 0));
        assertThat(recorder().selectEvents(DOG, VersionRange.all())).isEmpty();
    }

    @Test
    void refusesToMoveBack() {
        recorder().insertEvents(List.of(), Tracking.first(LEADER, 21));

        assertThatThrownBy(() -> recorder().insertEvents(List.of(), from(21, 20)))
                .isInstanceOf(TrackingConflictException.class);
        assertThatThrownBy(() -> recorder().insertEvents(List.of(), from(21, 21)))
                .isInstanceOf(TrackingConflictException.class);

        assertThat(recorder().position(LEADER)).contains(new Position(21, 0));
    }

    @Test
    void keepsThePositionWhenTheEventsMeetAConflict() {
        recorder().insertEvents(events(DOG, 1, 1), Tracking.first(LEADER, 21));

        assertThatThrownBy(() -> recorder().insertEvents(events(DOG, 1, 1), from(21, 22)))
                .isInstanceOf(RecordConflictException.class)
                .isNotInstanceOf(TrackingConflictException.class);

        assertThat(recorder().position(LEADER)).contains(new Position(21, 0));
    }

    @Test
    void undoesOnlyWhatLostItsPositionInATransaction() {
        recorder().insertEvents(List.of(), Tracking.first(LEADER, 21));

        transactions().required(() -> {
            recorder().insertEvents(events(CAT, 1, 1));
            assertThatThrownBy(() -> recorder().insertEvents(events(DOG, 1, 1), Tracking.first(LEADER, 22)))
                    .isInstanceOf(TrackingConflictException.class);
            assertThatThrownBy(() -> recorder().insertEvents(events(DOG, 1, 1), from(20, 22)))
                    .isInstanceOf(TrackingConflictException.class);
            recorder().insertEvents(events(DOG, 7, 7), from(21, 22));
        });

        assertThat(recorder().selectEvents(CAT, VersionRange.all())).isEqualTo(events(CAT, 1, 1));
        assertThat(recorder().selectEvents(DOG, VersionRange.all())).isEqualTo(events(DOG, 7, 7));
        assertThat(recorder().position(LEADER)).contains(new Position(22, 0));
    }

    @Test
    void forgetsThePositionOfATransactionThatThrew() {
        assertThatThrownBy(() -> transactions().required(() -> {
                    recorder().insertEvents(events(DOG, 1, 1), Tracking.first(LEADER, 21));
                    throw new IllegalStateException();
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(recorder().position(LEADER)).isEmpty();
        assertThat(recorder().selectEvents(DOG, VersionRange.all())).isEmpty();
    }

    @Test
    void acceptsLeaderNamesOfTheGreatestLength() {
        String leader = "犬".repeat(ApplicationName.MAX_LENGTH);

        recorder().insertEvents(List.of(), Tracking.first(leader, 21));

        assertThat(recorder().position(leader)).contains(new Position(21, 0));
        assertThatThrownBy(() -> Tracking.first(leader + "犬", 21)).isInstanceOf(ConfigurationException.class);
    }

    @Test
    void letsOneOfTwoBatchesFromTheSamePositionWin() {
        recorder().insertEvents(List.of(), Tracking.first(LEADER, 10));

        race(from(10, 100), from(10, 150));
    }

    @Test
    void letsOneOfTwoFirstBatchesWin() {
        race(Tracking.first(LEADER, 100), Tracking.first(LEADER, 150));
    }

    /** Both have decided on the same position before either of them writes; the one who writes first stays open meanwhile. */
    private void race(Tracking smaller, Tracking larger) {
        CountDownLatch written = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Running<Void> first = Concurrently.start(() -> transactions().required(() -> {
            recorder().insertEvents(List.of(), smaller);
            written.countDown();
            Concurrently.await(release);
        }));
        Concurrently.await(written);
        Running<List<Long>> second = Concurrently.start(() -> recorder().insertEvents(events(DOG, 1, 3), larger));
        second.awaitDoneOr(store::isWaiting);

        release.countDown();
        first.get();

        assertThatThrownBy(second::get).isInstanceOf(TrackingConflictException.class);
        assertThat(recorder().position(LEADER)).contains(new Position(100, 0));
        assertThat(recorder().selectEvents(DOG, VersionRange.all())).isEmpty();
    }

    @Test
    void letsExactlyOneOfManyMoveAPosition() {
        CountDownLatch start = new CountDownLatch(1);
        List<Running<Boolean>> running = Stream.iterate(0, i -> i + 1)
                .limit(8)
                .map(i -> Concurrently.start(() -> {
                    Concurrently.await(start);
                    try {
                        recorder().insertEvents(events(new UUID(7, i), 1, 2), Tracking.first(LEADER, 5 + i));
                        return true;
                    } catch (TrackingConflictException e) {
                        return false;
                    }
                }))
                .toList();

        start.countDown();

        assertThat(running).extracting(Running::get).containsOnlyOnce(true);
        assertThat(recorder().selectNotifications(NotificationSelection.after(0)))
                .hasSize(2);
    }
}
