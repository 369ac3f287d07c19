package dev.eventsourcing.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The results of comparisons: a line while they come, then a table and a file. */
final class Ratios {
    private final Map<Work, Comparison.Result> results = new EnumMap<>(Work.class);
    private final Set<Work> disqualified = EnumSet.noneOf(Work.class);

    void add(Work work, Comparison.Result result) {
        results.put(work, result);
        System.out.println("%-20s %s (%s to %s): %s beside %s %s"
                .formatted(
                        work.id,
                        Table.ratio(result.ratio()),
                        Table.ratio(result.lowest()),
                        Table.ratio(result.highest()),
                        Table.number(result.ours()),
                        Table.number(result.plain()),
                        work.unit));
    }

    /** Takes the ratio of a work back, as the two sides have not done the same; it is then in no file. */
    void disqualify(Work work) {
        disqualified.add(work);
    }

    void print() {
        if (results.isEmpty()) {
            return;
        }
        Table table = new Table("work", "ours", "plain", "unit", "ratio", "lowest", "highest", "goal", "reached");
        results.forEach((work, result) -> table.row(
                work.title,
                Table.number(result.ours()),
                Table.number(result.plain()),
                work.unit,
                Table.ratio(result.ratio()),
                Table.ratio(result.lowest()),
                Table.ratio(result.highest()),
                work.goal == 0 ? "" : Table.ratio(work.goal),
                reached(work, result.ratio())));
        table.print("Ours beside plain JDBC, operations a second; the ratio is the median of the iterations' ratios");
        System.out.println("""

                  append of several: plain JDBC is a JDBC batch with the driver's defaults (reWriteBatchedInserts off)
                  read in order: plain JDBC is one SELECT in one transaction, streamed through a cursor by 1,000; ours reads pages
                  follower: it collects an event of a new aggregate for each event""");
    }

    private String reached(Work work, double ratio) {
        if (disqualified.contains(work)) {
            return "not the same work";
        }
        return work.goal == 0 ? "" : ratio >= work.goal ? "yes" : "no";
    }

    /** Writes what has a goal. */
    void write(Path file) throws IOException {
        String json = results.entrySet().stream()
                .filter(entry -> entry.getKey().goal > 0 && !disqualified.contains(entry.getKey()))
                .map(entry -> json(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(",\n  ", "[\n  ", "\n]\n"));
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, json);
    }

    private static String json(Work work, Comparison.Result result) {
        return String.format(
                Locale.ROOT,
                "{\"work\": \"%s\", \"ratio\": %.3f, \"goal\": %.1f, \"ours\": %.1f, \"plain\": %.1f, \"unit\": \"%s\"}",
                work.id,
                result.ratio(),
                work.goal,
                result.ours(),
                result.plain(),
                work.unit);
    }
}
