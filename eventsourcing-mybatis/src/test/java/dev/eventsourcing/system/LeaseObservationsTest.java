package dev.eventsourcing.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.persistence.FollowerLease;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LeaseObservationsTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Instant UNTIL = Instant.parse("2026-12-01T12:00:00.000001Z");
    private static final FollowerLease BOARD = lease("Board", "one", UNTIL, Optional.of(Duration.ofNanos(100)));

    private final LeaseObservations observations = new LeaseObservations(Duration.ofNanos(500));

    private static FollowerLease lease(String follower, String holder, Instant until, Optional<Duration> time) {
        return new FollowerLease(follower, holder, HOUR, until, time);
    }

    private List<FollowerLease> look(long asked, long answered, FollowerLease... leases) {
        return observations.abandoned(List.of(leases), asked, answered);
    }

    @Test
    void aLeaseIsAbandonedWhenItHasNotChangedForItsHoldersTime() {
        assertThat(look(0, 10, BOARD)).isEmpty();
        assertThat(look(109, 120, BOARD)).isEmpty();
        assertThat(look(110, 130, BOARD)).containsExactly(BOARD);
    }

    @Test
    void aRenewalAndAnotherHolderBeginAnew() {
        FollowerLease renewed = lease("Board", "one", UNTIL.plusNanos(1_000), BOARD.time());
        FollowerLease others = lease("Board", "two", renewed.until(), BOARD.time());

        look(0, 10, BOARD);
        assertThat(look(200, 210, renewed)).isEmpty();
        assertThat(look(300, 305, others)).isEmpty();
        assertThat(look(404, 410, others)).isEmpty();
        assertThat(look(405, 410, others)).containsExactly(others);
    }

    @Test
    void aLeaseThatWasGoneMeanwhileBeginsAnew() {
        look(0, 10, BOARD);
        look(50, 60);
        look(70, 80, BOARD);

        assertThat(look(170, 175, BOARD)).isEmpty();
        assertThat(look(180, 185, BOARD)).containsExactly(BOARD);
    }

    @Test
    void aHolderThatDoesNotSayIsGivenTheLongestTime() {
        FollowerLease ofEarlierVersion = lease("Board", "one", UNTIL, Optional.empty());

        look(0, 10, ofEarlierVersion);

        assertThat(look(509, 520, ofEarlierVersion)).isEmpty();
        assertThat(look(510, 520, ofEarlierVersion)).containsExactly(ofEarlierVersion);
    }

    /** The clock may start below 0 and run over. */
    @Test
    void theClockMayOverflow() {
        look(Long.MAX_VALUE - 20, Long.MAX_VALUE - 10, BOARD);

        assertThat(look(Long.MIN_VALUE + 80, Long.MIN_VALUE + 90, BOARD)).isEmpty();
        assertThat(look(Long.MIN_VALUE + 89, Long.MIN_VALUE + 95, BOARD)).containsExactly(BOARD);
    }

    @Test
    void anUnknownTimeIsNeverShorterThanTheUsualOrTheOwn() {
        assertThat(RunnerSettings.defaults().leaseTime(Duration.ofMillis(100)).longestLeaseTime())
                .isEqualTo(Duration.ofSeconds(10));
        assertThat(RunnerSettings.defaults().leaseTime(HOUR).longestLeaseTime()).isEqualTo(HOUR);
    }
}
