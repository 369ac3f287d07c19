package dev.eventsourcing.persistence.contract;

import dev.eventsourcing.testing.ContractCase;
import dev.eventsourcing.testing.RecorderContract;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Runs the contract of recorders, the same cases that users are given, on one store. */
public abstract class RecorderPromises {
    /** The contract of the recorders under test. */
    protected abstract RecorderContract<?> contract();

    @TestFactory
    Stream<DynamicTest> keepsThePromisesOfASnapshotRecorder() {
        return tests(contract().snapshotRecorder());
    }

    @TestFactory
    Stream<DynamicTest> keepsThePromisesOfAnApplicationRecorder() {
        return tests(contract().applicationRecorder());
    }

    @TestFactory
    Stream<DynamicTest> keepsThePromisesOfAProcessRecorder() {
        return tests(contract().processRecorder());
    }

    @TestFactory
    Stream<DynamicTest> keepsThePromisesWhileManyWrite() {
        return tests(contract().manyWriters());
    }

    private static Stream<DynamicTest> tests(List<ContractCase> cases) {
        return cases.stream().map(promise -> DynamicTest.dynamicTest(promise.name(), promise::run));
    }
}
