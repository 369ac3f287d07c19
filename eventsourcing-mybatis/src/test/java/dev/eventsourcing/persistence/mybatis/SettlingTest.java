package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.Concurrently.Running;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What may be concluded from looks at the server, without a server. */
class SettlingTest {
    private final Settling settling = new Settling("here");

    private static Look look(boolean prepared, String... holders) {
        return new Look(
                "here",
                "PostgreSQL 18.6",
                false,
                "r",
                "p",
                false,
                false,
                "a",
                1,
                1,
                false,
                "readers-barrier",
                "9/1",
                Set.of(holders),
                prepared);
    }

    private long advance(long head, String... holders) {
        return settling.advance("Dogs", head, () -> look(false, holders));
    }

    @Test
    void settlesWhatWasReadWhenNobodyIsOpen() {
        assertThat(advance(7)).isEqualTo(7);
        assertThat(settling.settled()).isEqualTo(7);
    }

    @Test
    void settlesNothingWhileSomebodyIsOpenThatMayHaveTakenAnIdBelow() {
        assertThat(advance(7, "3/1")).isZero();
        assertThat(advance(7, "3/1")).isZero();
        assertThat(advance(7)).isEqualTo(7);
    }

    @Test
    void settlesThoughSomebodyIsAlwaysOpen() {
        assertThat(advance(10, "1/1", "2/1")).isZero();
        assertThat(advance(20, "2/1", "3/1")).isZero();
        assertThat(advance(30, "3/1", "4/1")).isEqualTo(10);
        assertThat(advance(40, "4/1", "5/1")).isEqualTo(20);
        assertThat(advance(50, "5/1", "6/1")).isEqualTo(30);
    }

    @Test
    void waitsForATransactionWhateverComesAndGoesBesideIt() {
        assertThat(advance(10, "1/1")).isZero();
        for (int i = 2; i < 50; i++) {
            assertThat(advance(10L * i, "1/1", i + "/1", (i + 1) + "/1")).isZero();
        }
        assertThat(advance(1_000, "50/1")).isGreaterThanOrEqualTo(10);
    }

    @Test
    void takesTheNextTransactionOfASessionForAnother() {
        assertThat(advance(10, "1/1")).isZero();

        assertThat(advance(20, "1/2")).isEqualTo(10);
    }

    @Test
    void settlesNothingWhileAPreparedTransactionHoldsTheLockUnderWhateverName() {
        assertThat(advance(10, "1/1")).isZero();
        assertThat(settling.advance("Dogs", 20, () -> look(true, "-1/777"))).isZero();
        assertThat(settling.advance("Dogs", 30, () -> look(true, "-1/777", "2/1")))
                .isZero();

        assertThat(advance(40, "2/1")).isGreaterThanOrEqualTo(10).isLessThan(40);
        assertThat(advance(50)).isEqualTo(50);
    }

    @Test
    void asksNobodyAboutWhatIsSettled() {
        advance(10);

        assertThat(settling.advance("Cats", 9, () -> {
                    throw new AssertionError("asked");
                }))
                .isEqualTo(10);
    }

    @Test
    void settlesTheIdsOfAllApplicationsWithOneLook() {
        advance(5, "1/1");
        settling.advance("Cats", 8, () -> look(false, "1/1"));
        advance(5);

        assertThat(settling.settled()).isEqualTo(8);
    }

    @Test
    void sharesALookBetweenThreadsThatHadReadBeforeIt() {
        AtomicInteger looks = new AtomicInteger();
        CountDownLatch looking = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        Running<Long> first = Concurrently.start(() -> settling.advance("Dogs", 10, () -> {
            looking.countDown();
            Concurrently.await(answer);
            return look(false, "1/1");
        }));
        Concurrently.await(looking);
        List<Running<Long>> others = IntStream.rangeClosed(11, 20)
                .mapToObj(head -> Concurrently.start(() -> settling.advance("Dogs", head, () -> {
                    looks.incrementAndGet();
                    return look(false);
                })))
                .toList();
        others.forEach(other -> other.awaitDoneOr(thread -> thread.getState() == Thread.State.WAITING));

        answer.countDown();
        first.get();

        // Which of them looked next is open; it began after all of them had read, so it was the only one.
        assertThat(others).allSatisfy(other -> assertThat(other.get()).isEqualTo(20));
        assertThat(looks).hasValue(1);
    }
}
