package dev.eventsourcing.system;

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

/** A dry run of 15,000 events in 16 MB, in which each leads to an event, a row, and an event for another follower. */
@Slow("writes and reads thousands of events in a JVM of its own, in which the collector has much to do")
class LongDryRunTest {
    @TempDir
    private Path folder;

    @Test
    void needsLittleMemoryOnH2() throws Exception {
        try (TestDatabase database = H2Database.shared(folder)) {
            EventStoreSchema.over(database.dataSource()).migrate();

            assertAllIsRehearsed(database);
        }
    }

    @Test
    void needsLittleMemoryOnPostgres() throws Exception {
        try (TestDatabase database = PostgresDatabase.migrated()) {
            assertAllIsRehearsed(database);
        }
    }

    private void assertAllIsRehearsed(TestDatabase database) throws Exception {
        database.execute(Lines.TABLE);

        String output = LittleMemory.outputOf(LongDryRun.class, database, folder);

        assertThat(output)
                .contains("dry run [Busy{Words=15000}{Words.Spoken=15000}, Behind{Busy=15000}{}]")
                .contains("Rows[inserted=15000, updated=0, deleted=0]");
    }
}
