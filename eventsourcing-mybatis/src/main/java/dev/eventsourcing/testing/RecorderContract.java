package dev.eventsourcing.testing;

import dev.eventsourcing.persistence.AggregateRecorder;
import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.RecorderFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What every recorder promises, as cases that any test framework runs, or none. The library's own recorders run the same
 * ones, so whoever makes recorders for another database knows when they are done. Nothing is started or opened before a
 * case runs.
 *
 * <p>In JUnit:
 *
 * <pre>{@code
 * @TestFactory
 * Stream<DynamicTest> keepsThePromisesOfRecorders() {
 *     return RecorderContract.of(MyRecorders::onAnEmptyDatabase).cases().stream()
 *             .map(promise -> DynamicTest.dynamicTest(promise.name(), promise::run));
 * }
 * }</pre>
 *
 * <p>In TestNG a data provider gives {@code cases().iterator()}, and the test runs its parameter; in a {@code main} method,
 * {@code cases().forEach(ContractCase::run)}.
 *
 * <p>Immutable.
 *
 * @param <F> what makes the recorders
 */
public final class RecorderContract<F extends RecorderFactory> {
    private final Supplier<? extends F> emptyStores;
    private final Optional<BiPredicate<? super F, Thread>> waiting;
    private final boolean insertsLieTogether;

    private RecorderContract(
            Supplier<? extends F> emptyStores,
            Optional<BiPredicate<? super F, Thread>> waiting,
            boolean insertsLieTogether) {
        this.emptyStores = emptyStores;
        this.waiting = waiting;
        this.insertsLieTogether = insertsLieTogether;
    }

    /**
     * The contract of these recorders.
     *
     * @param emptyStores makes recorders over a store that has its tables and nothing in them, another store at each call.
     *     A case makes its own and closes the factory when it ends, however it ends; so what a call opened is best closed by
     *     that.
     */
    public static <F extends RecorderFactory> RecorderContract<F> of(Supplier<? extends F> emptyStores) {
        return new RecorderContract<>(emptyStores, Optional.empty(), false);
    }

    /**
     * The same for a store that can tell whether a thread of a case waits for another transaction, as a database can that shows
     * its locks. Without it, cases in which two transactions meet wait half a second for what may not come, and on a slow
     * machine the two may miss each other: then the case passes and has shown less.
     */
    public RecorderContract<F> waitingWhen(BiPredicate<? super F, Thread> waits) {
        return new RecorderContract<>(emptyStores, Optional.of(waits), insertsLieTogether);
    }

    /**
     * The same for a store that promises more than it must: the ids of one insert lie together, and no other insert has one
     * between them.
     */
    public RecorderContract<F> insertsLieTogether() {
        return new RecorderContract<>(emptyStores, waiting, true);
    }

    /** All cases: of the three kinds of recorder, one after the other, and of many writers at once. */
    public List<ContractCase> cases() {
        return Stream.of(snapshotRecorder(), applicationRecorder(), processRecorder(), manyWriters())
                .flatMap(List::stream)
                .toList();
    }

    /** What a recorder of snapshots promises: sequences of events, one for each originator. */
    public List<ContractCase> snapshotRecorder() {
        return cases("Snapshot recorder", RecorderFactory::snapshotRecorder, sequences());
    }

    /** What the recorder of an application promises: the same, and a log. */
    public List<ContractCase> applicationRecorder() {
        return cases("Application recorder", RecorderFactory::applicationRecorder, log());
    }

    /**
     * What the recorder of a follower promises: the same, positions, and what the store has for followers beside them. Events that are
     * put aside, and leases, are looked at only where the store keeps any.
     */
    public List<ContractCase> processRecorder() {
        Cases<ProcessRecorder> cases = new Cases<ProcessRecorder>()
                .addAll(log())
                .addAll(Positions.cases())
                .addAll(PositionConflicts.cases())
                .addAll(Epochs.cases())
                .addAll(PositionRaces.cases())
                .addAll(Parking.cases())
                .addAll(Leases.cases());
        return cases("Process recorder", RecorderFactory::processRecorder, cases);
    }

    /** What the recorder of an application promises while ten writers store 20,000 events; takes some seconds on a database. */
    public List<ContractCase> manyWriters() {
        return cases("Application recorder", RecorderFactory::applicationRecorder, ManyWriters.casesUnderLoad());
    }

    private static Cases<AggregateRecorder> sequences() {
        return new Cases<AggregateRecorder>()
                .addAll(SequenceReading.cases())
                .addAll(SequenceWriting.cases())
                .addAll(StoredForms.cases());
    }

    private Cases<ApplicationRecorder> log() {
        Cases<ApplicationRecorder> cases = new Cases<ApplicationRecorder>()
                .addAll(sequences())
                .addAll(LogReading.cases())
                .addAll(LogOrder.cases())
                .addAll(Backlogs.cases())
                .addAll(ManyWriters.cases());
        return insertsLieTogether ? cases.addAll(ManyWriters.casesOfInsertsThatLieTogether()) : cases;
    }

    private <R extends AggregateRecorder> List<ContractCase> cases(
            String recorder, BiFunction<RecorderFactory, String, R> kind, Cases<R> cases) {
        List<ContractCase> named = new ArrayList<>();
        cases.tests()
                .forEach((promise, test) ->
                        named.add(new ContractCase(recorder + " " + promise, () -> run(kind, test))));
        return List.copyOf(named);
    }

    private <R extends AggregateRecorder> void run(
            BiFunction<RecorderFactory, String, R> kind, Cases.Test<? super R> test) {
        try (F recorders = emptyStores.get()) {
            test.run(new Subject<>(recorders, kind, waiting.map(waits -> thread -> waits.test(recorders, thread))));
        }
    }
}
