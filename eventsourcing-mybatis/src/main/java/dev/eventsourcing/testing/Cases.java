package dev.eventsourcing.testing;

import dev.eventsourcing.persistence.AggregateRecorder;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tests of one kind of recorder, each under the promise that it is about. */
final class Cases<R extends AggregateRecorder> {
    private final Map<String, Test<? super R>> tests = new LinkedHashMap<>();

    Cases<R> add(String promise, Test<? super R> test) {
        if (tests.putIfAbsent(promise, test) != null) {
            throw new AssertionError("Two cases are named '" + promise + "'");
        }
        return this;
    }

    Cases<R> addAll(Cases<? super R> more) {
        more.tests.forEach(this::add);
        return this;
    }

    Map<String, Test<? super R>> tests() {
        return tests;
    }

    /** What a case does. */
    @FunctionalInterface
    interface Test<R extends AggregateRecorder> {
        void run(Subject<? extends R> subject);
    }
}
