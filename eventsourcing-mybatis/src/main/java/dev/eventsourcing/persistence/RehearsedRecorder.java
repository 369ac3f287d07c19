package dev.eventsourcing.persistence;

import dev.eventsourcing.persistence.RecordConflictException.Candidate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A log behind which there is, while the thread rehearses, what the rehearsal has recorded. What is recorded really is read beside the
 * transaction in hand, and up to where it ended at the first look.
 */
abstract class RehearsedRecorder<R extends ApplicationRecorder> implements ApplicationRecorder {
    final String application;
    final R base;

    RehearsedRecorder(String application, R base) {
        this.application = application;
        this.base = base;
    }

    final RehearsedLog log(Rehearsal rehearsal) {
        return rehearsal.log(application, base);
    }

    @Override
    public List<Long> insertEvents(List<StoredEvent> events) {
        Optional<Rehearsal> rehearsal = Rehearsal.current();
        return rehearsal.isPresent() ? rehearse(rehearsal.get(), events) : base.insertEvents(events);
    }

    /** Records events beside the store, if they could be recorded in it. */
    final List<Long> rehearse(Rehearsal rehearsal, List<StoredEvent> events) {
        if (events.isEmpty()) {
            return List.of();
        }
        RehearsedLog log = log(rehearsal);
        if (repeatsVersions(events) || collides(log, events)) {
            throw RecordConflictException.of(application, Candidate.of(events), null);
        }
        return rehearsal.record(log, events);
    }

    private static boolean repeatsVersions(List<StoredEvent> events) {
        Set<Version> versions = new HashSet<>();
        return !events.stream()
                .allMatch(event -> versions.add(new Version(event.originatorId(), event.originatorVersion())));
    }

    /** Where the rehearsal has gone on with an originator, what others record of it meanwhile makes no difference. */
    private boolean collides(RehearsedLog log, List<StoredEvent> events) {
        Set<UUID> untouched = new HashSet<>();
        for (Candidate lowest : Candidate.of(events)) {
            OptionalLong last = log.lastVersion(lowest.originatorId());
            if (last.isEmpty()) {
                untouched.add(lowest.originatorId());
            } else if (last.getAsLong() >= lowest.originatorVersion()) {
                return true;
            }
        }
        return !untouched.isEmpty()
                && base.containsAny(events.stream()
                        .filter(event -> untouched.contains(event.originatorId()))
                        .toList());
    }

    @Override
    public boolean containsAny(List<StoredEvent> events) {
        return base.containsAny(events);
    }

    @Override
    public List<StoredEvent> selectEvents(UUID originatorId, VersionRange range) {
        Optional<Rehearsal> rehearsal = Rehearsal.current();
        return rehearsal.isPresent()
                ? selectEvents(log(rehearsal.get()), originatorId, range)
                : base.selectEvents(originatorId, range);
    }

    private List<StoredEvent> selectEvents(RehearsedLog log, UUID originatorId, VersionRange range) {
        List<StoredEvent> rehearsed = log.of(originatorId, range.after(), range.upTo());
        if (rehearsed.isEmpty()) {
            OptionalLong last = log.lastVersion(originatorId);
            return last.isPresent() && last.getAsLong() <= range.after()
                    ? List.of()
                    : base.selectEvents(originatorId, range);
        }
        long first = rehearsed.get(0).originatorVersion();
        if (first <= range.after() + 1) {
            return ordered(rehearsed, range);
        }
        // What others have recorded from there on meanwhile is another history.
        List<StoredEvent> all = new ArrayList<>(base.selectEvents(originatorId, range.upTo(first - 1)));
        all.addAll(rehearsed);
        return ordered(all, range);
    }

    private static List<StoredEvent> ordered(List<StoredEvent> events, VersionRange range) {
        List<StoredEvent> all = new ArrayList<>(events);
        Comparator<StoredEvent> byVersion = Comparator.comparingLong(StoredEvent::originatorVersion);
        all.sort(range.descending() ? byVersion.reversed() : byVersion);
        return all.size() > range.limit() ? all.subList(0, range.limit()) : all;
    }

    @Override
    public NotificationPage selectPage(NotificationSelection selection) {
        Optional<Rehearsal> rehearsal = Rehearsal.current();
        return rehearsal.isPresent() ? rehearsedPage(rehearsal.get(), selection) : base.selectPage(selection);
    }

    private NotificationPage rehearsedPage(Rehearsal rehearsal, NotificationSelection selection) {
        RehearsedLog log = log(rehearsal);
        LogEnd before = log.before();
        List<Notification> notifications = new ArrayList<>();
        List<LogMark> marks = List.of();
        if (selection.after() < before.readable() || selection.marked() && selection.after() == before.readable()) {
            NotificationPage recorded = rehearsal.beside(
                    () -> base.selectPage(selection.upTo(Math.min(selection.upTo(), before.readable()))));
            long wanted = Math.min(selection.upTo(), before.readable());
            if (recorded.upTo() < wanted || !before.isSettled()) {
                return recorded;
            }
            notifications.addAll(recorded.notifications());
            marks = recorded.marks();
        } else if (!before.isSettled()) {
            return new NotificationPage(List.of(), selection.after());
        }
        NotificationSelection rest = selection.limit(selection.limit() - notifications.size());
        notifications.addAll(log.select(rest));
        return NotificationPage.of(selection, notifications, marks);
    }

    @Override
    public OptionalLong maxNotificationId() {
        if (!Rehearsal.isOn()) {
            return base.maxNotificationId();
        }
        long end = end().readable();
        return end == 0 ? OptionalLong.empty() : OptionalLong.of(end);
    }

    @Override
    public LogEnd end() {
        return Rehearsal.current().map(rehearsal -> log(rehearsal).end()).orElseGet(base::end);
    }

    @Override
    public List<OpenAppend> openAppends() {
        Optional<Rehearsal> rehearsal = Rehearsal.current();
        return rehearsal.isPresent() ? rehearsal.get().beside(base::openAppends) : base.openAppends();
    }

    @Override
    public Optional<Backlog> backlog(long after) {
        return Rehearsal.isOn() ? Optional.empty() : base.backlog(after);
    }

    @Override
    public Optional<Map<String, Long>> countByTopic(NotificationSelection selection) {
        Optional<Rehearsal> rehearsal = Rehearsal.current();
        if (rehearsal.isEmpty()) {
            return base.countByTopic(selection);
        }
        RehearsedLog log = log(rehearsal.get());
        NotificationSelection recorded =
                selection.upTo(Math.min(selection.upTo(), log.before().recorded()));
        return rehearsal.get().beside(() -> base.countByTopic(recorded)).map(counts -> {
            Map<String, Long> all = new TreeMap<>(counts);
            log.countByTopic(selection).forEach((topic, events) -> all.merge(topic, events, Long::sum));
            return all;
        });
    }

    /** A version of an originator. */
    private record Version(UUID originatorId, long version) {}
}
