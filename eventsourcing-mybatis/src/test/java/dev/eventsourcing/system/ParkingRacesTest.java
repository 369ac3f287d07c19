package dev.eventsourcing.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.system.Words.Text;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.annotations.Update;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Followers that park beside other sessions, which hold locks or change what is parked. */
class ParkingRacesTest {
    public interface BoardMapper {
        @Update("UPDATE board SET words = words + 1 WHERE id = #{id}")
        int count(int id);

        @Select("SELECT words FROM board WHERE id = #{id}")
        int words(int id);
    }

    /** The events are not parked, as the lock becomes free. */
    @ParameterizedTest
    @EnumSource
    void aLockThatIsNotFreeInTimeIsTriedAgain(Product product) throws SQLException {
        try (TestDatabase database = boarded(product);
                HikariDataSource impatient = TestDatabase.pool(database.urlWithLockTimeout(100));
                MyBatisRecorders recorders = MyBatisRecorders.over(impatient, BoardMapper.class);
                Connection holder = database.dataSource().getConnection()) {
            BoardMapper board = recorders.mapper(BoardMapper.class);
            Echo echo = echo(recorders);
            List<Throwable> failures = new ArrayList<>();
            holder.setAutoCommit(false);
            update(holder, 1);
            echo.before = (word, processing) -> {
                try {
                    board.count(1);
                } catch (RuntimeException e) {
                    failures.add(e);
                    if (failures.size() == 2) {
                        rollBack(holder);
                    }
                    throw e;
                }
            };
            new Words(recorders).say("a", "b");

            assertThat(echo.pullAndProcess("Words")).isEqualTo(2);

            assertThat(failures).hasSize(2);
            assertThat(database.column("SELECT words FROM board WHERE id = 1")).containsExactly("2");
            assertThat(echo.parking().count("Words")).isZero();
            assertThat(echo.repeated()).containsExactly("a", "b");
        }
    }

