package dev.eventsourcing.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.persistence.mybatis.EventStoreSchema;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.LittleMemory;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.Slow;
import dev.eventsourcing.testsupport.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 20,000 events of half a kilobyte each are read in a JVM that has no room for all of them, page by page.
 */
@Slow("writes and reads thousands of events in a JVM of its own, in which the collector has much to do")
class LongHistoryTest {
    @TempDir
    private Path folder;

    @Test
    void needsConstantMemoryOnH2() throws Exception {
        try (TestDatabase database = H2Database.shared(folder)) {
            EventStoreSchema.over(database.dataSource()).migrate();

            assertThat(LittleMemory.outputOf(LongHistory.class, database, folder))
                    .contains("20000 20000 20000 20000");
        }
    }

    @Test
    void needsConstantMemoryOnPostgres() throws Exception {
        try (TestDatabase database = PostgresDatabase.migrated()) {
            assertThat(LittleMemory.outputOf(LongHistory.class, database, folder))
                    .contains("20000 20000 20000 20000");
        }
    }
}
