package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariDataSource;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.ParkedEvent;
import dev.eventsourcing.persistence.ParkedEvents;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.Tracking;
import dev.eventsourcing.persistence.VersionRange;
import dev.eventsourcing.testsupport.TestDatabase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** H2 imitates other databases, if its URL says so. */
class H2ModesTest {
    private static final UUID DOG = new UUID(0, 1);
    private static final StoredEvent EMPTY = new StoredEvent(DOG, 1, "Dog.Registered", new byte[0]);

    private static HikariDataSource pool(String mode) {
        return TestDatabase.pool("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1;MODE=" + mode);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "REGULAR",
                "STRICT",
                "LEGACY",
                "DB2",
                "Derby",
                "HSQLDB",
                "MSSQLServer",
                "MariaDB",
                "MySQL;DATABASE_TO_LOWER=TRUE",
                "PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH"
            })
    void everyStatementWorksInAModeThatStoresWhatItIsGiven(String mode) {
        try (HikariDataSource pool = pool(mode)) {
            EventStoreSchema.over(pool).migrate();
            MyBatisRecorders recorders = MyBatisRecorders.over(pool);
            ProcessRecorder recorder = recorders.processRecorder("School");
            ParkedEvents parked = recorders.parkedEvents("School");

            List<Long> ids = recorder.insertEvents(List.of(EMPTY), Tracking.first("Kennel", 7));
            recorders.snapshotRecorder("School").insertEvents(List.of(EMPTY));
            parked.park(List.of(new ParkedEvent("Kennel", 7, DOG, 1, "", "", 1, Instant.EPOCH)));

            assertThat(recorder.selectEvents(DOG, VersionRange.all())).containsExactly(EMPTY);
            assertThat(recorders.snapshotRecorder("School").selectEvents(DOG, VersionRange.all()))
                    .containsExactly(EMPTY);
            NotificationSelection all = NotificationSelection.after(0);
            for (NotificationSelection selection : List.of(
                    all,
                    all.withMarks(),
                    all.topics(Set.of(EMPTY.topic())).withMarks(),
                    all.exceptTopics(Set.of("x")))) {
                assertThat(recorder.selectNotifications(selection))
                        .containsExactly(new Notification(ids.get(0), EMPTY));
            }
            assertThat(recorder.end().recorded()).isEqualTo(ids.get(0));
            assertThat(recorder.backlog(0)).get().extracting("events").isEqualTo(1L);
            assertThat(recorder.countByTopic(all)).contains(Map.of(EMPTY.topic(), 1L));
            assertThat(recorder.containsAny(List.of(EMPTY))).isTrue();
            assertThat(parked.select("Kennel", 0, 5)).hasSize(1);
            assertThat(parked.select("Kennel", DOG, 0, 5)).hasSize(1);
            assertThat(parked.originators("Kennel", Set.of(DOG))).containsExactly(DOG);
            assertThat(recorders.sharedStore().heads(List.of("School"))).containsEntry("School", ids.get(0));
        }
    }

    @Test
    void aModeThatStoresEmptyTextsAsNullIsRefusedBeforeAnythingIsMade() {
        try (HikariDataSource pool = pool("Oracle")) {
            for (Runnable asked : List.<Runnable>of(
                    EventStoreSchema.over(pool)::migrate,
                    EventStoreSchema.over(pool)::plan,
                    () -> MyBatisRecorders.over(pool).processRecorder("School").insertEvents(List.of(EMPTY)))) {
                assertThatExceptionOfType(ConfigurationException.class)
                        .isThrownBy(asked::run)
                        .withMessageContaining("leave MODE=Oracle out of the URL");
            }
        }
    }
}
