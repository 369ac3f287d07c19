package dev.eventsourcing.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.persistence.mybatis.EventStoreSchema;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Four followers stay tens of thousands of events, of half a kilobyte each, behind their leader, in a JVM that has no room for what is
 * between: the log is their queue.
 */
class ConstantMemoryTest {
    @TempDir
    private Path folder;

    @Test
    void isEnoughForSlowFollowersOnH2() throws Exception {
        try (TestDatabase database = H2Database.shared(folder)) {
            EventStoreSchema.over(database.dataSource()).migrate();

            assertAllIsProcessed(outputOfAProgramWithLittleMemory(database));
        }
    }

    @Test
    void isEnoughForSlowFollowersOnPostgres() throws Exception {
        try (TestDatabase database = PostgresDatabase.migrated()) {
            assertAllIsProcessed(outputOfAProgramWithLittleMemory(database));
        }
    }

    private static void assertAllIsProcessed(String output) {
        assertThat(output)
                .contains("processed" + (" " + SlowSystem.EVENTS).repeat(3) + " " + SlowSystem.EVENTS_OF_THE_FIRST
                        + " []");
    }

    private String outputOfAProgramWithLittleMemory(TestDatabase database) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SlowSystem.class.getName(),
                        database.url())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS))
                    .as(() -> "ended in time")
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(output, StandardCharsets.UTF_8);
    }
}