    @Test
    void aTransactionThatCannotBeSerializedIsTriedAgain() {
        try (TestDatabase database = boarded(Product.POSTGRESQL);
                HikariDataSource repeatable = TestDatabase.pool(
                        database.url() + "&options=-c%20default_transaction_isolation=repeatable\\%20read");
                MyBatisRecorders recorders = MyBatisRecorders.over(repeatable, BoardMapper.class)) {
            BoardMapper board = recorders.mapper(BoardMapper.class);
            Echo echo = echo(recorders);
            List<Throwable> failures = new ArrayList<>();
            echo.before = (word, processing) -> {
                board.words(1);
                if (failures.size() < 2) {
                    database.execute("UPDATE board SET words = 10 WHERE id = 1");
                }
                try {
                    board.count(1);
                } catch (RuntimeException e) {
                    failures.add(e);
                    throw e;
                }
            };
            new Words(recorders).say("a");

            assertThat(echo.pullAndProcess("Words")).isEqualTo(1);

            assertThat(failures).hasSize(2);
            assertThat(database.column("SELECT words FROM board WHERE id = 1")).containsExactly("11");
            assertThat(echo.parking().count("Words")).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aConflictWithAnotherWriterIsTriedAgain(Product product) {
        try (TestDatabase database = product.migrated();
                MyBatisRecorders recorders = MyBatisRecorders.over(database.dataSource());
                MyBatisRecorders elsewhere = MyBatisRecorders.over(database.dataSource())) {
            Echo echo = echo(recorders);
            Echo writer = new Echo(elsewhere);
            List<String> writes = new ArrayList<>(List.of("one", "two", "three"));
            List<String> tries = new ArrayList<>();
            echo.before = (word, processing) -> {
                tries.add(word);
                echo.text();
                if (!writes.isEmpty()) {
                    Concurrently.start(() -> {
                                Text text = writer.text();
                                text.add(writes.remove(0));
                                writer.save(text);
                            })
                            .get();
                }
            };
            Text text = new Text(Echo.TEXT);
            text.add("zero");
            writer.save(text);
            new Words(recorders).say("a");

            assertThat(echo.pullAndProcess("Words")).isEqualTo(1);

            assertThat(tries).hasSizeGreaterThan(2);
            assertThat(echo.repeated()).containsExactly("zero", "one", "two", "three", "a");
            assertThat(echo.parking().count("Words")).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsParkedBehindWhatIsRetriedMeanwhile(Product product) {
        assertNothingStaysParked(product, (parking, originator) -> parking.retryAll("Words"), "a", "b");
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsParkedBehindWhatIsDroppedMeanwhile(Product product) {
        assertNothingStaysParked(product, (parking, originator) -> parking.drop("Words", originator), "b");
    }

    /** The follower knows that the originator has parked events, and before it has parked one more the last of them is gone. */
    private void assertNothingStaysParked(Product product, BiConsumer<Parking, UUID> meanwhile, String... repeated) {
        try (TestDatabase database = product.migrated();
                MyBatisRecorders recorders = MyBatisRecorders.over(database.dataSource());
                MyBatisRecorders elsewhere = MyBatisRecorders.over(database.dataSource())) {
            Interposed interposed = new Interposed(recorders);
            Echo live = echo(interposed);
            Echo other = echo(elsewhere);
            Words words = new Words(elsewhere);
            UUID first = parkOne(live, words);
            words.sayOn(first, "b");
            interposed.afterOriginators = () -> Concurrently.start(() -> meanwhile.accept(other.parking(), first))
                    .get();

            assertThat(live.pullAndProcess("Words")).isEqualTo(1);

            assertThat(live.parking().count("Words")).isZero();
            assertThat(live.repeated()).containsExactly(repeated);
        }
    }

    /** The other way around: the retry is in its policy when the follower parks one more. */
    @ParameterizedTest
    @EnumSource
    void aRetryIsRefusedIfTheFollowerParksBehindItMeanwhile(Product product) {
        try (TestDatabase database = product.migrated();
                MyBatisRecorders recorders = MyBatisRecorders.over(database.dataSource());
                MyBatisRecorders elsewhere = MyBatisRecorders.over(database.dataSource())) {
            Echo live = echo(recorders);
            Echo retrying = echo(elsewhere);
            Words words = new Words(recorders);
            UUID first = parkOne(live, words);
            retrying.before = (word, processing) -> {
                if (retrying.seen.size() == 1) {
                    Concurrently.start(() -> {
                                words.sayOn(first, "b");
                                live.pullAndProcess("Words");
                            })
                            .get();
                }
            };

            RetryResult result = retrying.parking().retry("Words", first);

            assertThat(result).isEqualTo(new RetryResult(2, 0, 0, List.of()));
            assertThat(retrying.seen).containsExactly("a", "a", "b");
            assertThat(live.repeated()).containsExactly("a", "b");
        }
    }

    /** Each process takes the parked events of whoever comes next, until none is left. */
    @ParameterizedTest
    @EnumSource
    void severalRetriesAndALiveFollowerProcessEachEventOnceAndInOrder(Product product) {
        try (TestDatabase database = product.migrated();
                MyBatisRecorders recorders = MyBatisRecorders.over(database.dataSource())) {
            Echo live = echo(recorders);
            Words words = new Words(recorders);
            live.before = failing();
            List<UUID> originators = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                originators.add(words.say(i + ".1", i + ".2", i + ".3"));
            }
            live.pullAndProcess("Words");
            live.before = (word, processing) -> {};
            List<Concurrently.Running<RetryResult>> retries = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                MyBatisRecorders own = MyBatisRecorders.over(database.dataSource());
                retries.add(Concurrently.start(() -> echo(own).parking().retryAll("Words")));
            }
            for (int i = 0; i < 6; i++) {
                words.sayOn(originators.get(i), i + ".4");
                live.pullAndProcess("Words");
            }
            long processed =
                    retries.stream().mapToLong(retry -> retry.get().processed()).sum();
            RetryResult rest = live.parking().retryAll("Words");

            assertThat(processed + rest.processed()).isBetween(18L, 24L);
            assertThat(live.parking().count("Words")).isZero();
            List<String> all = live.repeated();
            assertThat(all).hasSize(24).doesNotHaveDuplicates();
            for (int i = 0; i < 6; i++) {
                String originator = i + ".";
                assertThat(all.stream().filter(word -> word.startsWith(originator)))
                        .containsExactly(i + ".1", i + ".2", i + ".3", i + ".4");
            }
        }
    }

    private static BiConsumer<String, ProcessingEvent> failing() {
        return (word, processing) -> {
            throw new IllegalStateException("not yet");
        };
    }

    private static UUID parkOne(Echo live, Words words) {
        live.before = failing();
        UUID originator = words.say("a");
        live.pullAndProcess("Words");
        live.before = (word, processing) -> {};
        live.seen.clear();
        return originator;
    }

    private static Echo echo(RecorderFactory recorders) {
        Echo echo = new Echo(recorders);
        echo.onFailure(FailureAction.PARK);
        echo.parkingLimit(0, 0);
        echo.follow(new Words(recorders));
        return echo;
    }

    private static TestDatabase boarded(Product product) {
        TestDatabase database = product.migrated();
        database.execute("CREATE TABLE board (id INTEGER PRIMARY KEY, words INTEGER NOT NULL)");
        database.execute("INSERT INTO board VALUES (1, 0), (2, 0)");
        return database;
    }

    private static void update(Connection connection, int id) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE board SET words = words WHERE id = " + id);
        }
    }

    private static void rollBack(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The databases. */
    enum Product {
        H2,
        POSTGRESQL;

        TestDatabase migrated() {
            return this == H2 ? H2Database.migrated() : PostgresDatabase.migrated();
        }
    }
}
