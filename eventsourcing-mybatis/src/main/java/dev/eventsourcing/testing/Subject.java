package dev.eventsourcing.testing;

import dev.eventsourcing.persistence.AggregateRecorder;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.Transactions;
import dev.eventsourcing.persistence.VersionRange;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * What one case is about: a kind of recorder, over a store that was empty.
 *
 * @param recorders what makes the recorders
 * @param kind which of them
 * @param waiting whether a thread waits for another one's transaction; empty where nobody can tell
 */
record Subject<R extends AggregateRecorder>(
        RecorderFactory recorders, BiFunction<RecorderFactory, String, R> kind, Optional<Predicate<Thread>> waiting) {
    static final UUID DOG = UUID.fromString("00000000-0000-4000-8000-00000000d061");
    static final UUID CAT = UUID.fromString("ffffffff-ffff-4fff-bfff-0000000000ca");
    static final String APPLICATION = "TrainingSchool";

    private static final Duration UNTIL_IT_WAITS = Duration.ofSeconds(20);
    private static final Duration PERHAPS_WAITING = Duration.ofMillis(500);

    R recorder() {
        return recorder(APPLICATION);
    }

    R recorder(String application) {
        return kind.apply(recorders, application);
    }

    Transactions transactions() {
        return recorders.transactions();
    }

    /** Inserts events by themselves. */
    List<Long> insert(List<StoredEvent> events) {
        return recorder().insertEvents(events);
    }

    /** All events of an originator. */
    List<StoredEvent> events(UUID originatorId) {
        return recorder().selectEvents(originatorId, VersionRange.all());
    }

    /** Waits until the work has ended or waits for another transaction, as far as anybody can tell. */
    void awaitStandstill(Running<?> running) {
        if (waiting.isEmpty()) {
            running.awaitDoneOr(() -> false, PERHAPS_WAITING);
            return;
        }
        BooleanSupplier waits = () -> waiting.get().test(running.thread());
        Check.isTrue(
                "another thread ends or waits within " + UNTIL_IT_WAITS, running.awaitDoneOr(waits, UNTIL_IT_WAITS));
    }

    static StoredEvent event(UUID originatorId, long version) {
        return event(originatorId, version, "Dog.TrickAdded");
    }

    static StoredEvent event(UUID originatorId, long version, String topic) {
        return new StoredEvent(originatorId, version, topic, (topic + " " + version).getBytes(StandardCharsets.UTF_8));
    }

    /** Events of consecutive versions. */
    static List<StoredEvent> events(UUID originatorId, long first, long last) {
        List<StoredEvent> events = new ArrayList<>();
        for (long version = first; version <= last; version++) {
            events.add(event(originatorId, version));
        }
        return events;
    }
}
