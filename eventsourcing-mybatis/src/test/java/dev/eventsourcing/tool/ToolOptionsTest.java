package dev.eventsourcing.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.domain.ConfigurationException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
