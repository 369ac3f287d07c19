package dev.eventsourcing.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.domain.ConfigurationException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ToolOptionsTest {
    @Test
    void readsACommandLine() {
        ToolOptions options =
                ToolOptions.parse(List.of("-Drunner=a.B::c", "-Ddry-run", "-Dfollowers=A, B", "-Dbatch-size=20"));

        assertThat(options.text(ToolOptions.RUNNER)).contains("a.B::c");
        assertThat(options.flag(ToolOptions.DRY_RUN)).isTrue();
        assertThat(options.names(ToolOptions.FOLLOWERS)).containsExactly("A", "B");
        assertThat(options.number(ToolOptions.BATCH_SIZE)).hasValue(20);
    }

    @Test
    void takesWhatIsNotThereForNothing() {
        ToolOptions options = new ToolOptions(Map.of());

        assertThat(options.text(ToolOptions.RUNNER)).isEmpty();
        assertThat(options.flag(ToolOptions.DRY_RUN)).isFalse();
        assertThat(options.names(ToolOptions.FOLLOWERS)).isEmpty();
        assertThat(options.number(ToolOptions.BATCH_SIZE)).isEmpty();
    }

    @Test
    void refusesAnOptionItDoesNotKnow() {
        assertThatThrownBy(() -> ToolOptions.parse(List.of("-DdryRun")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("Unknown option dryRun. Known options: ")
                .hasMessageContaining("dry-run");
    }

    @Test
    void refusesAnArgumentThatIsNoOption() {
        assertThatThrownBy(() -> ToolOptions.parse(List.of("--dry-run")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("Argument --dry-run is not of the form -Dname=value.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yes", "TRUE", "1"})
    void refusesFlagsThatAreNeitherTrueNorFalse(String value) {
        ToolOptions options = new ToolOptions(Map.of(ToolOptions.DRY_RUN, value));

        assertThatThrownBy(() -> options.flag(ToolOptions.DRY_RUN))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("-Ddry-run=" + value + " is neither true nor false.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "true", "ten", " 5", "5.0", "+5", "1e3", "0x10", "\u0665", "1000000000"})
    void refusesNumbersThatAreNone(String value) {
        ToolOptions options = new ToolOptions(Map.of(ToolOptions.BATCH_SIZE, value));

        assertThatThrownBy(() -> options.number(ToolOptions.BATCH_SIZE))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("-Dbatch-size=" + value + " is not a whole number of at most nine digits.");
    }

    @ParameterizedTest
    @CsvSource({
        "500ms, PT0.5S",
        "30s, PT30S",
        "5m, PT5M",
        "2h, PT2H",
        "0s, PT0S",
        "PT30S, PT30S",
        "PT1M30.5S, PT1M30.5S",
        "P1D, PT24H",
        "999999999ms, PT277H46M39.999S"
    })
    void readsTimes(String value, String time) {
        ToolOptions options = new ToolOptions(Map.of(ToolOptions.PATIENCE, value));

        assertThat(options.duration(ToolOptions.PATIENCE)).contains(Duration.parse(time));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "true", "30", "30 s", "1.5s", "-5s", "5S", "5min", "1m30s", "PT", "P400D", "9999999999ms"})
    void refusesTimesThatAreNone(String value) {
        ToolOptions options = new ToolOptions(Map.of(ToolOptions.PATIENCE, value));

        assertThatThrownBy(() -> options.duration(ToolOptions.PATIENCE))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "-Dpatience=" + value + " is no time up to a year. Write a whole number and its unit, as 500ms,"
                                + " 30s, 5m or 2h; or leave the option out.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yes", "TRUE", "Plan", "plan "})
    void refusesWordsThatItDoesNotKnow(String value) {
        ToolOptions options = new ToolOptions(Map.of(ToolOptions.DRY_RUN, value));

        assertThatThrownBy(() -> options.oneOf(ToolOptions.DRY_RUN, "false", "true", "plan"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("-Ddry-run=" + value
                        + " is none of false, true, plan. Write one of them, or leave the option" + " out for false.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ".", "a\u0000b"})
    void refusesFilesThatAreNone(String value) {
        ToolOptions options = new ToolOptions(Map.of(ToolOptions.OUTPUT, value));

        assertThatThrownBy(() -> options.file(ToolOptions.OUTPUT))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("names no file");
    }

    @Test
    void takesFilesFromTheFolderItRunsIn() {
        ToolOptions options = new ToolOptions(Map.of(ToolOptions.OUTPUT, "target/a b.txt"));

        assertThat(options.file(ToolOptions.OUTPUT))
                .contains(Path.of("target/a b.txt").toAbsolutePath());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ",", "A,", "A,,B"})
    void refusesNamesThatAreEmpty(String value) {
        ToolOptions options = new ToolOptions(Map.of(ToolOptions.FOLLOWERS, value));

        assertThatThrownBy(() -> options.names(ToolOptions.FOLLOWERS))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("has an empty name");
    }

    @Test
    void refusesAPasswordInTheCommandLineWithoutRepeatingIt() {
        assertThatThrownBy(() -> ToolOptions.parse(List.of("-Deventsourcing.password=canary")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("EVENTSOURCING_PASSWORD")
                .hasMessageNotContaining("canary");
    }

    @Test
    void handsOnWhatConcernsTheConnectionAlone() {
        ToolOptions options = new ToolOptions(Map.of("eventsourcing.url", "jdbc:h2:mem:", "runner", "a.B::c"));

        assertThat(options.connection()).containsExactly(Map.entry("eventsourcing.url", "jdbc:h2:mem:"));
    }
}
