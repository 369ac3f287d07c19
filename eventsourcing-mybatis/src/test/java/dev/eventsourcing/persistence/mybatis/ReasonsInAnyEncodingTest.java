package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.persistence.ParkedEvent;
import dev.eventsourcing.persistence.ParkedEvents;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.TestDatabase;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An error may say anything; the event is parked all the same. */
class ReasonsInAnyEncodingTest {
    private static final String REASON = "Größe 12 € \uD83D\uDC15 \uD83D \0 end";

    private static String stored(TestDatabase database) {
        EventStoreSchema.over(database.dataSource()).migrate();
        ParkedEvents parked = MyBatisRecorders.over(database.dataSource()).parkedEvents("School");
        parked.park(List.of(new ParkedEvent("Kennel", 7, new UUID(0, 1), 1, "Dog", REASON, 1, Instant.EPOCH)));
        return parked.select("Kennel", 0, 1).get(0).reason();
    }

    @ParameterizedTest
    @ValueSource(strings = {"LATIN1", "WIN1252", "SQL_ASCII", "EUC_JP"})
    void lettersThatADatabaseMayLackAreWrittenAsInJava(String encoding) {
        try (PostgresDatabase database = PostgresDatabase.encoded(encoding)) {
            assertThat(stored(database)).isEqualTo("Gr\\u00f6\\u00dfe 12 \\u20ac \\ud83d\\udc15 ? ? end");
        }
    }

    @Test
    void utf8HasAllLettersButHalvesAndNul() {
        String all = "Größe 12 € \uD83D\uDC15 \uFFFD \uFFFD end";
        try (TestDatabase database = PostgresDatabase.empty()) {
            assertThat(stored(database)).isEqualTo(all);
        }
        try (TestDatabase database = H2Database.empty()) {
            assertThat(stored(database)).isEqualTo(all);
        }
    }
}
