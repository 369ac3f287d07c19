package dev.eventsourcing.system;

import static dev.eventsourcing.system.Pipe.pipe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.persistence.FollowerLease;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.TestDatabase;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Leases that end far in the future, as they do in a database whose clock was put back. */
@ParameterizedClass
@ValueSource(booleans = {true, false})
class LeaseClocksTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final RunnerSettings SETTINGS =
            RunnerSettings.defaults().leaseTime(Duration.ofMillis(200)).saveWait(Duration.ZERO);
    private static final String AN_HOUR_AHEAD = "UPDATE follower_leases SET until = until + INTERVAL '1' HOUR";

    @Parameter
    boolean postgres;

    private TestDatabase database;
    private MyBatisRecorders recorders;

    @BeforeEach
    void openDatabase() {
        database = postgres ? PostgresDatabase.migrated() : H2Database.migrated();
        recorders = MyBatisRecorders.over(database.dataSource());
    }

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    private Runner started(RunnersTest.Kind runners) {
        Runner runner = runners.of(EventDrivenSystem.of(pipe(Words.class, Echo.class)), recorders, SETTINGS);
        runner.start();
        return runner;
    }

    @ParameterizedTest
    @EnumSource
    void aRunnerTakesOverALeaseThatNobodyRenews(RunnersTest.Kind runners) {
        recorders.sharedStore().takeLeases("a process that died", Set.of("Echo"), Duration.ofMillis(300));
        database.execute(AN_HOUR_AHEAD);

        try (Runner runner = started(runners)) {
            runner.get(Words.class).say("a");
            runner.waitUntilCaughtUp(LONG);

            assertThat(runner.get(Echo.class).repeated()).containsExactly("a");
        }
    }

    /** The first lease ends an hour ahead, too, but its holder renews it. */
    @Test
    void aRunnerLeavesALeaseThatIsRenewedToItsHolder() {
        try (Runner holder = started(RunnersTest.Kind.MULTI)) {
            database.execute(AN_HOUR_AHEAD);
            FollowerLease held = lease();
            try (Runner other = started(RunnersTest.Kind.MULTI)) {
                int[] renewals = {0};
                FollowerLease[] last = {held};
                Concurrently.awaitUntil(() -> {
                    FollowerLease now = lease();
                    renewals[0] += now.until().equals(last[0].until()) ? 0 : 1;
                    last[0] = now;
                    return renewals[0] == 9;
                });

                assertThat(lease().holder()).isEqualTo(held.holder());
                assertThat(other.failures()).isEmpty();
                assertThat(holder.health().isHealthy()).isTrue();
            }
        }
    }

    /** A program of an earlier version takes a lease of a follower whose last holder had told its time. */
    @Test
    void theTimeOfAnotherHolderDoesNotCount() {
        recorders.sharedStore().takeLeases("new", Set.of("Echo"), Duration.ofMillis(100));
        database.execute("UPDATE follower_leases SET holder = 'old', until = until + INTERVAL '1' HOUR");

        assertThat(lease().time()).isEmpty();
        assertThat(lease().holder()).isEqualTo("old");

        database.execute("UPDATE follower_leases SET holder = 'new'");

        assertThat(lease().time()).isEqualTo(Optional.of(Duration.ofMillis(100)));
    }

    private FollowerLease lease() {
        return recorders.sharedStore().leases(Set.of("Echo")).stream().findAny().orElseThrow();
    }
}
