package dev.eventsourcing.benchmark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Lets two programs take turns: one directly after the other, the first of one iteration being the second of the next. */
final class Comparison {
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(600);

    private final int warmUps;
    private final int iterations;

    Comparison(int warmUps, int iterations) {
        this.warmUps = warmUps;
        this.iterations = iterations;
    }

    /**
     * What came of a comparison: medians of the rates, and of the ratios of each iteration.
     *
     * @param ours our operations a second
     * @param plain those of plain JDBC
     */
    record Result(double ours, double plain, double ratio, double lowest, double highest) {}

    Result run(int threads, Program ours, Program plain, Program.Preparation preparation) throws Exception {
        double[] oursRates = new double[iterations];
        double[] plainRates = new double[iterations];
        double[] ratios = new double[iterations];
        ExecutorService writers = Executors.newFixedThreadPool(threads);
        try {
            for (int i = -warmUps; i < iterations; i++) {
                preparation.run();
                boolean oursFirst = i % 2 == 0;
                double first = rate(writers, threads, oursFirst ? ours : plain);
                double second = rate(writers, threads, oursFirst ? plain : ours);
                if (i >= 0) {
                    oursRates[i] = oursFirst ? first : second;
                    plainRates[i] = oursFirst ? second : first;
                    ratios[i] = oursRates[i] / plainRates[i];
                }
            }
        } finally {
            writers.shutdownNow();
        }
        double ratio = median(ratios);
        return new Result(median(oursRates), median(plainRates), ratio, ratios[0], ratios[iterations - 1]);
    }

    /** Operations a second of one program, in as many threads as are said. */
    static double rate(ExecutorService writers, int threads, Program program) throws Exception {
        long[] started = new long[1];
        CyclicBarrier start = new CyclicBarrier(threads, () -> started[0] = System.nanoTime());
        List<Future<long[]>> shares = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            shares.add(writers.submit(() -> {
                try (Program.Turn turn = program.begin()) {
                    start.await(1, TimeUnit.MINUTES);
                    long operations = 0;
                    long more;
                    do {
                        more = turn.run();
                        operations += more;
                    } while (more > 0 && System.nanoTime() - started[0] < TURN_NANOS);
                    return new long[] {operations, System.nanoTime() - started[0]};
                }
            }));
        }
        long operations = 0;
        long nanos = 0;
        for (Future<long[]> share : shares) {
            operations += share.get()[0];
            nanos = Math.max(nanos, share.get()[1]);
        }
        return operations * 1e9 / nanos;
    }

    /** Sorts the values. */
    static double median(double... values) {
        Arrays.sort(values);
        return (values[(values.length - 1) / 2] + values[values.length / 2]) / 2;
    }
}
