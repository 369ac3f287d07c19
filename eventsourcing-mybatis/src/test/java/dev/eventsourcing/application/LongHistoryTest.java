package dev.eventsourcing.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.persistence.mybatis.EventStoreSchema;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.LittleMemory;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 100,000 events of half a kilobyte each are read in a JVM that has no room for all of them, page by page; a page that cost more
 * the more events there are would take longer than is waited for.
 */
class LongHistoryTest {
    @TempDir
    private Path folder;

    @Test
    void needsConstantMemoryOnH2() throws Exception {
        try (TestDatabase database = H2Database.shared(folder)) {
            EventStoreSchema.over(database.dataSource()).migrate();

            assertThat(LittleMemory.outputOf(LongHistory.class, database, folder))
                    .contains("100000 100000 100000 100000");
        }
    }

    @Test
    void needsConstantMemoryOnPostgres() throws Exception {
        try (TestDatabase database = PostgresDatabase.migrated()) {
            assertThat(LittleMemory.outputOf(LongHistory.class, database, folder))
                    .contains("100000 100000 100000 100000");
        }
    }
}
