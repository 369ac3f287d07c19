package dev.eventsourcing.application;

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

            assertThat(outputOfAProgramWithLittleMemory(database)).contains("100000 100000 100000 100000");
        }
    }

    @Test
    void needsConstantMemoryOnPostgres() throws Exception {
        try (TestDatabase database = PostgresDatabase.migrated()) {
            assertThat(outputOfAProgramWithLittleMemory(database)).contains("100000 100000 100000 100000");
        }
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
                        LongHistory.class.getName(),
                        database.url())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(output, StandardCharsets.UTF_8);
    }
}
