package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.persistence.MigrationPlan;
import dev.eventsourcing.persistence.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class H2FileTest {
    @TempDir
    Path folder;

    @Test
    void aPlanMakesNoFile() throws Exception {
        String url = "jdbc:h2:file:" + folder.resolve("events") + ";AUTO_SERVER=TRUE";
        try (MyBatisRecorders recorders = MyBatisRecorders.fromSettings(
                Settings.of(Map.of("eventsourcing.url", url, "eventsourcing.schema", "Events")))) {
            MigrationPlan plan = recorders.schema().plan();

            try (var files = Files.list(folder)) {
                assertThat(files).isEmpty();
            }
            assertThat(plan.database()).contains("a file that is not there yet").doesNotContain("AUTO_SERVER");
            assertThat(plan.pending()).hasSize(6);
            assertThat(plan.script()).contains("CREATE SCHEMA IF NOT EXISTS \"Events\"");
            recorders.schema().migrate();
            assertThat(recorders.schema().plan().pending()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:h2:mem:events",
                "jdbc:h2:tcp://localhost/~/events",
                "jdbc:h2:ssl://localhost/events",
                "jdbc:h2:nio:/nowhere/events",
                "jdbc:h2:file:/nowhere/events;IFEXISTS=TRUE",
                "jdbc:postgresql://localhost/events"
            })
    void onlyAFileMayBeMissing(String url) {
        assertThat(H2File.isMissing(url)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:h2:file:/nowhere/events;AUTO_SERVER=TRUE",
                "jdbc:h2:./target/nowhere/events",
                "jdbc:h2:~/nowhere/events",
                "JDBC:H2:C:/nowhere/events"
            })
    void aFileThatIsNotThereIsMissing(String url) {
        assertThat(H2File.isMissing(url)).isTrue();
    }
}
