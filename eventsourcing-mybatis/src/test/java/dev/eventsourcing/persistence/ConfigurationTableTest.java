package dev.eventsourcing.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import dev.eventsourcing.testsupport.Warnings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The settings that are known: in print, in the README, and told from those that are not. */
class ConfigurationTableTest {
    private static List<String> cells(String table, String key) {
        return table.lines()
                .map(String::strip)
                .filter(line -> line.startsWith(key + " "))
                .flatMap(line -> List.of(line.split(" {2,}")).stream())
                .toList();
    }

    @Test
    void saysWhatHoldsAndWhereItComesFrom() {
        Settings settings = Settings.of(
                        Map.of("eventsourcing.TrainingSchool.pool-size", "3"),
                        Map.of("eventsourcing.compressor", "zstd"),
                        Map.of("EVENTSOURCING_TRAININGSCHOOL_CACHE", "100"))
                .forApplication("TrainingSchool");

        String table = settings.describe(Map.of("snapshots", "every 50 versions", "compressor", "deflate"));

        assertThat(table).startsWith("Configuration of TrainingSchool:\n");
        assertThat(cells(table, "persistence")).containsExactly("persistence", "mybatis", "default");
        assertThat(cells(table, "pool-size"))
                .containsExactly("pool-size", "3", "eventsourcing.TrainingSchool.pool-size (given)");
        assertThat(cells(table, "compressor"))
                .containsExactly("compressor", "zstd", "eventsourcing.compressor (system property)");
        assertThat(cells(table, "cache"))
                .containsExactly("cache", "100", "EVENTSOURCING_TRAININGSCHOOL_CACHE (environment variable)");
        assertThat(cells(table, "snapshots")).containsExactly("snapshots", "every 50 versions", "code");
        assertThat(cells(table, "cipher-keys"))
                .containsExactly("cipher-keys", "as the code says, else none", "default");
        assertThat(KnownSettings.all().list())
                .filteredOn(setting -> !setting.equals(Notebook.PAGES))
                .allSatisfy(setting -> assertThat(cells(table, setting.key())).hasSize(3));
    }

    @Test
    void hasNothingOfADatabaseThatIsNotInUse() {
        String memory = Settings.of(Map.of("eventsourcing.persistence", "memory", "eventsourcing.url", "jdbc:h2:mem:"))
                .describe();
        String made = new InMemoryRecorders().settings().describe();

        assertThat(memory).doesNotContain("jdbc:h2:mem:", "pool-size").contains("cipher-keys");
        assertThat(cells(made, "persistence"))
                .containsExactly("persistence", InMemoryRecorders.class.getName(), "code");
    }

    @Test
    void masksSecrets() {
        Settings settings = Settings.of(Map.of(
                "eventsourcing.password", "hunter2",
                "eventsourcing.cipher-keys", "1:hunter2",
                "eventsourcing.url", "jdbc:postgresql://me:hunter2@host/dogs?password=hunter2"));

        String table = settings.describe(Map.of());

        assertThat(table).doesNotContain("hunter2");
        assertThat(cells(table, "password")).containsExactly("password", "***", "eventsourcing.password (given)");
        assertThat(cells(table, "cipher-keys")).contains("***");
        assertThat(cells(table, "url")).contains("jdbc:postgresql://***@host/dogs?password=***");
        assertThat(Settings.of(Map.of()).describe(Map.of("cipher-keys", "1:hunter2")))
                .doesNotContain("hunter2");
    }

    @Test
    void tellsOfNamesThatNobodyReads() {
        String table = Settings.of(Map.of("eventsourcing.compresor", "zstd"), Map.of(), Map.of())
                .describe();

        assertThat(table)
                .endsWith("\neventsourcing.compresor is set, but there is no such setting."
                        + " Is eventsourcing.compressor meant?\n")
                .doesNotContain("zstd ");
    }

