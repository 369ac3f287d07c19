package dev.eventsourcing.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A table of programs whose rows differ in the size of something. All take turns, in rounds, so that a slow minute falls on all
 * rows; each rate stands beside its share of the first row's, the median of the rounds' shares.
 */
final class Growth {
    private final List<String> columns;
    private final boolean comparedWithLast;
    private final int rounds;
    private final List<Row> rows = new ArrayList<>();

    /**
     * Makes a table without rows.
     *
     * @param rounds how many count, behind one to warm up
     * @param comparedWithLast whether the others have a ratio to the last column too, such as plain JDBC's
     */
    Growth(int rounds, boolean comparedWithLast, List<String> columns) {
        this.rounds = rounds;
        this.columns = columns;
        this.comparedWithLast = comparedWithLast;
    }

    void row(String name, int threads, List<Program> programs) {
        rows.add(new Row(name, threads, programs, new double[programs.size()][rounds]));
    }

    /** Lets them all run and prints what they did. */
    void print(String title) throws Exception {
        measure();
        List<String> header = new ArrayList<>(List.of(columns.get(0)));
        for (int column = 1; column < columns.size(); column++) {
            header.addAll(List.of(columns.get(column), "of first"));
            if (comparedWithLast && column < columns.size() - 1) {
                header.add("of " + columns.get(columns.size() - 1));
            }
        }
        Table table = new Table(header.toArray(String[]::new));
        for (Row row : rows) {
            List<String> cells = new ArrayList<>(List.of(row.name));
            for (int column = 0; column < row.rates.length; column++) {
                cells.add(Table.number(Comparison.median(row.rates[column].clone())));
                cells.add(share(row.rates[column], rows.get(0).rates[column]));
                if (comparedWithLast && column < row.rates.length - 1) {
                    cells.add(share(row.rates[column], row.rates[row.rates.length - 1]));
                }
            }
            table.row(cells.toArray(String[]::new));
        }
        table.print(title);
    }

    /** A round that is not counted, and those that are; each other one goes through the rows backwards. */
    private void measure() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        for (int round = -1; round < rounds; round++) {
            for (int i = 0; i < rows.size(); i++) {
                Row row = rows.get(round % 2 == 0 ? i : rows.size() - 1 - i);
                for (int column = 0; column < row.rates.length; column++) {
                    double rate = Comparison.rate(threads, row.threads, row.programs.get(column));
                    row.rates[column][Math.max(0, round)] = rate;
                }
            }
            System.out.println("  " + columns.get(0) + ": round " + (round + 1) + " of " + rounds);
        }
        threads.shutdown();
    }

    private String share(double[] rates, double[] ofRates) {
        double[] shares = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            shares[round] = rates[round] / ofRates[round];
        }
        return Table.ratio(Comparison.median(shares));
    }

    private record Row(String name, int threads, List<Program> programs, double[][] rates) {}
}
