package dev.eventsourcing.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MigrateCommandTest {
    private static Outcome migrate(Map<String, String> options) {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        return new MigrateCommand(
                        new ToolOptions(options),
                        new Console(nowhere, false),
                        MigrateCommandTest.class.getClassLoader())
                .run();
    }

    private static Map<String, String> ordered(TestDatabase database, String ordering) {
        return Map.of("eventsourcing.url", database.url(), "eventsourcing.ordering", ordering);
    }

    @Test
    void makesTablesWithTheOrderingThatItIsTold() {
        try (TestDatabase database = PostgresDatabase.empty()) {
            assertThat(migrate(ordered(database, "counter-row"))).isEqualTo(Outcome.FINE);

            assertThat(database.column("SELECT strategy FROM event_ordering")).containsExactly("counter-row");
            assertThat(migrate(ordered(database, "table-lock"))).isEqualTo(Outcome.FINE);
            assertThat(database.column("SELECT strategy FROM event_ordering")).containsExactly("table-lock");
            assertThat(migrate(Map.of("eventsourcing.url", database.url()))).isEqualTo(Outcome.FINE);
            assertThat(database.column("SELECT strategy FROM event_ordering")).containsExactly("table-lock");
        }
    }

    @Test
    void refusesAnOrderingThatIsUnknownOrNotForTheDatabase() {
        try (TestDatabase database = H2Database.empty()) {
            assertThatThrownBy(() -> migrate(ordered(database, "barrier")))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContainingAll("eventsourcing.ordering=barrier", "readers-barrier");
            assertThatThrownBy(() -> migrate(ordered(database, "readers-barrier")))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContainingAll("readers-barrier", "On H2 use counter-row");
        }
    }
}
