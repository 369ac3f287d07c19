package dev.eventsourcing.persistence;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The same of a follower, with its positions. */
final class RehearsedProcess extends RehearsedRecorder<ProcessRecorder> implements ProcessRecorder {
    RehearsedProcess(String application, ProcessRecorder base) {
        super(application, base);
    }

    /** A transaction that is rolled back anyway is watched by what rehearses in it. */
    @Override
    public void beginBatch() {
        if (!Rehearsal.isOn()) {
            base.beginBatch();
        }
    }

    @Override
    public List<Long> insertEvents(List<StoredEvent> events, Tracking tracking) {
        Optional<Rehearsal> rehearsal = Rehearsal.current();
        return rehearsal.isPresent()
                ? rehearse(rehearsal.get(), events, tracking)
                : base.insertEvents(events, tracking);
    }

    @Override
    public List<Long> insertLastEvents(List<StoredEvent> events, Tracking tracking) {
        Optional<Rehearsal> rehearsal = Rehearsal.current();
        return rehearsal.isPresent()
                ? rehearse(rehearsal.get(), events, tracking)
                : base.insertLastEvents(events, tracking);
    }

    private List<Long> rehearse(Rehearsal rehearsal, List<StoredEvent> events, Tracking tracking) {
        Position current = position(tracking.leader()).orElse(null);
        if (!Objects.equals(current, tracking.expected())) {
            throw new TrackingConflictException(
                    "The position of " + application + " in the log of " + tracking.leader() + " is " + current
                            + " in this rehearsal, not " + tracking.expected() + ".",
                    tracking.leader(),
                    tracking.notificationId(),
                    null);
        }
        List<Long> ids = rehearse(rehearsal, events);
        rehearsal.move(application, tracking);
        return ids;
    }

    /** In a rehearsal the one of its beginning goes on to hold, however far others have come meanwhile. */
    @Override
    public Optional<Position> position(String leader) {
        Optional<Rehearsal> rehearsal = Rehearsal.current();
        return rehearsal.isPresent()
                ? rehearsal.get().position(application, leader, () -> base.position(leader))
                : base.position(leader);
    }
}
