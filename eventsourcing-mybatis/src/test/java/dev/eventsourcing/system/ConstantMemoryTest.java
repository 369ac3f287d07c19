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

/**
 * Four followers stay thousands of events, of half a kilobyte each, behind their leader, in a JVM that has no room for what is
 * between: the log is their queue.
 */
@Slow("writes and reads thousands of events in a JVM of its own, in which the collector has much to do")
class ConstantMemoryTest {
    @TempDir
    private Path folder;

    @Test
    void isEnoughForSlowFollowersOnH2() throws Exception {
        try (TestDatabase database = H2Database.shared(folder)) {
            EventStoreSchema.over(database.dataSource()).migrate();

            assertAllIsProcessed(LittleMemory.outputOf(SlowSystem.class, database, folder));
        }
    }

    @Test
    void isEnoughForSlowFollowersOnPostgres() throws Exception {
        try (TestDatabase database = PostgresDatabase.migrated()) {
            assertAllIsProcessed(LittleMemory.outputOf(SlowSystem.class, database, folder));
        }
    }

    private static void assertAllIsProcessed(String output) {
        assertThat(output)
                .contains("processed" + (" " + SlowSystem.EVENTS).repeat(3) + " " + SlowSystem.EVENTS_OF_THE_FIRST
                        + " []");
    }
}