    @ParameterizedTest
    @CsvSource({
        "eventsourcing.compresor, eventsourcing.compressor",
        "eventsourcing.Dogs.pool_size, eventsourcing.Dogs.pool-size",
        "EVENTSOURCING_CIPHER_KEY, EVENTSOURCING_CIPHER_KEYS",
        "EVENTSOURCING_POOLSIZE, EVENTSOURCING_POOL_SIZE"
    })
    void guessesWhatIsMeant(String name, String meant) {
        assertThat(KnownSettings.all().complaintAbout(name))
                .hasValueSatisfying(complaint -> assertThat(complaint)
                        .isEqualTo(name + " is set, but there is no such setting. Is " + meant + " meant?"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"eventsourcing.colour", "EVENTSOURCING_SERVICE_HOST", "eventsourcing."})
    void listsWhatThereIsWhereNothingIsNear(String name) {
        assertThat(KnownSettings.all().complaintAbout(name))
                .hasValueSatisfying(complaint -> assertThat(complaint).contains("Known are [cache, cipher-keys,"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "eventsourcing.url",
                "EVENTSOURCING_LOCK_TIMEOUT_MS",
                "eventsourcing.Dogs.url",
                "eventsourcing.dogs.and:cats.url",
                "EVENTSOURCING_DOGS_AND_CATS_POOL_SIZE",
                "eventsourcing.notebook-pages",
                "eventsourcing.skip",
                "eventsourcing.serverId"
            })
    void knowsItsOwnThoseOfProvidersAndThoseOfTheGoals(String name) {
        assertThat(KnownSettings.all().complaintAbout(name)).isEmpty();
    }

    /** Of the keys above all: rows would be plain, and nobody would know. */
    @Test
    void warnsOnceOfANameThatNobodyReads() {
        Settings settings = Settings.of(Map.of("eventsourcing.Dogs.cipher-key", "1:s3cret"), Map.of(), Map.of());
        try (Warnings warnings = new Warnings()) {
            StateFormat.json().configured(settings);
            StateFormat.json().configured(settings.forApplication("Cats"));

            assertThat(warnings.text().lines())
                    .singleElement()
                    .asString()
                    .contains("WARN", "eventsourcing.Dogs.cipher-key", "Is eventsourcing.Dogs.cipher-keys meant?")
                    .doesNotContain("s3cret");
        }
    }

    /** Each looks right, and would leave the application's events plain. */
    @ParameterizedTest
    @CsvSource({
        "EVENTSOURCING_TRAINING_SCHOOL_CIPHER_KEYS, EVENTSOURCING_TRAININGSCHOOL_CIPHER_KEYS",
        "EVENTSOURCING_TrainingSchool_CIPHER_KEYS, EVENTSOURCING_TRAININGSCHOOL_CIPHER_KEYS",
        "eventsourcing.trainingschool.cipher-keys, eventsourcing.TrainingSchool.cipher-keys",
        "eventsourcing.training-school.cipher-keys, eventsourcing.TrainingSchool.cipher-keys"
    })
    void warnsOfANameThatAnApplicationWouldReadIfItWereWrittenAnotherWay(String name, String meant) {
        Settings all = Settings.of(Map.of(), Map.of(name, "1:s3cret"), Map.of(name, "1:s3cret"));
        try (Warnings warnings = new Warnings()) {
            StateFormat.json().configured(all);
            StateFormat.json().configured(all.forApplication("Cats"));
            assertThat(warnings.text()).isEmpty();

            StateFormat.json().configured(all.forApplication("TrainingSchool"));

            String slip = name + " is set, and application TrainingSchool does not read it. Is " + meant + " meant?";
            assertThat(warnings.text()).contains("WARN", slip).doesNotContain("s3cret");
            assertThat(all.forApplication("TrainingSchool").describe()).contains(slip);
        }
    }

    @Test
    void everySettingStandsInTheReadmeWithItsDefault() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("../README.md"));

        assertThat(KnownSettings.all().list())
                .filteredOn(setting -> !setting.equals(Notebook.PAGES))
                .hasSizeGreaterThan(15)
                .allSatisfy(setting -> assertThat(lines)
                        .anySatisfy(line -> assertThat(line)
                                .matches("\\| (essential|frequent|infrequent) \\| `" + setting.property() + "` \\| `"
                                        + setting.variable() + "` \\| .*")
                                .contains("| " + setting.defaultValue() + " |")));
    }
}
