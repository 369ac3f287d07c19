package dev.eventsourcing.tool;

import dev.eventsourcing.system.FollowerResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** A line for each follower, in columns that stand below each other whatever stands before them. */
final class SummaryTable {
    private static final String GAP = "  ";

    private final List<FollowerResult> results;
    private final List<List<String>> columns = new ArrayList<>();

    private SummaryTable(List<FollowerResult> results) {
        this.results = results;
    }

    /** The table's lines. Numbers that are nought for all have no column. */
    static List<String> of(List<FollowerResult> results) {
        SummaryTable table = new SummaryTable(results);
        table.add("Follower", false, FollowerResult::follower);
        table.add("Result", false, result -> SyncAccount.word(result).toUpperCase(Locale.ROOT));
        table.add("Events", true, result -> Amounts.number(SyncAccount.events(result)));
        table.addNumber("Appended", SyncAccount::appended);
        table.addNumber("Parked", SyncAccount::parked);
        table.addNumber("Left", FollowerResult::left);
        table.add("Time", true, result -> Amounts.time(result.time()));
        return table.lines();
    }

    private void addNumber(String title, ToLongFunction<FollowerResult> number) {
        if (results.stream().anyMatch(result -> number.applyAsLong(result) != 0)) {
            add(title, true, result -> Amounts.number(number.applyAsLong(result)));
        }
    }

    private void add(String title, boolean right, Function<FollowerResult, String> cell) {
        List<String> cells = new ArrayList<>();
        cells.add(title);
        results.forEach(result -> cells.add(cell.apply(result)));
        int width = cells.stream().mapToInt(String::length).max().orElse(0);
        columns.add(cells.stream()
                .map(text -> ("%" + (right ? "" : "-") + width + "s").formatted(text))
                .toList());
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (int row = 0; row <= results.size(); row++) {
            int at = row;
            lines.add(String.join(
                            GAP, columns.stream().map(column -> column.get(at)).toList())
                    .stripTrailing());
        }
        return lines;
    }
}
