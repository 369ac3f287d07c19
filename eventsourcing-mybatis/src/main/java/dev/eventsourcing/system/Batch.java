package dev.eventsourcing.system;

import dev.eventsourcing.application.StateRepository;
import dev.eventsourcing.domain.Aggregate;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.Versioned;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.Recording;
import dev.eventsourcing.persistence.StoredEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What the policies of a batch have collected, and the aggregates that they work with, each loaded once: repositories give the
 * same object for an id until the batch ends. Used by one thread for one transaction; if that is rolled back, the events are
 * repeated with other batches, which know nothing of this one.
 *
 * <p>At most {@value #AT_HAND} aggregates are at hand; beyond, the one that was not asked for longest is let go. It may be let go
 * at any time, as reading it again gives what is stored and what this batch has kept back.
 */
final class Batch {
    private static final int AT_HAND = 1_000;

    private final List<DomainEvent<?>> events = new ArrayList<>();
    private final List<StoredEvent> stored = new ArrayList<>();
    private final Map<UUID, List<StoredEvent>> storedByOriginator = new HashMap<>();
    private final Map<UUID, DomainEvent<?>> lastByOriginator = new HashMap<>();
    private final Set<Aggregate<?>> holders = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<UUID, AtHand> atHand = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<StateKey, Versioned<?>> states = new LinkedHashMap<>(16, 0.75f, true);
    private int policies;

    /** Tells that the policy is called for the next event, which sees what was collected for those before it and no more. */
    void nextPolicy() {
        policies++;
    }

    /** Keeps back what was collected from an aggregate, which from now on is given as it is then. */
    void collect(Aggregate<?> aggregate, List<DomainEvent<?>> caused, List<StoredEvent> encoded) {
        holders.add(aggregate);
        if (encoded.isEmpty()) {
            // Nobody knows how old such an object is: it is not for others.
            return;
        }
        for (int i = 0; i < encoded.size(); i++) {
            keepBack(caused.get(i), encoded.get(i));
        }
        keepAtHand(aggregate);
    }

    /** Keeps back an event that stands alone; what is at hand of its originator is then old. */
    void collect(DomainEvent<?> caused, StoredEvent encoded) {
        keepBack(caused, encoded);
        atHand.remove(encoded.originatorId());
    }

    private void keepBack(DomainEvent<?> caused, StoredEvent encoded) {
        events.add(caused);
        stored.add(encoded);
        lastByOriginator.put(caused.originatorId(), caused);
        storedByOriginator
                .computeIfAbsent(encoded.originatorId(), id -> new ArrayList<>(1))
                .add(encoded);
    }

    /** The events that were collected, in order. */
    List<StoredEvent> stored() {
        return stored;
    }

    /** Those of one aggregate, in order. */
    List<StoredEvent> stored(UUID originatorId) {
        return storedByOriginator.getOrDefault(originatorId, List.of());
    }

    /** What was recorded, once the events that were collected have been given these ids. */
    List<Recording> recordings(List<Long> ids) {
        List<Recording> recordings = new ArrayList<>(ids.size());
        for (int i = 0; i < ids.size(); i++) {
            recordings.add(new Recording(events.get(i), new Notification(ids.get(i), stored.get(i))));
        }
        return recordings;
    }

    /** The aggregates that were collected, or hold what was collected of others, and so stand and fall with this batch. */
    Set<Aggregate<?>> holders() {
        return holders;
    }

    /** Takes an aggregate that is as what is stored and what was collected. */
    void keepAtHand(Aggregate<?> aggregate) {
        if (storedByOriginator.containsKey(aggregate.id())) {
            holders.add(aggregate);
        }
        atHand.put(aggregate.id(), new AtHand(aggregate, aggregate.version(), policies));
        letTheOldestGo(atHand);
    }

    /** Takes a state that is as what is stored and what was collected up to its version. */
    void keepAtHand(StateRepository<?> repository, Versioned<?> state) {
        states.put(new StateKey(repository, state.id()), state);
        letTheOldestGo(states);
    }

    private static <K> void letTheOldestGo(Map<K, ?> kept) {
        if (kept.size() > AT_HAND) {
            Iterator<K> oldest = kept.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** A state that the repository has given, to which those of the collected events have to be added that are above its version. */
    Optional<Versioned<?>> stateAtHand(StateRepository<?> repository, UUID id) {
        return Optional.ofNullable(states.get(new StateKey(repository, id)));
    }

    /**
     * Whether what was read up to an event may be undone: it was collected and is not recorded yet. What others have recorded is in
     * no doubt.
     */
    boolean readsInDoubt(StoredEvent last) {
        List<StoredEvent> kept = stored(last.originatorId());
        return !kept.isEmpty() && kept.get(0).originatorVersion() <= last.originatorVersion();
    }

    /** Whether this is the last event that was collected of its originator; false as well if it cannot be told. */
    boolean endsWith(DomainEvent<?> event) {
        return event.equals(lastByOriginator.get(event.originatorId()));
    }

    /** The collected events of one aggregate above a version, in order. */
    List<StoredEvent> stored(UUID originatorId, long above) {
        List<StoredEvent> all = stored(originatorId);
        int first = all.size();
        while (first > 0 && all.get(first - 1).originatorVersion() > above) {
            first--;
        }
        return List.copyOf(all.subList(first, all.size()));
    }

    /**
     * The aggregate of an id, if it is at hand and fit to be given: usable, and without events that the policy of an event before
     * has triggered and not collected.
     */
    Optional<Aggregate<?>> atHand(UUID id) {
        AtHand found = atHand.get(id);
        if (found == null) {
            return Optional.empty();
        }
        boolean unchanged = found.aggregate.version() == found.version;
        if (!found.aggregate.isUsable() || !unchanged && found.givenTo != policies) {
            atHand.remove(id);
            return Optional.empty();
        }
        found.givenTo = policies;
        return Optional.of(found.aggregate);
    }

    /** Two repositories may make different states of the same events. */
    private record StateKey(StateRepository<?> repository, UUID id) {}

    /** An aggregate, the version that it had when all of it was collected, and the last policy that it was given to. */
    private static final class AtHand {
        private final Aggregate<?> aggregate;
        private final long version;
        private int givenTo;

        AtHand(Aggregate<?> aggregate, long version, int givenTo) {
            this.aggregate = aggregate;
            this.version = version;
            this.givenTo = givenTo;
        }
    }
}
