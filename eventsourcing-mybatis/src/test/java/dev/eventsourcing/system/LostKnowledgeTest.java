package dev.eventsourcing.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.Slow;
import dev.eventsourcing.testsupport.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a pass knew of the log when it began does not hold any more: the table was rewritten, and somebody appends. */
class LostKnowledgeTest {
    @Slow("a follower waits a second for an open append")
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void doesNotLetThePassSkipWhatItMayNotReadNow(boolean declares) throws SQLException {
        try (TestDatabase database = PostgresDatabase.migrated();
                Connection late = database.dataSource().getConnection()) {
            late.setAutoCommit(false);
            MyBatisRecorders recorders = MyBatisRecorders.over(database.dataSource());
            Words words = new Words(recorders);
            // More than two pages.
            String[] all = IntStream.range(0, 1_203).mapToObj(Integer::toString).toArray(String[]::new);
            words.say(all);
            Echo echo = declares ? Echo.ofWords("Words", recorders) : new Echo(recorders);
            echo.repeats = false;
            echo.follow(words);
            echo.before = (word, processing) -> {
                if (word.equals("400") && database.count("stored_events") == 1_203) {
                    database.execute("VACUUM FULL stored_events");
                    append(late);
                    words.say("1203");
                }
            };

            long processed = echo.pullAndProcess("Words");

            assertThat(processed).isEqualTo(500);
            late.commit();
            assertThat(echo.pullAndProcess("Words")).isEqualTo(704);
            assertThat(echo.seen).hasSize(1_204).doesNotHaveDuplicates();
        }
    }

    private static void append(Connection late) {
        try (Statement statement = late.createStatement()) {
            statement.execute(
                    "INSERT INTO stored_events (application_name, originator_id, originator_version, topic, state)"
                            + " VALUES ('Others', '00000000-0000-0000-0000-000000000001', 1, 'Late', '\\x01')");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
