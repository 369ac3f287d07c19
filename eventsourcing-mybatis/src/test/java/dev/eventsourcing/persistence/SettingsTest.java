package dev.eventsourcing.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.domain.ConfigurationException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    private static final Setting URL = Setting.open("url", "a file", "where the database is");
    private static final Setting POOL_SIZE = Setting.open("pool-size", "10", "most connections");
    private static final Setting USER = Setting.open("user", "none", "user");
    private static final Setting PASSWORD = Setting.secret("password", "none", "password");

    /** Each has the setting in one place more than the one before. */
    @ParameterizedTest
    @CsvSource({
        "'', '', '', ''",
        "EVENTSOURCING_URL, '', '', variable",
        "EVENTSOURCING_URL, eventsourcing.url, '', property",
        "EVENTSOURCING_URL, eventsourcing.url, eventsourcing.url, given",
        "EVENTSOURCING_TRAININGSCHOOL_URL, eventsourcing.url, eventsourcing.url, variable",
        "EVENTSOURCING_TRAININGSCHOOL_URL, eventsourcing.TrainingSchool.url, eventsourcing.url, property",
        "EVENTSOURCING_TRAININGSCHOOL_URL, eventsourcing.TrainingSchool.url, eventsourcing.TrainingSchool.url, given",
        "EVENTSOURCING_TRICKBOARD_URL, eventsourcing.TrickBoard.url, eventsourcing.trainingschool.url, ''"
    })
    void looksUnderTheNameOfTheApplicationFirst(String variable, String property, String given, String found) {
        Settings settings = Settings.of(
                        Map.of(given, "given"), Map.of(property, "property"), Map.of(variable, "variable"))
                .forApplication("TrainingSchool");

        assertThat(settings.text(URL).orElse("")).isEqualTo(found);
    }

    @Test
    void readsTheProcess() {
        System.setProperty("eventsourcing.pool-size", "7");
        try {
            Settings settings = Settings.ofProcess();

            assertThat(settings.wholeNumber(POOL_SIZE, 1, 10)).hasValue(7);
            assertThat(Settings.of(Map.of("eventsourcing.pool-size", "8")).wholeNumber(POOL_SIZE, 1, 10))
                    .hasValue(8);
        } finally {
            System.clearProperty("eventsourcing.pool-size");
        }
    }

    @Test
    void takeWhatTheProcessWasHandedBeforeItsPropertiesAndKeepItToThemselves() {
        System.setProperty("eventsourcing.password", "of the property");
        Settings.handToProcess(
                "server school of settings.xml",
                Map.of("eventsourcing.password", "canary", "eventsourcing.user", "", "other", "canary"));
        try {
            Settings settings = Settings.ofProcess();

            assertThat(settings.forApplication("TrainingSchool").text(PASSWORD)).hasValue("canary");
            assertThat(settings.origins(USER, PASSWORD)).hasValue("server school of settings.xml");
            assertThat(settings.text(USER)).isEmpty();
            assertThat(Settings.of(Map.of("eventsourcing.password", "given")).text(PASSWORD))
                    .hasValue("given");
            assertThat(settings + settings.describe()).doesNotContain("canary");
            assertThat(System.getProperties().toString()).doesNotContain("canary");
        } finally {
            Settings.handToProcess("nobody", Map.of());
            System.clearProperty("eventsourcing.password");
        }
    }

    @Test
    void sayInWordsWhereValuesComeFrom() {
        Settings settings = Settings.of(
                        Map.of("eventsourcing.url", "given"),
                        Map.of("eventsourcing.pool-size", "5"),
                        Map.of("EVENTSOURCING_USER", "me", "EVENTSOURCING_TRAININGSCHOOL_PASSWORD", "canary"))
                .forApplication("TrainingSchool");

        assertThat(settings.origins(USER, PASSWORD))
                .hasValue("environment variables EVENTSOURCING_USER and EVENTSOURCING_TRAININGSCHOOL_PASSWORD");
        assertThat(settings.origins(POOL_SIZE, USER))
                .hasValue("system property eventsourcing.pool-size and environment variable EVENTSOURCING_USER");
        assertThat(settings.origins(URL)).hasValue("given eventsourcing.url");
        assertThat(settings.origins(Settings.CACHE)).isEmpty();
    }

    @Test
    void areNotChangedByWhatIsSetLater() {
        Settings settings = Settings.ofProcess();

        System.setProperty("eventsourcing.pool-size", "7");
        try {
            assertThat(settings.text(POOL_SIZE)).isEmpty();
        } finally {
            System.clearProperty("eventsourcing.pool-size");
        }
    }

    @ParameterizedTest
    @CsvSource({"Dogs.and-Cats:1, EVENTSOURCING_DOGS_AND_CATS_1_POOL_SIZE", "Hündin$, EVENTSOURCING_HÜNDIN__POOL_SIZE"})
    void writesTheNameOfAnApplicationAsVariablesAreWritten(String application, String variable) {
        Settings settings =
                Settings.of(Map.of(), Map.of(), Map.of(variable, "3")).forApplication(application);

        assertThat(settings.text(POOL_SIZE)).contains("3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  "})
    void takesABlankValueForNoneAndLooksNoFurther(String blank) {
        Settings settings = Settings.of(
                        Map.of("eventsourcing.TrainingSchool.url", blank, "eventsourcing.url", "jdbc:general"),
                        Map.of(),
                        Map.of("EVENTSOURCING_TRAININGSCHOOL_URL", "jdbc:variable"))
                .forApplication("TrainingSchool");

        assertThat(settings.text(URL)).isEmpty();
        assertThat(settings.forApplication("TrickBoard").text(URL)).contains("jdbc:general");
    }

    @Test
    void leavesOutSpacesAroundAValue() {
        assertThat(given("eventsourcing.url", " jdbc:h2:mem:dogs\t").text(URL)).contains("jdbc:h2:mem:dogs");
    }

    @Test
    void letsTheCodeFixAValue() {
        Settings settings = Settings.of(Map.of("eventsourcing.TrainingSchool.url", "jdbc:given"))
                .fixed(URL, "jdbc:code")
                .forApplication("TrainingSchool");

        assertThat(settings.text(URL)).contains("jdbc:code");
    }

    @ParameterizedTest
    @ValueSource(strings = {"y", "yes", "t", "true", "on", "1", "YES", "True", "oN"})
    void knowsTheWordsForYes(String word) {
        assertThat(given("eventsourcing.url", word).flag(URL)).contains(true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"n", "no", "f", "false", "off", "0", "NO", "False", "oFF"})
    void knowsTheWordsForNo(String word) {
        assertThat(given("eventsourcing.url", word).flag(URL)).contains(false);
    }

    @Test
    void takesABlankFlagForNone() {
        assertThat(given("eventsourcing.url", "").flag(URL)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "ja", "truee", "-"})
    void refusesOtherWords(String word) {
        assertThatThrownBy(() -> given("eventsourcing.url", word).flag(URL))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("eventsourcing.url=" + word + " (given)", "neither yes", "nor no");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "11", "-1", "1.5", "ten", "99999999999999999999", "1_0"})
    void refusesWhatIsNoNumberWithinTheBounds(String value) {
        assertThatThrownBy(() -> given("eventsourcing.pool-size", value).wholeNumber(POOL_SIZE, 1, 10))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("eventsourcing.pool-size=" + value + " (given) is no whole number from 1 to 10."
                        + " Correct it, or leave it out for the default: 10.");
    }

    @Test
    void namesTheKeyAsItIsWritten() {
        Settings variable = Settings.of(Map.of(), Map.of(), Map.of("EVENTSOURCING_TRAININGSCHOOL_POOL_SIZE", "many"))
                .forApplication("TrainingSchool");
        Settings property = Settings.of(Map.of(), Map.of("eventsourcing.pool-size", "many"), Map.of())
                .forApplication("TrainingSchool");

        assertThatThrownBy(() -> variable.wholeNumber(POOL_SIZE, 1, 10))
                .hasMessageStartingWith("EVENTSOURCING_TRAININGSCHOOL_POOL_SIZE=many (environment variable) is");
        assertThatThrownBy(() -> property.wholeNumber(POOL_SIZE, 1, 10))
                .hasMessageStartingWith("eventsourcing.pool-size=many (system property) is");
    }

    @Test
    void knowsTheConstantsOfAnEnumeration() {
        assertThat(given("eventsourcing.url", "two-words").oneOf(URL, Kind.class))
                .contains(Kind.TWO_WORDS);
        assertThatThrownBy(() -> given("eventsourcing.url", "three").oneOf(URL, Kind.class))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("eventsourcing.url=three (given) is none of one, two-words.");
    }

    @Test
    void neverShowsASecret() {
        Settings settings = given("eventsourcing.password", "hunter2");

        assertThat(settings.toString()).contains("eventsourcing.password").doesNotContain("hunter2");
        assertThat(settings.unusable(PASSWORD, "is weak"))
                .hasMessageContaining("eventsourcing.password=*** (given) is weak")
                .message()
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://host/db?password=hunter2, jdbc:postgresql://host/db?password=***",
        "jdbc:postgresql://host/db?user=me&sslpassword=hunter2&x=y, jdbc:postgresql://host/db?user=me&sslpassword=***",
        "jdbc:h2:mem:dogs;USER=sa;PASSWORD=a\\;hunter2, jdbc:h2:mem:dogs;USER=sa;PASSWORD=***",
        "jdbc:postgresql://me:hunt/er2@host/db, jdbc:postgresql://***@host/db",
        "jdbc:postgresql://me:hun@ter2@host/db, jdbc:postgresql://***@host/db",
        "jdbc:oracle:thin:me/hunter2@//host:1521/db, jdbc:oracle:thin://***@//host:1521/db",
        "jdbc:h2:mem:dogs;PASSWD=hunter2, jdbc:h2:mem:dogs;PASSWD=***",
        "jdbc:h2:mem:dogs;LOCK_TIMEOUT=1, jdbc:h2:mem:dogs;LOCK_TIMEOUT=1"
    })
    void masksWhatIsSecretInAUrl(String url, String masked) {
        assertThat(URL.masked(url)).isEqualTo(masked);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Url", "pool_size", "-a", "a-", "a.b", "a--b"})
    void haveKeysOfOneForm(String key) {
        assertThatThrownBy(() -> Setting.open(key, "", "")).isInstanceOf(ConfigurationException.class);
    }

    private static Settings given(String name, String value) {
        return Settings.of(Map.of(name, value), Map.of(), Map.of());
    }

    private enum Kind {
        ONE,
        TWO_WORDS
    }
}
