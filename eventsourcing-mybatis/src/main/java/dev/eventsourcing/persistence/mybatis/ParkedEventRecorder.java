package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.persistence.ParkedEvent;
import dev.eventsourcing.persistence.ParkedEvents;
import dev.eventsourcing.persistence.PersistenceException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;

/** The events that a follower has put aside. */
final class ParkedEventRecorder implements ParkedEvents {
    private final Units units;
    private final String follower;

    ParkedEventRecorder(Units units, String follower) {
        this.units = units;
        this.follower = follower;
    }

    @Override
    public Set<UUID> originators(String leader, Collection<UUID> among) {
        if (among.isEmpty()) {
            return Set.of();
        }
        Map<String, ?> asked = of(leader, Map.of("originatorIds", new EventArrays.Rows<>(new LinkedHashSet<>(among))));
        return new LinkedHashSet<>(
                units.read(reading(leader), unit -> unit.<UUID>list("selectParkedOriginators", asked)));
    }

    @Override
    public void park(Collection<ParkedEvent> events) {
        if (events.isEmpty()) {
            return;
        }
        Collection<ParkedEvent> distinct = distinct(events);
        units.write(
                "Parking " + distinct.size() + " events of " + follower,
                unit -> park(unit, rows(distinct, isUtf8(unit))));
    }

    private static boolean isUtf8(Unit unit) {
        return unit.database() == Database.H2
                || unit.list("selectEncoding", Map.of()).equals(List.of("UTF8"));
    }

    private Map<String, ?> rows(Collection<ParkedEvent> distinct, boolean utf8) {
        return Map.of(
                "application", follower,
                "leaders", column(distinct, ParkedEvent::leader),
                "notificationIds", column(distinct, ParkedEvent::notificationId),
                "originatorIds", column(distinct, ParkedEvent::originatorId),
                "originatorVersions", column(distinct, ParkedEvent::originatorVersion),
                "topics", column(distinct, ParkedEvent::topic),
                "reasons", column(distinct, event -> storable(event.reason(), utf8)),
                "attempts", column(distinct, event -> (long) event.attempts()));
    }

    private List<Long> park(Unit unit, Map<String, ?> rows) {
        try {
            return unit.list("parkEvents", rows);
        } catch (RuntimeException e) {
            if (unit.violates(e, Key.PARKED)) {
                throw new PersistenceException(
                        "Another process has parked an event of " + follower
                                + " at the same time. Nothing was parked; read again what is, and go on from there.",
                        e,
                        true);
            }
            throw e;
        }
    }

    @Override
    public int remove(String leader, Collection<Long> notificationIds) {
        if (notificationIds.isEmpty()) {
            return 0;
        }
        Map<String, ?> ids =
                of(leader, Map.of("notificationIds", new EventArrays.Rows<>(new LinkedHashSet<>(notificationIds))));
        return units.write(
                "Removing parked events of " + follower + " in the log of " + leader,
                unit -> unit.list("removeParkedEvents", ids).size());
    }

    @Override
    public List<ParkedEvent> select(String leader, long after, int limit) {
        Map<String, ?> page = of(leader, Map.of("after", after, "limit", limit));
        return units.read(reading(leader), unit -> unit.list("selectParkedEvents", page));
    }

    @Override
    public List<ParkedEvent> select(String leader, UUID originatorId, long after, int limit) {
        Map<String, ?> page = of(leader, Map.of("originatorId", originatorId, "after", after, "limit", limit));
        return units.read(reading(leader), unit -> unit.list("selectParkedEventsOfOriginator", page));
    }

    @Override
    public List<ParkedEvent> failures(String leader, long below, int limit) {
        Map<String, ?> last = of(leader, Map.of("below", below, "limit", limit));
        return units.read(reading(leader), unit -> unit.list("selectParkedFailures", last));
    }

    @Override
    public long count(String leader) {
        return units.read(
                reading(leader),
                unit -> unit.<Long>list("countParkedEvents", of(leader, Map.of()))
                        .get(0));
    }

    private String reading(String leader) {
        return "Reading the parked events of " + follower + " in the log of " + leader;
    }

    private Map<String, ?> of(String leader, Map<String, ?> more) {
        Map<String, Object> parameters = new LinkedHashMap<>(more);
        parameters.put("application", follower);
        parameters.put("leader", leader);
        return parameters;
    }

    /** Each event once, as a statement may change a row only once; and in one order, in which rows are locked. */
    private static Collection<ParkedEvent> distinct(Collection<ParkedEvent> events) {
        Map<String, Map<Long, ParkedEvent>> distinct = new TreeMap<>();
        events.forEach(event -> distinct.computeIfAbsent(event.leader(), leader -> new TreeMap<>())
                .merge(event.notificationId(), event, ParkedEventRecorder::again));
        return distinct.values().stream().flatMap(of -> of.values().stream()).toList();
    }

    private static ParkedEvent again(ParkedEvent before, ParkedEvent event) {
        return new ParkedEvent(
                event.leader(),
                event.notificationId(),
                event.originatorId(),
                event.originatorVersion(),
                event.topic(),
                event.reason(),
                before.attempts() + event.attempts(),
                event.parkedAt());
    }

    /**
     * A text that the database can store, whatever the message of an error holds. PostgreSQL stores no NUL; no database stores half of a
     * surrogate pair; and one that is not in UTF-8 may lack any letter that is not of ASCII, which is then written as in Java.
     */
    private static String storable(String reason, boolean utf8) {
        StringBuilder storable = new StringBuilder(reason.length());
        reason.codePoints().forEach(letter -> {
            if (letter == 0 || letter >= Character.MIN_SURROGATE && letter <= Character.MAX_SURROGATE) {
                storable.append(utf8 ? '\uFFFD' : '?');
            } else if (utf8 || letter < 0x80) {
                storable.appendCodePoint(letter);
            } else {
                for (char part : Character.toChars(letter)) {
                    storable.append(String.format(Locale.ROOT, "\\u%04x", (int) part));
                }
            }
        });
        return storable.toString();
    }

    private static <T> EventArrays.Rows<T> column(Collection<ParkedEvent> events, Function<ParkedEvent, T> value) {
        return new EventArrays.Rows<>(new ArrayList<>(events.stream().map(value).toList()));
    }
}
