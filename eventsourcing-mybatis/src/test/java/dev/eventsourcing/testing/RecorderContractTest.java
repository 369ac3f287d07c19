package dev.eventsourcing.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.persistence.AggregateRecorder;
import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.Transactions;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract itself: recorders that are broken in one place fail the case that is about it. */
class RecorderContractTest {
    private static final Map<Mutant, Set<String>> FAILING = new ConcurrentHashMap<>();

    private static <F extends RecorderFactory> RecorderContract<F> contract(Supplier<F> recorders) {
        return RecorderContract.of(recorders)
                .waitingWhen((store, thread) -> thread.getState() == Thread.State.WAITING)
                .insertsLieTogether();
    }

    /** Runs cases, and gives the names of those that fail. */
    private static Set<String> failing(List<ContractCase> cases) {
        Set<String> failing = new LinkedHashSet<>();
        for (ContractCase promise : cases) {
            try {
                promise.run();
            } catch (AssertionError e) {
                failing.add(promise.name());
            }
        }
        return failing;
    }

    private static Set<String> failing(Mutant mutant) {
        return FAILING.computeIfAbsent(mutant, RecorderContractTest::run);
    }

    private static Set<String> run(Mutant mutant) {
        RecorderContract<BrokenRecorders> contract = contract(mutant::recorders);
        List<ContractCase> cases = new ArrayList<>(contract.processRecorder());
        if (mutant == Mutant.LOSES_AN_EVENT_OF_MANY) {
            cases.addAll(contract.manyWriters());
        }
        return failing(cases).stream()
                .map(name -> name.substring(name.indexOf("recorder ") + 9))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    @ParameterizedTest
    @EnumSource
    void findsOutWhatIsBroken(Mutant mutant) {
        assertThat(failing(mutant)).contains(mutant.promise());
    }

    @Test
    void hasNoCaseThatNothingFails() {
        RecorderContract<InMemoryRecorders> contract = contract(InMemoryRecorders::new);
        Set<String> never = Stream.of(contract.processRecorder(), contract.manyWriters())
                .flatMap(List::stream)
                .map(promise -> promise.name().substring(promise.name().indexOf("recorder ") + 9))
                .collect(Collectors.toCollection(TreeSet::new));
        for (Mutant mutant : Mutant.values()) {
            never.removeAll(failing(mutant));
        }

        assertThat(never)
                .containsExactlyInAnyOrder(
                        // Such a claim cannot even be made.
                        "refuses to move back",
                        // In memory transactions exclude each other, so there is nothing to miss.
                        "sees in a transaction what another has committed since the last read");
    }

    /** As a user's main method would, without any test framework. */
    @Test
    void runsWithoutATestFramework() {
        RecorderContract.of(InMemoryRecorders::new).snapshotRecorder().forEach(ContractCase::run);
    }

    @Test
    void namesEachCaseOnce() {
        List<String> names = RecorderContract.of(InMemoryRecorders::new).cases().stream()
                .map(ContractCase::name)
                .toList();

        assertThat(names)
                .doesNotHaveDuplicates()
                .contains("Snapshot recorder gives back what was inserted", "Process recorder refuses to move back")
                .hasSize(3 * 28 + 2 * 18 + 43 + 1);
    }

    /** As recorders that were made before there were leases and parked events. */
    @Test
    void passesRecordersWhoseStoreKeepsNothingForFollowersBesidePositions() {
        assertThat(failing(contract(Bare::new).cases())).isEmpty();
    }

    @Test
    void opensNothingBeforeACaseRunsAndClosesWhatItOpened() {
        AtomicInteger opened = new AtomicInteger();
        AtomicInteger closed = new AtomicInteger();
        List<ContractCase> cases = RecorderContract.of(() -> {
                    opened.incrementAndGet();
                    return new BrokenRecorders() {
                        @Override
                        public void close() {
                            closed.incrementAndGet();
                        }
                    };
                })
                .snapshotRecorder();

        assertThat(opened).hasValue(0);
        cases.forEach(ContractCase::run);

        assertThat(opened).hasValue(cases.size());
        assertThat(closed).hasValue(cases.size());
    }

    @Test
    void saysWhatWasExpectedAndWhatCame() {
        Map<Mutant, String> messages = Map.of(
                Mutant.READS_IN_NO_ORDER,
                "Versions, inserted as 3, 1, 2:\n  expected [1, 2, 3]\n  but was  [3, 2, 1]\n"
                        + "  first at index 0: expected 1 but was 3",
                Mutant.ACCEPTS_A_VERSION_TWICE_IN_ONE_INSERT,
                "Inserting version 1 twice at once:\n  expected RecordConflictException\n  but nothing was thrown",
                Mutant.RETURNS_IDS_IN_ANOTHER_ORDER,
                "Ids of an insert:\n  expected that each is above the one before\n  but 5 follows 6 in [6, 5, 4, 3, 2, 1]");

        messages.forEach((mutant, message) -> {
            ContractCase broken = contract(mutant::recorders).processRecorder().stream()
                    .filter(promise -> promise.name().equals("Process recorder " + mutant.promise()))
                    .findFirst()
                    .orElseThrow();
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(broken::run)
                    .withMessage(broken.name() + ".\n" + message);
        });
    }

    @Test
    void namesTheCaseInWhichARecorderThrows() {
        List<ContractCase> cases = RecorderContract.of(() ->
                        BrokenRecorders.with(whole -> new BrokenRecorders.Delegate(whole) {
                            @Override
                            public List<Long> insertEvents(List<StoredEvent> events) {
                                throw new UnsupportedOperationException("insert");
                            }
                        }))
                .applicationRecorder();

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(cases.get(0)::run)
                .withMessage("Application recorder gives back what was inserted.\n"
                        + "java.lang.UnsupportedOperationException: insert")
                .withCauseInstanceOf(UnsupportedOperationException.class);
    }

    /** Only what every factory has to have. */
    private static final class Bare implements RecorderFactory {
        private final RecorderFactory whole = new InMemoryRecorders();

        @Override
        public AggregateRecorder snapshotRecorder(String applicationName) {
            return whole.snapshotRecorder(applicationName);
        }

        @Override
        public ApplicationRecorder applicationRecorder(String applicationName) {
            return whole.applicationRecorder(applicationName);
        }

        @Override
        public ProcessRecorder processRecorder(String applicationName) {
            return whole.processRecorder(applicationName);
        }

        @Override
        public Transactions transactions() {
            return whole.transactions();
        }

        @Override
        public void close() {
            whole.close();
        }
    }
}
