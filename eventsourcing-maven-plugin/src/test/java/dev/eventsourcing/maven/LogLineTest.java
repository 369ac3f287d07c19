package dev.eventsourcing.maven;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogLineTest {
    @Test
    void takesTheLevelThatTheToolSays() {
        assertThat(LogLine.in("\u0001warn\u0001No database is named"))
                .containsExactly(new LogLine("warn", "No database is named"));
        assertThat(LogLine.in("\u0001info\u0001ERROR is a word"))
                .containsExactly(new LogLine("info", "ERROR is a word"));
    }

    @Test
    void tellsTheToolFromALineThatTheProgramHasNotEnded() {
        assertThat(LogLine.in("Loading ..\u0001print\u0001{"))
                .containsExactly(new LogLine("info", "Loading .."), new LogLine("print", "{"));
    }

    @Test
    void takesTheLevelOfTheBindingThatStandsIn() {
        assertThat(LogLine.in("WARN Running out")).containsExactly(new LogLine("warn", "Running out"));
        assertThat(LogLine.in("ERROR Ran out")).containsExactly(new LogLine("error", "Ran out"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "debug | 18:04:11.123 [main] DEBUG com.zaxxer.hikari.HikariConfig -- maxLifetime.....1800000",
                "debug | 2026-11-23 18:04:11,123 DEBUG [main] org.acme.School: opened",
                "debug | [main] DEBUG org.acme.School - opened",
                "trace | 18:04:11.123 [pool-1-thread-1] TRACE org.acme.School -- opened",
                "info | 2026-11-23T18:04:11.123+01:00  INFO 4711 --- [main] org.acme.School : opened",
                "warn | 18:04:11.123 [main] WARN  org.acme.School -- nearly full",
                "warn | [2026-11-23 18:04:11] WARN org.acme.School nearly full",
                "error | 2026-11-23 18:04:11.123 ERROR org.acme.School - full",
                "info | INFO: opened"
            })
    void takesTheLevelWithWhichALineOfTheProgramsLogBegins(String level, String line) {
        assertThat(LogLine.in(line)).containsExactly(new LogLine(level, line));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "The DEBUG flag is set",
                "DEBUGGING",
                "Wrote 3 rows, ERROR none",
                "ERRORS: 0",
                "[school] Fido sits",
                "    at org.acme.School.open(School.java:12)",
                "\u0001"
            })
    void takesAllElseForInformation(String line) {
        assertThat(LogLine.in(line)).containsExactly(new LogLine("info", line));
    }
}
