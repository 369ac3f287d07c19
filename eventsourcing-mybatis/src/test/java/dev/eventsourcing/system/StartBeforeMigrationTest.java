package dev.eventsourcing.system;

import static dev.eventsourcing.system.Pipe.pipe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.persistence.NotMigratedException;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.mybatis.EventStoreSchema;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.system.FollowerHealth.State;
import dev.eventsourcing.system.RunnersTest.Kind;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.TestDatabase;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A service is started before its database has tables: it says so, and starts when it has. */
class StartBeforeMigrationTest {
    private static final EventDrivenSystem SYSTEM = EventDrivenSystem.of(pipe(Words.class, Echo.class));

    static Stream<Arguments> kindsAndDatabases() {
        return Stream.of(Kind.values()).flatMap(kind -> Stream.of(false, true).map(h2 -> Arguments.of(kind, h2)));
    }

    @ParameterizedTest
    @MethodSource("kindsAndDatabases")
    void aStartMayBeRepeatedOnceThereAreTables(Kind kind, boolean h2) {
        try (TestDatabase database = h2 ? H2Database.empty() : PostgresDatabase.empty()) {
            RecorderFactory recorders = MyBatisRecorders.over(database.dataSource());
            Runner closed = kind.of(SYSTEM, recorders, RunnerSettings.defaults());
            try (Runner runner = kind.of(SYSTEM, recorders, RunnerSettings.defaults())) {
                assertThatExceptionOfType(NotMigratedException.class).isThrownBy(closed::start);
                assertThatExceptionOfType(NotMigratedException.class).isThrownBy(runner::start);
                assertThat(runner.health().followers())
                        .extracting(FollowerHealth::state)
                        .containsExactly(State.UNKNOWN);
                closed.close();

                EventStoreSchema.over(database.dataSource()).migrate();
                runner.start();
                runner.get(Words.class).say("a");
                runner.waitUntilCaughtUp(Duration.ofSeconds(20));

                assertThat(runner.get(Echo.class).repeated()).containsExactly("a");
            }
        }
    }
}
