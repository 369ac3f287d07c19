package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.eventsourcing.persistence.CannotConnectException;
import dev.eventsourcing.persistence.FailureKind;
import dev.eventsourcing.persistence.OutcomeUnknownException;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.VersionRange;
import dev.eventsourcing.testsupport.PostgresDatabase;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What PostgreSQL's driver makes of its own properties. */
class DriverLimitsTest {
    private static final UUID DOG = new UUID(0, 1);

    private PostgresDatabase database;

    @BeforeEach
    void openDatabase() {
        database = PostgresDatabase.migrated();
    }

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    /** A pool of one connection, so that each statement goes to the same session. */
    private HikariDataSource pool(String properties) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.url() + "&" + properties);
        config.setMaximumPoolSize(1);
        return new HikariDataSource(config);
    }

    private static List<StoredEvent> events(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(version -> new StoredEvent(DOG, version, "Dog.Registered", new byte[2000]))
                .toList();
    }

    private static List<StoredEvent> all(ProcessRecorder recorder) {
        return recorder.selectEvents(DOG, VersionRange.all());
    }

    @Test
    void namesTheResultBufferThatIsTooSmall() {
        try (HikariDataSource pool = pool("maxResultBuffer=10K")) {
            ProcessRecorder recorder = MyBatisRecorders.over(pool).processRecorder("Dogs");
            recorder.insertEvents(events(1, 20));

            Throwable error = catchThrowable(() -> all(recorder));

            assertThat(error)
                    .isExactlyInstanceOf(PersistenceException.class)
                    .isNotInstanceOf(CannotConnectException.class)
                    .hasMessageContaining("Result set exceeded maxResultBuffer limit")
                    .hasMessageContaining("10000")
                    .hasMessageContaining("raise it in the URL, or leave it out, or read less at once")
                    .hasMessageNotContaining("no connection to")
                    .satisfies(told -> assertThat(((PersistenceException) told).failureKind())
                            .isEqualTo(FailureKind.LASTING));
            assertThat(recorder.maxNotificationId()).hasValue(20);
        }
    }

    @Test
    void doesNotSayThatAnAppendWhoseAnswerIsTooLargeWasNotRecorded() {
        try (HikariDataSource pool = pool("maxResultBuffer=100")) {
            ProcessRecorder recorder = MyBatisRecorders.over(pool).processRecorder("Dogs");

            Throwable error = catchThrowable(() -> recorder.insertEvents(events(1, 200)));

            assertThat(error).isInstanceOf(OutcomeUnknownException.class).hasMessageContaining("maxResultBuffer");
        }
    }
}
