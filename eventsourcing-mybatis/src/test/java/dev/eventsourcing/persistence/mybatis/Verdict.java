package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.testsupport.TestDatabase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a reader of the hostile test has made of a log.
 *
 * @param missed ids that it was not given, though it was given one above
 * @param unread ids above the last that it was given
 * @param repeated ids that it was given again
 * @param descending ids that it was given after one above
 * @param never ids that it was given and that are not in the log, or were another event
 * @param disordered ids whose version does not come after the one before, from 1, of the same originator
 */
record Verdict(
        List<Long> missed,
        List<Long> unread,
        List<Long> repeated,
        List<Long> descending,
        List<Long> never,
        List<Long> disordered) {
    /** Everything once, and in order. */
    static final Verdict FLAWLESS = new Verdict(List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

    /** Compares what a reader has written down with the log as it is. */
    static Verdict of(TestDatabase database, String reader) {
        Map<Long, Given> log = new HashMap<>();
        log(database).forEach(given -> log.put(given.id, given));
        List<Given> seen = given(
                database,
                "SELECT notification_id || ' ' || originator || ' ' || version FROM seen" + " WHERE reader = '" + reader
                        + "' ORDER BY n");
        Set<Long> ids = new HashSet<>();
        Map<String, Long> versions = new HashMap<>();
        List<Long> repeated = new ArrayList<>();
        List<Long> descending = new ArrayList<>();
        List<Long> never = new ArrayList<>();
        List<Long> disordered = new ArrayList<>();
        long highest = 0;
        for (Given given : seen) {
            note(!ids.add(given.id), given, repeated);
            note(given.id < highest, given, descending);
            note(!given.equals(log.get(given.id)), given, never);
            note(versions.merge(given.originator, 1L, Long::sum) != given.version, given, disordered);
            highest = Math.max(highest, given.id);
        }
        List<Long> missed = new ArrayList<>();
        List<Long> unread = new ArrayList<>();
        for (Given given : log(database)) {
            note(!ids.contains(given.id), given, given.id < highest ? missed : unread);
        }
        return new Verdict(missed, unread, repeated, descending, never, disordered);
    }

    /** The ids of the log, ascending. */
    static List<Long> ids(TestDatabase database) {
        return log(database).stream().map(Given::id).toList();
    }

    private static void note(boolean applies, Given given, List<Long> ids) {
        if (applies) {
            ids.add(given.id);
        }
    }

    private static List<Given> log(TestDatabase database) {
        return given(
                database,
                "SELECT id || ' ' || originator_id || ' ' || originator_version FROM stored_events"
                        + " WHERE application_name = '" + HostileNotes.NAME + "' ORDER BY id");
    }

    private static List<Given> given(TestDatabase database, String sql) {
        return database.column(sql).stream()
                .map(row -> row.split(" "))
                .map(parts -> new Given(Long.parseLong(parts[0]), parts[1], Long.parseLong(parts[2])))
                .toList();
    }

    private record Given(long id, String originator, long version) {}
}
