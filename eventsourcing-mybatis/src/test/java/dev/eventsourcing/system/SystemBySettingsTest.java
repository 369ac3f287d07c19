package dev.eventsourcing.system;

import static dev.eventsourcing.system.Pipe.pipe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.persistence.CipherKeys;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.Settings;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import training.Diplomas;
import training.TrainingSchool;

/** One program; where it keeps its events, only settings say. */
class SystemBySettingsTest {
    @TempDir
    private Path folder;

    private static void runs(Map<String, String> settings) {
        try (RecorderFactory recorders = RecorderFactory.fromSettings(Settings.of(settings));
                SingleThreadedRunner runner = new SingleThreadedRunner(
                        EventDrivenSystem.of(pipe(TrainingSchool.class, Diplomas.class)), recorders)) {
            TrainingSchool school = runner.get(TrainingSchool.class);
            Diplomas diplomas = runner.get(Diplomas.class);
            school.migrations().ifPresent(migrations -> migrations.migrate());
            diplomas.migrations().ifPresent(migrations -> migrations.migrate());
            runner.start();

            school.register("Fido");
            school.addTrick("Fido", "sit");
            school.addTrick("Fido", "fetch");
            school.addTrick("Fido", "roll over");

            assertThat(runner.failures()).isEmpty();
            assertThat(school.tricksOf("Fido")).hasSize(3);
            assertThat(diplomas.hasDiploma("Fido")).isTrue();
        }
    }

    private static Map<String, String> of(String application, Map<String, String> settings) {
        Map<String, String> renamed = new HashMap<>();
        settings.forEach((name, value) ->
                renamed.put(name.replace("eventsourcing.", "eventsourcing." + application + "."), value));
        return renamed;
    }

    private H2Database file(String name) throws java.io.IOException {
        return H2Database.shared(Files.createDirectories(folder.resolve(name)));
    }

    private static void assertTheyAreApart(TestDatabase leader, TestDatabase follower) {
        assertThat(leader.column("SELECT DISTINCT application_name FROM stored_events"))
                .containsExactly("TrainingSchool");
        assertThat(leader.count("notification_tracking")).isZero();
        assertThat(follower.column("SELECT DISTINCT application_name FROM stored_events"))
                .containsExactly("Diplomas");
        assertThat(follower.column("SELECT notification_id FROM notification_tracking"))
                .containsExactly("4");
    }

    @Test
    void leaderAndFollowerInOneDatabase() throws java.io.IOException {
        try (TestDatabase both = file("both")) {
            runs(both.settings());

            assertThat(both.column("SELECT DISTINCT application_name FROM stored_events ORDER BY 1"))
                    .containsExactly("Diplomas", "TrainingSchool");
        }
    }

    @Test
    void aFollowerInAnotherFile() throws java.io.IOException {
        try (TestDatabase leader = file("leader");
                TestDatabase follower = file("follower")) {
            Map<String, String> settings = new HashMap<>(leader.settings());
            settings.putAll(of("Diplomas", follower.settings()));

            runs(settings);

            assertTheyAreApart(leader, follower);
        }
    }

    @Test
    void aFollowerOnPostgresqlAndNoDatabaseForTheOthers() throws java.io.IOException {
        try (TestDatabase leader = file("leader");
                TestDatabase follower = PostgresDatabase.empty()) {
            Map<String, String> settings = new HashMap<>(of("TrainingSchool", leader.settings()));
            settings.putAll(of("Diplomas", follower.settings()));

            runs(settings);

            assertTheyAreApart(leader, follower);
        }
    }

    @Test
    void allInMemory() {
        runs(Map.of("eventsourcing.persistence", "memory"));
    }

    @Test
    void aFollowerInMemoryBehindALeaderInADatabase() throws java.io.IOException {
        try (TestDatabase leader = file("leader")) {
            Map<String, String> settings = new HashMap<>(leader.settings());
            settings.put("eventsourcing.Diplomas.persistence", "memory");

            runs(settings);

            assertThat(leader.column("SELECT DISTINCT application_name FROM stored_events"))
                    .containsExactly("TrainingSchool");
        }
    }

    /** P22. */
    @Test
    void leaderAndFollowerHaveCompressorsAndKeysOfTheirOwn() throws java.io.IOException {
        try (TestDatabase both = file("both")) {
            Map<String, String> settings = new HashMap<>(both.settings());
            settings.put("eventsourcing.compressor", "deflate");
            settings.put("eventsourcing.TrainingSchool.cipher-keys", "7:" + CipherKeys.newKey(256));
            settings.put("eventsourcing.Diplomas.cipher-keys", "8:" + CipherKeys.newKey(128));

            runs(settings);

            assertThat(keysUsedBy("TrainingSchool", both)).containsExactly("07");
            assertThat(keysUsedBy("Diplomas", both)).containsExactly("08");
        }
    }

    /** The byte behind the one of the format, where that says that the state is encrypted. */
    private static List<String> keysUsedBy(String application, TestDatabase database) {
        return database.column("SELECT DISTINCT SUBSTRING(RAWTOHEX(state) FROM 3 FOR 2) FROM stored_events"
                + " WHERE application_name = '" + application + "' AND SUBSTRING(RAWTOHEX(state) FROM 1 FOR 1) = '4'");
    }
}
