package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.persistence.StoredEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.ibatis.session.SqlSession;

/**
 * Two transactions whose ids interlock. The first takes an id, the other the next, the first one more and commits; the other
 * commits last. Between the commits, the other's id is missing below one that is there. Only where writers do not wait for
 * each other.
 */
final class LateCommit {
    private final HostileStore store;
    private final HostileNotes notes;

    LateCommit(HostileStore store) {
        this.store = store;
        this.notes = new HostileNotes(store.recorders());
    }

    /**
     * Does it once.
     *
     * @param between is done between the commits
     * @return the ids, which are committed then
     */
    List<Long> happen(Runnable between) {
        List<Long> ids = new ArrayList<>();
        UUID first = UUID.randomUUID();
        UUID other = UUID.randomUUID();
        try (SqlSession early = store.factory().openSession(false);
                SqlSession late = store.factory().openSession(false)) {
            ids.addAll(append(early, notes.events(first, 0, 1)));
            ids.addAll(append(late, notes.events(other, 0, 1)));
            ids.addAll(append(early, notes.events(first, 1, 1)));
            early.commit();
            between.run();
            late.commit();
        }
        return ids;
    }

    private List<Long> append(SqlSession session, List<StoredEvent> events) {
        return store.recorders()
                .within(
                        session,
                        () -> store.recorders()
                                .applicationRecorder(HostileNotes.NAME)
                                .insertEvents(events));
    }
}
