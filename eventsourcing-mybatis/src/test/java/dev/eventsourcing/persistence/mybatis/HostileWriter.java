package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.RecordConflictException;
import dev.eventsourcing.persistence.StoredEvent;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.TransactionIsolationLevel;

/** A thread that appends in every way that may upset the order. Its delays are there to provoke disorder, never to avoid it. */
final class HostileWriter {
    private final HostileStore store;
    private final Random random;
    private final HostileNotes notes;
    private final ApplicationRecorder recorder;
    private final ApplicationRecorder unread;
    private final HostileMapper mapper;
    private final List<Long> committed = new ArrayList<>();
    private List<Sequence> sequences = List.of(new Sequence(), new Sequence());

    HostileWriter(HostileStore store, long seed) {
        this.store = store;
        this.random = new Random(seed);
        this.notes = new HostileNotes(store.recorders());
        this.recorder = store.recorders().applicationRecorder(HostileNotes.NAME);
        this.unread = store.recorders().applicationRecorder("Unread");
        this.mapper = store.recorders().mapper(HostileMapper.class);
    }

    /** Appends for some time, and returns the ids that were committed. */
    List<Long> run(long milliseconds) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
        while (System.nanoTime() < until) {
            turn();
            pause(8);
        }
        return committed;
    }

    private void turn() {
        if (random.nextInt(10) == 0) {
            // Ids that are no gaps, and that nobody is given.
            unread.insertEvents(notes.events(UUID.randomUUID(), 0, 1));
        }
        if (random.nextInt(10) == 0) {
            sequences = List.of(new Sequence(), new Sequence());
        }
        try {
            committed.addAll(appendSomehow());
            sequences.forEach(Sequence::confirm);
        } catch (RolledBack | RecordConflictException asWished) {
            sequences.forEach(Sequence::forget);
        } catch (RuntimeException e) {
            if (!isSerializationFailure(e)) {
                throw e;
            }
            // To be repeated; so it is, as the next turn appends the same versions.
            sequences.forEach(Sequence::forget);
        }
    }

    private List<Long> appendSomehow() {
        boolean rolledBack = random.nextInt(5) == 0;
        return switch (random.nextInt(6)) {
            case 0, 1 -> rolledBack ? conflict() : append();
            case 2 -> inTransaction(rolledBack, this::append);
            case 3 ->
                inTransaction(rolledBack, () -> {
                    List<Long> ids = new ArrayList<>(append());
                    delay();
                    ids.addAll(append());
                    return ids;
                });
            case 4 ->
                inTransaction(rolledBack, () -> {
                    mapper.writeElsewhere("first");
                    delay();
                    return append();
                });
            default ->
                inSession(
                        rolledBack,
                        random.nextBoolean()
                                ? TransactionIsolationLevel.REPEATABLE_READ
                                : TransactionIsolationLevel.SERIALIZABLE);
        };
    }

    private List<Long> append() {
        Sequence sequence = sequences.get(random.nextInt(2));
        return recorder.insertEvents(sequence.next(1 + random.nextInt(5)));
    }

    /** Takes ids, and fails at the last of the events. */
    private List<Long> conflict() {
        Sequence sequence = sequences.get(0);
        List<StoredEvent> events = new ArrayList<>(sequence.next(2));
        events.add(events.get(0));
        return recorder.insertEvents(events);
    }

    private List<Long> inTransaction(boolean rolledBack, Supplier<List<Long>> work) {
        return store.recorders().transactions().required(() -> {
            List<Long> ids = work.get();
            delay();
            if (rolledBack) {
                throw new RolledBack();
            }
            return ids;
        });
    }

    private List<Long> inSession(boolean rolledBack, TransactionIsolationLevel isolation) {
        try (SqlSession session = store.factory().openSession(isolation)) {
            List<Long> ids = store.recorders().within(session, () -> {
                mapper.writeElsewhere("first");
                delay();
                return append();
            });
            delay();
            if (rolledBack) {
                session.rollback();
                throw new RolledBack();
            }
            session.commit();
            return ids;
        }
    }

    private void delay() {
        pause(random.nextInt(50) == 0 ? 200 : random.nextInt(21));
    }

    private static void pause(long milliseconds) {
        try {
            TimeUnit.MILLISECONDS.sleep(milliseconds);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isSerializationFailure(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && "40001".equals(sql.getSQLState())) {
                return true;
            }
        }
        return false;
    }

    /** Events of one originator, up to a version that is recorded and one that may be. */
    private final class Sequence {
        private final UUID originator = UUID.randomUUID();
        private long recorded;
        private long appended;

        List<StoredEvent> next(int count) {
            List<StoredEvent> events = notes.events(originator, appended, count);
            appended += count;
            return events;
        }

        void confirm() {
            recorded = appended;
        }

        void forget() {
            appended = recorded;
        }
    }

    /** Takes back what was appended. */
    private static final class RolledBack extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RolledBack() {
            super("rolled back on purpose", null, false, false);
        }
    }
}
