package dev.eventsourcing.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    @Test
    void putsTheCommandLineBeforeThePom() {
        CommandLine commandLine = commandLine("followers", "A", "dry-run", "false");

        assertThat(commandLine.value("followers", "B")).isEqualTo("A");
        assertThat(commandLine.flag("dry-run", "true")).isFalse();
    }

    @Test
    void takesThePomWhereTheCommandLineSaysNothing() {
        CommandLine commandLine = commandLine();

        assertThat(commandLine.value("followers", "B")).isEqualTo("B");
        assertThat(commandLine.value("followers", null)).isNull();
        assertThat(commandLine.flag("dry-run", "true")).isTrue();
        assertThat(commandLine.flag("dry-run", null)).isFalse();
    }

    @Test
    void takesAnEmptyValueForSomethingThatWasSaid() {
        assertThat(commandLine("followers", "").value("followers", "B")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yes", "no", "TRUE", "1", " true"})
    void refusesFlagsThatAreNeitherTrueNorFalse(String value) {
        CommandLine commandLine = commandLine("dry-run", value);

        assertThatThrownBy(() -> commandLine.flag("dry-run", null))
                .isInstanceOf(UsageException.class)
                .hasMessage("-Ddry-run=" + value + " is neither true nor false. Write -Ddry-run or leave it out.");
    }

    @ParameterizedTest
    @CsvSource({
        "dryRun, dry-run",
        "dryrun, dry-run",
        "eventsourcing.dry-run, dry-run",
        "eventsourcing.batchSize, batch-size",
        "maxEvents, max-events",
        "max.events, max-events",
        "timebudget, time-budget",
        "eventsourcing.yieldAfter, yield-after",
        "connectPatience, connect-patience",
        "eventsourcing.verbosity, verbosity",
        "eventsourcing.format, format",
        "junitOutput, junit-output",
        "failOnError, fail-on-error",
        "eventsourcing.batch-size, batch-size",
        "follower, followers",
        "eventsourcing.followers, followers",
        "eventsourcing.runner, runner"
    })
    void refusesFlagsThatLookLikeOurs(String slip, String meant) {
        CommandLine commandLine = commandLine(slip, "true");

        assertThatThrownBy(commandLine::refuseSlips)
                .isInstanceOf(UsageException.class)
                .hasMessage("There is no flag -D" + slip + ". Write -D" + meant + ".");
    }

    @Test
    void letsPropertiesPassThatAreNotOurs() {
        commandLine("skipTests", "true", "dry-run", "true").refuseSlips();
    }

    private static CommandLine commandLine(String... namesAndValues) {
        Properties properties = new Properties();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            properties.setProperty(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new CommandLine(properties);
    }
}
