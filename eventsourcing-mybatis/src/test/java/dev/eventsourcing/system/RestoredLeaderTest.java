package dev.eventsourcing.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.TestDatabase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A leader's database is put back to an older state, and that of its follower is not: ids are given again. */
class RestoredLeaderTest {
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFollowerThatIsAheadOfTheLogSaysSoInsteadOfPassingByWhatIsRecordedThen(boolean postgres) {
        InMemoryRecorders following = new InMemoryRecorders();
        Echo echo = new Echo(following);
        try (TestDatabase database = database(postgres);
                TestDatabase restored = database(postgres)) {
            Words words = new Words(MyBatisRecorders.over(database.dataSource()));
            words.say("a", "b", "c");
            echo.follow(words);
            assertThat(echo.pullAndProcess("Words")).isEqualTo(3);
            Words older = new Words(MyBatisRecorders.over(restored.dataSource()));
            older.say("a", "b");
            echo.follow(older);

            assertThatExceptionOfType(PersistenceException.class)
                    .isThrownBy(() -> echo.pullAndProcess("Words"))
                    .withMessageContaining("Follower Echo has come to 3 in the log of Words, which ends at 2")
                    .withMessageContaining("was put back to an older state")
                    .satisfies(e -> assertThat(e.isTransient()).isFalse());

            assertThat(echo.seen).containsExactly("a", "b", "c");
        }
    }

    private static TestDatabase database(boolean postgres) {
        return postgres ? PostgresDatabase.migrated() : H2Database.migrated();
    }
}
