package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.Position;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.Tracking;
import dev.eventsourcing.persistence.VersionRange;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.TestDatabase;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings of the driver that change how statements reach the server. */
class PostgresDriverSettingsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"preferQueryMode=simple", "prepareThreshold=0", "prepareThreshold=1", "binaryTransfer=false"})
    void doNotChangeWhatIsStoredAndRead(String setting) {
        UUID dog = new UUID(0, 1);
        byte[] everyByte = new byte[256];
        for (int i = 0; i < everyByte.length; i++) {
            everyByte[i] = (byte) i;
        }
        List<StoredEvent> events = List.of(
                new StoredEvent(dog, 1, "Dog.Registered", everyByte),
                new StoredEvent(dog, 2, "it's \"quoted\" {,} \\ ?", new byte[0]));
        try (TestDatabase database = PostgresDatabase.migrated();
                HikariDataSource pool = TestDatabase.pool(database.url() + "&" + setting)) {
            MyBatisRecorders recorders = MyBatisRecorders.over(pool);
            ProcessRecorder recorder = recorders.processRecorder("Dogs");

            recorder.insertEvents(events, Tracking.first("Cats", 1));
            recorder.insertEvents(List.of(), Tracking.after("Cats", new Position(1, 0), 2));
            recorders.snapshotRecorder("Dogs").insertEvents(events);

            for (int i = 0; i < 7; i++) {
                assertThat(recorder.selectEvents(dog, VersionRange.after(0).limit(5)))
                        .isEqualTo(events);
                assertThat(recorders.snapshotRecorder("Dogs").selectEvents(dog, VersionRange.all()))
                        .isEqualTo(events);
                assertThat(recorder.selectNotifications(
                                NotificationSelection.after(0).topics(Set.of("Dog.Registered"))))
                        .hasSize(1);
                assertThat(recorder.maxNotificationId()).hasValue(2);
                assertThat(recorder.position("Cats")).contains(new Position(2, 0));
            }
        }
    }
}
