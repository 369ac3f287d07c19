package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Nothing in the library can drop or empty a table, whatever it is asked for. Parked events alone are deleted, one by one. */
class NothingDropsEventsTest {
    private static final Pattern HARMFUL = Pattern.compile(
            "(?i)\\bDROP\\s+(TABLE|SCHEMA|ALL|COLUMN|OWNED|DATABASE)\\b|\\bTRUNCATE\\s|DELETE\\s+FROM\\s+\\S+|<delete"
                    + "|\\.clean\\(|cleanDisabled|\\bCASCADE\\b");

    private static Map<String, List<String>> harmIn(Path folder) throws IOException {
        Map<String, List<String>> harm = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                List<String> found = HARMFUL.matcher(Files.readString(file))
                        .results()
                        .map(MatchResult::group)
                        .toList();
                if (!found.isEmpty()) {
                    harm.put(file.getFileName().toString(), found);
                }
            }
        }
        return harm;
    }

    @Test
    void noScriptAndNoStatementDropsOrEmptiesATable() throws IOException {
        assertThat(harmIn(Path.of("src/main/resources")))
                .isEqualTo(Map.of("statements.xml", List.of("DELETE FROM ${schema}parked_events")));
    }

    @Test
    void noCodeDoesEither() throws IOException {
        assertThat(harmIn(Path.of("src/main/java"))).isEmpty();
    }

    /** The search finds what it is made for. */
    @Test
    void theSearchFinds() {
        assertThat(List.of(
                        "drop table stored_events",
                        "TRUNCATE stored_events",
                        "DELETE FROM stored_events",
                        "flyway.clean()",
                        "DROP  SCHEMA x"))
                .allSatisfy(sql -> assertThat(HARMFUL.matcher(sql).find()).isTrue());
    }
}
