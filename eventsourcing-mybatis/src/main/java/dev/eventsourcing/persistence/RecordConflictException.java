package dev.eventsourcing.persistence;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What was to be recorded stands in conflict with what is recorded: another writer was faster, or an aggregate that was to be
 * new exists already. Nothing of the call was stored. Read again, decide again, save again.
 */
public class RecordConflictException extends PersistenceException {
    private static final long serialVersionUID = 1L;

    private final transient List<Candidate> candidates;

    /** Makes an exception that names no candidates; the cause may be null. */
    public RecordConflictException(String message, @Nullable Throwable cause) {
        this(message, List.of(), cause);
    }

    /** Makes an exception; the cause may be null. */
    public RecordConflictException(String message, List<Candidate> candidates, @Nullable Throwable cause) {
        super(message, cause);
        this.candidates = List.copyOf(candidates);
    }

    /** The conflict of an append: one of its candidates is recorded already. There is at least one; the cause may be null. */
    public static RecordConflictException of(
            String application, List<Candidate> candidates, @Nullable Throwable cause) {
        Candidate first = candidates.get(0);
        String what;
        if (candidates.size() > 1) {
            what = "One of these is already recorded in application " + application + ": "
                    + candidates.stream().map(Candidate::toString).collect(Collectors.joining(", "))
                    + ". Another writer was faster: get the aggregates again and repeat the command."
                    + (candidates.stream().anyMatch(Candidate::isNew)
                            ? " If a new one exists already, which its repository tells, repeating is of no use."
                            : "");
        } else if (first.isNew()) {
            what = "Aggregate " + first.originatorId() + " already exists in application " + application
                    + ": its first version, " + first.originatorVersion()
                    + ", is recorded. Get it from its repository, or give the new one another id.";
        } else {
            what = "Version " + first.originatorVersion() + " of " + first.originatorId()
                    + " is already recorded in application " + application
                    + ": another writer was faster. Get the aggregate again and repeat the command.";
        }
        return new RecordConflictException(what, candidates, cause);
    }

    /** The conflict of a snapshot: one of its version is stored already. The cause may be null. */
    public static RecordConflictException ofSnapshots(
            String application, List<Candidate> candidates, @Nullable Throwable cause) {
        return new RecordConflictException(
                "A snapshot of that version is stored already in application " + application + ": "
                        + candidates.stream().map(Candidate::toString).collect(Collectors.joining(", "))
                        + ". Snapshots may be deleted at any time.",
                candidates,
                cause);
    }

    /**
     * What may be recorded already: the lowest version of each aggregate that was to be recorded, in the order of the call. One of
     * them is; which one, the database does not tell. None where the conflict is about something else than versions.
     */
    public List<Candidate> candidates() {
        // Null once it was serialised and read back: the message still has it.
        return candidates == null ? List.of() : candidates;
    }

    /**
     * Whether an aggregate that was to be new exists already. False if an existing one has another version than was expected; and
     * if it may be either, as several were saved together: see {@link #candidates()}.
     */
    public boolean alreadyExists() {
        return !candidates().isEmpty() && candidates().stream().allMatch(Candidate::isNew);
    }

    /**
     * A version that may be recorded already.
     *
     * @param originatorId the aggregate's id
     * @param originatorVersion the version that was to be recorded
     * @param isNew whether it was to be the aggregate's first
     */
    public record Candidate(UUID originatorId, long originatorVersion, boolean isNew) {
        /** The lowest version of each originator, in the order of the events; 1 and 0 are taken for first versions. */
        public static List<Candidate> of(List<StoredEvent> events) {
            Map<UUID, Candidate> lowest = new LinkedHashMap<>();
            for (StoredEvent event : events) {
                long version = event.originatorVersion();
                lowest.merge(
                        event.originatorId(),
                        new Candidate(event.originatorId(), version, version <= 1),
                        (one, other) -> one.originatorVersion() <= other.originatorVersion() ? one : other);
            }
            return List.copyOf(lowest.values());
        }

        /** As it stands in messages. */
        @Override
        public String toString() {
            return "version " + originatorVersion + " of " + originatorId + (isNew ? " (new)" : "");
        }
    }
}
