package dev.eventsourcing.benchmark;

import java.util.ArrayList;
import java.util.List;

/** A table of text: the first column stands left, the others right. */
final class Table {
    private final List<String[]> rows = new ArrayList<>();

    Table(String... columns) {
        rows.add(columns);
    }

    void row(String... cells) {
        rows.add(cells);
    }

    void print(String title) {
        System.out.println(System.lineSeparator() + title + System.lineSeparator());
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.length; column++) {
                int index = column;
                int width = rows.stream()
                        .mapToInt(cells -> cells[index].length())
                        .max()
                        .orElse(1);
                line.append("  ").append(("%" + (column == 0 ? "-" : "") + width + "s").formatted(row[column]));
            }
            System.out.println(line.toString().stripTrailing());
        }
    }

    /** A rate, short. */
    static String number(double value) {
        return (value < 100 ? "%,.1f" : "%,.0f").formatted(value);
    }

    static String ratio(double value) {
        return "%.2f".formatted(value);
    }
}
